"""Pictures of 16 bits a channel, which Pillow reads and writes in grey alone.

Pillow takes the upper byte of each value of a colour picture. Told that the bytes come
the other way round, it takes the lower one.
"""

import struct
import sys
import zlib
from typing import BinaryIO, cast

import numpy as np
from PIL import Image, ImageFile, ImageFilter, PngImagePlugin, TiffImagePlugin

from fast_style import decoding, tiling
from fast_style.color import DEEP_LEVEL
from fast_style.hints import Hints

WRITABLE = ("PNG", "TIFF")  # formats

_COLORS = ("RGB;16", "RGBX;16", "RGBA;16")  # how they lie in a file, without the order
_OTHER = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}
_LANCZOS_WIDTH = 7  # px of the result, which one of the photograph changes
_PLANES = 284  # a TIFF's tag
_TAG = TiffImagePlugin


def read(image: Image.Image, hints: Hints) -> np.ndarray | None:
    """Return a picture's upright pixels in 16 bits; None where its file has fewer.

    Args:
        image: A picture that is open and not loaded. It stays so.
        hints: Its own.

    Returns:
        uint16 (H, W, 3), in the file's own colours.
    """
    converted = hints.foreign or hints.icc and hints.icc[16:20] != b"RGB "
    if image.format not in WRITABLE or converted:
        return None
    file = cast(BinaryIO, cast(ImageFile.ImageFile, image).fp)
    place, pixels = file.tell(), None
    if image.mode in ("I;16", "I;16B", "I;16L"):
        values = _opened(file, image.format)
        grey = decoding.scaled(values, hints, 65535)
        pixels = np.repeat(grey[..., None], 3, -1)
    elif _raw_mode(image)[:-1] in _COLORS and not _has_planes(image):
        upper, lower = (_opened(file, image.format, swap) for swap in (False, True))
        pixels = decoding.rgb(upper).astype(np.uint16) << 8
        pixels |= decoding.rgb(lower)
    file.seek(place)
    return pixels


def _opened(file: BinaryIO, format: str, swap: bool = False) -> Image.Image:
    """Return the picture of a file once more, upright.

    Args:
        file: The file, which stays open.
        format: Its format.
        swap: Whether its bytes are taken to come the other way round.
    """
    file.seek(0)
    image = Image.open(file, formats=[format])
    if swap:
        raw = _raw_mode(image)
        swapped = raw[:-1] + _OTHER[raw[-1]]
        args = image.tile[0].args
        swapped_args = (
            swapped if isinstance(args, str) else (swapped, *(args or ())[1:])
        )
        image.tile = [tile._replace(args=swapped_args) for tile in image.tile]
    decoding.apply_exif(image)
    return image


def _raw_mode(image: Image.Image) -> str:
    """Return how a picture's values lie in its file, such as "RGB;16B"."""
    tiles = cast(ImageFile.ImageFile, image).tile
    args = tiles[0].args if tiles else ""
    return args if isinstance(args, str) else str(cast(tuple, args)[0])


def _has_planes(image: Image.Image) -> bool:
    """Return whether the channels of a TIFF lie apart."""
    return (
        image.format == "TIFF"
        and cast(TiffImagePlugin.TiffImageFile, image).tag_v2.get(_PLANES) == 2
    )


def fitted(
    values: np.ndarray, pixels: np.ndarray, alpha: np.ndarray | None
) -> np.ndarray:
    """Return a picture of 16 bits in the size of its copy of 8 bits.

    Args:
        values: The picture, uint16 (H, W, 3).
        pixels: The copy, uint8 (H', W', 3).
        alpha: uint8 (H', W'), or None. Where it is 0 the copy's colours are taken, in
            another size also wherever hidden ones were mixed in.
    """
    height, width = pixels.shape[:2]
    hidden = None if alpha is None else alpha == 0
    if values.shape != pixels.shape:
        resized = np.empty(pixels.shape, np.uint16)
        for channel in range(3):
            plane = Image.fromarray(values[..., channel].astype(np.float32))
            plane = plane.resize((width, height), Image.Resampling.LANCZOS)
            resized[..., channel] = np.rint(np.asarray(plane)).clip(0, 65535)
        values = resized
        if alpha is not None:
            near = ImageFilter.MinFilter(_LANCZOS_WIDTH)
            hidden = np.asarray(Image.fromarray(alpha).filter(near)) < 255
    if hidden is not None:
        values[hidden] = pixels[hidden] * np.uint16(DEEP_LEVEL)
    return values


