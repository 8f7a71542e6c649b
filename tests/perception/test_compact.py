import zipfile

import keras
import numpy as np
import pytest

from fast_style import gallery
from fast_style.perception import STYLE_LAYERS, compact, objective, vgg16


def photographs():
    rng = np.random.default_rng(0)
    return vgg16.centred(rng.integers(0, 256, (2, 37, 53, 3), np.uint8))


@pytest.fixture(scope="module")
def network():
    """The network of the package."""
    return compact.compact(STYLE_LAYERS)


def test_compact_network_has_the_layers_and_sizes_of_vgg16(network):
    features = network(photographs())
    assert {layer: values.shape for layer, values in features.items()} == {
        "block1_conv2": (2, 37, 53, 64),
        "block2_conv2": (2, 18, 26, 128),
        "block3_conv3": (2, 9, 13, 256),
        "block4_conv3": (2, 4, 6, 512),
    }
    for values in features.values():
        assert np.isfinite(values).all()
        assert np.std(values) > 0


def test_compact_network_is_frozen(network):
    assert network.weights
    assert not network.trainable_weights


def test_compact_network_is_small(network):
    ranks = {
        layer.name.removesuffix("_reduced"): layer.filters
        for layer in network.layers
        if layer.name.endswith("_reduced")
    }
    assert compact.multiplications(ranks) <= compact.multiplications({}) / 3
    assert gallery.COMPACT_WEIGHTS.stat().st_size <= 5e6


def test_multiplications_are_those_of_vgg16():
    first, second = 9 * 3 * 64, 9 * 64 * 64
    others = 9 * (64 * 128 + 128 * 128) / 4
    others += 9 * (128 * 256 + 2 * 256 * 256) / 16
    others += 9 * (256 * 512 + 2 * 512 * 512) / 64
    assert compact.multiplications({}) == first + second + others
    bottleneck = 9 * 64 * 8 + 8 * 64
    ranks = {"block1_conv2": 8}
    assert compact.multiplications(ranks) == first + bottleneck + others


def test_compact_network_in_16_bits_is_nearly_the_same(network):
    exact = network(photographs())
    half = compact.compact(STYLE_LAYERS, dtype="bfloat16")
    for layer, values in half(photographs()).items():
        assert keras.backend.standardize_dtype(values.dtype) == "bfloat16"
        values = keras.ops.convert_to_numpy(keras.ops.cast(values, "float32"))
        expected = np.asarray(exact[layer])
        error = np.square(values - expected).sum() / np.square(expected).sum()
        assert 0 < error < 1e-3


def test_compact_network_has_no_layer_after_block_4():
    with pytest.raises(ValueError, match="compact .* no layer block5_conv1. It has"):
        compact.compact(["block1_conv2", "block5_conv1"])


def test_compact_network_ends_at_the_last_layer():
    short = compact.compact(["block1_conv2"])
    assert short.layers[-1].name == "block1_conv2"


def test_saved_compact_network_is_read_again(tmp_path):
    network = compact.low_rank_vgg16({"block1_conv2": 4, "block3_conv1": 8})
    rng = np.random.default_rng(0)
    weights = network.get_weights()
    network.set_weights([rng.normal(0, 0.05, w.shape) for w in weights])
    compact.save_compact(network, tmp_path / "small.npz")
    again = compact.compact(STYLE_LAYERS, weights=tmp_path / "small.npz")
    expected = vgg16.subnetwork(network, STYLE_LAYERS)(photographs())
    for layer, values in again(photographs()).items():
        np.testing.assert_allclose(values, expected[layer], rtol=0.02, atol=0.05)
    assert [path.name for path in tmp_path.iterdir()] == ["small.npz"]
    assert zipfile.ZipFile(tmp_path / "small.npz").comment.startswith(b"crc32 ")


@pytest.mark.slow
def test_vgg16_in_a_small_file_is_nearly_vgg16(vgg16_weights, tmp_path):
    compact.save_vgg16(vgg16_weights, tmp_path / "vgg16.npz")
    # Half of float32, and none of the layers after block4_conv3.
    size = (tmp_path / "vgg16.npz").stat().st_size
    assert size < 0.27 * vgg16_weights.stat().st_size
    expected = vgg16.vgg16(STYLE_LAYERS, vgg16_weights)(photographs())
    network = objective.loss_network(
        "vgg16", STYLE_LAYERS, vgg16_weights=tmp_path / "vgg16.npz"
    )
    assert not network.trainable_weights
    assert not [layer for layer in network.layers if "reduced" in layer.name]
    for layer, values in network(photographs()).items():
        error = np.square(values - expected[layer]).sum()
        assert 0 < error < 1e-5 * np.square(expected[layer]).sum()


@pytest.mark.slow
def test_weights_that_are_missing_leave_no_small_file(tmp_path):
    with pytest.raises(OSError, match="^Cannot find .*none.h5'"):
        compact.save_vgg16(tmp_path / "none.h5", tmp_path / "vgg16.npz")
    assert not list(tmp_path.iterdir())


def test_damaged_compact_network_is_refused(tmp_path):
    content = bytearray(gallery.COMPACT_WEIGHTS.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "damaged.npz").write_bytes(content)
    with pytest.raises(ValueError, match="damaged.npz' is damaged.*Install fast-style"):
        compact.compact(STYLE_LAYERS, weights=tmp_path / "damaged.npz")


def test_weights_beyond_float16_are_refused(tmp_path):
    network = compact.low_rank_vgg16({})
    kernel = network.get_layer("block2_conv1").kernel
    kernel.assign(1e5 + kernel)
    with pytest.raises(ValueError, match="cannot hold the weights block2_conv1[.]"):
        compact.save_compact(network, tmp_path / "large.npz")
    assert not list(tmp_path.iterdir())
