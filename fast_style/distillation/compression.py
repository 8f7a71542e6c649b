"""VGG16 in low rank, in closed form (Zhang et al. 2016).

Each 3x3 convolution becomes one to a few channels and a 1x1 back, by reduced-rank
regression of VGG16's responses on the features of the already compressed layers below.
"""

import keras
import numpy as np

from fast_style.perception.compact import low_rank_vgg16
from fast_style.perception.vgg16 import CHANNELS, centred

# A quarter of VGG16's multiplications. Ranks of equal kept variance (Zhang et al.'s
# rule) starve the first layers, whose errors go through all the others.
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
POSITIONS = 200  # sampled for the regression, in each picture and layer
RIDGE = 1e-6  # of the mean variance of what is regressed on
BATCH = 8


def closed_form(vgg, pictures, ranks=RANKS):
    """VGG16 in low rank, without training.

    Args:
        vgg: vgg16.vgg16 of the first layer and all of `ranks`.
        pictures: uint8 (N, H, W, 3), a few hundred crops.
        ranks: {layer: rank} of the layers after the first, in order; any after those
            stay as they are initialised.

    Returns:
        A keras.Model like low_rank_vgg16's, float32.
    """
    network = low_rank_vgg16(ranks)
    first = next(iter(CHANNELS))
    network.get_layer(first).set_weights(vgg.get_layer(first).get_weights())
    wanted = _sampled_inputs(vgg, ranks, pictures)
    for name in ranks:
        kernel, bias = vgg.get_layer(name).get_weights()
        responses = wanted.pop(name) @ kernel.reshape(-1, len(bias)) + bias
        inputs = _sampled_inputs(network, [name], pictures)[name]
        reduced, shift, kernel, bias = _reduced_rank(inputs, responses, ranks[name])
        bottleneck = network.get_layer(f"{name}_reduced")
        bottleneck.set_weights([reduced.reshape(bottleneck.kernel.shape), shift])
        network.get_layer(name).set_weights([kernel[None, None], bias])
    return network


def _sampled_inputs(network, names, pictures):
    """What layers see at some places of the pictures: {layer: (N * POSITIONS, 9 C)}."""
    order = list(CHANNELS)
    before = {name: order[order.index(name) - 1] for name in names}
    taps = {
        name: network.get_layer(
            layer if layer[:6] == name[:6] else f"{layer[:6]}_pool"
        ).output
        for name, layer in before.items()
    }
    model = keras.Model(network.input, taps)
    parts = {name: [] for name in names}
    for i in range(0, len(pictures), BATCH):
        features = model.predict_on_batch(centred(pictures[i : i + BATCH]))
        for name, values in features.items():
            rng = np.random.default_rng((order.index(name), i))
            where = rng.integers(values.shape[1:3], size=(len(values), POSITIONS, 2))
            parts[name].append(_patches(values, where))
    return {name: np.concatenate(values) for name, values in parts.items()}


def _patches(features, where):
    """The 3x3 surroundings, zeros outside, of places (N, K, 2): (N * K, 9 C)."""
    padded = np.pad(features, ((0, 0), (1, 1), (1, 1), (0, 0)))
    which = np.arange(len(features))[:, None]
    parts = [
        padded[which, where[..., 0] + dy, where[..., 1] + dx]
        for dy in range(3)
        for dx in range(3)
    ]
    return np.stack(parts, axis=2).reshape(-1, 9 * features.shape[-1])


def _reduced_rank(inputs, responses, rank):
    """The best linear map of a rank from inputs to responses (Izenman 1975).

    Args:
        inputs: float32 (N, D).
        responses: float32 (N, C).
        rank: Int.

    Returns:
        Kernel (D, rank) and bias (rank,), kernel (rank, C) and bias (C,); what is
        between them is centred, which is kind to bfloat16.
    """
    inputs_mean, responses_mean = inputs.mean(axis=0), responses.mean(axis=0)
    inputs = inputs - inputs_mean
    covariance = (inputs.T @ inputs).astype(np.float64)
    cross = (inputs.T @ (responses - responses_mean)).astype(np.float64)
    ridge = RIDGE * np.trace(covariance) / len(covariance)
    full = np.linalg.solve(covariance + ridge * np.eye(len(cross)), cross)
    # Principal directions, in order of growing variance, of what the full map explains.
    basis = np.linalg.eigh(cross.T @ full)[1][:, -rank:]
    reduced, kernel = full @ basis, basis.T
    # Bottleneck channels all of like size suit float16 and the optimiser.
    scale = (len(full) * (reduced**2).mean(axis=0)) ** -0.5
    reduced, kernel = reduced * scale, kernel / scale[:, None]
    return reduced, -inputs_mean @ reduced, kernel, responses_mean
