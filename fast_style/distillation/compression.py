"""VGG16 in low rank, in closed form (Zhang et al. 2016).

Each 3x3 convolution becomes a 3x3 convolution to a few channels and a 1x1 convolution
back. A regression of reduced rank finds both: it predicts the responses of VGG16's
layer from the features of the layers below, which are compressed already.
"""

from collections.abc import Iterable, Mapping

import keras
import numpy as np
from keras import ops

from fast_style.perception.compact import low_rank_vgg16
from fast_style.perception.vgg16 import CHANNELS, centred, preceding_layer

# A quarter of VGG16's multiplications. Ranks that keep equal shares of variance (the
# rule of Zhang et al.) are too low for the first layers, whose errors all later layers
# inherit.
RANKS = {
    "block1_conv2": 16,
    "block2_conv1": 32,
    "block2_conv2": 40,
    "block3_conv1": 56,
    "block3_conv2": 56,
    "block3_conv3": 64,
    "block4_conv1": 64,
    "block4_conv2": 64,
    "block4_conv3": 64,
}
RIDGE = 1e-6  # of the mean variance of the inputs of a regression
BATCH = 8  # pictures that pass through a network at a time


def closed_form(
    vgg: keras.Model,
    pictures: np.ndarray,
    ranks: Mapping[str, int] = RANKS,
    positions: int = 200,
) -> keras.Model:
    """Return VGG16 in low rank without training it.

    Args:
        vgg: VGG16 with the first layer and all layers of `ranks` (see vgg16.vgg16).
        pictures: uint8 (N, H, W, 3), a few hundred crops.
        ranks: {layer: rank} of the layers after the first one, in order. Layers that
            come later keep their initial weights.
        positions: Positions sampled for the regression in each picture and layer.

    Returns:
        A float32 keras.Model as low_rank_vgg16 makes it.
    """
    network = low_rank_vgg16(ranks)
    first = next(iter(CHANNELS))
    network.get_layer(first).set_weights(vgg.get_layer(first).get_weights())
    targets = _sampled_inputs(vgg, ranks, pictures, positions)
    for layer, rank in ranks.items():
        kernel, bias = vgg.get_layer(layer).get_weights()
        responses = targets.pop(layer) @ kernel.reshape(-1, len(bias)) + bias
        inputs = _sampled_inputs(network, [layer], pictures, positions)[layer]
        reduced, shift, kernel, bias = reduced_rank(inputs, responses, rank)
        bottleneck = network.get_layer(f"{layer}_reduced")
        bottleneck.set_weights([reduced.reshape(bottleneck.kernel.shape), shift])
        network.get_layer(layer).set_weights([kernel[None, None], bias])
    return network


def _sampled_inputs(
    network: keras.Model, layers: Iterable[str], pictures: np.ndarray, positions: int
) -> dict[str, np.ndarray]:
    """Return the inputs of some layers' kernels at random positions of the pictures.

    Returns:
        {layer: float32 (N * positions, 9 C)}.
    """
    order = list(CHANNELS)
    outputs = {
        layer: network.get_layer(preceding_layer(layer)).output for layer in layers
    }
    model = keras.Model(network.input, outputs)
    samples: dict[str, list[np.ndarray]] = {layer: [] for layer in outputs}
    for start in range(0, len(pictures), BATCH):
        features = model(centred(pictures[start : start + BATCH]))
        for layer, values in features.items():
            rng = np.random.default_rng((order.index(layer), start))
            shape = (len(values), positions, 2)
            places = rng.integers(values.shape[1:3], size=shape)
            samples[layer].append(patches(ops.convert_to_numpy(values), places))
    return {layer: np.concatenate(parts) for layer, parts in samples.items()}


def patches(features: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Return the 3x3 neighbourhoods of positions, with zeros outside the picture.

    Args:
        features: (N, H, W, C).
        positions: Rows and columns in each picture, int (N, K, 2).

    Returns:
        (N * K, 9 C), in the order of a convolution's kernel.
    """
    padded = np.pad(features, ((0, 0), (1, 1), (1, 1), (0, 0)))
    pictures = np.arange(len(features))[:, None]
    rows, columns = positions[..., 0], positions[..., 1]
    neighbours = [
        padded[pictures, rows + dy, columns + dx] for dy in range(3) for dx in range(3)
    ]
    return np.stack(neighbours, axis=2).reshape(-1, 9 * features.shape[-1])


def reduced_rank(
    inputs: np.ndarray, responses: np.ndarray, rank: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the best linear map of a rank from inputs to responses.

    Args:
        inputs: float32 (N, D).
        responses: float32 (N, C).
        rank: Rank of the map, 1 or more.

    Returns:
        Kernel (D, rank) and bias (rank,) of the first layer, kernel (rank, C) and bias
        (C,) of the second. The values between the layers have a mean of zero, which
        suits bfloat16.

    Reference:
        Izenman 1975, "Reduced-rank regression for the multivariate linear model".
    """
    inputs_mean, responses_mean = inputs.mean(axis=0), responses.mean(axis=0)
    centred_inputs = inputs - inputs_mean
    covariance = (centred_inputs.T @ centred_inputs).astype(np.float64)
    cross = (centred_inputs.T @ (responses - responses_mean)).astype(np.float64)
    ridge = RIDGE * np.trace(covariance) / len(covariance)
    full = np.linalg.solve(covariance + ridge * np.eye(len(cross)), cross)
    # The last principal directions of what the map of full rank explains have the
    # largest variance.
    basis = np.linalg.eigh(cross.T @ full)[1][:, -rank:]
    reduced, kernel = full @ basis, basis.T
    # float16 and the optimiser work best if all bottleneck channels have like sizes.
    scale = (len(full) * (reduced**2).mean(axis=0)) ** -0.5
    reduced, kernel = reduced * scale, kernel / scale[:, None]
    return reduced, -inputs_mean @ reduced, kernel, responses_mean
