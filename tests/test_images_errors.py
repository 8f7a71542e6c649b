"""Files that hold no picture, and pictures that cannot be written."""

import errno
import io
import os
import re
import struct
import zlib

import numpy as np
import other_files
import png_files
import pytest
import tiff_files
from PIL import Image

from fast_style import images
from fast_style.images import Picture


def save(image, path):
    image.save(path)
    return path


@pytest.mark.parametrize("content", [b"", b"meow\n" * 99, b"\x89PNG\r\n\x1a\n"])
@pytest.mark.parametrize("name", ["cat.png", "cat.jpg"])
def test_files_without_a_picture_are_unreadable(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(images.Unreadable, match=f"Cannot read .*{name}"):
        images.read(tmp_path / name)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".gif", ".bmp"])
def test_truncated_files_are_refused(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    path = save(Image.fromarray(noise), tmp_path / f"a{suffix}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match="Cannot read .*a"):
        images.read(path)


def test_damaged_picture_of_a_known_format_is_not_unreadable(tmp_path, photo):
    path = save(Image.fromarray(photo), tmp_path / "a.png")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ValueError, match="it is damaged or cut short") as error:
        images.read(path)
    assert error.type is ValueError


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".gif", ".bmp"])
def test_damaged_bytes_never_raise_anything_else(tmp_path, photo, suffix):
    path = save(Image.fromarray(photo), tmp_path / f"a{suffix}")
    data = np.frombuffer(path.read_bytes(), np.uint8)
    generator = np.random.default_rng(0)
    for _ in range(60):
        broken = data.copy()
        damaged = generator.integers(0, len(data), 6)
        broken[damaged] = generator.integers(0, 256, 6)
        try:
            images.read(io.BytesIO(broken.tobytes()))
        except ValueError as error:
            assert "<bytes>" in str(error)


@pytest.mark.parametrize("size", [(1, 1), (15, 200), (200, 15)])
def test_tiny_pictures_are_refused(tmp_path, size):
    path = save(Image.new("RGB", size), tmp_path / "a.png")
    with pytest.raises(ValueError, match=f"{size[0]} x {size[1]} px.*16 x 16"):
        images.read(path)


@pytest.mark.parametrize(("size", "limit"), [((400, 20), 100), ((70_000, 100), 2048)])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_pictures_too_thin_once_shrunk_are_refused(tmp_path, size, limit, suffix):
    path = save(Image.new("RGB", size), tmp_path / f"a{suffix}")
    problem = f"{size[0]} x {size[1]} px, and too thin at max_size={limit}"
    with pytest.raises(ValueError, match=f"{problem}. Give a larger max_size, or 0"):
        images.read(path, max_size=limit)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [13_000, 60_000])
def test_bombs_are_refused_by_their_header(tmp_path, photo, side):
    path = save(Image.fromarray(photo), tmp_path / "a.png")
    data = bytearray(path.read_bytes())
    data[16:24] = struct.pack(">II", side, side)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    path.write_bytes(data)
    with pytest.raises(images.TooLarge, match="more than 150 million pixels"):
        images.read(path)


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(OSError, match="Cannot open .*none.jpg.*No such file"):
        images.read(tmp_path / "none.jpg")
    with pytest.raises(OSError, match="Cannot open .*directory"):
        images.read(tmp_path)


def test_full_disk_leaves_nothing_behind(tmp_path, photo, monkeypatch):
    path = save(Image.fromarray(photo), tmp_path / "a.png")
    before = path.read_bytes()

    def fail(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="Cannot write .*a.png.*No space left"):
        images.write(Picture(255 - photo), path)
    assert os.listdir(tmp_path) == ["a.png"]
    assert path.read_bytes() == before


def test_picture_too_large_for_the_format():
    wide = Picture(np.zeros((16, 17_000, 3), np.uint8))
    with pytest.raises(ValueError, match="17000 x 16 px as WEBP.*Try PNG"):
        images.encode(wide, format="WEBP")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.gif", "GIF can be read, not written"),
        ("a.txt", "its name has no suffix of a picture format"),
        ("a", "its name has no suffix of a picture format"),
        (".png", "its name has no suffix of a picture format"),
    ],
)
def test_unwritable_names_are_refused(name, reason):
    message = f"Cannot write '{name}': {reason}. End it in .jpg, .png, .webp"
    with pytest.raises(ValueError, match=re.escape(message)):
        images.format_of(name)


def test_unreadable_file_is_told_every_format_that_is_read(tmp_path):
    path = tmp_path / "a.png"
    path.write_text("no picture")
    with pytest.raises(images.Unreadable) as error:
        images.read(path)
    for name in images.FORMATS.values():
        assert name in str(error.value)
    with pytest.raises(images.Unreadable, match="JPEG2000[.]$"):
        images.read(io.BytesIO(b"no picture"))


@pytest.mark.parametrize(
    ("source", "name", "reason"),
    [
        (
            tiff_files.stored("plain"),
            "grey i2",
            "its values are signed.*Save it as RGB",
        ),
        (
            tiff_files.stored("plain"),
            "RGB u4",
            "it is a damaged TIFF, or one of a rare kind. Save it as RGB",
        ),
        (tiff_files.byte_by_byte(), "preview", "begins with a preview. Develop it"),
        (tiff_files.byte_by_byte(), "DNG", "it is RAW.*Develop it"),
        (tiff_files.byte_by_byte(), "other inks", "its inks are others"),
        (png_files.files(), "RGB 16 without one", "Save it with an alpha channel"),
        (
            png_files.files(),
            "code points of PQ",
            "high dynamic range .PQ.. Save it for",
        ),
        (other_files.jpeg2000(), "RGB 12", "colours of 12 bits. Save it with 8"),
        (other_files.jpeg2000(), "RGB 4", "colours of 4 bits. Save it with 8"),
        (other_files.jpeg2000(), "large box", "colours of 12 bits. Save it with 8"),
        (
            other_files.jpeg2000(),
            "Lab",
            "its colour space is not read. Save it as sRGB",
        ),
        (other_files.tga(), "16 with alpha", "one bit of alpha. Save it with 32 bits"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_kinds_whose_meaning_is_not_told_are_refused(tmp_path, source, name, reason):
    case = next(case for case in source if case.name.startswith(name))
    path = tmp_path / f"a{case.name[case.name.rindex('.') :]}"
    path.write_bytes(case.data)
    with pytest.raises(images.Unreadable, match=f"Cannot read .*: .*{reason}"):
        images.read(path)
