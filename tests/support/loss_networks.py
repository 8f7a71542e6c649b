"""A loss network for tests that takes milliseconds."""

import keras
import numpy as np

# Channels of the convolutions; the second block has half the resolution.
CHANNELS = {"block1_conv1": 4, "block1_conv2": 6, "block2_conv1": 8}


def small_loss_network(dtype="float32"):
    """Return a frozen loss network of three random convolutions."""
    features = pictures = keras.Input((None, None, 3), dtype="float32")
    outputs = {}
    for layer, channels in CHANNELS.items():
        if layer == "block2_conv1":
            features = keras.layers.MaxPooling2D(dtype=dtype)(features)
        convolution = keras.layers.Conv2D(
            channels, 3, padding="same", activation="relu", name=layer, dtype=dtype
        )
        features = outputs[layer] = convolution(features)
    network = keras.Model(pictures, outputs)
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(0, 0.2, w.shape) for w in network.weights])
    network.trainable = False
    return network
