"""Plain RGB from what cameras, scanners and editors put into picture files."""

import io

import numpy as np
from PIL import ExifTags, Image, ImageOps

# The tags about the photograph. All others (size, strips, thumbnail, orientation)
# describe the file that was read and would be wrong in the one that is written.
_KEPT_EXIF = {ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo} | {
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
        for tag in set(exif) - _KEPT_EXIF:
            del exif[tag]
        if ExifTags.IFD.Exif in exif:
            details = exif.get_ifd(ExifTags.IFD.Exif)
            details.pop(ExifTags.Base.ExifImageWidth, None)
            details.pop(ExifTags.Base.ExifImageHeight, None)
        return exif.tobytes() if exif else None
    except Exception:  # Pillow raises nearly anything on a broken block
        return None


def eight_bits(image: Image.Image) -> np.ndarray:
    """Return a 16-bit, 32-bit or float greyscale picture scaled to uint8 (H, W)."""
    values = np.nan_to_num(np.asarray(image, np.float32), posinf=0, neginf=0).clip(0)
    top = float(values.max())
    if image.mode == "F":
        # A float file does not say which value is white. Highlights may lie above it.
        white = next((w for w in (1.0, 255.0, 65535.0) if top <= 2 * w), top)
    else:
        white = max(65535.0, top)
    return np.rint(values.clip(0, white) * (255 / white)).astype(np.uint8)


def to_srgb(image: Image.Image, icc: bytes) -> Image.Image:
    """Return a picture converted to sRGB.

    Args:
        image: The picture, in the mode that its colour profile is for.
        icc: The colour profile. Where it is broken, or of another kind of picture, the
            picture comes back as it is.
    """
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, profile, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


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
