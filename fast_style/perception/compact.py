"""The compact loss network: VGG16 in low rank, and the file that holds it.

scripts/make_compact makes the file of the package.
"""

import io
import os
from collections.abc import Iterable, Mapping
from typing import Any

import keras
import numpy as np

from fast_style import checksums, files, gallery
from fast_style.perception.vgg16 import (
    CHANNELS,
    check_layers,
    preceding_layer,
    subnetwork,
    vgg16,
)


def compact(
    layers: Iterable[str],
    dtype: str = "float32",
    weights: str | os.PathLike = gallery.COMPACT_WEIGHTS,
) -> keras.Model:
    """Return VGG16 in low rank as a frozen loss network.

    It has the layers and channels of VGG16 up to block4_conv3 and needs a quarter of
    the multiplications. Features and Gram matrices are nearly those of VGG16, so the
    weights of the loss terms keep their meaning.

    Args:
        layers: Names of convolutions of VGG16, "block1_conv1" to "block4_conv3".
        dtype: Precision of weights and features, "float32" or "bfloat16".
        weights: Path of the .npz file, by default the one in the package.

    Returns:
        A keras.Model from centred pictures (B, H, W, 3) to {layer: features}.

    Raises:
        OSError: The file cannot be opened.
        ValueError: The network has no such layer, or the file is damaged.

    Reference:
        Zhang et al. 2016, "Accelerating very deep convolutional networks for
        classification and detection".
    """
    check_layers("The compact loss network", layers, CHANNELS)
    content = checksums.read(weights, "Install fast-style anew.")
    with np.load(io.BytesIO(content)) as file:
        arrays = dict(file)
    ranks = {
        layer: arrays[f"{layer}_reduced"].shape[-1]
        for layer in CHANNELS
        if f"{layer}_reduced" in arrays
    }
    network = low_rank_vgg16(ranks, dtype)
    for layer in network.layers:
        if layer.weights:
            layer.set_weights([arrays[n] for n in _names(layer) if n in arrays])
    loss_network = subnetwork(network, layers)
    loss_network.trainable = False
    return loss_network


def low_rank_vgg16(ranks: Mapping[str, int], dtype: str = "float32") -> keras.Model:
    """Return convolutions of VGG16 without weights, some through a bottleneck.

    The weights are zero until they are set: to draw random ones, JAX would compile a
    program for each shape, which takes seconds.

    Args:
        ranks: {layer: rank}. Such a layer becomes two: `<layer>_reduced`, a 3x3
            convolution to `rank` channels, and `<layer>`, a 1x1 convolution to the
            channels of VGG16. All other layers are as in VGG16.
        dtype: Keras' dtype policy of the layers, such as "mixed_bfloat16".

    Returns:
        A functional keras.Model of centred pictures that ends at block4_conv3.
    """

    def convolution(name: str, channels: int, size: int, activation: str) -> Any:
        return keras.layers.Conv2D(
            channels,
            size,
            padding="same",
            activation=activation,
            kernel_initializer="zeros",
            name=name,
            dtype=dtype,
        )

    features = pictures = keras.Input((None, None, 3), dtype="float32")
    for layer, channels in CHANNELS.items():
        previous = preceding_layer(layer)
        if previous and previous.endswith("pool"):
            pool = keras.layers.MaxPooling2D(name=previous, dtype=dtype)
            features = pool(features)
        if layer in ranks:
            reduced = convolution(f"{layer}_reduced", ranks[layer], 3, "linear")
            features = reduced(features)
        kernel_size = 1 if layer in ranks else 3
        features = convolution(layer, channels, kernel_size, "relu")(features)
    return keras.Model(pictures, features)


def save_compact(network: keras.Model, path: str | os.PathLike) -> None:
    """Write a trained low_rank_vgg16 in float16 for `compact` to read.

    Args:
        network: The keras.Model that low_rank_vgg16 made.
        path: Path of the .npz file.

    Raises:
        OSError: The file cannot be written.
        ValueError: A weight is too large for float16, or not a number.
    """
    arrays = {
        name: weight
        for layer in network.layers
        for name, weight in zip(_names(layer), layer.get_weights(), strict=False)
    }
    largest = np.finfo(np.float16).max
    if wrong := [name for name, w in arrays.items() if not (abs(w) < largest).all()]:
        raise ValueError(
            f"float16 cannot hold the weights {', '.join(wrong)}. Train the network "
            "anew at a lower learning rate."
        )
    arrays = {name: weight.astype(np.float16) for name, weight in arrays.items()}
    content = io.BytesIO()
    np.savez(content, **arrays)
    with files.replacing(path) as file:
        file.write(checksums.seal(content.getvalue()))


def save_vgg16(weights: str | os.PathLike, path: str | os.PathLike) -> None:
    """Write VGG16 up to block4_conv3 in float16, a quarter of its file, for `compact`.

    Args:
        weights: See vgg16.
        path: Path of the .npz file.

    Raises:
        OSError, ValueError: See vgg16 and save_compact.
    """
    network = low_rank_vgg16({})
    network.set_weights(vgg16(list(CHANNELS)[-1:], weights).get_weights())
    save_compact(network, path)


def _names(layer: Any) -> tuple[str, str]:
    """Return the names of a layer's kernel and bias in the file."""
    return layer.name, f"{layer.name}_bias"


def multiplications(ranks: Mapping[str, int]) -> float:
    """Return the multiplications of low_rank_vgg16 for each pixel of the picture.

    Args:
        ranks: {layer: rank}, as in low_rank_vgg16; {} for VGG16 itself.
    """
    total, inputs = 0.0, 3
    for layer, channels in CHANNELS.items():
        if rank := ranks.get(layer):
            work = 9 * inputs * rank + rank * channels
        else:
            work = 9 * inputs * channels
        halvings = int(layer[len("block")]) - 1
        total += work / 4**halvings
        inputs = channels
    return total
