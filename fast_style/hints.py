"""What picture files say of their pixels, and Pillow does not act on."""

import struct
from dataclasses import dataclass
from typing import BinaryIO, cast

from PIL import ExifTags, Image, ImageFile, ImagePalette, TiffImagePlugin

from fast_style import chunks, kinds, profiles
from fast_style.profiles import Untold

# Pillow's own reader of uncompressed TIFF files takes separate planes of 16 bits for
# planes of 8, and does not know subsampled colours.
TiffImagePlugin.READ_LIBTIFF = True

_TAG = ExifTags.Base
_NEW_SUBFILE_TYPE, _SAMPLE_FORMAT, _INK_SET, _DNG_VERSION = 254, 339, 332, 50706
_REDUCED, _MASK = 1, 4  # of the same picture, as the type of a subfile
_DEFLATE = (8, 32946)  # kinds of compression
_JPEG2000_COLORS = {struct.pack(">I", n) for n in (12, 16, 17, 18)}  # CMYK to sYCC


@dataclass(frozen=True)
class Hints:
    """What to do with a picture once Pillow has decoded it.

    Args:
        white: The value that is white in a grey picture of over 8 bits; None if the
            file does not say.
        inverted: Whether such a picture has white as zero.
        opaque: Whether what looks like alpha is none.
        icc: Colour profile that is kept, or converted to sRGB if it is not of RGB.
        foreign: Colour profile that the pixels are converted from to sRGB.
    """

    white: float | None = None
    inverted: bool = False
    opaque: bool = False
    icc: bytes | None = None
    foreign: bytes | None = None


def read(image: Image.Image) -> Hints:
    """Return the hints in a picture's file, and correct what Pillow made of them.

    Args:
        image: A picture that is open and not loaded.

    Raises:
        Untold: Nothing that is read tells the picture's meaning.
        ValueError: The file is damaged.
    """
    readers = {
        "PNG": _of_png,
        "TIFF": _of_tiff,
        "AVIF": _of_avif,
        "HEIF": _of_heif,
        "JPEG2000": _of_jpeg2000,
        "JXL": _of_jpeg_xl,
        "TGA": _of_tga,
    }
    if image.format not in readers:
        white = 65535 if image.mode.startswith("I") else None
        return Hints(white, icc=image.info.get("icc_profile"))
    file = cast(BinaryIO, cast(ImageFile.ImageFile, image).fp)
    place = file.tell()
    hints = readers[image.format](image, file)
    profiles.check_range(hints.icc or b"")
    file.seek(place)
    return hints


def is_first_of_many(image: Image.Image) -> bool:
    """Return whether a file holds more frames or pages than the one that is open."""
    if image.format == "MPO" or not getattr(image, "is_animated", False):
        return False  # what else is in a camera's JPEG belongs to the same photograph
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return True
    try:
        image.seek(1)
        kind = image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)
    except Exception:  # Pillow raises nearly anything on a page that it does not know
        kind = 0
    image.seek(0)
    return not kind & (_REDUCED | _MASK)


def _of_png(image: Image.Image, file: BinaryIO) -> Hints:
    parts = chunks.of_png(file)
    depth = parts[b"IHDR"][8]
    key = image.info.get("transparency")
    if depth == 16 and image.mode == "RGB" and key is not None:
        raise Untold(
            "it has 16 bits and one transparent colour, of which 8 bits are read. "
            "Save it with an alpha channel."
        )
    if depth < 8 and image.mode == "L" and key is not None:
        # Pillow spreads the pixels over 8 bits, and leaves the key as it is.
        image.info["transparency"] = key * 255 // (2**depth - 1)
    icc = image.info.get("icc_profile")
    if len(parts.get(b"cICP", b"")) == 4:
        primaries, transfer = parts[b"cICP"][:2]
        return Hints(65535, foreign=profiles.of_code_points(primaries, transfer))
    if icc or b"sRGB" in parts or not image.info.get("gamma"):
        return Hints(65535, icc=icc)
    white_first = image.info.get("chromaticity", ())
    chromaticities = (*white_first[2:], *white_first[:2])
    return Hints(65535, foreign=profiles.of_gamma(image.info["gamma"], chromaticities))


