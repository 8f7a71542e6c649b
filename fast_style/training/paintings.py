"""The paintings whose styles are trained: read, found fit to imitate, made smaller."""

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fast_style import PHOTO, images

MIN_SIDE = 64  # px, of each side
MIN_RANGE = 16  # grey levels that all but a hundredth of the pixels spread over


_OPTIONS = re.compile(r"(,\s*(\w+\s*=[^,]*|name|size|weight))*$")


class Painting(NamedTuple):
    """What is asked of one style.

    Args:
        path: Of the picture, absolute.
        name: Of the style.
        size: Short side in training, in pixels, which sets the strokes'; a smaller
            picture is not enlarged.
        weight: Factor on the style weight, above 0.
    """

    path: Path
    name: str
    size: int
    weight: float


def parse_all(styles, style_size):
    """Reads one style or a list of several, see `parse`, each of its own name."""
    if isinstance(styles, str | Path):
        styles = [styles]
    found = [parse(style, style_size) for style in styles]
    names = [painting.name for painting in found]
    if len(set(names)) < len(names):
        raise ValueError(
            f"The styles' names are {', '.join(names)}; give each its own, as in "
            "--style PATH,name=NAME."
        )
    return found


def parse(style, style_size):
    """Reads "wave.jpg" or "wave.jpg,name=wave,size=384,weight=1.5".

    Args:
        style: The text; a path, then what shall not be the default.
        style_size: Default of the size. That of the name is the file's without suffix.

    Returns:
        Painting.

    Raises:
        ValueError: The text is something else, or the name would be taken for another
            word where styles are named.
    """
    text, known = str(style), {"name": str, "size": int, "weight": float}
    # What stands at the end; other commas are the path's.
    given = "" if Path(text).exists() else _OPTIONS.search(text)[0]
    options = given.split(",")[1:]
    path = Path(text.removesuffix(given)).absolute()
    found = {"name": path.stem.strip(), "size": style_size, "weight": 1.0}
    for option in options:
        key, _, value = option.partition("=")
        try:
            found[key.strip()] = known[key.strip()](value.strip())
        except (KeyError, ValueError):
            raise ValueError(
                f"--style is '{text}', and '{option}' is none of its options; give "
                "PATH,name=NAME,size=PIXELS,weight=FACTOR, the last three if wanted."
            ) from None
    painting = Painting(path, **found)
    name = painting.name
    if set(name) & set(",:/\\") or name in ("", PHOTO) or not name.isprintable():
        raise ValueError(
            f"The style's name is {name!r}; give --style PATH,name=NAME and a "
            f"name without , : / \\ that is not '{PHOTO}'."
        )
    if painting.size < MIN_SIDE or not 0 < painting.weight < float("inf"):
        raise ValueError(
            f"--style is '{text}'; give a size of {MIN_SIDE} px or more and a weight "
            "above 0."
        )
    return painting


def read(style, style_size):
    """Reads a painting at the size that sets the strokes'.

    Args:
        style: Path of the picture.
        style_size: Its short side is brought down to this, in pixels; a smaller
            painting is not enlarged.

    Returns:
        uint8 (H, W, 3) RGB.

    Raises:
        OSError: The file cannot be opened.
        ValueError: It holds no picture, one under 64 px, or one of nearly one colour,
            also where that has some noise or a few specks: its Gram matrices are no
            style, and a training on them gives a flat picture.
    """
    pixels = images.read(style).pixels
    height, width = pixels.shape[:2]
    if min(height, width) < MIN_SIDE:
        raise ValueError(
            f"The style picture '{style}' is {width}x{height} px; give one of "
            f"{MIN_SIDE} px or more on each side."
        )
    if min(height, width) > style_size:
        pixels = images.resize_short_side(pixels, style_size)
    low, high = np.percentile(pixels, (0.5, 99.5), axis=(0, 1))
    if (high - low).max() < MIN_RANGE:
        raise ValueError(
            f"The style picture '{style}' is nearly one flat colour; give one with "
            "something to imitate."
        )
    return pixels
