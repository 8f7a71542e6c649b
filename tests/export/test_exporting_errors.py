"""Exports that fail do so in one line, and leave nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest
import tensorflow as tf

from fast_style.export import exporting
from fast_style.network.generator import Generator

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "examples" / "astronaut.jpg"


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    """A run directory with a small generator."""
    folder = tmp_path_factory.mktemp("run")
    generator = Generator(filters=(4, 6, 8), residual_blocks=0)
    generator.build((None, None, None, 3))
    generator.save(folder / "generator.keras")
    return folder


def test_artefact_too_far_from_keras_fails_and_leaves_nothing(
    run_dir, tmp_path, monkeypatch
):
    strict = exporting.Tolerance(largest=1, psnr=200)
    monkeypatch.setitem(exporting.TOLERANCES, "float16", strict)
    convert = exporting._convert  # once for all: it is what takes time
    made = {}

    def cached(saved_model, precision):
        made[precision] = made.get("float32") or convert(saved_model, "float32")
        return made[precision]

    monkeypatch.setattr(exporting, "_convert", cached)
    monkeypatch.setattr(exporting, "CHECK_SIZES", ((53, 37),))
    with pytest.raises(ValueError, match="float16 differs from Keras .* Nothing was"):
        exporting.export(run_dir, tmp_path / "export", photo=PHOTO)
    assert not list(tmp_path.iterdir())


def test_failed_conversion_leaves_nothing(run_dir, tmp_path, monkeypatch):
    def fail(saved_model, precision):
        assert (saved_model / "saved_model.pb").exists()
        raise RuntimeError("the converter's own")

    monkeypatch.setattr(exporting, "_convert", fail)
    with pytest.raises(RuntimeError, match="converter's own"):
        exporting.export(run_dir, tmp_path / "export", photo=PHOTO)
    assert not list(tmp_path.iterdir())


def test_directory_that_cannot_be_made_is_told(run_dir, tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(OSError, match="Cannot write '.*file/export': Not a directory"):
        exporting.export(run_dir, tmp_path / "file" / "export", photo=PHOTO)


def test_full_disk_is_told_and_leaves_nothing(run_dir, tmp_path, monkeypatch):
    def full(generator, directory):
        raise tf.errors.ResourceExhaustedError(None, None, "No space left on device")

    monkeypatch.setattr(exporting, "_write_saved_model", full)
    with pytest.raises(OSError, match="Cannot write '.*export': No space left"):
        exporting.export(run_dir, tmp_path / "export", photo=PHOTO)
    assert not list(tmp_path.iterdir())


def test_directory_that_is_there_is_refused(run_dir, tmp_path):
    with pytest.raises(ValueError, match="is there already. Give a new --output_dir"):
        exporting.export(run_dir, tmp_path, photo=PHOTO)


def test_what_is_no_generator_is_refused(tmp_path):
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    other.save(tmp_path / "other.keras")
    (tmp_path / "text.keras").write_text("no model")
    for name, kind, message in (
        ("none.keras", OSError, "Cannot find .*none.keras"),
        (".", OSError, "Cannot find .*whose training is finished"),
        ("text.keras", ValueError, "Cannot load .*text.keras"),
        ("other.keras", ValueError, "other.keras' holds no generator"),
    ):
        with pytest.raises(kind, match=message):
            exporting.export(tmp_path / name, tmp_path / "export", photo=PHOTO)
    assert not (tmp_path / "export").exists()


def test_command_prints_one_line_of_error():
    code = (
        "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = None\n"
        "import runpy; sys.argv = ['export.py', '--model=none']\n"
        f"runpy.run_path({str(ROOT / 'export.py')!r}, run_name='__main__')"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 1
    assert process.stderr.startswith("export.py: error: ")
    assert process.stderr.count("\n") == 1
