"""The JPEG that a camera puts into a DNG file, as large as the photograph itself."""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from PIL import ExifTags, Image, TiffImagePlugin

from fast_style import decoding

MARK = "preview_of_raw"  # in the info of such a picture

_TAG = ExifTags.Base
_KIND, _VERSION, _COLORS = 254, 50706, 50970  # tags of DNG
_PLAIN = (0, 2)  # unknown colours, and sRGB
_JPEG = 7  # as a compression
_FULL = 0.9  # of the raw picture's width and height; a preview may be cropped
_STARTS = (b"II*\0", b"MM\0*")
Directory = TiffImagePlugin.ImageFileDirectory_v2


def of_dng(file: BinaryIO) -> Image.Image | None:
    """Return the preview in a DNG file, if it is as large as the photograph.

    Args:
        file: A file of any kind, which stays open.

    Returns:
        A JPEG with the EXIF data of the photograph, not loaded; None where there is no
        such preview.
    """
    try:
        directories = list(_directories(file))
        if not directories or _VERSION not in directories[0]:
            return None
        size = max(_size(d) for d in directories if not d.get(_KIND, 0) & 1)
        previews = [d for d in directories if _is_jpeg(d) and _covers(_size(d), size)]
        if not previews:
            return None
        best = max(previews, key=_size)
        file.seek(best[_TAG.StripOffsets][0])
        content = file.read(best[_TAG.StripByteCounts][0])
        image = Image.open(io.BytesIO(content), formats=["JPEG"])
        image.info |= {"exif": _exif(file), MARK: True}
        return image
    except Exception:  # Pillow raises nearly anything on damaged directories
        return None


def _directories(file: BinaryIO) -> Iterator[Directory]:
    """Yield the first directory of a TIFF file, and those that it names."""
    file.seek(0)
    header = file.read(8)
    if header[:4] not in _STARTS:
        return
    (place,) = struct.unpack("<I" if header[:1] == b"I" else ">I", header[4:])
    first = _load(file, header, place)
    yield first
    for place in first.get(_TAG.SubIFDs, ()):
        yield _load(file, header, place)


def _load(file: BinaryIO, header: bytes, place: int) -> Directory:
    directory = Directory(header)
    file.seek(place)
    directory.load(file)
    return directory


def _size(directory: Directory) -> tuple[int, int]:
    return directory[_TAG.ImageWidth], directory[_TAG.ImageLength]


def _covers(size: tuple[int, int], whole: tuple[int, int]) -> bool:
    return all(a >= _FULL * b for a, b in zip(size, whole, strict=True))


def _is_jpeg(directory: Directory) -> bool:
    """Return whether a directory is of a preview in one JPEG of known colours."""
    return (
        directory.get(_KIND, 0) & 1 == 1
        and directory.get(_TAG.Compression) == _JPEG
        and len(directory.get(_TAG.StripOffsets, ())) == 1
        and directory.get(_COLORS, 0) in _PLAIN
    )


def _exif(file: BinaryIO) -> bytes:
    """Return the EXIF data of the photograph, as JPEG files hold it."""
    file.seek(0)
    exif = Image.Exif()
    exif.load(b"Exif\0\0" + file.read())
    kept = {_TAG.Orientation, *decoding.KEPT_EXIF} & set(exif)
    block = Image.Exif()
    block.update({tag: exif[tag] for tag in kept})
    for tag in decoding.KEPT_IFDS & set(exif):
        block.get_ifd(tag).update(exif.get_ifd(tag))
    return block.tobytes()
