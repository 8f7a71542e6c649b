"""Turning frames upright, as a film's display matrix says."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

import av
import numpy as np

_MATRIX = "DISPLAYMATRIX"  # libav's name of the side data: 9 numbers of 32 bits


@dataclass(frozen=True)
class Turn:
    """A turn by a multiple of 90 degrees, a mirroring, or both.

    Args:
        swapped: Whether rows become columns, before the mirrorings.
        left_right: Whether it is mirrored from left to right.
        up_down: Whether it is mirrored from top to bottom.
    """

    swapped: bool = False
    left_right: bool = False
    up_down: bool = False

    @classmethod
    def of_frame(cls, frame: av.VideoFrame) -> Self:
        """Return how a frame is turned upright."""
        data: Any  # PyAV's own types call it a text
        for data in frame.side_data:
            if data.type.name == _MATRIX:
                # A point (x, y) is shown at (a * x + c * y, b * x + d * y).
                a, b, _, c, d = np.frombuffer(bytes(data), np.int32)[:5].tolist()
                if abs(a) >= abs(b):
                    return cls(False, a < 0, d < 0)
                return cls(True, c < 0, b < 0)
        return cls()

    def apply(self, pixels: np.ndarray) -> np.ndarray:
        """Return a frame upright, in memory of its own."""
        if self.swapped:
            pixels = pixels.swapaxes(0, 1)
        if self.left_right:
            pixels = pixels[:, ::-1]
        if self.up_down:
            pixels = pixels[::-1]
        return np.ascontiguousarray(pixels)

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the width and height of an upright frame."""
        return (height, width) if self.swapped else (width, height)

    def aspect(self, aspect: Fraction | None) -> Fraction | None:
        """Return the width of an upright pixel over its height."""
        return 1 / aspect if self.swapped and aspect else aspect or None
