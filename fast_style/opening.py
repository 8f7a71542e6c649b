"""Picture files, opened: what kind a file is and how large, before it is decoded."""

import math
import os
from importlib import import_module
from typing import BinaryIO

from PIL import Image

from fast_style import chunks, kinds, previews

MAX_PIXELS = 150_000_000  # 450 MB as RGB, and fewer than Pillow itself refuses

Source = str | os.PathLike | BinaryIO | Image.Image  # what pictures are read from


class Unreadable(ValueError):
    """The file is no picture of a kind that is read."""


class TooLarge(ValueError):
    """The picture has more pixels than are allowed."""


def open_picture(source: Source, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Return a picture of which only the header is read.

    Args:
        source: A path, a file open for reading bytes, or a picture of Pillow's, which
            is copied.
        max_pixels: Most pixels it may have.

    Raises:
        OSError: The file cannot be opened.
        Unreadable: The file is no picture of a kind that is read.
        TooLarge: The picture has more than `max_pixels`.
    """
    if not (
        isinstance(source, str | os.PathLike | Image.Image) or hasattr(source, "read")
    ):
        raise Unreadable(
            f"A {type(source).__name__} is no picture. Give a path, an open file or a "
            "picture of Pillow's."
        )
    name = name_of(source)
    limit = f"{max_pixels / 1_000_000:g}"
    too_large = f"{name} has more than {limit} million pixels. Give a smaller picture."
    Image.preinit()  # or open() would load Pillow's forty plugins for a JPEG
    # Any damaged file could pass for a TGA, so that one is told by its name.
    formats = kinds.READABLE if _is_named_tga(source) else kinds.MARKED
    try:
        image = (
            source.copy()
            if isinstance(source, Image.Image)
            else _open(source, formats, max_pixels)
        )
    except Image.DecompressionBombError:
        raise TooLarge(too_large) from None
    except OSError as error:
        if error.errno is not None:
            raise OSError(f"Cannot open {name}: {error.strerror}.") from error
        raise _unreadable(source) from None
    except Exception:  # Pillow raises nearly anything on damaged headers
        raise _unreadable(source) from None
    if image.width * image.height > max_pixels:
        image.close()
        raise TooLarge(too_large)
    return image


def name_of(source: Source) -> str:
    """Return how messages call a source: the quoted name of its file."""
    if isinstance(source, str | os.PathLike):
        return repr(os.fspath(source))
    if isinstance(source, Image.Image):
        return "the picture"
    return repr(getattr(source, "name", "<bytes>"))


def _open(
    source: str | os.PathLike | BinaryIO, formats: tuple[str, ...], max_pixels: int
) -> Image.Image:
    """Return a file's picture, by a plugin of Pillow's where one is needed."""
    try:
        image = Image.open(source, formats=formats)
    except Image.UnidentifiedImageError:
        if preview := _preview(source):
            return preview
        kind = kinds.foreign_by_content(_start_of(source))
        if not (kind and kind.is_read):
            raise
        plugin = import_module(kind.plugin)
        if kind is kinds.HEIC:  # others register themselves
            plugin.register_heif_opener()
        if kind is kinds.JPEG_XL and _area_of_jpeg_xl(source) > max_pixels:
            raise Image.DecompressionBombError from None
        return Image.open(source, formats=[kind.format])
    preview = _preview(source) if image.format == "TIFF" else None
    if not preview:
        return image
    with image:  # which closes what it has opened, not a caller's file
        return preview


def _area_of_jpeg_xl(source: str | os.PathLike | BinaryIO) -> int:
    """Return the pixels of a JPEG XL file, which Pillow's plugin decodes to open it."""
    if not isinstance(source, str | os.PathLike):
        return math.prod(chunks.size_of_jpeg_xl(source))
    with open(source, "rb") as file:
        return math.prod(chunks.size_of_jpeg_xl(file))


def _preview(source: str | os.PathLike | BinaryIO) -> Image.Image | None:
    """Return the preview in a DNG file; see `previews.of_dng`."""
    if not isinstance(source, str | os.PathLike):
        return previews.of_dng(source)
    if not os.path.isfile(source):  # a pipe cannot be read again
        return None
    with open(source, "rb") as file:
        return previews.of_dng(file)


def _is_named_tga(source: Source) -> bool:
    path = source if isinstance(source, str | os.PathLike) else ""
    return os.fspath(path).lower().endswith(".tga")


def _unreadable(source: Source) -> Unreadable:
    """Return the error for a file that Pillow does not open, with what to do."""
    name = name_of(source)
    start = _start_of(source)
    kind, named = kinds.foreign_by_content(start), False
    if isinstance(source, str | os.PathLike):
        named = True
        if start:  # of many kinds of RAW the name alone tells
            kind = kind or kinds.foreign_by_name(source)
    if kind:
        damaged = ", and damaged or of a rare kind" if kind.is_read else ""
        return Unreadable(
            f"Cannot read {name}: it is {kind.name}{damaged}. {kind.remedy}"
        )
    if start.startswith((b"II*\0", b"II+\0", b"MM\0*", b"MM\0+")):
        return Unreadable(
            f"Cannot read {name}: it is a damaged TIFF, or one of a rare kind. Save it "
            "as RGB of 8 or 16 bits."
        )
    known = ", ".join(kinds.READABLE if named else kinds.MARKED)
    return Unreadable(f"Cannot read {name} as an image. Give one of {known}.")


def _start_of(source: Source) -> bytes:
    """Return a file's first bytes; none of a pipe, which cannot be read again."""
    if isinstance(source, Image.Image):
        return b""
    try:
        if isinstance(source, str | os.PathLike):
            if not os.path.isfile(source):
                return b""
            with open(source, "rb") as file:
                return file.read(kinds.START)
        source.seek(0)
        return source.read(kinds.START)
    except OSError:
        return b""
