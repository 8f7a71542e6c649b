"""A model file that is damaged anywhere is refused in one line."""

import io
import zipfile

import numpy as np
import pytest

from fast_style import checksums, gallery

FILES = [gallery.MODEL, gallery.GENERATOR, gallery.COMPACT_WEIGHTS]
BLOCK = 4096


def archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as members:
        members.writestr("a", bytes(range(256)))
    return file.getvalue()


@pytest.fixture
def refused(tmp_path):
    """A function that returns whether content is refused, in one line."""

    def is_refused(content):
        path = tmp_path / "model"
        path.write_bytes(content)
        try:
            checksums.read(path, "Get it again.")
        except ValueError as error:
            assert str(error).startswith(f"'{path}' is damaged")
            assert str(error).endswith(". Get it again.")
            assert "\n" not in str(error)
            return True
        return False

    return is_refused


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_of_the_package_are_sealed_and_whole(path):
    content = path.read_bytes()
    assert checksums.read(path, "") == content
    with zipfile.ZipFile(path) as members:
        assert members.comment.startswith(b"crc32 ")
        assert members.testzip() is None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_zeros_anywhere_are_refused(path, refused):
    content = path.read_bytes()
    size = len(content)
    steps = np.linspace(0, size - BLOCK, 20).astype(int)
    for start in (*steps, *range(size - 40, size)):
        zeroed = content[:start] + bytes(BLOCK) + content[start + BLOCK :]
        assert zeroed[:size] != content
        assert refused(zeroed[:size]), start


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_one_changed_byte_is_refused(path, refused):
    content = path.read_bytes()
    size = len(content)
    rng = np.random.default_rng(0)
    for place in rng.integers(0, size, 20):
        changed = bytearray(content)
        changed[place] ^= 1 << rng.integers(8)
        assert refused(changed), place


def test_every_byte_of_a_sealed_file_counts(refused):
    sealed = checksums.seal(archive())
    for place in range(len(sealed)):
        for value in (0, sealed[place] ^ 1, 0xFF):
            changed = bytearray(sealed)
            changed[place] = value
            assert refused(changed) == (changed != sealed), (place, value)


@pytest.mark.parametrize("bytes_left", [0, 5, 13, 14, 30, 300])
def test_a_file_cut_short_is_refused(bytes_left, refused):
    assert refused(checksums.seal(archive())[:bytes_left])


def test_a_file_of_an_earlier_version_is_taken(refused):
    assert not refused(archive())


def test_a_sealed_archive_is_an_archive():
    with zipfile.ZipFile(io.BytesIO(checksums.seal(archive()))) as members:
        assert members.read("a") == bytes(range(256))


def test_missing_file_is_one_line(tmp_path):
    with pytest.raises(OSError, match="Cannot open .*none.npz.*No such file"):
        checksums.read(tmp_path / "none.npz", "")
