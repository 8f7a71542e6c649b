"""The paintings that styles are learned from: named, read, made smaller."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from absl import logging

from fast_style import PHOTO, images, profiles
from fast_style.fields import SettingError

MIN_SIDE = 64  # px, of each side
ENLARGED = 2  # times at most, to make strokes larger than the file has them
MIN_RANGE = 16  # grey levels that all but a hundredth of the pixels spread over
# Options at the end of a style's text; commas before them belong to the path.
_OPTIONS = re.compile(r"(,\s*(\w+\s*=[^,]*|name|size|weight))*$")
_TYPES = {"name": str, "size": int, "weight": float}


class Painting(NamedTuple):
    """A painting, and what is asked of the style that is learned from it.

    Args:
        path: Absolute path of the picture.
        name: Name of the style.
        size: Short side in training, in pixels, which sets the size of the strokes.
        weight: Factor on the style weight, above 0.
    """

    path: Path
    name: str
    size: int
    weight: float


PaintingLike = str | os.PathLike[str] | Painting


def parse_all(
    styles: PaintingLike | Sequence[PaintingLike], style_size: int
) -> tuple[Painting, ...]:
    """Return the paintings of one style or of several, each with a name of its own.

    Args:
        styles: A text or a list of texts (see `parse`); a Painting stays as it is.
        style_size: Default of the size.

    Raises:
        SettingError: There is none, a text is malformed, or two names are the same.
    """
    if isinstance(styles, str | os.PathLike | Painting):
        styles = [styles]
    paintings = tuple(
        style if isinstance(style, Painting) else parse(style, style_size)
        for style in styles
    )
    names = [painting.name for painting in paintings]
    if not names:
        raise SettingError("style", "is empty; give the path of a painting.")
    if len(set(names)) < len(names):
        raise SettingError(
            "style",
            f"has the names {', '.join(names)}; give each painting a name of its own, "
            "as in PATH,name=NAME.",
        )
    return paintings


def parse(style: str | os.PathLike[str], style_size: int) -> Painting:
    """Return the painting of a text like "wave.jpg,name=wave,size=384,weight=1.5".

    Args:
        style: A path, and options where the defaults do not fit. The default name is
            the file's name without its suffix, the default weight 1.
        style_size: Default of the size.

    Raises:
        SettingError: The text is malformed, or the name would mean something else
            where styles are named.
    """
    text = str(style)
    match = None if Path(text).exists() else _OPTIONS.search(text)
    options = match[0] if match else ""
    path = Path(text.removesuffix(options)).absolute()
    values: dict[str, Any] = {
        "name": path.stem.strip(),
        "size": style_size,
        "weight": 1.0,
    }
    for option in options.split(",")[1:]:
        key, _, value = (part.strip() for part in option.partition("="))
        try:
            values[key] = _TYPES[key](value)
        except (KeyError, ValueError):
            raise SettingError(
                "style",
                f"is '{text}', where '{option}' is not an option; give "
                "PATH,name=NAME,size=PIXELS,weight=FACTOR, or the path alone.",
            ) from None
    painting = Painting(path, **values)
    _check_options(painting, text)
    return painting


def _check_options(painting: Painting, text: str) -> None:
    name = painting.name
    if set(name) & set(",:/\\") or name in ("", PHOTO) or not name.isprintable():
        raise SettingError(
            "style",
            f"is '{text}', whose name is {name!r}; give PATH,name=NAME with a name "
            f"that is not '{PHOTO}' and has no , : / or \\ in it.",
        )
    if painting.size < MIN_SIDE or not 0 < painting.weight < float("inf"):
        raise SettingError(
            "style",
            f"is '{text}'; give a size of {MIN_SIDE} px or more and a weight above 0.",
        )


def read(path: str | os.PathLike[str], size: int) -> np.ndarray:
    """Read a painting at the size that sets the size of its strokes.

    Transparent parts become white paper, as most programs show them. A log line tells.

    Args:
        path: Path of the picture.
        size: What its short side becomes, in pixels; a small painting is enlarged to
            twice its size at most.

    Returns:
        uint8 (H, W, 3) RGB.

    Raises:
        OSError: The file cannot be opened.
        ValueError: It is not a picture, is under 64 px on a side, or has nearly one
            colour, apart from some noise or a few specks. The Gram matrices of such a
            picture are no style: a training on them gives flat pictures.
    """
    pixels = _on_white(images.read(path), path)
    height, width = pixels.shape[:2]
    if min(height, width) < MIN_SIDE:
        raise ValueError(
            f"The painting '{path}' is {width}x{height} px; give one of {MIN_SIDE} px "
            "or more on each side."
        )
    if size < min(height, width):
        pixels = images.resize_short_side(pixels, size)
    # Enlarged only then, because that blurs specks into larger ones.
    _check_colours(pixels, path)
    if size > min(height, width):
        size = min(size, ENLARGED * min(height, width))
        pixels = images.resize_short_side(pixels, size)
    return pixels


def _check_colours(pixels: np.ndarray, path: str | os.PathLike[str]) -> None:
    """Raise a ValueError where a picture has nearly one colour."""
    low, high = np.percentile(pixels, (0.5, 99.5), axis=(0, 1))
    if (high - low).max() < MIN_RANGE:
        raise ValueError(
            f"The painting '{path}' is nearly one flat colour; give one with something "
            "to imitate."
        )


def _on_white(picture: images.Picture, path: str | os.PathLike[str]) -> np.ndarray:
    """Return a picture's colours, in sRGB, as a person sees them on white paper."""
    pixels = profiles.in_srgb(picture.pixels, picture.icc)
    if picture.alpha is None or picture.alpha.min() == 255:
        return pixels
    logging.warning(
        "The painting '%s' has transparent parts: they are learned as white paper. "
        "Crop or fill them if that is not meant.",
        path,
    )
    opacity = picture.alpha[..., None] / np.float32(255)
    return np.rint(255 - opacity * (255 - pixels)).astype(np.uint8)