def write(
    file: BinaryIO,
    format: str,
    pixels: np.ndarray,
    alpha: np.ndarray | None,
    icc: bytes | None,
    exif: bytes | None,
) -> None:
    """Write a picture of 16 bits to a file that is open.

    Args:
        file: The file.
        format: One of WRITABLE.
        pixels: uint16 (H, W, 3).
        alpha: uint8 (H, W), or None.
        icc: Colour profile, or None.
        exif: EXIF block, or None.

    Raises:
        ValueError: The format has 8 bits, or cannot hold the picture.
    """
    if format not in WRITABLE:
        raise ValueError(f"{format} files have no 16 bits. Give PNG or TIFF.")
    if alpha is not None:
        pixels = np.dstack([pixels, alpha * np.uint16(DEEP_LEVEL)])
    writer = _write_png if format == "PNG" else _write_tiff
    try:
        writer(file, pixels, icc, exif or b"")
    except (KeyError, SyntaxError, ValueError, struct.error) as error:
        size = f"{pixels.shape[1]} x {pixels.shape[0]} px"
        raise ValueError(
            f"Cannot encode a picture of {size} as {format} ({error}). Try PNG."
        ) from error


def _write_png(
    file: BinaryIO, pixels: np.ndarray, icc: bytes | None, exif: bytes
) -> None:
    """Write a PNG file of pixels, uint16 (H, W, 3 or 4)."""
    height, width, channels = pixels.shape
    file.write(b"\x89PNG\r\n\x1a\n")
    kind = struct.pack(">IIBB", width, height, 16, 6 if channels == 4 else 2)
    PngImagePlugin.putchunk(file, b"IHDR", kind, bytes(3))
    if icc:
        PngImagePlugin.putchunk(file, b"iCCP", b"ICC Profile\0\0", zlib.compress(icc))
    if exif:
        PngImagePlugin.putchunk(file, b"eXIf", exif.removeprefix(b"Exif\0\0"))
    compressor, before = zlib.compressobj(), np.zeros((1, 2 * width * channels), "u1")
    for rows in tiling.strips(pixels):
        values = pixels[rows].astype(">u2").reshape(-1, width * channels).view("u1")
        lines = np.full((len(values), values.shape[1] + 1), 2, "u1")  # less those above
        lines[:, 1:] = np.diff(values, axis=0, prepend=before)
        PngImagePlugin.putchunk(file, b"IDAT", compressor.compress(lines.tobytes()))
        before = values[-1:]
    PngImagePlugin.putchunk(file, b"IDAT", compressor.flush())
    PngImagePlugin.putchunk(file, b"IEND")


def _write_tiff(
    file: BinaryIO, pixels: np.ndarray, icc: bytes | None, exif: bytes
) -> None:
    """Write a deflated TIFF file of pixels, uint16 (H, W, 3 or 4)."""
    height, width, channels = pixels.shape
    parts, count = [], 0
    for rows in tiling.strips(pixels):
        values = pixels[rows].astype("<u2")
        values[:, 1:] -= values[:, :-1].copy()
        parts.append(zlib.compress(values.tobytes()))
        count = count or len(values)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    block = Image.Exif()
    block.load(exif)
    for tag, value in block.items():
        tags[tag] = block.get_ifd(tag) if tag in decoding.KEPT_IFDS else value
    tags[_TAG.IMAGEWIDTH], tags[_TAG.IMAGELENGTH] = width, height
    tags[_TAG.BITSPERSAMPLE], tags[_TAG.SAMPLESPERPIXEL] = (16,) * channels, channels
    tags[_TAG.COMPRESSION], tags[_TAG.PREDICTOR] = 8, 2  # deflate, less those before
    tags[_TAG.PHOTOMETRIC_INTERPRETATION] = 2  # RGB
    tags[_TAG.ROWSPERSTRIP] = count
    tags[_TAG.STRIPBYTECOUNTS] = tuple(map(len, parts))
    starts = np.cumsum([0, *map(len, parts[:-1])])  # the directory's size comes on top
    tags[_TAG.STRIPOFFSETS] = tuple(map(int, starts))
    if channels == 4:
        tags[_TAG.EXTRASAMPLES] = 2  # alpha
    if icc:
        tags.tagtype[_TAG.ICCPROFILE] = 7
        tags[_TAG.ICCPROFILE] = icc
    tags.save(file)
    for part in parts:
        file.write(part)
