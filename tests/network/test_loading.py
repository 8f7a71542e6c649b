"""Generators in files."""

import zipfile

import numpy as np
import pytest
from generators import made

from fast_style.network.loading import load_generator, save_generator


@pytest.fixture(scope="module")
def generator():
    return made(("wave",), 0.05, filters=(4, 6, 8), residual_blocks=0)


def test_saved_generator_is_loaded_again(generator, tmp_path):
    save_generator(generator, tmp_path / "new.keras")
    loaded = load_generator(tmp_path / "new.keras")
    for weight, expected in zip(loaded.weights, generator.weights, strict=True):
        np.testing.assert_array_equal(weight, expected)


def test_old_generator_stays_until_the_new_is_whole(generator, tmp_path, monkeypatch):
    path = tmp_path / "new.keras"
    path.write_text("old")

    def interrupted(content):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("fast_style.checksums.seal", interrupted)
        save_generator(generator, path)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]


def test_generator_without_a_checksum_is_loaded(generator, tmp_path):
    generator.save(tmp_path / "old.keras")
    assert load_generator(tmp_path / "old.keras").styles == ("wave",)


def test_damaged_generator_is_refused(generator, tmp_path):
    path = tmp_path / "new.keras"
    save_generator(generator, path)
    with zipfile.ZipFile(path) as archive:
        middle = archive.getinfo("model.weights.h5").header_offset + 10_000
    content = bytearray(path.read_bytes())
    content[middle] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match="new.keras' is damaged.*of a training[.]$"):
        load_generator(path)
