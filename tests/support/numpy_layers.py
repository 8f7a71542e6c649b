"""The generator's layers in NumPy, and inputs for both."""

import numpy as np

STYLES = 2
WEIGHTS = np.array([[1, 0], [0.25, 0.75]], np.float32)  # of a batch of two


def features(height=11, width=15, channels=4):
    """Return random features of a batch of two."""
    rng = np.random.default_rng(0)
    return rng.normal(2.0, 3.0, (2, height, width, channels)).astype(np.float32)


def randomised(layer, *shapes):
    """Build a layer and give it random weights."""
    layer.build(*shapes)
    rng = np.random.default_rng(1)
    for weight in layer.weights:
        weight.assign(rng.normal(0.3, 0.5, weight.shape))
    return layer


def convolution(inputs, kernel, strides=1):
    """Convolve without padding."""
    size = kernel.shape[0]
    windows = np.lib.stride_tricks.sliding_window_view(inputs, (size, size), (1, 2))
    windows = windows[:, ::strides, ::strides]  # (B, H, W, C, K, K)
    return np.einsum("bhwcij,ijcf->bhwf", windows, kernel)


def blocks(inputs):
    """Return pictures (B, H, W, C) as 2x2 blocks (B, H / 2, W / 2, 4 C)."""
    batch, height, width, channels = inputs.shape
    inputs = inputs.reshape(batch, height // 2, 2, width // 2, 2, channels)
    return inputs.transpose(0, 1, 3, 2, 4, 5).reshape(
        batch, height // 2, width // 2, 4 * channels
    )


def normalised(inputs, gamma, beta, weights=WEIGHTS, epsilon=1e-5):
    """Apply conditional instance normalisation."""
    gamma, beta = ((weights @ table)[:, None, None] for table in (gamma, beta))
    mean, variance = (f(inputs, (1, 2), keepdims=True) for f in (np.mean, np.var))
    return gamma * (inputs - mean) / np.sqrt(variance + epsilon) + beta


def close(actual, expected):
    """Assert that a tensor is nearly an array."""
    np.testing.assert_allclose(np.asarray(actual), expected, rtol=1e-4, atol=1e-4)
