"""Measure how long strokes are, and what they cost: python -m benchmarks.strokes

A photograph is painted at several sizes with --stroke=1 and --stroke=auto. Each result
is brought to 512 px on its longer side and measured there: strokes that are as long
against the picture have the same length. Then one size is painted with several factors.
The processor time is that of the stroke's paintings beside one painting, by turns.
"""

import statistics
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from benchmarks import looks, report, script
from fast_style import Stylizer, images, strokes
from fast_style.runner import count_cores

TITLE = "## Strokes"
STYLES = ["wave", "starry_night", "scream", "shipwreck", "blue_horse", "linocut"]
SIZES = (512, 1024, 2048, 4096)
FACTORS = (1.5, 2.0, 3.0, 4.0)
FACTORS_SIZE = 2048  # px
ROUNDS = 2


class Measured(NamedTuple):
    """What the strokes of all styles are, as means.

    Args:
        lengths: px in a picture brought to a size, with the network's own strokes and
            with longer ones.
        ratio: Processor time of the second beside the first.
    """

    lengths: tuple[float, float]
    ratio: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    script.add_photo(parser)
    parser.add_argument("--styles", type=script.names, default=STYLES)
    parser.add_argument(
        "--largest", type=int, default=SIZES[-1], help="Largest size, in px."
    )
    script.add_output(parser)
    options = parser.parse_args(arguments)
    stylizer = Stylizer()
    photo = images.read(options.photo).pixels
    lines = []
    for size in (size for size in SIZES if size <= options.largest):
        result = measure(stylizer, resized(photo, size), options.styles, strokes.AUTO)
        lines.append([f"{size} px, auto", *cells(result)])
    size = min(FACTORS_SIZE, options.largest)
    for factor in FACTORS:
        result = measure(stylizer, resized(photo, size), options.styles, factor)
        lines.append([f"{size} px, {factor:g}", *cells(result)])
    header = ["size, --stroke", "own, px", "longer, px", "ratio", "time"]
    section = (
        f"{TITLE}\n\n{report.machine(count_cores())}\n\n"
        f"Mean length of the strokes of {len(options.styles)} styles: with `auto` in "
        "results brought to\n512 px, with a factor in results made smaller by it. The "
        "time is the processor's, beside\n`--stroke=1`.\n\n"
        f"{report.table(header, lines)}"
    )
    report.publish(section, options.output)


def resized(photo: np.ndarray, size: int) -> np.ndarray:
    """Return a picture, uint8 (H, W, 3), with a longer side of `size` px."""
    height, width = photo.shape[:2]
    return images.resize_short_side(
        photo, round(size * min(height, width) / max(height, width))
    )


def measure(
    stylizer: Stylizer, photo: np.ndarray, styles: Sequence[str], stroke: Any
) -> Measured:
    """Return the strokes of a photograph in several styles.

    Args:
        stylizer: The stylizer.
        photo: uint8 (H, W, 3).
        styles: Names of its styles.
        stroke: As of `Stylizer.stylize`.
    """
    times = strokes.choose(stroke, *photo.shape[:2])
    smaller = round(max(photo.shape[:2]) / times)
    lengths, ratios = [], []
    for style in styles:
        seconds = []
        for _ in range(ROUNDS):
            painted, own = _timed(partial(stylizer.stylize, photo, styles=style))
            longer, longer_seconds = _timed(
                partial(stylizer.stylize, photo, styles=style, stroke=stroke)
            )
            seconds.append(longer_seconds / own)
        lengths.append([_length(one, smaller) for one in (painted, longer)])
        ratios.append(min(seconds))
    own_length, longer_length = np.mean(lengths, axis=0)
    return Measured((own_length, longer_length), statistics.fmean(ratios))


def cells(measured: Measured) -> list[str]:
    """Return the cells of a line."""
    own, longer = measured.lengths
    return [
        f"{own:.1f}",
        f"{longer:.1f}",
        f"{longer / own:.2f}",
        f"{measured.ratio:.2f}",
    ]


def _length(picture: np.ndarray, size: int) -> float:
    return looks.stroke_length(looks.lab(resized(picture, size))[..., 0])


def _timed(paint: partial) -> tuple[np.ndarray, float]:
    """Return a painted picture, and the processor seconds of a painting."""
    began = time.process_time()
    picture = paint()
    return picture, time.process_time() - began


if __name__ == "__main__":
    script.run(main)
