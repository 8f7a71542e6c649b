"""Perceptual losses: the frozen loss network, the Gram matrix, total variation."""

from pathlib import Path

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
    matrix = ops.reshape(ops.cast(features, "float32"), (-1, height * width, channels))
    # Both factors are divided first: the sums stay in float32's comfortable range.
    matrix = matrix / ops.sqrt(ops.cast(height * width * channels, "float32"))
    return ops.matmul(ops.transpose(matrix, (0, 2, 1)), matrix)


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
            f"Cannot find VGG16's weights '{weights}'. Give the path of a .h5 file "
            "without the top, or leave --vgg16_weights out to download them."
        )
    try:
        network = keras.applications.VGG16(include_top=False, weights=weights)
    except Exception as error:  # Keras and h5py raise several kinds, and bare ones.
        if weights == "imagenet":
            raise OSError(
                "Cannot fetch VGG16's weights: no network? Give a downloaded file as "
                "--vgg16_weights=PATH."
            ) from error
        raise ValueError(
            f"'{weights}' does not hold the weights of Keras' VGG16 without its top. "
            "Give such a file as --vgg16_weights, or leave it out to download them."
        ) from error
    known = [layer.name for layer in network.layers[1:]]
    if unknown := sorted(set(layers) - set(known)):
        raise ValueError(
            f"VGG16 has no layer {', '.join(unknown)}. It has {', '.join(known)}."
        )
    cut = subnetwork(network, layers)

    def recast(layer):
        return layer.from_config({**layer.get_config(), "dtype": dtype})

    trunk = keras.models.clone_model(cut, clone_function=recast)
    trunk.set_weights(cut.get_weights())
    trunk.trainable = False
    return trunk


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
