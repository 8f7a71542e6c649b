"""The styles that the pictures of a training are painted in, alone or blended."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from fast_style.styles import Rows

RANDOM_STREAM = 6  # keeps these random numbers apart from others of the same seed


def draw(
    styles: Sequence[str], samples: int, *, blends: float, seed: int
) -> np.ndarray:
    """Draw the style weights of all samples of a training.

    Each painted style comes first in as many samples as any other. In a blend, a
    second row has a random share of the weight: another style, or, in half of the
    blends, the photograph. If there is only one of these, it is always the second; a
    single row is blended with nothing.

    Args:
        styles: Names of the rows, at least one of them painted.
        samples: Number of samples.
        blends: Share of the samples that are blends, in 0..1.
        seed: Decides the draw.

    Returns:
        float32 (samples, number of rows), each row summing to one.
    """
    rng = np.random.default_rng((seed, RANDOM_STREAM))
    rows = Rows(styles)
    painted = np.array(rows.painted_indices)
    first = _in_rounds(len(painted), samples, rng)
    second = first
    if len(painted) > 1:
        second = (first + rng.integers(1, len(painted), samples)) % len(painted)
    first, second = painted[first], painted[second]
    if rows.photo_index is not None:
        photo_share = 0.5 if len(painted) > 1 else 1.0
        with_photo = rng.random(samples) < photo_share
        second = np.where(with_photo, rows.photo_index, second)
    is_blend = rng.random(samples) < blends
    share = np.where(is_blend, rng.random(samples), 0.0)[:, None]
    weights = rows.one_hot()
    return ((1 - share) * weights[first] + share * weights[second]).astype(np.float32)


def _in_rounds(count: int, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Return numbers below a count, in random order but each once in every round."""
    rounds = -(-samples // count)
    return np.concatenate([rng.permutation(count) for _ in range(rounds)])[:samples]


def paired(batches: Any, weights: np.ndarray) -> Any:
    """Return batches of photographs with style weights, as fit() takes them.

    Args:
        batches: A PyDataset or tf.data.Dataset of uint8 (B, H, W, 3).
        weights: Style weights (steps, B, number of rows) of all batches.

    Returns:
        A dataset of the same kind. Its items have one input, a pair of photographs and
        style weights.
    """
    if isinstance(batches, keras.utils.PyDataset):
        return _Paired(batches, weights)
    import tensorflow as tf

    rows = tf.data.Dataset.from_tensor_slices(weights)
    return tf.data.Dataset.zip(batches, rows).map(lambda *inputs: (inputs,))


class _Paired(keras.utils.PyDataset):
    """A PyDataset of photographs with the style weights of each batch."""

    def __init__(self, batches: Any, weights: np.ndarray) -> None:
        super().__init__(workers=batches.workers)
        self.batches = batches
        self.weights = weights

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> tuple[tuple[np.ndarray, np.ndarray]]:
        return ((self.batches[index], self.weights[index]),)