def _of_tiff(image: Image.Image, file: BinaryIO) -> Hints:
    image = cast(TiffImagePlugin.TiffImageFile, image)
    tags = image.tag_v2
    _check_tiff(image)
    from_the_right = tags.get(_TAG.FillOrder) == 2  # and so are the deflated bits
    if tags.get(_TAG.Compression) in _DEFLATE and not from_the_right:
        names = (273, 279) if 273 in tags else (324, 325)  # strips or tiles
        chunks.check_deflated(file, *(tags.get(name, ()) for name in names))
    if image.mode == "F":
        # Compressed floats come in the machine's order of bytes, whatever the file's.
        tile = image.tile[0]
        image.tile = [tile._replace(args=("F;32NF", *cast(tuple, tile.args)[1:]))]
    if image.mode == "P" and max(tags[_TAG.ColorMap]) < 256:
        # Old programs write colours of 8 bits, where 16 are meant.
        image.palette = ImagePalette.raw("RGB;L", bytes(tags[_TAG.ColorMap]))
    white_is_zero = not tags.get(_TAG.PhotometricInterpretation, 0)
    bits = tags.get(_TAG.BitsPerSample, (1,))[0]
    return Hints(
        None if image.mode == "F" else 2.0**bits - 1,
        inverted=white_is_zero and image.mode in ("I;16", "F"),
        icc=profiles.of_lab() if image.mode == "LAB" else image.info.get("icc_profile"),
    )


def _check_tiff(image: TiffImagePlugin.TiffImageFile) -> None:
    """Refuse what is decoded wrong, or to no picture that can be told."""
    tags, mode = image.tag_v2, image.mode
    separate = tags.get(_TAG.PlanarConfiguration, 1) == 2
    if _DNG_VERSION in tags or tags.get(_NEW_SUBFILE_TYPE, 0) & _REDUCED:
        raise Untold(
            f"it is {kinds.RAW.name}, or begins with a preview. {kinds.RAW.advice}"
        )
    if 2 in tags.get(_SAMPLE_FORMAT, ()) or mode == "I":
        problem = "its values are signed or of 32 bits, and none is said to be white"
    elif mode == "CMYK" and tags.get(_INK_SET, 1) != 1:
        problem = "its inks are others than cyan, magenta, yellow and black"
    elif separate and mode not in ("RGB", "CMYK", "RGBA"):
        problem = f"its planes lie apart, in an unusual kind ({mode})"
    else:
        return
    raise Untold(f"{problem}. Save it as RGB of 8 or 16 bits.")


def _of_avif(image: Image.Image, file: BinaryIO) -> Hints:
    if icc := image.info.get("icc_profile"):
        return Hints(icc=icc)
    for color in chunks.colors_of_boxes(file):
        if color[:4] == b"nclx" and len(color) >= 8:
            primaries, transfer = struct.unpack(">HH", color[4:8])
            return Hints(foreign=profiles.of_code_points(primaries, transfer))
    return Hints()


def _of_heif(image: Image.Image, _file: BinaryIO) -> Hints:
    if icc := image.info.get("icc_profile"):
        return Hints(icc=icc)
    told = image.info.get("nclx_profile") or {}
    primaries = told.get("color_primaries", 1)
    transfer = told.get("transfer_characteristics", 13)
    return Hints(foreign=profiles.of_code_points(primaries, transfer))


def _of_jpeg2000(image: Image.Image, file: BinaryIO) -> Hints:
    depth = chunks.depth_of_jpeg2000(file)
    if depth != 8 and image.mode != "I;16":
        # Of more bits Pillow rounds what is nearly white up to black; with fewer, white
        # is grey.
        raise Untold(f"it has colours of {depth} bits. Save it with 8, or as PNG.")
    for color in chunks.colors_of_boxes(file):
        if color[:1] == b"\2":
            return Hints(65535, icc=color[3:])
        if color[:1] == b"\1" and color[3:7] not in _JPEG2000_COLORS:
            raise Untold("its colour space is not read. Save it as sRGB.")
    return Hints(65535)


def _of_jpeg_xl(image: Image.Image, _file: BinaryIO) -> Hints:
    if not getattr(image, "jpeg", False):  # else it is a JPEG, and turned as one
        image.getexif().pop(_TAG.Orientation, None)  # it is upright
    return Hints(65535, icc=image.info.get("icc_profile"))


def _of_tga(image: Image.Image, file: BinaryIO) -> Hints:
    file.seek(16)
    depth, descriptor = file.read(2)
    alpha_bits = descriptor & 15
    if alpha_bits == 1 and "A" in image.mode and depth == 16:
        raise Untold("it has one bit of alpha. Save it with 32 bits, or as PNG.")
    return Hints(opaque=not alpha_bits)
