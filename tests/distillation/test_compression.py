import keras
import numpy as np

from fast_style.distillation import compression
from fast_style.perception import vgg16

NAMES = list(vgg16.CHANNELS)


def crops(count=12, size=48):
    """Smooth random pictures, as neighbouring pixels of photographs are alike."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (count, size // 6, size // 6, 3))
    return np.kron(coarse, np.ones((1, 6, 6, 1))).astype(np.uint8)


def test_a_regression_of_a_rank_is_the_best_of_that_rank():
    rng = np.random.default_rng(0)
    inputs = rng.normal(3, 1, (500, 9)).astype(np.float32)
    factors = rng.normal(size=(9, 2)), rng.normal(size=(2, 6))
    responses = (inputs @ factors[0] @ factors[1] + 7).astype(np.float32)
    reduced, shift, kernel, bias = compression._reduced_rank(inputs, responses, 2)
    assert reduced.shape == (9, 2) and kernel.shape == (2, 6)
    between = inputs @ reduced + shift
    np.testing.assert_allclose(between.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(between @ kernel + bias, responses, atol=0.05)
    *_, one_kernel, _ = compression._reduced_rank(inputs, responses, 1)
    assert one_kernel.shape == (1, 6)


def test_patches_are_what_a_convolution_sees():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2, 5, 7, 3)).astype(np.float32)
    kernel = rng.normal(size=(3, 3, 3, 4)).astype(np.float32)
    every = np.stack(np.meshgrid(range(5), range(7), indexing="ij"), -1).reshape(-1, 2)
    patches = compression._patches(features, np.stack([every, every]))
    expected = keras.ops.conv(features, kernel, padding="same")
    np.testing.assert_allclose(
        (patches @ kernel.reshape(27, 4)).reshape(2, 5, 7, 4), expected, atol=1e-4
    )


def test_low_rank_vgg16_follows_vgg16(vgg16_weights):
    vgg = vgg16.vgg16(NAMES[:4], vgg16_weights)
    tops = {"block1_conv2": 48, "block2_conv1": 64, "block2_conv2": 96}
    errors = {}
    for share in (1, 8):
        ranks = {name: rank // share for name, rank in tops.items()}
        network = compression.closed_form(vgg, crops(), ranks)
        other = vgg16.centred(crops()[:, ::-1, ::-1])
        wanted = np.asarray(vgg(other)["block2_conv2"])
        found = vgg16.subnetwork(network, ["block2_conv2"])(other)
        difference = np.asarray(found["block2_conv2"]) - wanted
        errors[share] = np.square(difference).sum() / np.square(wanted).sum()
    assert errors[1] < 0.1
    assert errors[1] < errors[8] < 1
