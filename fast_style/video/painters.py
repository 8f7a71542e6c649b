"""What paints the frames of a film, called with one after the other."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from fast_style.command.jobs import Look
from fast_style.stylizer import Stylizer
from fast_style.video.steady import SteadyPainter

# Takes a frame, uint8 (H, W, 3), RGB, and returns the painted one, of the same size.
# Frames come in order, so it may remember the ones before; when a run goes on, only a
# `SteadyPainter` is given its memory back.
Painter = Callable[[np.ndarray], np.ndarray]
MEMORY = 17  # bytes a pixel, at most, of what `memory` returns


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


def steps(painter: Painter) -> tuple[Callable[[Any], Any], ...]:
    """Return what a painter does, one after the other; see `pipeline.run`."""
    if isinstance(painter, SteadyPainter):
        return painter.measure, painter.paint, painter.mix
    return (painter,)


def memory(painter: Painter) -> dict[str, np.ndarray]:
    """Return what its next frame depends on: for all but a `SteadyPainter` nothing."""
    return painter.memory if isinstance(painter, SteadyPainter) else {}


def remember(painter: Painter, memory: dict[str, np.ndarray]) -> None:
    """Let a painter go on after another one, whose memory is given."""
    if isinstance(painter, SteadyPainter) and memory:
        painter.memory = memory
