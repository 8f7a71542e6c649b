"""The frozen networks whose features the losses compare: VGG16, and one like it."""

import itertools
import os
from pathlib import Path

import keras
import numpy as np
from keras import layers as klayers
from keras import ops

from fast_style import gallery

NAMES = ("vgg16", "compact")
# What is compared unless something else is asked for (Johnson et al. 2016).
CONTENT_LAYERS = ("block3_conv3",)
STYLE_LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")
# VGG16 up to the last layer that style transfer looks at: channels of each layer.
CHANNELS = {
    f"block{block}_conv{i}": channels
    for block, (count, channels) in enumerate(
        ((2, 64), (2, 128), (3, 256), (3, 512)), start=1
    )
    for i in range(1, count + 1)
}


def loss_network(name, layers, *, vgg16_weights="imagenet", dtype="float32"):
    """A frozen loss network by name.

    Args:
        name: "vgg16" or "compact".
        layers: See vgg16.
        vgg16_weights: See vgg16; "compact" has its own in the package.
        dtype: "float32" or "bfloat16", of weights and features.

    Returns:
        A keras.Model from centred pictures (B, H, W, 3) to {layer: features}.

    Raises:
        OSError, ValueError: See vgg16.
    """
    if name == "compact":
        return compact(layers, dtype)
    if name == "vgg16":
        return vgg16(layers, vgg16_weights, dtype)
    raise ValueError(f"--loss_network is '{name}'; give one of {', '.join(NAMES)}.")


def vgg16(layers, weights="imagenet", dtype="float32"):
    """VGG16 as a frozen loss network, cut after the last layer asked for.

    Args:
        layers: Names of Keras layers, such as "block3_conv3".
        weights: "imagenet", which Keras downloads once, or the path of a file of
            Keras' own layout without the top.
        dtype: "float32" or "bfloat16", of weights and features.

    Returns:
        A keras.Model from centred pictures (B, H, W, 3) to {layer: features}.

    Raises:
        OSError: The weights can be neither found nor fetched.
        ValueError: No such layer, or the file does not hold VGG16's weights.

    Reference:
        Simonyan and Zisserman 2014.
    """
    weights = str(weights)
    if weights != "imagenet" and not Path(weights).is_file():
        raise OSError(
            f"Cannot find VGG16's weights '{weights}'. Give a .h5 file without the top "
            "as --vgg16_weights=PATH, or take --loss_network=compact, which needs none."
        )
    try:
        network = keras.applications.VGG16(include_top=False, weights=weights)
    except Exception as error:  # Keras and h5py raise several kinds, and bare ones.
        if weights == "imagenet":
            raise OSError(
                "Cannot fetch VGG16's weights: no network? Give a downloaded file as "
                "--vgg16_weights=PATH, or take --loss_network=compact, which needs "
                "none."
            ) from error
        raise ValueError(
            f"'{weights}' does not hold the weights of Keras' VGG16 without its top. "
            "Give such a file as --vgg16_weights, or leave it out to download them."
        ) from error
    _check("VGG16", layers, [layer.name for layer in network.layers[1:]])
    cut = subnetwork(network, layers)

    def recast(layer):
        return layer.from_config({**layer.get_config(), "dtype": dtype})

    trunk = keras.models.clone_model(cut, clone_function=recast)
    trunk.set_weights(cut.get_weights())
    trunk.trainable = False
    return trunk


