"""VGG16 as a frozen loss network, and what all loss networks share."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
from keras import ops

from fast_style.tensors import Tensor

# Output channels of the convolutions up to the last one that style transfer uses.
CHANNELS = {
    f"block{block}_conv{number}": channels
    for block, (count, channels) in enumerate(
        ((2, 64), (2, 128), (3, 256), (3, 512)), start=1
    )
    for number in range(1, count + 1)
}


def vgg16(
    layers: Iterable[str],
    weights: str | os.PathLike = "imagenet",
    dtype: str = "float32",
) -> keras.Model:
    """Return VGG16 as a frozen loss network that ends at the last of some layers.

    Args:
        layers: Names of Keras layers, such as "block3_conv3".
        weights: "imagenet", which Keras downloads once, or the path of a .h5 file
            of Keras' own layout without the top.
        dtype: Precision of weights and features, "float32" or "bfloat16".

    Returns:
        A keras.Model from centred pictures (B, H, W, 3) to {layer: features}.

    Raises:
        OSError: The weights are neither there nor to be downloaded.
        ValueError: VGG16 has no such layer, or the file holds other weights.

    Reference:
        Simonyan and Zisserman 2014.
    """
    network = _classifier(str(weights))
    check_layers("VGG16", layers, [layer.name for layer in network.layers[1:]])
    trunk = subnetwork(network, layers)

    def recast(layer: Any) -> Any:
        return layer.from_config({**layer.get_config(), "dtype": dtype})

    loss_network = keras.models.clone_model(trunk, clone_function=recast)
    loss_network.set_weights(trunk.get_weights())
    loss_network.trainable = False
    return loss_network


def _classifier(weights: str) -> keras.Model:
    """Return Keras' VGG16 without its top; the errors say what to do."""
    if weights != "imagenet" and not Path(weights).is_file():
        raise OSError(
            f"Cannot find VGG16's weights '{weights}'. Give the path of a .h5 file "
            "without the top as vgg16_weights, or take the loss_network 'compact', "
            "which needs no weights."
        )
    try:
        return keras.applications.VGG16(include_top=False, weights=weights)
    except Exception as error:  # Keras and h5py raise many kinds, some of them bare
        if weights == "imagenet":
            raise OSError(
                "Cannot download VGG16's weights. Check the network, give the path of "
                "a downloaded file as vgg16_weights, or take the loss_network "
                "'compact', which needs no weights."
            ) from error
        raise ValueError(
            f"'{weights}' does not hold the weights of Keras' VGG16 without its top. "
            "Give such a file as vgg16_weights, or leave it out to download the "
            "weights."
        ) from error


def check_layers(network: str, layers: Iterable[str], known: Iterable[str]) -> None:
    """Check that a loss network has the layers that it is asked for.

    Args:
        network: What the error calls the network.
        layers: Names of the wanted layers.
        known: Names of the layers that the network has.

    Raises:
        ValueError: A wanted layer is not among the known ones.
    """
    if unknown := sorted(set(layers) - set(known)):
        raise ValueError(
            f"{network} has no layer {', '.join(unknown)}. It has {', '.join(known)}."
        )


def preceding_layer(convolution: str) -> str | None:
    """Return the name of the layer before one of CHANNELS; None before the first."""
    convolutions = list(CHANNELS)
    place = convolutions.index(convolution)
    if place == 0:
        return None
    previous = convolutions[place - 1]
    block, _ = previous.split("_")
    return previous if convolution.startswith(block) else f"{block}_pool"


def subnetwork(network: keras.Model, layers: Iterable[str]) -> keras.Model:
    """Return the part of a loss network that leads to some of its layers.

    Args:
        network: A functional keras.Model, with which the part shares its weights.
        layers: Names of layers of the network.

    Returns:
        A keras.Model from the network's input to {layer: features}.
    """
    outputs = {layer: network.get_layer(layer).output for layer in layers}
    return keras.Model(network.input, outputs)


def centred(pictures: Tensor) -> Tensor:
    """Return pictures as VGG16 was trained on them.

    Args:
        pictures: (B, H, W, 3) RGB in 0..255, of any type.

    Returns:
        float32 (B, H, W, 3) BGR, less the mean colour of VGG16's training.
    """
    return keras.applications.vgg16.preprocess_input(ops.cast(pictures, "float32"))
