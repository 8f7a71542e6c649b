"""Which style each picture of a training is painted in, and which blend of styles."""

import keras
import numpy as np

from fast_style.styles import Rows


def draw(styles, samples, *, blends, seed):
    """Draws the style weights of all samples of a training.

    Each style has as many samples as any other. A blend is of two styles, or of a style
    and the photograph, which is its strength: half of the time where there is "photo",
    and always where there is but one style beside it.

    Args:
        styles: Names; "photo" has no samples of its own, being nothing to learn.
        samples: Their number.
        blends: Share of the samples that are blends.
        seed: Of the choice.

    Returns:
        float32 (samples, number of styles), each row summing to one.
    """
    rng = np.random.default_rng((seed, 6))
    every = Rows(styles)
    painted = every.painted_indices
    rounds = -(-samples // len(painted))
    order = [rng.permutation(len(painted)) for _ in range(rounds)]
    first = np.concatenate(order)[:samples]
    others = len(painted) - 1
    second = first + rng.integers(1, others + 1, samples) if others else first
    first, second = (np.take(painted, each, mode="wrap") for each in (first, second))
    if every.photo_index is not None:
        drawn = rng.random(samples) < (0.5 if others else 1.0)
        second = np.where(drawn, every.photo_index, second)
    share = np.where(rng.random(samples) < blends, rng.random(samples), 0.0)[:, None]
    rows = every.one_hot()
    return ((1 - share) * rows[first] + share * rows[second]).astype(np.float32)


def paired(batches, weights):
    """Adds style weights to batches of photographs.

    Args:
        batches: A PyDataset or tf.data.Dataset of uint8 (B, H, W, 3).
        weights: (steps, B, number of styles), as many steps as there are batches.

    Returns:
        For fit(): one input of two, photographs and style weights.
    """
    if isinstance(batches, keras.utils.PyDataset):
        return _Paired(batches, weights)
    import tensorflow as tf

    rows = tf.data.Dataset.from_tensor_slices(weights)
    return tf.data.Dataset.zip(batches, rows).map(lambda *inputs: (inputs,))


class _Paired(keras.utils.PyDataset):
    def __init__(self, batches, weights):
        super().__init__(workers=batches.workers)
        self.batches = batches
        self.weights = weights

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return ((self.batches[index], self.weights[index]),)
