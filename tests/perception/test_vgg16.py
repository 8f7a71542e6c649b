import keras
import numpy as np
import pytest
from loss_networks import small_loss_network

from fast_style.perception import vgg16

BLOCKS = {1: 2, 2: 2, 3: 3, 4: 3, 5: 3}  # convolutions of each block
LAYERS = [f"block{b}_conv{i + 1}" for b, n in BLOCKS.items() for i in range(n)]


def pictures(height=37, width=53):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (2, height, width, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def network(vgg16_weights):
    return vgg16.vgg16(["block2_conv1", "block1_conv2"], vgg16_weights)


@pytest.mark.parametrize("dtype", ["float32", "uint8"])
def test_pictures_are_centred_on_the_mean_colour(dtype):
    expected = pictures()[..., ::-1] - [103.939, 116.779, 123.68]
    centred = vgg16.centred(pictures().astype(dtype))
    np.testing.assert_allclose(centred, expected, atol=1e-4)


def test_vgg16_gives_the_features_of_the_wanted_layers(network, vgg16_weights):
    whole = keras.applications.VGG16(include_top=False, weights=str(vgg16_weights))
    photos = vgg16.centred(pictures())
    features = network(photos)
    assert set(features) == {"block1_conv2", "block2_conv1"}
    assert features["block1_conv2"].shape == (2, 37, 53, 64)
    assert features["block2_conv1"].shape == (2, 18, 26, 128)
    for layer, values in features.items():
        expected = vgg16.subnetwork(whole, [layer])(photos)[layer]
        np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-3)


def test_vgg16_ends_at_the_last_layer(network):
    names = [layer.name for layer in network.layers[1:]]
    assert names == ["block1_conv1", "block1_conv2", "block1_pool", "block2_conv1"]


def test_vgg16_is_frozen(network):
    assert network.weights
    assert not network.trainable_weights


def test_vgg16_in_16_bits_is_nearly_the_same(network, vgg16_weights):
    half = vgg16.vgg16(["block2_conv1"], vgg16_weights, dtype="bfloat16")
    photos = vgg16.centred(pictures())
    features = half(photos)["block2_conv1"]
    dtypes = [keras.backend.standardize_dtype(w.dtype) for w in half.weights]
    assert set(dtypes) == {keras.backend.standardize_dtype(features.dtype)}
    assert dtypes[0] == "bfloat16"
    exact = np.asarray(network(photos)["block2_conv1"])
    features = keras.ops.convert_to_numpy(keras.ops.cast(features, "float32"))
    error = np.square(features - exact).sum() / np.square(exact).sum()
    assert 0 < error < 1e-3


def test_unknown_layers_are_named_with_those_there_are(vgg16_weights):
    with pytest.raises(ValueError, match="no layer block3_conv4, conv1. It") as raised:
        vgg16.vgg16(["block1_conv1", "conv1", "block3_conv4"], vgg16_weights)
    assert all(layer in str(raised.value) for layer in LAYERS)


def test_missing_weights_are_an_error_of_one_line(tmp_path):
    with pytest.raises(OSError, match="^Cannot find .*none.h5'.* as vgg16_weights.*$"):
        vgg16.vgg16(["block1_conv1"], tmp_path / "none.h5")


def test_other_weights_are_an_error_of_one_line(tmp_path):
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    other.save_weights(tmp_path / "other.weights.h5")
    (tmp_path / "text.h5").write_text("no weights")
    for name in ("other.weights.h5", "text.h5"):
        with pytest.raises(ValueError, match="^'.*does not hold .*vgg16_weights.*$"):
            vgg16.vgg16(["block1_conv1"], tmp_path / name)


def test_failed_download_is_an_error_of_one_line(monkeypatch):
    def fail(*args, weights, **kwargs):
        assert weights == "imagenet"
        raise Exception("URL fetch failure on https://...:\nNone -- unreachable")

    monkeypatch.setattr(keras.applications, "VGG16", fail)
    with pytest.raises(OSError, match="^Cannot download .* 'compact'.*$"):
        vgg16.vgg16(["block1_conv1"])


def test_subnetwork_shares_the_weights_and_ends_at_its_layers():
    network = small_loss_network()
    part = vgg16.subnetwork(network, ["block1_conv2"])
    assert [layer.name for layer in part.layers[1:]] == ["block1_conv1", "block1_conv2"]
    assert all(w is v for w, v in zip(part.weights, network.weights[:4], strict=True))
    features = part(pictures())
    assert list(features) == ["block1_conv2"]
    expected = network(pictures())["block1_conv2"]
    np.testing.assert_array_equal(features["block1_conv2"], expected)


def test_every_convolution_but_the_first_follows_a_layer():
    previous = {layer: vgg16.preceding_layer(layer) for layer in vgg16.CHANNELS}
    assert previous["block1_conv1"] is None
    assert previous["block2_conv1"] == "block1_pool"
    assert previous["block4_conv3"] == "block4_conv2"
