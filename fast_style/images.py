"""Pictures between files and arrays: common formats in, uint8 RGB out, and back.

Reading raises

    OSError: the file cannot be opened
    ValueError: the picture is damaged or too small
      Unreadable: the file is no picture of a kind that is read
      TooLarge: the picture has more pixels than are allowed
"""

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from fast_style import (
    MIN_SIZE,
    companions,
    decoding,
    deep,
    files,
    hints,
    memory,
    opening,
    profiles,
)
from fast_style.kinds import FORMATS, WRITABLE
from fast_style.opening import MAX_PIXELS, Source
from fast_style.opening import TooLarge as TooLarge
from fast_style.opening import Unreadable as Unreadable
from fast_style.profiles import Untold

DEFAULT_MAX_SIZE = 0  # px, default longer side of a picture; 0 keeps its own
DECODING_BYTES = {8: 8, 16: 36}  # of a pixel by depth, measured at 16 with alpha
MAX_SIDES = {"JPEG": 65500, "WEBP": 16383, "AVIF": 32768}  # px, where there is a limit

_MAX_JPEG_EXIF = 65533  # bytes in one JPEG segment


@dataclass(frozen=True)
class Picture:
    """An upright picture with the metadata that is kept when it is written.

    Args:
        pixels: uint8 or uint16 (H, W, 3), RGB in the colour space of `icc`. Where
            `alpha` is 0 they have the colours of the nearest visible parts.
        alpha: uint8 (H, W), 0 transparent to 255 opaque; None where all is opaque.
        icc: RGB colour profile; None stands for sRGB.
        exif: EXIF block without orientation, size and thumbnail, or None.
        format: Pillow's name of the file's format, such as "JPEG".
        first_of_many: Whether the file has more frames or pages than this one.
        left_out: What else the file holds of the photograph; see `companions.of`.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    format: str = "PNG"
    first_of_many: bool = False
    left_out: tuple[str, ...] = ()


def read(
    source: Source,
    *,
    max_size: int = 0,
    min_size: int = 0,
    max_pixels: int = MAX_PIXELS,
    upright: bool = True,
    depth: int = 8,
) -> Picture:
    """Read a picture, or the first frame of an animation.

    The picture is turned as its EXIF orientation says. Greyscale, palette, CMYK,
    16-bit and float pictures become 8-bit RGB. A picture whose meaning a file does not
    tell, or Pillow does not decode right, is refused as Unreadable.

    Args:
        source: A path, a file open for reading bytes, or a picture of Pillow's.
        max_size: Longer side in px that larger pictures are brought down to; 0 keeps
            the size.
        min_size: px that the shorter side keeps at least, whatever `max_size` says.
        max_pixels: Most pixels to decode, at most MAX_PIXELS.
        upright: Whether to apply the orientation and what chunks say of the colours,
            and keep the EXIF block; False leaves the picture as it lies in the file
            and drops the block.
        depth: 16 keeps the 16 bits of a PNG or TIFF file that has them.

    Raises:
        OSError: The file cannot be opened.
        Unreadable: The file is no picture of a kind that is read.
        TooLarge: The picture has more than `max_pixels`.
        ValueError: The picture is damaged or too small.
        memory.Shortage: It takes more memory than there is.
    """
    with opening.open_picture(source, max_pixels) as image:
        name, (width, height) = opening.name_of(source), image.size
        longest = _longest_side(width, height, max_size, min_size)
        if not longest:
            need = width * height * DECODING_BYTES[depth]
            memory.require(need, f"To read {width} x {height} px takes")
        try:
            picture = _decode(image, longest, upright, depth)
        except Untold as error:
            raise Unreadable(f"Cannot read {name}: {error}") from error
        except MemoryError as error:
            problem = f"{width} x {height} px do not fit into memory."
            raise memory.Shortage(problem, 0) from error
        except Exception as error:
            reason = " ".join(str(error).split())
            raise ValueError(
                f"Cannot read {name}: it is damaged or cut short ({reason})."
            ) from error
    if min(picture.pixels.shape[:2]) < MIN_SIZE:
        problem = f"{name} is {width} x {height} px"
        remedy = f"Give a picture of at least {MIN_SIZE} x {MIN_SIZE} px."
        if min(width, height) >= MIN_SIZE:
            problem += f", and too thin at max_size={longest}"
            remedy = "Give a larger max_size, or 0."
        raise ValueError(f"{problem}. {remedy}")
    return picture


def read_size(source: Source) -> tuple[int, int]:
    """Return a picture's width and height in px from its header, not turned upright.

    Raises:
        OSError, Unreadable, TooLarge: As `read` does.
    """
    with opening.open_picture(source) as image:
        return image.size


def encode(
    picture: Picture, *, format: str, quality: int = 95, dpi: float | None = None
) -> bytes:
    """Return the bytes of a picture's file.

    PNG, WebP, AVIF and TIFF keep alpha; in JPEG and BMP the picture lies on white. PNG
    and TIFF alone hold 16 bits.

    Args:
        picture: The picture, with the metadata to keep.
        format: One of WRITABLE.
        quality: 1 to 100, for WebP and for JPEG and AVIF, which have their colours at
            full resolution.
        dpi: Dots an inch that the file tells printers; None tells what `exif` does.

    Raises:
        ValueError: The format cannot hold the picture.
    """
    file = io.BytesIO()
    _save(picture, file, format, quality, dpi)
    return file.getvalue()


def _save(
    picture: Picture,
    file: BinaryIO,
    format: str,
    quality: int,
    dpi: float | None = None,
) -> None:
    """Write a picture to a file that is open; see `encode`."""
    pixels, exif = picture.pixels, picture.exif or b""
    if dpi:
        exif = decoding.with_resolution(exif, dpi)
    if pixels.dtype == np.uint16:
        return deep.write(file, format, pixels, picture.alpha, picture.icc, exif)
    image = to_pillow(picture)
    if picture.alpha is not None and format in ("JPEG", "BMP"):
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image).convert("RGB")
    choices: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": quality, "subsampling": 0},
        "WEBP": {"quality": quality},
        "AVIF": {"quality": quality, "subsampling": "4:4:4", "speed": 8},
    }
    options = choices.get(format, {})
    if dpi:
        options["dpi"] = dpi, dpi  # JPEG, PNG, TIFF and BMP have a place of their own
    if exif and not (format == "JPEG" and len(exif) > _MAX_JPEG_EXIF):
        options["exif"] = exif
    try:
        image.save(file, format, icc_profile=picture.icc, **options)
    except (KeyError, OSError, ValueError) as error:  # a Pillow may lack AVIF
        if isinstance(error, OSError) and error.errno:  # the disk's
            raise
        size = f"{image.width} x {image.height} px"
        raise ValueError(
            f"Cannot encode a picture of {size} as {format} ({error}). Try PNG."
        ) from error


def to_pillow(picture: Picture) -> Image.Image:
    """Return a picture of Pillow's, RGB or RGBA, with its profile and EXIF block."""
    image = Image.fromarray(picture.pixels)
    if picture.alpha is not None:
        image.putalpha(Image.fromarray(picture.alpha))
    told = {"icc_profile": picture.icc, "exif": picture.exif}
    image.info.update({name: block for name, block in told.items() if block})
    return image


