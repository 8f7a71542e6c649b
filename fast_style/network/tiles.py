"""A generator on parts of a picture: windows to measure by, and tiles to paint."""

from keras import ops

from fast_style.network.generator import Generator
from fast_style.network.normalization import SharedStatistics, batch_mean
from fast_style.tensors import Tensor


def measure(generator: Generator, windows: Tensor, style_weights: Tensor) -> Tensor:
    """Return the statistics that `paint` paints by.

    Args:
        generator: The generator.
        windows: (B, H, W, 3) in 0..255, each side a multiple of the generator's stride
            and its border.
        style_weights: (1, number of styles), summing to one.

    Returns:
        float32 (1, 1, 1, `count`): the mean colour of all windows, and the scale and
        the shift of each normalisation, in the network's order.
    """
    statistics = SharedStatistics()
    _features(generator, windows, style_weights, statistics)
    return statistics.values


def paint(
    generator: Generator, tiles: Tensor, style_weights: Tensor, statistics: Tensor
) -> Tensor:
    """Return the inner parts of tiles, painted by given statistics.

    Args:
        generator: The generator.
        tiles: (B, H, W, 3) in 0..255, of sides as in `measure`.
        style_weights: (1, number of styles), summing to one.
        statistics: As of `measure`.

    Returns:
        float32 (B, H - border, W - border, 3) in 0..255.
    """
    shared = SharedStatistics(statistics)
    features = _features(generator, tiles, style_weights, shared)
    before, after = generator.geometry.border
    inner = tiles[:, before:-after, before:-after]
    return generator.painted(features, inner, style_weights)


def count(generator: Generator) -> int:
    """Return how many values the statistics of a built generator have."""
    return 3 + sum(table.shape[-1] for table in generator.tables)


def _features(
    generator: Generator,
    images: Tensor,
    style_weights: Tensor,
    statistics: SharedStatistics,
) -> Tensor:
    """Return the last features of pictures that bring their borders along."""
    images = ops.cast(images, "float32")
    colour = statistics.part(3, lambda: batch_mean(images))
    blocks = ops.nn.space_to_depth(images, 2)
    return generator.features(blocks, colour, style_weights, statistics)
