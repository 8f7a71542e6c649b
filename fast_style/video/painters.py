"""What paints the frames of a film, called with one after the other."""

from collections.abc import Callable
from functools import partial

import numpy as np

from fast_style.command.jobs import Look
from fast_style.stylizer import Stylizer
from fast_style.video.steady import SteadyPainter

# Takes a frame, uint8 (H, W, 3), RGB, and returns the painted one, of the same size.
# Frames come in order, so it may remember the ones before.
Painter = Callable[[np.ndarray], np.ndarray]


def make(stylizer: Stylizer, look: Look, *, steady: bool) -> Painter:
    """Return what paints one film.

    Args:
        stylizer: Paints single frames.
        look: How they are painted.
        steady: Whether strokes stay on what they are painted on; otherwise each frame
            is painted by itself.
    """
    if steady:
        return SteadyPainter(stylizer, look)
    return partial(look.paint, stylizer)