def write(picture: Picture, path: str | os.PathLike, *, quality: int = 95) -> None:
    """Write a picture to a file, whole or not at all, in the format of its suffix.

    Args:
        picture: The picture, with the metadata to keep.
        path: The file, which is replaced if it exists. Its folder is made if missing.
        quality: As of `encode`.

    Raises:
        OSError: The file cannot be written.
        ValueError: The suffix is of no writable format, or its format cannot hold the
            picture.
    """
    format = format_of(path)
    # After a power failure a picture can be made again.
    with files.replacing(path, durable=False) as file:
        _save(picture, file, format, quality)


def format_of(path: str | os.PathLike) -> str:
    """Return the format that a file of this name is written in.

    Raises:
        ValueError: The suffix is of no writable format.
    """
    format = FORMATS.get(Path(path).suffix.lower())
    if format not in WRITABLE:
        usual = {f: s for s, f in reversed(FORMATS.items())}
        suffixes = ", ".join(usual[f] for f in WRITABLE)
        reason = "its name has no suffix of a picture format"
        if format:
            reason = f"{format} can be read, not written"
        raise ValueError(f"Cannot write '{path}': {reason}. End it in {suffixes}.")
    return format


def resize_short_side(pixels: np.ndarray, size: int) -> np.ndarray:
    """Return a picture resized so that its shorter side has `size` px.

    Args:
        pixels: uint8 (H, W, 3).
        size: Length of the shorter side in px; the aspect is kept.
    """
    height, width = pixels.shape[:2]
    scale = size / min(height, width)
    resized = Image.fromarray(pixels).resize(
        (round(width * scale), round(height * scale)),
        Image.Resampling.LANCZOS,
        reducing_gap=2.0,
    )
    return np.array(resized)


def _longest_side(width: int, height: int, max_size: int, min_size: int) -> int:
    """Return `max_size`, raised so that the shorter side keeps `min_size`; 0 stays."""
    if not max_size:
        return 0
    longer, shorter = max(width, height), min(width, height)
    return max(max_size, -(-min_size * longer // shorter))


def _decode(image: Image.Image, max_size: int, upright: bool, depth: int) -> Picture:
    format = "JPEG" if image.format == "MPO" else image.format or "PNG"
    first_of_many = hints.is_first_of_many(image)
    left_out = companions.of(image)
    told = hints.read(image)
    values = deep.read(image, told) if upright and depth == 16 else None
    if max_size and (factor := max(image.size) // (2 * max_size)) > 1:
        width, height = (max(1, side // factor) for side in image.size)
        image.draft(None, (width, height))
    image.load()
    exif = decoding.apply_exif(image) if upright else None
    image, opacity = decoding.split_alpha(image, told)
    icc = told.icc
    if icc and icc[16:20] != b"RGB ":
        image, icc = profiles.to_srgb(image, icc), None
    if told.foreign and upright:
        image = profiles.to_srgb(image.convert("RGB"), told.foreign)
    if max_size or opacity:
        image = image if image.mode == "RGB" else image.convert("RGB")
    if opacity:
        image.putalpha(opacity)
    if max_size:
        image.thumbnail((max_size, max_size), Image.Resampling.LANCZOS)
    alpha = np.array(image.getchannel("A")) if opacity else None
    if opacity:
        image = decoding.fill_hidden(image)
    pixels = decoding.rgb(image)
    if values is not None:
        pixels = deep.fitted(values, pixels, alpha)
    return Picture(pixels, alpha, icc, exif, format, first_of_many, left_out)
