"""How much pictures repeat themselves, which no Gram matrix tells."""

import functools

import numpy as np
from keras import ops

from fast_style.tensors import Tensor

PERIODS = (16, 24, 32, 40)  # px, of patterns that pictures should not repeat
BLOCK = 8  # px, of a feature at an eighth
CELLS = 4  # in a window, along each side
MAX_CONTRAST = 20.0  # grey levels
GRID_FACTOR = 4.0


def repetition(pictures: Tensor) -> Tensor:
    """Return how much of a pattern pictures repeat from place to place.

    A network with features at an eighth can paint the same mark in rows, wherever the
    photograph says nothing, and lets edges begin where its features do. Neither shows
    in a Gram matrix. So pictures are cut into square cells. What neighbouring cells
    have in common is a pattern; strokes that lie anywhere cancel out. And what all
    cells have in common in the strength of their edges is a grid, as in a JPEG file.

    Args:
        pictures: Float (B, H, W, C) in 0..255.

    Returns:
        float32 (B,), in squared levels. Photographs and paintings have 1 to 8.
    """
    patterns = sum(_patterns(pictures, period) for period in PERIODS)
    edges = ops.sqrt(ops.square(pictures[:, 1:] - pictures[:, :-1]) + 1.0)
    grid = _grid(ops.mean(edges, axis=(2, 3)))
    edges = ops.sqrt(ops.square(pictures[:, :, 1:] - pictures[:, :, :-1]) + 1.0)
    grid = grid + _grid(ops.mean(edges, axis=(1, 3)))
    return patterns + GRID_FACTOR * grid


def _grid(strengths: Tensor) -> Tensor:
    """Return what the cells of lines (B, N) have in common, (B,)."""
    count = strengths.shape[1] // BLOCK
    if count < CELLS:
        return ops.zeros_like(strengths[:, 0])
    cells = ops.reshape(strengths[:, : count * BLOCK], (-1, count, BLOCK))
    cells = cells - ops.mean(cells, axis=2, keepdims=True)
    common = ops.square(ops.sum(cells, axis=1)) - ops.sum(ops.square(cells), axis=1)
    return ops.relu(ops.mean(common, axis=1)) / (count * (count - 1))


def _patterns(pictures: Tensor, period: int) -> Tensor:
    """Return the variance of what neighbouring cells have in common, (B,).

    The products of different cells make it, since those of a cell with itself are there
    without any repetition. Slow changes of brightness are taken off, and strong edges
    count little more than marks.
    """
    batch, height, width, channels = ops.shape(pictures)
    rows, columns = height // period, width // period
    if min(rows, columns) < CELLS:
        return ops.zeros((batch,), "float32")
    cells = ops.reshape(
        ops.cast(pictures[:, : rows * period, : columns * period], "float32"),
        (-1, rows, period, columns, period, channels),
    )
    cells = ops.reshape(
        ops.transpose(cells, (0, 1, 3, 2, 4, 5)),
        (-1, rows, columns, period**2, channels),
    )
    slow = ops.convert_to_tensor(_slow(period))
    cells = cells - ops.einsum("ps,qs,nrkqc->nrkpc", slow, slow, cells)
    cells = MAX_CONTRAST * ops.tanh(cells / MAX_CONTRAST)
    cells = ops.reshape(cells, (-1, rows, columns, period**2 * channels))
    together, own = (
        ops.average_pool(values, CELLS, CELLS // 2, data_format="channels_last")
        for values in (cells, ops.mean(ops.square(cells), axis=-1, keepdims=True))
    )
    count = CELLS**2
    together = ops.mean(ops.square(together), axis=-1, keepdims=True)
    common = ops.relu(together - own / count) * count / (count - 1)
    return ops.mean(common, axis=(1, 2, 3))


@functools.cache
def _slow(period: int) -> np.ndarray:
    """Return a basis of the polynomials of degree 2 on a cell, (P * P, 6)."""
    row, column = np.mgrid[:period, :period].reshape(2, -1) / period
    terms = [row**i * column**j for i in range(3) for j in range(3 - i)]
    return np.linalg.qr(np.stack(terms, axis=1))[0].astype(np.float32)
