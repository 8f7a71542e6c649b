"""Measure what wide gamuts cost: python -m benchmarks.gamut --content_dir=PHOTOS

Takes photographs as if their numbers were Display P3's, and prints how far apart, in
CIELAB, are: the photograph and the same after a way to sRGB and back; and a painting in
sRGB beside what comes of it in P3, as fast-style does it and in P3's own numbers. Takes
some thirty seconds.
"""

import time
from collections.abc import Sequence
from typing import cast

import numpy as np

from benchmarks import report, script
from fast_style import Stylizer, folders, images, profiles
from fast_style.argument_types import number

STYLES = ("wave", "scream", "starry_night")
SIZE = 512  # px, longer side
TOLERABLE = 2  # ΔE that is hardly seen
_P3 = cast(bytes, profiles.of_code_points(12, 13))
_GAMUT = cast(profiles.Gamut, profiles.gamut(_P3))
_XYZ = {  # of each gamut's light, for (..., RGB) @ matrix.T
    "sRGB": [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ],
    "P3": [[0.4866, 0.2657, 0.1982], [0.2290, 0.6917, 0.0793], [0.0, 0.0451, 1.0439]],
}
_WHITE = [0.9505, 1.0, 1.089]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    script.add_content_dir(parser)
    parser.add_argument(
        "--count",
        type=number(int, 1),
        default=12,
        help="Photographs to measure. Default: %(default)s.",
    )
    options = parser.parse_args(arguments)
    paths = folders.search(options.content_dir).pictures[: options.count]
    photos = [images.read(path, max_size=SIZE).pixels for path in paths]
    print(section(photos, Stylizer()))


def section(photos: Sequence[np.ndarray], stylizer: Stylizer) -> str:
    """Return the table of what is lost and changed."""
    start, returned = time.process_time(), []
    for photo in photos:
        pixels = photo.copy()
        _GAMUT.to_srgb(pixels)
        _GAMUT.from_srgb(pixels)
        returned.append(pixels)
    seconds = time.process_time() - start
    ways = [distance(p, "P3", r, "P3") for p, r in zip(photos, returned, strict=True)]
    off = float(np.mean([(way > TOLERABLE).mean() for way in ways]))
    megapixels = sum(way.size for way in ways) / 1e6
    rows = [
        [
            "there and back",
            f"{np.mean([way.mean() for way in ways]):.2f}",
            f"{off:.1%}",
            "",
        ]
    ]
    for style in STYLES:
        for name, icc in (("by sRGB", _P3), ("in P3's numbers", None)):
            row = np.mean([compare(p, stylizer, style, icc) for p in photos], 0)
            rows.append(
                [f"{style}, {name}", f"{row[0]:.2f}", f"{row[1]:.1%}", f"{row[2]:.2f}"]
            )
    heads = ["", "mean ΔE", f"over {TOLERABLE}", "chroma"]
    cost = f"{seconds / megapixels:.3f} s of processor time for a megapixel, both ways."
    return report.table(heads, rows) + f"\n\n{cost}"


def compare(
    photo: np.ndarray, stylizer: Stylizer, style: str, icc: bytes | None
) -> tuple[float, float, float]:
    """Return how a painting in P3 differs from that in sRGB: ΔE, share, chroma."""
    seen = photo.copy()
    _GAMUT.to_srgb(seen)
    plain = stylizer.stylize(seen, styles=style)
    painted = stylizer.stylize(photo, styles=style, icc=icc)
    apart = distance(painted, "P3", plain, "sRGB")
    ratio = chroma(painted, "P3") / chroma(plain, "sRGB")
    return float(apart.mean()), float((apart > TOLERABLE).mean()), ratio


def distance(a: np.ndarray, gamut: str, b: np.ndarray, other: str) -> np.ndarray:
    """Return the CIE 1976 distance of two pictures' colours, (H, W)."""
    return np.linalg.norm(lab(a, gamut) - lab(b, other), axis=-1)


def chroma(pixels: np.ndarray, gamut: str) -> float:
    """Return a picture's mean chroma."""
    return float(np.linalg.norm(lab(pixels, gamut)[..., 1:], axis=-1).mean())


def lab(pixels: np.ndarray, gamut: str) -> np.ndarray:
    """Return the colours of uint8 (H, W, 3) as CIE L*a*b*, for their own white."""
    values = pixels / 255
    light = np.where(
        values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4
    )
    xyz = light @ np.transpose(_XYZ[gamut]) / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


if __name__ == "__main__":
    script.run(main)
