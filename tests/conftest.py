"""Shared fixtures."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

MODELS = Path(__file__).parent / "support" / "models"  # of support/make_models.py

# As fast-style train sets it, so that a training here computes as one by the command.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


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
def vgg16_weights(tmp_path_factory):
    """A weight file of VGG16 with random weights."""
    import keras

    path = tmp_path_factory.mktemp("vgg16") / "vgg16.weights.h5"
    keras.utils.set_random_seed(0)
    keras.applications.VGG16(include_top=False, weights=None).save_weights(path)
    return path


@pytest.fixture(scope="module")
def eagerly():
    """Run TensorFlow's functions without tracing them, which takes longer here."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="session")
def photographs(tmp_path_factory):
    """A folder of twelve small photographs, one of them in a folder below."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("photographs")
    (folder / "below").mkdir()
    rng = np.random.default_rng(0)
    for i in range(12):
        blocks = rng.integers(0, 256, (6, 7, 3), np.uint8)
        picture = Image.fromarray(blocks).resize((70, 60 + i), Image.BICUBIC)
        picture.save(folder / ("below" if i == 5 else "") / f"{i:02d}.png")
    return folder


@pytest.fixture(scope="session")
def export(tmp_path_factory, photographs):
    """Directory of an export: a small generator of three rows."""
    import keras

    from fast_style.export.export import export
    from fast_style.network.generator import Generator

    keras.utils.set_random_seed(0)
    generator = Generator(
        ("photo", "wave", "scream"), filters=(4, 6, 8), residual_blocks=0
    )
    generator.build((None, None, None, 3))
    rng = np.random.default_rng(0)
    for weight in generator.weights:
        if weight.name in ("gamma", "beta"):
            weight.assign(weight + rng.normal(0, 0.3, weight.shape))
    folder = tmp_path_factory.mktemp("export")
    generator.save(folder / "generator.keras")
    export(folder, folder / "export", photo=photographs / "00.png")
    return folder / "export"


@pytest.fixture(scope="session")
def painting(tmp_path_factory):
    """Path of a painting, 90 px wide and 80 px high."""
    from PIL import Image

    path = tmp_path_factory.mktemp("painting") / "scream.png"
    rng = np.random.default_rng(1)
    blocks = rng.integers(0, 256, (8, 9, 3), np.uint8)
    Image.fromarray(blocks).resize((90, 80), Image.NEAREST).save(path)
    return path
