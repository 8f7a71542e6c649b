"""An export that fails says so in one line, and leaves nothing behind."""

from pathlib import Path

import keras
import pytest
import tensorflow as tf

from fast_style.export import proof
from fast_style.export.export import export
from fast_style.network.generator import Generator

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "examples" / "astronaut.jpg"


def save(generator, path):
    generator.build((None, None, None, 3))
    generator.save(path)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A .keras file of a small generator."""
    generator = Generator(filters=(4, 4, 4), residual_blocks=0)
    return save(generator, tmp_path_factory.mktemp("model") / "generator.keras")


@keras.saving.register_keras_serializable("tests")
class Unconvertible(Generator):
    """A generator with an operation that LiteRT does not have."""

    def call(self, *arguments, **options):
        pixels = super().call(*arguments, **options)
        return pixels + tf.math.igamma(2.0, pixels)


@pytest.mark.slow
def test_artefact_too_far_from_keras_leaves_nothing(model, tmp_path):
    tolerances = {**proof.TOLERANCES, "int8": proof.Tolerance(largest=0, psnr=200)}
    with pytest.raises(ValueError, match="int8 differs from Keras .* Nothing was"):
        export(
            model,
            tmp_path / "export",
            photo=PHOTO,
            sizes=[(53, 37)],
            tolerances=tolerances,
        )
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_failed_conversion_leaves_nothing(tmp_path):
    generator = Unconvertible(filters=(4, 4, 4), residual_blocks=0)
    model = save(generator, tmp_path / "generator.keras")
    with pytest.raises(Exception, match="Igamma"):
        export(model, tmp_path / "export", photo=PHOTO)
    assert list(tmp_path.iterdir()) == [model]


def test_directory_that_cannot_be_made_is_named(model, tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(OSError, match="Cannot write '.*file/export': Not a directory"):
        export(model, tmp_path / "file" / "export", photo=PHOTO)


@pytest.mark.slow
def test_full_disk_is_named_and_leaves_nothing(model, tmp_path):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="Cannot write '.*export': .*File too large"):
            export(model, tmp_path / "export", photo=PHOTO)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.iterdir())


def test_directory_that_exists_is_refused(model, tmp_path):
    with pytest.raises(ValueError, match="output_dir '.*' exists already. Give the"):
        export(model, tmp_path, photo=PHOTO)


def test_model_that_is_no_generator_is_refused(tmp_path):
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    network.save(tmp_path / "other.keras")
    (tmp_path / "text.keras").write_text("no model")
    for name, kind, message in (
        ("none.keras", OSError, "Cannot find .*none.keras"),
        (".", OSError, "Cannot find .*whose training is finished"),
        ("text.keras", ValueError, "text.keras' is damaged, or no"),
        ("other.keras", ValueError, "other.keras' holds no generator"),
    ):
        with pytest.raises(kind, match=message):
            export(tmp_path / name, tmp_path / "export", photo=PHOTO)
    assert not (tmp_path / "export").exists()
