"""What cameras, scanners and editors put into picture files, as plain RGB."""

import io

import numpy as np
from PIL import ExifTags, Image, ImageOps

# What EXIF says about the photograph. The rest (size, strips, thumbnail, orientation)
# describes the file it came from and would be wrong in the new one.
_KEPT_EXIF = {ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo} | {
    ExifTags.Base[name]
    for name in (
        "ImageDescription Make Model XResolution YResolution ResolutionUnit Software "
        "DateTime Artist HostComputer Copyright Rating RatingPercent "
        "XPTitle XPComment XPAuthor XPKeywords XPSubject"
    ).split()
}


def apply_exif(image: Image.Image) -> bytes | None:
    """Turns the picture upright, and gives the EXIF block to keep."""
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
    except Exception:  # a broken EXIF block is no reason to refuse the picture
        return None


def eight_bits(image: Image.Image) -> np.ndarray:
    """Scales a 16-bit, 32-bit or float greyscale picture to uint8 (H, W)."""
    values = np.nan_to_num(np.asarray(image, np.float32), posinf=0, neginf=0).clip(0)
    top = float(values.max())
    if image.mode == "F":
        # Float files state no white; some headroom for highlights above it.
        white = next((w for w in (1.0, 255.0, 65535.0) if top <= 2 * w), top)
    else:
        white = max(65535.0, top)
    return np.rint(values.clip(0, white) * (255 / white)).astype(np.uint8)


def to_srgb(image: Image.Image, icc: bytes) -> Image.Image:
    """Converts a picture from its colour profile to sRGB."""
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, profile, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image  # the profile is broken, or is not for this kind of picture


def fill_hidden(image: Image.Image) -> Image.Image:
    """Spreads the visible colours of an RGBA picture under its transparent parts.

    What lies hidden there is arbitrary, and a network would let it bleed into the
    visible edge.
    """
    visible = image.getchannel("A").point(lambda alpha: 255 if alpha else 0)
    colors = image.convert("RGB")
    if visible.getextrema()[0] or max(image.size) == 1:
        return colors
    colors.putalpha(visible)
    around = fill_hidden(colors.reduce(2)).resize(image.size, Image.Resampling.BILINEAR)
    return Image.composite(colors.convert("RGB"), around, visible)
