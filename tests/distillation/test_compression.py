"""VGG16 in low rank, held against linear algebra and against VGG16."""

import keras
import numpy as np
import pytest

from fast_style.distillation import compression
from fast_style.perception import vgg16

LAYERS = list(vgg16.CHANNELS)


def crops(count=12, size=48):
    """Smooth random pictures, in which neighbouring pixels are alike."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (count, size // 6, size // 6, 3))
    return np.kron(coarse, np.ones((1, 6, 6, 1))).astype(np.uint8)


def test_reduced_rank_finds_a_map_of_that_rank():
    rng = np.random.default_rng(0)
    inputs = rng.normal(3, 1, (500, 9)).astype(np.float32)
    factors = rng.normal(size=(9, 2)), rng.normal(size=(2, 6))
    responses = (inputs @ factors[0] @ factors[1] + 7).astype(np.float32)
    reduced, shift, kernel, bias = compression.reduced_rank(inputs, responses, 2)
    assert reduced.shape == (9, 2) and kernel.shape == (2, 6)
    between = inputs @ reduced + shift
    np.testing.assert_allclose(between.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(between @ kernel + bias, responses, atol=0.05)


def test_reduced_rank_is_the_projection_of_the_full_map():
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(400, 5))
    responses = inputs @ rng.normal(size=(5, 4)) + rng.normal(size=(400, 4))
    reduced, shift, kernel, bias = compression.reduced_rank(inputs, responses, 1)
    fitted = np.linalg.lstsq(inputs - inputs.mean(0), responses, rcond=None)[0]
    fitted = (inputs - inputs.mean(0)) @ fitted
    direction = np.linalg.svd(fitted - fitted.mean(0), full_matrices=False)[2][:1]
    expected = (fitted - fitted.mean(0)) @ direction.T @ direction + responses.mean(0)
    result = (inputs @ reduced + shift) @ kernel + bias
    np.testing.assert_allclose(result, expected, atol=0.01)


def test_patches_are_what_a_convolution_sees():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2, 5, 7, 3)).astype(np.float32)
    kernel = rng.normal(size=(3, 3, 3, 4)).astype(np.float32)
    grid = np.stack(np.meshgrid(range(5), range(7), indexing="ij"), -1).reshape(-1, 2)
    patches = compression.patches(features, np.stack([grid, grid]))
    expected = keras.ops.conv(features, kernel, padding="same")
    result = (patches @ kernel.reshape(27, 4)).reshape(2, 5, 7, 4)
    np.testing.assert_allclose(result, expected, atol=1e-4)


def relative_error(vgg, network):
    """The error on other pictures in the last compressed layer."""
    pictures = vgg16.centred(crops()[:, ::-1, ::-1])
    target = np.asarray(vgg(pictures)["block2_conv2"])
    result = vgg16.subnetwork(network, ["block2_conv2"])(pictures)["block2_conv2"]
    return np.square(result - target).sum() / np.square(target).sum()


@pytest.mark.slow
def test_vgg16_in_low_rank_follows_vgg16_the_better_the_higher_the_rank(vgg16_weights):
    vgg = vgg16.vgg16(LAYERS[:4], vgg16_weights)
    high = {"block1_conv2": 48, "block2_conv1": 64, "block2_conv2": 96}
    low = {layer: rank // 8 for layer, rank in high.items()}
    errors = [
        relative_error(vgg, compression.closed_form(vgg, crops(), ranks))
        for ranks in (high, low)
    ]
    assert errors[0] < 0.1
    assert errors[0] < errors[1] < 1
