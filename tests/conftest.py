"""Shared fixtures."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import filelock
import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
MODELS = Path(__file__).parent / "support" / "models"  # of support/make_models.py

# As fast-style train sets it, so that a training here computes as one by the command.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def pytest_collection_modifyitems(items):
    """Begin with slow files, so that the processes of pytest-xdist end alike."""
    marks = {item: {mark.name for mark in item.iter_markers()} for item in items}
    slow = {item.path for item in items if {"slow", "browser"} & marks[item]}
    items.sort(key=lambda item: item.path not in slow)


def copy(path, folder):
    return Path(shutil.copy(path, folder))


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """A .tflite with the real signature and two styles that are easily computed.

    "wave" inverts a photograph, "scream" exchanges its red and blue.
    """
    return copy(MODELS / "two.tflite", tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    """The same with the row "photo" before them, which halves the photograph.

    A real network gives the photograph itself. Half of it makes a fade in the network
    differ from one over pixels.
    """
    return copy(MODELS / "gallery.tflite", tmp_path_factory.mktemp("gallery"))


@pytest.fixture
def photo():
    """A smooth uint8 photograph of an odd size, 37 px high and 53 px wide."""
    y, x = np.mgrid[0:37, 0:53] / 53.0
    colors = np.stack([x, y, (x + y) / 2], -1) * 200 + [40, 20, 10]
    return colors.astype(np.uint8)


@pytest.fixture
def folder(tmp_path, photo, monkeypatch):
    """The current directory, which holds photo.png alone."""
    from PIL import Image

    Image.fromarray(photo).save(tmp_path / "photo.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """A function that returns a folder, made once for all processes of pytest-xdist."""
    folders = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folders = folders.parent

    def once(name, make):
        folder = folders / f"shared-{name}"
        with filelock.FileLock(f"{folder}.lock"):
            if not folder.exists():
                making = tmp_path_factory.mktemp(name)
                make(making)
                making.rename(folder)
        return folder

    return once


@pytest.fixture(scope="session")
def vgg16_weights(once):
    """A weight file of VGG16 with random weights."""

    def make(folder):
        import keras

        keras.utils.set_random_seed(0)
        network = keras.applications.VGG16(include_top=False, weights=None)
        network.save_weights(folder / "vgg16.weights.h5")

    return once("vgg16", make) / "vgg16.weights.h5"


@pytest.fixture(scope="module")
def eagerly():
    """Run TensorFlow's functions without tracing them, which takes longer here."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="session")
def photographs(once):
    """A folder of twelve small photographs, one of them in a folder below."""
    from PIL import Image

    def make(folder):
        (folder / "below").mkdir()
        rng = np.random.default_rng(0)
        for i in range(12):
            blocks = rng.integers(0, 256, (6, 7, 3), np.uint8)
            picture = Image.fromarray(blocks).resize((70, 60 + i), Image.BICUBIC)
            picture.save(folder / ("below" if i == 5 else "") / f"{i:02d}.png")

    return once("photographs", make)


@pytest.fixture(scope="session")
def export(once):
    """Directory of an export: a small generator of three rows.

    Beside it are the generator, generator.keras, and what export.py printed, text.txt.
    """

    def make(folder):
        from generators import small_generator

        small_generator(("photo", "wave", "scream")).save(folder / "generator.keras")
        process = subprocess.run(
            [sys.executable, ROOT / "export.py", "--model=."],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stderr
        assert process.stderr == ""  # no library's remarks
        (folder / "text.txt").write_text(process.stdout)

    return once("export", make) / "export"


@pytest.fixture(scope="session")
def painting(once):
    """Path of a painting, 90 px wide and 80 px high."""
    from PIL import Image

    def make(folder):
        rng = np.random.default_rng(1)
        blocks = rng.integers(0, 256, (8, 9, 3), np.uint8)
        picture = Image.fromarray(blocks).resize((90, 80), Image.NEAREST)
        picture.save(folder / "scream.png")

    return once("painting", make) / "scream.png"


@pytest.fixture(scope="session")
def face_model(tmp_path_factory):
    """A .tflite in BlazeFace's form, which finds a face where the corner is bright."""
    import tensorflow as tf

    class Network(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec((1, 256, 256, 3), tf.float32)])
        def run(self, batch):
            box = tf.constant([[[0.0, 0, 16, 16] + 12 * [0.0]]])
            boxes = tf.concat([box, tf.zeros((1, 895, 16))], 1)
            corner = tf.reshape(batch[0, 0, 0, 0], (1, 1, 1))
            return boxes, tf.concat([9 * corner, tf.fill((1, 895, 1), -9.0)], 1)

    network = Network()
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [network.run.get_concrete_function()], network
    )
    path = tmp_path_factory.mktemp("faces") / "faces.tflite"
    path.write_bytes(converter.convert())
    return path
