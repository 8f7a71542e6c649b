"""How far a picture is from its photograph and painting, by what networks see.

All distances are relative: squared, and divided by the square of what is compared with.
So they compare across layers, networks and paintings.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from fast_style.tensors import Tensor


def content_distance(features: Tensor, wanted: Tensor) -> float:
    """Return how far a picture is from its photograph in one layer of a network.

    Args:
        features: Those of the picture, (1, H, W, C).
        wanted: Those of the photograph, of the same shape.

    Returns:
        |features - wanted|^2 / |wanted|^2: 0 for the photograph, about 2 for a picture
        that has nothing in common with it.

    Reference:
        Johnson et al. 2016, feature reconstruction; here relative.
    """
    return _relative(features, wanted)


def gram_distance(
    grams: Mapping[str, Tensor], wanted: Mapping[str, Tensor], layers: Sequence[str]
) -> float:
    """Return how far a picture is from a painting in the textures of some layers.

    Args:
        grams: Gram matrices of the picture, {layer: (1, C, C)}.
        wanted: Those of the painting.
        layers: The layers to compare.

    Returns:
        The mean over the layers of |gram - wanted|^2 / |wanted|^2: 0 for the painting,
        1 for a picture without any features.

    Reference:
        Gatys et al. 2016; here relative.
    """
    return float(np.mean([_relative(grams[name], wanted[name]) for name in layers]))


def _relative(values: Tensor, wanted: Tensor) -> float:
    """Return the squared distance as a share of the squared norm."""
    first, second = np.asarray(values, np.float64), np.asarray(wanted, np.float64)
    return float(np.sum((first - second) ** 2) / np.sum(second**2))
