"""Perceptual losses: the Gram matrix, distances, total variation."""

import keras
from keras import ops


def gram_matrix(features):
    """Which channels are active together, wherever in the picture: its style.

    Args:
        features: (B, H, W, C).

    Returns:
        float32 (B, C, C), divided by H * W * C.

    Reference:
        Gatys et al. 2016; normalised as in Johnson et al. 2016.
    """
    _, height, width, channels = ops.shape(features)
    matrix = ops.reshape(features, (-1, height * width, channels))
    return _products(matrix) / ops.cast(height * width * channels, "float32")


def distances(one, other):
    """Mean squared difference of each of a batch, float32 (B,)."""
    difference = ops.cast(one, "float32") - ops.cast(other, "float32")
    return ops.mean(ops.square(difference), axis=tuple(range(1, len(difference.shape))))


@ops.custom_gradient
def _products(matrix):
    """The products of all columns of (B, N, C), float32 (B, C, C).

    Its gradient takes one product of large matrices, in their own precision, instead
    of one in float32 for each side: Gram matrices are a third of a compact network's
    step otherwise.
    """

    def gradient(*args, upstream=None):
        upstream = args[0] if upstream is None else upstream
        both = upstream + ops.transpose(upstream, (0, 2, 1))
        return ops.matmul(matrix, ops.cast(both, matrix.dtype))

    wide = ops.cast(matrix, "float32")
    return ops.einsum("bni,bnj->bij", wide, wide), gradient


@keras.saving.register_keras_serializable("fast_style")
class TotalVariation(keras.losses.Loss):
    """Sum of squared differences of neighbouring pixels, per picture.

    Call arguments:
        y_true: Not looked at; Keras wants it.
        y_pred: Pictures (B, H, W, C).

    Reference:
        Johnson et al. 2016, section 3.2.
    """

    def __init__(self, name="total_variation", **kwargs):
        super().__init__(name=name, **kwargs)

    def call(self, y_true, y_pred):
        rows = ops.square(y_pred[:, 1:] - y_pred[:, :-1])
        columns = ops.square(y_pred[:, :, 1:] - y_pred[:, :, :-1])
        return ops.sum(rows, axis=(1, 2, 3)) + ops.sum(columns, axis=(1, 2, 3))
