"""Frames whose content moves, and a model whose strokes lie on a grid."""

import cv2
import numpy as np

from fast_style.tiling import Geometry


class Grid:
    """Stands for a Stylizer: it prints its grid of 8 px on a frame."""

    geometry = Geometry((80, 88), 8, (16, 24))

    def __init__(self):
        self.calls = 0

    def stylize(self, pixels, **look):
        self.calls += 1
        y, x = np.indices(pixels.shape[:2])
        dots = 60 * ((y % 8 < 4) ^ (x % 8 < 3))
        return np.uint8(pixels // 2 + dots[..., None])


def photograph(height, width, seed=0):
    """A smooth random photograph, uint8 (H, W, 3)."""
    values = np.random.default_rng(seed).normal(size=(height, width, 3))
    values = cv2.GaussianBlur(values, (0, 0), 3)
    return np.uint8(np.clip(100 + 30 * values / values.std(), 0, 255))


def pan(count, step, size=(96, 128)):
    """Frames whose content moves by `step`, (y, x), each: uint8 (N, H, W, 3)."""
    (height, width), (y, x) = size, step
    far = photograph(height + count * abs(y), width + count * abs(x))
    tops = [(count - i if y > 0 else i) * abs(y) for i in range(count)]
    lefts = [(count - i if x > 0 else i) * abs(x) for i in range(count)]
    return np.stack(
        [
            far[top : top + height, left : left + width]
            for top, left in zip(tops, lefts, strict=True)
        ]
    )
