"""What a photograph's file holds beside the picture: gain maps, films and the like."""

import re
from typing import Any, BinaryIO, cast

from PIL import Image, ImageFile

from fast_style import previews

GAIN_MAP, DEPTH_MAP = "gain map", "depth map"
FILM, PICTURES, RAW = "film", "further pictures", "raw data"

# Of Google's Ultra HDR, ISO 21496-1 and Apple.
_GAIN_MAP = re.compile(rb"hdrgm:Version|urn:iso:std:iso:ts:21496:-1|aux:hdrgainmap")
_FILM = re.compile(rb"\0\0\0[\x10-\x80]ftyp")  # the start of an MP4
_OWN_START = 64  # bytes in which a HEIC begins as an MP4 does
_END = b"\xff\xd9"  # of a JPEG


def of(image: Image.Image) -> tuple[str, ...]:
    """Return what is left out of a photograph's file when its picture is read.

    Args:
        image: A picture that is open and not loaded.

    Returns:
        Some of GAIN_MAP, DEPTH_MAP, FILM, PICTURES and RAW.
    """
    if image.info.get(previews.MARK):
        return (RAW,)
    if image.format not in ("JPEG", "MPO", "HEIF"):
        return ()
    file = cast(BinaryIO, cast(ImageFile.ImageFile, image).fp)
    place = file.tell()
    file.seek(-len(_END), 2)
    rest = b""
    if file.read() != _END or image.format == "MPO":
        file.seek(_OWN_START)
        rest = file.read()
    file.seek(place)
    found = _of_heif(image) if image.format == "HEIF" else _of_jpeg(image, rest)
    return (*found, *[FILM] * bool(_FILM.search(rest)))


def _of_heif(image: Image.Image) -> list[str]:
    names = " ".join(map(str, image.info.get("aux", ())))
    found = [GAIN_MAP] if _GAIN_MAP.search(names.encode()) else []
    return [*found, *[DEPTH_MAP] * bool(image.info.get("depth_images"))]


def _of_jpeg(image: Any, rest: bytes) -> list[str]:
    if any(_GAIN_MAP.search(part) for _, part in image.applist):
        return [GAIN_MAP]
    if image.format != "MPO":
        return []
    kinds = [entry["Attribute"]["MPType"] for entry in image.mpinfo[0xB002][1:]]
    others = [kind for kind in kinds if "Thumbnail" not in kind]
    if not _GAIN_MAP.search(rest):
        return [PICTURES] if others else []
    return [GAIN_MAP, *[PICTURES] * (len(others) > 1)]
