"""Pictures between files and arrays: every common kind in, uint8 RGB out, and back.

Reading raises

    OSError: the file cannot be opened
    ValueError: the picture is damaged or too small
      Unreadable: the file is no picture of a known format
      TooLarge: the picture has more pixels than are allowed
"""

import io
import os
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident
from typing import BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from fast_style import MIN_SIZE, decoding

FORMATS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
    ".gif": "GIF",
}
IMAGE_SUFFIXES = frozenset(FORMATS)
DEFAULT_MAX_SIZE = 2048  # px, of the longer side, where a person names no other
MAX_SIDES = {"JPEG": 65500, "WEBP": 16383}  # px, that a format holds
WRITABLE = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
MAX_PIXELS = 150_000_000  # 450 MB as RGB, and below the count Pillow itself refuses

_MAX_JPEG_EXIF = 65533  # bytes, one JPEG segment


class Unreadable(ValueError):
    """A file is no picture of a known format."""


class TooLarge(ValueError):
    """A picture has more pixels than are allowed."""


@dataclass(frozen=True)
class Picture:
    """A decoded picture, upright.

    Args:
        pixels: uint8 (H, W, 3), RGB in the profile's colour space. Where `alpha` is 0
            it holds the colours of the nearest visible parts.
        alpha: uint8 (H, W), 255 being opaque, or None.
        icc: RGB colour profile, or None for sRGB.
        exif: EXIF block without orientation, size and thumbnail, or None.
        format: Pillow's name of the file's format, such as "JPEG".
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    format: str = "PNG"


def read(
    source: str | os.PathLike | BinaryIO,
    *,
    max_size: int = 0,
    min_size: int = 0,
    max_pixels: int = MAX_PIXELS,
    upright: bool = True,
) -> Picture:
    """Reads a picture, its first frame if it has several.

    EXIF orientation is applied; greyscale, palette, CMYK, 16-bit and float pictures
    become 8-bit RGB.

    Args:
        source: a path, or a file open for reading bytes.
        max_size: the longer side in px is brought down to this; 0 keeps the size.
        min_size: the shorter side in px is not brought below this.
        max_pixels: the most to decode, at most MAX_PIXELS.
        upright: False leaves a picture as it lies in the file, its EXIF block out.

    Raises:
        OSError: the file cannot be opened.
        Unreadable: the file is no picture of a known format.
        TooLarge: the picture has more pixels than max_pixels.
        ValueError: the picture is damaged or too small.
    """
    with _open(source, max_pixels) as image:
        name, (width, height) = _name(source), image.size
        if max_size:
            longer, shorter = max(width, height), min(width, height)
            max_size = max(max_size, -(-min_size * longer // shorter))
        try:
            picture = _decode(image, max_size, upright)
        except Exception as error:
            raise ValueError(
                f"Cannot read {name}: it is damaged or cut short ({error})."
            ) from error
    if min(picture.pixels.shape[:2]) < MIN_SIZE:
        shrunk = max(width, height) > max_size > 0
        raise ValueError(
            f"{name} is {width} x {height} px"
            + (f", and too thin at max_size={max_size}. " if shrunk else ". ")
            + f"Give a picture of at least {MIN_SIZE} x {MIN_SIZE} px."
        )
    return picture


def read_size(source: str | os.PathLike | BinaryIO) -> tuple[int, int]:
    """Reads width and height, as they lie in the file, from its header; see `read`."""
    with _open(source) as image:
        return image.size


def encode(picture: Picture, *, format: str, quality: int = 95) -> bytes:
    """Encodes a picture as a file's bytes.

    Alpha is kept in PNG, WebP and TIFF; JPEG and BMP get a white background.

    Args:
        picture: the picture, with what is to be kept of its metadata.
        format: one of WRITABLE.
        quality: 1 to 100, for JPEG (colours at full resolution) and WebP.

    Raises:
        ValueError: the format cannot hold this picture.
    """
    image = Image.fromarray(picture.pixels)
    if picture.alpha is not None:
        image.putalpha(Image.fromarray(picture.alpha))
        if format in ("JPEG", "BMP"):
            paper = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(paper, image).convert("RGB")
    options = {
        "JPEG": {"quality": quality, "subsampling": 0},
        "WEBP": {"quality": quality},
    }.get(format, {})
    exif = picture.exif or b""
    if exif and not (format == "JPEG" and len(exif) > _MAX_JPEG_EXIF):
        options["exif"] = exif
    file = io.BytesIO()
    try:
        image.save(file, format, icc_profile=picture.icc, **options)
    except (OSError, ValueError) as error:
        size = f"{image.width} x {image.height} px"
        raise ValueError(
            f"Cannot encode a picture of {size} as {format} ({error}). Try PNG."
        ) from error
    return file.getvalue()


def write(picture: Picture, path: str | os.PathLike, *, quality: int = 95) -> None:
    """Writes a picture to a file, whole or not at all; see `encode`.

    The suffix decides the format. A file of that name is replaced.
    """
    path = Path(path)
    data = encode(picture, format=format_of(path), quality=quality)
    # Of its own for each thread that may write into this folder.
    temporary = path.with_name(f".fast-style-{os.getpid()}-{get_ident()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(data)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(f"Cannot write '{path}': {error.strerror}.") from error


def format_of(path: str | os.PathLike) -> str:
    """Gives the format that a file of this name is written in."""
    format = FORMATS.get(Path(path).suffix.lower())
    if format not in WRITABLE:
        raise ValueError(
            f"Cannot write '{path}': no picture format of that name. End it in "
            + ", ".join(s for s, f in FORMATS.items() if f in WRITABLE)
            + "."
        )
    return format


def find_images(folder: str | os.PathLike) -> list[Path]:
    """Lists the pictures in a folder and below, by suffix, sorted; hidden ones not."""
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(parent, name)
            for name in files
            if not name.startswith(".") and Path(name).suffix.lower() in IMAGE_SUFFIXES
        ]
    return sorted(found)


def resize_short_side(pixels: np.ndarray, size: int) -> np.ndarray:
    """Resizes uint8 (H, W, 3) so that its shorter side is `size` px, aspect kept."""
    height, width = pixels.shape[:2]
    scale = size / min(height, width)
    resized = Image.fromarray(pixels).resize(
        (round(width * scale), round(height * scale)),
        Image.Resampling.LANCZOS,
        reducing_gap=2.0,
    )
    return np.array(resized)


def _name(source: str | os.PathLike | BinaryIO) -> str:
    if isinstance(source, str | os.PathLike):
        return repr(os.fspath(source))
    return repr(getattr(source, "name", "<bytes>"))


def _open(
    source: str | os.PathLike | BinaryIO, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Opens a picture and reads its header, or says in one line why not."""
    name = _name(source)
    no_image = f"Cannot read {name} as an image. Give a JPEG, PNG or WebP file."
    limit = f"{max_pixels / 1_000_000:g}"
    too_large = f"{name} has more than {limit} million pixels. Give a smaller picture."
    Image.preinit()  # or open() would load Pillow's forty plugins for a JPEG
    try:
        image = Image.open(source, formats=tuple(dict.fromkeys(FORMATS.values())))
    except UnidentifiedImageError:
        raise Unreadable(no_image) from None
    except Image.DecompressionBombError:
        raise TooLarge(too_large) from None
    except OSError as error:
        if error.errno is None:
            raise Unreadable(no_image) from error
        raise OSError(f"Cannot open {name}: {error.strerror}.") from error
    except Exception as error:  # Pillow's readers raise nearly anything on odd bytes
        raise Unreadable(no_image) from error
    if image.width * image.height > max_pixels:
        image.close()
        raise TooLarge(too_large)
    return image


def _decode(image: Image.Image, max_size: int, upright: bool) -> Picture:
    format = "JPEG" if image.format == "MPO" else image.format
    if max_size and (factor := max(image.size) // (2 * max_size)) > 1:
        image.draft(None, tuple(max(1, side // factor) for side in image.size))
    image.load()
    exif = decoding.apply_exif(image) if upright else None
    icc = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":
        image = Image.fromarray(decoding.eight_bits(image))
    alpha = None
    if image.has_transparency_data:
        mode = "L" if image.mode in ("1", "L", "LA", "La") else "RGB"
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        image = image.convert(mode)
    if icc and icc[16:20] != b"RGB ":
        image, icc = decoding.to_srgb(image, icc), None
    image = image.convert("RGB")
    if alpha:
        image.putalpha(alpha)
    if max_size:
        image.thumbnail((max_size, max_size), Image.Resampling.LANCZOS)
    if alpha:
        alpha = np.array(image.getchannel("A"))
        image = decoding.fill_hidden(image)
    return Picture(np.array(image), alpha, icc, exif, format)
