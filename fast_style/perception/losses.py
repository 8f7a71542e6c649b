"""Perceptual losses, picture by picture (Gatys et al. 2016; Johnson et al. 2016)."""

from typing import Any

from keras import ops

from fast_style.tensors import Tensor

MIN_CONTRAST = 8  # grey levels, of a photograph that is trained on


def gram_matrix(features: Tensor) -> Tensor:
    """Return how strongly channels are active together, anywhere in the picture.

    This is what the style terms compare: it tells texture and colours, but not where
    they are.

    Args:
        features: (B, H, W, C).

    Returns:
        float32 (B, C, C), divided by H * W * C.

    Reference:
        Gatys et al. 2016; normalised as in Johnson et al. 2016.
    """
    _, height, width, channels = ops.shape(features)
    positions = ops.reshape(features, (-1, height * width, channels))
    return _products(positions) / ops.cast(height * width * channels, "float32")


@ops.custom_gradient
def _products(matrix: Tensor) -> tuple[Tensor, Any]:
    """Return the products of all pairs of columns of (B, N, C), float32 (B, C, C).

    The product is symmetric, so one multiplication by a large matrix, in the precision
    of the features, gives its whole gradient. Automatic differentiation takes two in
    float32, which make a third of a step with the compact loss network.
    """

    def gradient(*args: Tensor, upstream: Tensor = None) -> Tensor:
        upstream = args[0] if upstream is None else upstream
        both = upstream + ops.transpose(upstream, (0, 2, 1))
        return ops.matmul(matrix, ops.cast(both, matrix.dtype))

    wide = ops.cast(matrix, "float32")
    return ops.einsum("bni,bnj->bij", wide, wide), gradient


def distances(values: Tensor, targets: Tensor) -> Tensor:
    """Return the mean squared difference of each entry of a batch.

    Args:
        values: (B, ...), such as features or Gram matrices.
        targets: What the values should be, of the same shape; either batch may also
            be of one entry, which is then compared with all of the other.

    Returns:
        float32 (B,).
    """
    difference = ops.cast(values, "float32") - ops.cast(targets, "float32")
    return ops.mean(ops.square(difference), axis=tuple(range(1, len(difference.shape))))


def cosine(first: Tensor, second: Tensor) -> Tensor:
    """Return the cosine between the entries of two batches (B, ...), float32 (B,)."""
    axes = tuple(range(1, len(first.shape)))
    first, second = (ops.cast(batch, "float32") for batch in (first, second))
    product = ops.sum(first * second, axis=axes)
    squares = ops.sum(first * first, axis=axes) * ops.sum(second * second, axis=axes)
    return product / ops.sqrt(ops.maximum(squares, 1e-12))


def total_variation(pictures: Tensor) -> Tensor:
    """Return the sum of squared differences of neighbouring pixels.

    Args:
        pictures: Float (B, H, W, C).

    Returns:
        (B,).

    Reference:
        Johnson et al. 2016, section 3.2.
    """
    rows = ops.square(pictures[:, 1:] - pictures[:, :-1])
    columns = ops.square(pictures[:, :, 1:] - pictures[:, :, :-1])
    return ops.sum(rows, axis=(1, 2, 3)) + ops.sum(columns, axis=(1, 2, 3))


def saturation(pictures: Tensor) -> Tensor:
    """Return the share of values of pictures in 0..255 that round to 0 or 255."""
    saturated = ops.logical_or(pictures < 0.5, pictures > 254.5)
    return ops.mean(ops.cast(saturated, "float32"))


def has_contrast(photos: Tensor) -> Tensor:
    """Return 1 for each photograph that may be trained on, 0 for flat ones, (B,).

    Where a crop is one flat colour, every normalisation divides by next to nothing, and
    the gradients reach 1e30: Adam's averages would never come back from that.
    """
    axes = (1, 2, 3)
    contrast = ops.max(photos, axis=axes) - ops.min(photos, axis=axes)
    return ops.cast(contrast >= MIN_CONTRAST, "float32")
