"""Files that are written whole or not at all."""

import errno
import os

import pytest

from fast_style import files


def fail(*_arguments):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def stop(*_arguments):
    raise KeyboardInterrupt


@pytest.fixture
def path(tmp_path):
    """Path of a file that is there already."""
    path = tmp_path / "a.txt"
    path.write_text("old")
    return path


def test_old_content_stays_until_the_new_is_whole(path):
    with files.replacing(path, "w", encoding="utf-8") as file:
        file.write("née")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text("utf-8") == "née"


def test_folders_are_made_and_the_umask_is_respected(tmp_path):
    path = tmp_path / "deep" / "er" / "a.bin"
    with files.replacing(path) as file:
        file.write(b"\0")
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    assert [p.name for p in path.parent.iterdir()] == ["a.bin"]


def test_two_may_write_one_file_at_once(path):
    with files.replacing(path, "w") as first, files.replacing(path, "w") as second:
        first.write("first")
        second.write("second")
    assert path.read_text() == "first"  # closed last
    assert os.listdir(path.parent) == ["a.txt"]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_full_disk_leaves_the_old_file(path, monkeypatch, failing):
    monkeypatch.setattr(os, failing, fail)
    refused = pytest.raises(OSError, match="Cannot write '.*a.txt': No space left")
    with refused, files.replacing(path, "w") as file:
        file.write("new")
    assert os.listdir(path.parent) == ["a.txt"] and path.read_text() == "old"


def test_interruption_leaves_the_old_file(path, monkeypatch):
    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt), files.replacing(path, "w") as file:
        file.write("new")
    assert os.listdir(path.parent) == ["a.txt"] and path.read_text() == "old"


def test_what_need_not_survive_a_power_failure_does_not_wait_for_the_disk(
    path, monkeypatch
):
    monkeypatch.setattr(os, "fsync", fail)
    with files.replacing(path, "w", durable=False) as file:
        file.write("new")
    assert path.read_text() == "new"


def test_fingerprint_is_the_sha_256_of_the_content(path):
    path.write_bytes(b"abc")  # the first example of FIPS 180-2
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files.fingerprint(path) == expected
