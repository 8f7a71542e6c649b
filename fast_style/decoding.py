"""Plain RGB from what cameras, scanners and editors put into picture files."""

import numpy as np
from PIL import ExifTags, Image, ImageOps

from fast_style.hints import Hints

_STRIP = 256  # rows that are converted at a time

# The tags about the photograph. All others (size, strips, thumbnail, orientation)
# describe the file that was read and would be wrong in the one that is written.
KEPT_IFDS = {ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo}
KEPT_EXIF = {
    ExifTags.Base[name]
    for name in (
        "ImageDescription Make Model XResolution YResolution ResolutionUnit Software "
        "DateTime Artist HostComputer Copyright Rating RatingPercent "
        "XPTitle XPComment XPAuthor XPKeywords XPSubject"
    ).split()
}


def apply_exif(image: Image.Image) -> bytes | None:
    """Turn a picture upright in place and return the EXIF block to keep.

    Returns:
        The block without the tags that describe the file; None where nothing is left
        of it, or where it is broken.
    """
    try:
        ImageOps.exif_transpose(image, in_place=True)
        exif = image.getexif()
        tags, details = set(exif) & KEPT_EXIF, set(exif) & KEPT_IFDS
        kept = Image.Exif()  # of its own, for the old one may be a BigTIFF's
        kept.update({tag: exif[tag] for tag in tags})
        for tag in details:
            kept.get_ifd(tag).update(exif.get_ifd(tag))
            for size in (ExifTags.Base.ExifImageWidth, ExifTags.Base.ExifImageHeight):
                kept.get_ifd(tag).pop(size, None)
        return kept.tobytes() if tags or details else None
    except Exception:  # Pillow raises nearly anything on a broken block
        return None


def with_resolution(exif: bytes, dpi: float) -> bytes:
    """Return an EXIF block that tells how many dots an inch a picture is printed with.

    Args:
        exif: The block before; empty for none.
        dpi: Dots an inch.
    """
    block = Image.Exif()
    block.load(exif)
    for tag in (ExifTags.Base.XResolution, ExifTags.Base.YResolution):
        block[tag] = dpi
    block[ExifTags.Base.ResolutionUnit] = 2  # inches
    return block.tobytes()


def split_alpha(
    image: Image.Image, hints: Hints
) -> tuple[Image.Image, Image.Image | None]:
    """Return a picture of 8 bits a channel without its alpha, and the alpha, if any."""
    if image.mode == "La":
        image = image.convert("LA")
    alpha, deep = None, image.mode == "F" or image.mode.startswith("I")
    if image.has_transparency_data and deep:
        hidden = np.asarray(image) == image.info["transparency"]
        alpha = Image.fromarray(np.where(hidden, np.uint8(0), np.uint8(255)))
    elif image.has_transparency_data:
        grey = image.mode in ("1", "L", "LA")
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        image = image.convert("L" if grey else "RGB")
    if deep:
        image = Image.fromarray(scaled(image, hints, 255))
    return image, None if hints.opaque else alpha


def rgb(image: Image.Image) -> np.ndarray:
    """Return a picture as RGB, uint8 (H, W, 3), by strips to save memory."""
    width, height = image.size
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _STRIP):
        strip = image.crop((0, top, width, min(top + _STRIP, height)))
        pixels[top : top + _STRIP] = np.asarray(strip.convert("RGB"))
    return pixels


def fill_hidden(image: Image.Image) -> Image.Image:
    """Return an RGBA picture as RGB, its visible colours spread under the hidden parts.

    The hidden colours are arbitrary, and a network would let them bleed into the
    visible edge.
    """
    visible = image.getchannel("A").point(lambda alpha: 255 if alpha else 0)
    colors = image.convert("RGB")
    if visible.getextrema()[0] or max(image.size) == 1:
        return colors
    colors.putalpha(visible)
    around = fill_hidden(colors.reduce(2)).resize(image.size, Image.Resampling.BILINEAR)
    return Image.composite(colors.convert("RGB"), around, visible)


def scaled(image: Image.Image, hints: Hints, top: int) -> np.ndarray:
    """Return a greyscale picture of 16 bits, 32 bits or floats, from 0 to a top.

    Args:
        image: The picture.
        hints: Its own.
        top: The value of white, 255 or 65535.

    Returns:
        uint8 or uint16 (H, W).
    """
    values = np.asarray(image).astype(np.float32)
    values = np.nan_to_num(values, copy=False, posinf=0, neginf=0)
    white = hints.white or _white_of_floats(float(values.max()))
    np.clip(values, 0, white, out=values)
    values *= top / white
    if hints.inverted:
        np.subtract(top, values, out=values)
    return np.rint(values, out=values).astype(np.min_scalar_type(top))


def _white_of_floats(top: float) -> float:
    """Guess what is white in a file that does not say; highlights may lie above it."""
    return next((white for white in (1.0, 255.0, 65535.0) if top <= 2 * white), top)
