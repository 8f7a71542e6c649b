"""Longer strokes: a painting of a smaller copy, drawn sharp by one at full size.

A network's strokes have a fixed length in pixels. In a copy of half the size they are
twice as long against the picture, but an enlarged painting is soft. So the picture is
painted twice. The copy's painting, enlarged, is mixed into the photograph; the network
paints that at full size; and of this second painting only what is finer than the copy
is laid over the first.
"""

import math
from collections.abc import Callable, Iterator
from numbers import Real
from typing import Any

import numpy as np
from PIL import Image

from fast_style import MIN_SIZE

AUTO = "auto"
LONGEST = 8.0  # times; beyond, little but the smaller copy would be seen
AUTO_SIZE = 512  # px on the longer side, where "auto" leaves the strokes as they are
LEAST_REDUCTION = 2.0  # a larger copy would cost more than a quarter of the time
SHARE = 0.5  # of the first painting in what is painted the second time
_ROWS = 256  # of a strip
_FILTER, _REACH = Image.Resampling.LANCZOS, 3  # px of the smaller picture


def parse(text: str) -> float | str:
    """Return the stroke that a text tells: a number, or "auto".

    Raises:
        ValueError: It tells neither.
    """
    try:
        return AUTO if text == AUTO else _checked(float(text))
    except ValueError:
        raise ValueError(_wrong(text)) from None


def choose(stroke: float | str, height: int, width: int) -> float:
    """Return how many times longer than the network's the strokes of a picture are.

    They are shorter than asked for where the smaller copy would have under 16 px, and a
    picture under 32 px keeps the network's own.

    Args:
        stroke: From 1, the network's own, to 8 times their length; or "auto": as long
            against the picture as at 512 px on the longer side.
        height: The picture's height in px.
        width: Its width in px.

    Raises:
        ValueError: There is no such stroke.
    """
    if stroke == AUTO:
        times = max(1.0, max(height, width) / AUTO_SIZE)
    else:
        times = _checked(stroke)
    longest = min(height, width) / MIN_SIZE
    return min(times, longest) if longest >= LEAST_REDUCTION else 1.0


def _checked(stroke: Any) -> float:
    """Return a stroke that is a number in range."""
    number = isinstance(stroke, Real) and not isinstance(stroke, bool)
    if not (number and 1 <= float(stroke) <= LONGEST):
        raise ValueError(_wrong(stroke))
    return float(stroke)


def _wrong(stroke: Any) -> str:
    return f"stroke is {stroke!r}. Give a number from 1 to {LONGEST:g}, or '{AUTO}'."


def paint(
    pixels: np.ndarray, times: float, paint: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Return a picture painted with longer strokes.

    Args:
        pixels: uint8 (H, W, 3).
        times: How many times longer, as of `choose`.
        paint: Paints a picture of any size. It is called for one of at most half the
            size, then for one of the full size.

    Returns:
        uint8 (H, W, 3).
    """
    if times == 1:
        return paint(pixels)
    share = min(1.0, times - 1)  # under 2 the smaller copy is seen less
    height, width = pixels.shape[:2]
    reduction = max(times, LEAST_REDUCTION)
    size = round(height / reduction), round(width / reduction)
    coarse = paint(_resized(pixels, size))
    painted = paint(_mixed(pixels, coarse, share * SHARE))
    replaced = _resized(painted, size)
    strips = zip(
        _strips(coarse, (height, width)),
        _strips(replaced, (height, width)),
        strict=True,
    )
    for (rows, new), (_, old) in strips:
        change = share * (new.astype(np.float32) - old)
        painted[rows] = np.clip(np.rint(painted[rows] + change), 0, 255)
    return painted


def _mixed(pixels: np.ndarray, coarse: np.ndarray, share: float) -> np.ndarray:
    """Return a picture mixed with a smaller one, which has the given share."""
    mixed = np.empty_like(pixels)
    for rows, strip in _strips(coarse, pixels.shape[:2]):
        mixed[rows] = np.rint((1 - share) * pixels[rows] + share * strip)
    return mixed


def _resized(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return a picture at another height and width."""
    resized = np.empty((*size, 3), np.uint8)
    for rows, strip in _strips(pixels, size):
        resized[rows] = strip
    return resized


def _strips(
    pixels: np.ndarray, size: tuple[int, int]
) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield a picture at another height and width, some rows at a time."""
    (height, width), (new_height, new_width) = pixels.shape[:2], size
    scale = height / new_height
    reach = math.ceil(_REACH * max(scale, 1.0)) + 1
    for start in range(0, new_height, _ROWS):
        stop = min(start + _ROWS, new_height)
        top, bottom = start * scale, min(stop * scale, height)
        first = max(0, int(top) - reach)
        part = Image.fromarray(pixels[first : math.ceil(bottom) + reach])
        box = (0, top - first, width, bottom - first)
        strip = part.resize((new_width, stop - start), _FILTER, box)
        yield slice(start, stop), np.asarray(strip)
