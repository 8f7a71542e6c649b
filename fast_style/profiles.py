"""Pictures converted to sRGB, by a colour profile or by what else a file says."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

# x and y of red, green, blue and white.
SRGB = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
_BT2020 = (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290)
_DISPLAY_P3 = (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.3127, 0.3290)

_PRIMARIES = {9: _BT2020, 12: _DISPLAY_P3}  # all others are near sRGB's, or unknown
_HDR = {16: "PQ", 18: "HLG"}
_CONES = np.array(  # XYZ to the eye's receptors, by Bradford, for (..., XYZ) @ _CONES
    [[0.8951, -0.7502, 0.0389], [0.2664, 1.7135, -0.0685], [-0.1614, 0.0367, 1.0296]]
)
_D50 = np.array([0.9642, 1.0, 0.8249])  # the white of all profiles
_LIKE_SRGB = 2  # levels between the numbers of a colour, less shows no difference
_ROWS = 64  # that are converted at a time
_GAMMA_LIKE_SRGB = 0.02  # of exponents, less than shows in 8 bits

Curve = Callable[[np.ndarray], np.ndarray]


class Untold(ValueError):
    """A picture's colours cannot be told from what was decoded."""


@dataclass(frozen=True)
class Gamut:
    """The colours of a profile, such as Display P3, beside those of sRGB.

    Args:
        there: Pillow's transform to sRGB.
        back: The one from sRGB.
    """

    there: Any
    back: Any

    def to_srgb(self, pixels: np.ndarray) -> None:
        """Convert pixels, uint8 (H, W, 3), in place; the nearest are taken for others.

        In 8 bits they are within a level of an exact conversion.
        """
        _transform(pixels, self.there)

    def from_srgb(self, pixels: np.ndarray) -> None:
        """Convert pixels, uint8 (H, W, 3), back in place."""
        _transform(pixels, self.back)


def _transform(pixels: np.ndarray, transform: Any) -> None:
    from PIL import ImageCms

    for top in range(0, len(pixels), _ROWS):
        image = Image.fromarray(pixels[top : top + _ROWS])
        pixels[top : top + _ROWS] = ImageCms.applyTransform(image, transform)


@lru_cache(maxsize=8)
def gamut(icc: bytes | None) -> Gamut | None:
    """Return the colours of an RGB profile; None where they are sRGB's, or unknown.

    Args:
        icc: The profile; None stands for sRGB.
    """
    if not icc:
        return None
    from PIL import ImageCms

    no_cache = ImageCms.Flags.NOCACHE  # which threads would share
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        srgb = ImageCms.createProfile("sRGB")
        there, back = (
            ImageCms.buildTransform(source, target, "RGB", "RGB", flags=no_cache)
            for source, target in ((profile, srgb), (srgb, profile))
        )
    except (ImageCms.PyCMSError, OSError):
        return None
    steps = np.arange(0, 256, 51, dtype=np.uint8)
    colors = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(-1, 6, 3)
    converted = colors.copy()
    _transform(converted, there)
    differences = np.abs(converted.astype(int) - colors)
    return Gamut(there, back) if differences.max() > _LIKE_SRGB else None


def in_srgb(pixels: np.ndarray, icc: bytes | None) -> np.ndarray:
    """Return a picture's pixels in sRGB; they are converted in their own array.

    Args:
        pixels: uint8 (H, W, 3).
        icc: RGB colour profile; None stands for sRGB.
    """
    if colors := gamut(icc):
        colors.to_srgb(pixels)
    return pixels


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
        converted = ImageCms.profileToProfile(
            image,
            profile,
            srgb,
            outputMode="RGB",
            flags=ImageCms.Flags.NOOPTIMIZE,  # whose tables are off by up to 9 levels
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def of_lab() -> bytes:
    """Return the profile of CIE L*a*b* with the white D50."""
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def of_gamma(gamma: float, chromaticities: tuple[float, ...] = ()) -> bytes | None:
    """Return the profile of a PNG file's chunks gAMA and cHRM; None stands for sRGB.

    Args:
        gamma: Exponent of the encoding, such as 0.45455, or 1 for linear light.
        chromaticities: x and y of red, green, blue and white; () for sRGB's.
    """
    chromaticities = chromaticities or SRGB
    if np.allclose(chromaticities, SRGB, atol=0.002):
        if abs(gamma - 1 / 2.2) < _GAMMA_LIKE_SRGB:
            return None
        chromaticities = SRGB
    return _profile(chromaticities, lambda values: values ** (1 / gamma))


def of_code_points(primaries: int, transfer: int) -> bytes | None:
    """Return the profile of a file's coding-independent code points; None is sRGB.

    Raises:
        Untold: The picture is of a high dynamic range.

    Reference:
        ITU-T H.273, "Coding-independent code points for video signal type
        identification".
    """
    _check_transfer(transfer)
    if transfer == 8:
        return _profile(_PRIMARIES.get(primaries, SRGB), lambda values: values)
    if primaries not in _PRIMARIES:
        return None
    return _profile(_PRIMARIES[primaries], _srgb_curve)


def check_range(icc: bytes) -> None:
    """Refuse a profile that says, by code points, that it is of a high dynamic range.

    Raises:
        Untold: It does.
    """
    told = icc.rpartition(b"cicp\0\0\0\0")
    if told[1]:
        _check_transfer(told[2][1])


def _check_transfer(transfer: int) -> None:
    if transfer in _HDR:
        raise Untold(
            f"it is of a high dynamic range ({_HDR[transfer]}). Save it for a usual "
            "screen (SDR), as JPEG or PNG."
        )


def _srgb_curve(values: np.ndarray) -> np.ndarray:
    return np.where(
        values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4
    )


def _profile(chromaticities: tuple[float, ...], curve: Curve) -> bytes:
    """Return an ICC profile with all that a conversion needs.

    Args:
        chromaticities: x and y of red, green, blue and white.
        curve: The light from 0 to 1 for each value from 0 to 1.

    Reference:
        ICC.1:2001-04, "File Format for Color Profiles".
    """
    x, y = np.reshape(chromaticities, (4, 2)).T
    xyz = np.stack([x / y, np.ones(4), (1 - x - y) / y], 1)  # (4, XYZ), of brightness 1
    gains = np.diag((_D50 @ _CONES) / (xyz[3] @ _CONES))
    adapted = xyz @ _CONES @ gains @ np.linalg.inv(_CONES)
    brightness = np.linalg.solve(adapted[:3].T, adapted[3])
    red, green, blue = adapted[:3] * brightness[:, None]
    light = np.rint(65535 * curve(np.linspace(0, 1, 4096)).clip(0, 1)).astype(">u2")
    tone = b"curv" + struct.pack(">4xI", light.size) + light.tobytes()
    tags = {
        b"wtpt": _xyz(_D50),
        b"rXYZ": _xyz(red),
        b"gXYZ": _xyz(green),
        b"bXYZ": _xyz(blue),
        b"rTRC": tone,
        b"gTRC": tone,
        b"bTRC": tone,
    }
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    kinds = b"mntr" + b"RGB " + b"XYZ " + bytes(12) + b"acsp"
    header = struct.pack(">I4xI", start + len(body), 0x02100000) + kinds + bytes(28)
    return (header + _xyz(_D50)[8:]).ljust(128, b"\0") + table + body


def _xyz(values: np.ndarray) -> bytes:
    numbers = np.rint(65536 * values).astype(">i4")
    return b"XYZ " + bytes(4) + numbers.tobytes()
