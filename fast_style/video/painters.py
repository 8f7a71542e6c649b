"""What paints the frames of a film, called with one after the other."""

from collections.abc import Callable
from functools import partial

import numpy as np

from fast_style.command.jobs import Look
from fast_style.stylizer import Stylizer

# Takes a frame, uint8 (H, W, 3), RGB, and returns the painted one, of the same size.
# Frames come in order, so it may remember the ones before.
Painter = Callable[[np.ndarray], np.ndarray]


def make(stylizer: Stylizer, look: Look) -> Painter:
    """Return what paints one film.

    Args:
        stylizer: Paints single frames.
        look: How they are painted.
    """
    return partial(look.paint, stylizer)