def compact(layers, dtype="float32", weights=gallery.COMPACT_WEIGHTS):
    """VGG16 in low rank as a frozen loss network: a quarter of the multiplications.

    The same layers with as many channels as VGG16 up to block4_conv3, its features
    and Gram matrices nearly the same, so that all weights keep their meaning. Made by
    scripts/make_compact.

    Args:
        layers: Names of convolutions of VGG16, "block1_conv1" to "block4_conv3".
        dtype: "float32" or "bfloat16", of weights and features.
        weights: Path of the .npz file; the package's own by default.

    Returns:
        A keras.Model from centred pictures (B, H, W, 3) to {layer: features}.

    Raises:
        ValueError: No such layer.

    Reference:
        Zhang et al. 2016, "Accelerating very deep convolutional networks for
        classification and detection".
    """
    _check("The compact loss network", layers, CHANNELS)
    with np.load(weights) as file:
        arrays = dict(file)
    ranks = {
        layer: arrays[f"{layer}_reduced"].shape[-1]
        for layer in CHANNELS
        if f"{layer}_reduced" in arrays
    }
    network = low_rank_vgg16(ranks, dtype)
    for layer in network.layers:
        if layer.weights:
            names = (layer.name, f"{layer.name}_bias")
            layer.set_weights([arrays[n] for n in names if n in arrays])
    trunk = subnetwork(network, layers)
    trunk.trainable = False
    return trunk


def low_rank_vgg16(ranks, dtype="float32"):
    """VGG16's convolutions up to block4_conv3, some through a bottleneck.

    Args:
        ranks: {layer: rank}; such a layer is a 3x3 convolution to `rank` channels,
            `<layer>_reduced`, and one of 1x1 back. The others are as in VGG16.
        dtype: Of the layers: "float32", "bfloat16" or a Keras policy.

    Returns:
        An untrained functional keras.Model of centred pictures.
    """
    features = inputs = keras.Input((None, None, 3), dtype="float32")
    for block, names in itertools.groupby(CHANNELS, key=lambda name: name[:6]):
        for name in names:
            size = 3
            if name in ranks:
                features = klayers.Conv2D(
                    ranks[name],
                    3,
                    padding="same",
                    name=f"{name}_reduced",
                    dtype=dtype,
                )(features)
                size = 1
            features = klayers.Conv2D(
                CHANNELS[name],
                size,
                padding="same",
                activation="relu",
                name=name,
                dtype=dtype,
            )(features)
        last = features
        features = klayers.MaxPooling2D(name=f"{block}_pool", dtype=dtype)(last)
    return keras.Model(inputs, last)


def save_compact(network, path):
    """Writes a trained low_rank_vgg16 as what `compact` reads, in float16.

    Args:
        network: The keras.Model.
        path: Path of the .npz file.
    """
    arrays = {}
    for layer in network.layers:
        for name, value in zip(
            (layer.name, f"{layer.name}_bias"), layer.get_weights(), strict=False
        ):
            arrays[name] = value.astype(np.float16)
    if wrong := [name for name, v in arrays.items() if not np.isfinite(v).all()]:
        raise ValueError(f"Weights that float16 cannot hold: {', '.join(wrong)}.")
    temporary = Path(path).with_suffix(".tmp")
    with open(temporary, "wb") as file:
        np.savez(file, **arrays)
    os.replace(temporary, path)


def multiplications(ranks):
    """Multiplications of low_rank_vgg16 per pixel of the picture.

    Args:
        ranks: {layer: rank}, as in low_rank_vgg16; {} for VGG16 itself.
    """
    total, inputs = 0, 3
    for name, channels in CHANNELS.items():
        if rank := ranks.get(name):
            one = 9 * inputs * rank + rank * channels
        else:
            one = 9 * inputs * channels
        total += one / 4 ** (int(name[5]) - 1)
        inputs = channels
    return total


def subnetwork(network, layers):
    """The part of a loss network that some of its layers need, weights shared.

    Args:
        network: A functional keras.Model.
        layers: Names of its layers.

    Returns:
        A keras.Model from the network's input to {layer: features}.
    """
    taps = {layer: network.get_layer(layer).output for layer in layers}
    return keras.Model(network.input, taps)


def centred(images):
    """Pictures (B, H, W, 3), RGB in 0..255, as VGG16 wants them: BGR less the mean."""
    return keras.applications.vgg16.preprocess_input(ops.cast(images, "float32"))


def _check(network, layers, known):
    if unknown := sorted(set(layers) - set(known)):
        raise ValueError(
            f"{network} has no layer {', '.join(unknown)}. It has {', '.join(known)}."
        )
