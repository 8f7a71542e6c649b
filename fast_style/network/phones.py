"""A generator for phones' GPUs: pictures of one size, and features that fit float16."""

import math
from collections.abc import Callable

import numpy as np
from keras import ops

from fast_style.network import transplant
from fast_style.network.generator import Generator
from fast_style.network.mirroring import mirrored_axis
from fast_style.network.normalization import picture_mean
from fast_style.tensors import Tensor

LARGEST = 65_504.0  # of float16
SMALLEST = 2.0**-14  # of float16 before it loses digits; a GPU may take less for 0
ROOM = 64.0  # how many times as large as measured the squares of features may be


def paint(generator: Generator, images: Tensor, style_weights: Tensor) -> Tensor:
    """Return whole pictures, painted by operations that phones' GPUs have.

    All tensors have four axes, and edges are mirrored by slices.

    Args:
        generator: The generator.
        images: float32 (B, H, W, 3) in 0..255, of a height and width that are known and
            longer than the margin that is mirrored.
        style_weights: (B, 1, 1, number of styles), summing to one.

    Returns:
        float32 (B, H, W, 3) in 0..255.
    """
    extended, geometry = images, generator.geometry
    before, after = geometry.margin
    for axis in (1, 2):
        rest = -images.shape[axis] % geometry.stride
        extended = mirrored_axis(extended, axis, before, after + rest)
    blocks = ops.nn.space_to_depth(extended, 2)
    features = generator.features(blocks, picture_mean(images), style_weights)
    return generator.painted(features, images, style_weights)


def in_float16(
    generator: Generator, images: np.ndarray, style_weights: np.ndarray
) -> Generator:
    """Return a generator that paints the same, of features that fit float16.

    A variance is the mean of squares, which may be too large for float16 where features
    are not: the GPU then gives black or NaN. Where they are small, the constant that is
    added to the variance may count as 0. So each kernel is multiplied by a number that
    makes the largest square of its results a 64th of what fits. The normalisation
    that follows takes the number off again.

    Args:
        generator: The generator, built.
        images: Pictures to measure the features on, float32 (B, H, W, 3) in 0..255.
        style_weights: Those that each of them is painted by, (B, number of styles).
    """
    fitting = transplant.copied(generator)
    squares = largest_squares(generator, images, style_weights)
    for convolution, square in zip(fitting.convolutions, squares, strict=True):
        scale = LARGEST / ROOM / square if square else 1.0  # of the squares
        convolution.kernel.assign(convolution.kernel * math.sqrt(scale))
        normalization = convolution.normalization
        normalization.epsilon = max(normalization.epsilon * scale, SMALLEST)
    return fitting


def largest_squares(
    generator: Generator, images: np.ndarray, style_weights: np.ndarray
) -> list[float]:
    """Return the largest square of the results of each of the convolutions."""
    measured = transplant.copied(generator)
    largest = [0.0] * len(measured.convolutions)

    def recording(place: int, convolve: Callable[[Tensor], Tensor]) -> Callable:
        def convolve_and_record(inputs: Tensor) -> Tensor:
            features = convolve(inputs)
            largest[place] = float(ops.max(ops.square(features)))
            return features

        return convolve_and_record

    for place, convolution in enumerate(measured.convolutions):
        convolve = recording(place, convolution.convolve)
        convolution.convolve = convolve  # type: ignore[method-assign]
    measured(images, style_weights)
    return largest
