import keras
import numpy as np
import pytest

from fast_style import gallery
from fast_style.perception import loss_networks

BLOCKS = {1: 2, 2: 2, 3: 3, 4: 3, 5: 3}  # convolutions
NAMES = [f"block{b}_conv{i + 1}" for b, n in BLOCKS.items() for i in range(n)]
TAPS = ["block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3"]


def pictures(height=37, width=53):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (2, height, width, 3)).astype(np.float32)


def test_pictures_are_centred_as_vgg16_was_trained():
    expected = pictures()[..., ::-1] - [103.939, 116.779, 123.68]
    np.testing.assert_allclose(loss_networks.centred(pictures()), expected, atol=1e-4)
    integers = pictures().astype(np.uint8)
    np.testing.assert_allclose(loss_networks.centred(integers), expected, atol=1e-4)


@pytest.fixture(scope="module")
def network(vgg16_weights):
    return loss_networks.vgg16(["block2_conv1", "block1_conv2"], vgg16_weights)


def test_vgg16_gives_the_features_of_the_layers_asked_for(network, vgg16_weights):
    whole = keras.applications.VGG16(include_top=False, weights=str(vgg16_weights))
    features = network(loss_networks.centred(pictures()))
    assert set(features) == {"block1_conv2", "block2_conv1"}
    assert features["block1_conv2"].shape == (2, 37, 53, 64)
    assert features["block2_conv1"].shape == (2, 18, 26, 128)
    for name, values in features.items():
        tap = keras.Model(whole.input, whole.get_layer(name).output)
        expected = tap(loss_networks.centred(pictures()))
        np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-3)


def test_vgg16_goes_no_further_than_the_last_layer(network):
    names = [layer.name for layer in network.layers[1:]]
    assert names == ["block1_conv1", "block1_conv2", "block1_pool", "block2_conv1"]


def test_vgg16_is_frozen(network):
    assert network.weights and not network.trainable_weights


def test_subnetwork_is_a_part_with_the_same_weights(network):
    part = loss_networks.subnetwork(network, ["block1_conv2"])
    assert len(part.layers) == 3
    assert all(w is v for w, v in zip(part.weights, network.weights[:4], strict=True))
    photos = loss_networks.centred(pictures())
    features = part(photos)
    assert list(features) == ["block1_conv2"]
    np.testing.assert_array_equal(
        features["block1_conv2"], network(photos)["block1_conv2"]
    )


def test_vgg16_in_16_bits_is_nearly_the_same(network, vgg16_weights):
    half = loss_networks.vgg16(["block2_conv1"], vgg16_weights, dtype="bfloat16")
    photos = loss_networks.centred(pictures())
    features = half(photos)["block2_conv1"]
    assert keras.backend.standardize_dtype(features.dtype) == "bfloat16"
    assert {keras.backend.standardize_dtype(w.dtype) for w in half.weights} == {
        "bfloat16"
    }
    exact = np.asarray(network(photos)["block2_conv1"])
    features = keras.ops.convert_to_numpy(keras.ops.cast(features, "float32"))
    error = np.square(features - exact).sum() / np.square(exact).sum()
    assert 0 < error < 1e-3


def test_unknown_layers_are_named_with_those_there_are(vgg16_weights):
    with pytest.raises(ValueError, match="no layer block3_conv4, conv1. It") as raised:
        loss_networks.vgg16(["block1_conv1", "conv1", "block3_conv4"], vgg16_weights)
    assert all(name in str(raised.value) for name in NAMES)


def one_line(error):
    return "\n" not in str(error.value) and "--vgg16_weights" in str(error.value)


def test_missing_weights_are_one_line(tmp_path):
    with pytest.raises(OSError, match="Cannot find .*none.h5'") as raised:
        loss_networks.vgg16(["block1_conv1"], tmp_path / "none.h5")
    assert one_line(raised)


def test_files_without_vgg16s_weights_are_one_line(tmp_path):
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    other.save_weights(tmp_path / "other.weights.h5")
    (tmp_path / "text.h5").write_text("no weights")
    for name in ("other.weights.h5", "text.h5"):
        with pytest.raises(ValueError, match="does not hold .* VGG16") as raised:
            loss_networks.vgg16(["block1_conv1"], tmp_path / name)
        assert one_line(raised)


def test_failed_download_is_one_line(monkeypatch):
    def fail(*args, weights, **kwargs):
        assert weights == "imagenet"
        raise Exception("URL fetch failure on https://...: None -- unreachable")

    monkeypatch.setattr(keras.applications, "VGG16", fail)
    with pytest.raises(OSError, match="Cannot fetch VGG16's weights") as raised:
        loss_networks.vgg16(["block1_conv1"])
    assert one_line(raised)


def test_an_error_about_vgg16_names_the_network_that_needs_no_download(tmp_path):
    with pytest.raises(OSError, match="--loss_network=compact"):
        loss_networks.loss_network("vgg16", TAPS, vgg16_weights=tmp_path / "none.h5")


def test_compact_network_has_vgg16s_layers_and_sizes():
    network = loss_networks.loss_network("compact", TAPS)
    assert network.weights and not network.trainable_weights
    features = network(loss_networks.centred(pictures()))
    assert {name: f.shape for name, f in features.items()} == {
        "block1_conv2": (2, 37, 53, 64),
        "block2_conv2": (2, 18, 26, 128),
        "block3_conv3": (2, 9, 13, 256),
        "block4_conv3": (2, 4, 6, 512),
    }
    assert all(np.isfinite(f).all() and np.std(f) > 0 for f in features.values())


def test_compact_network_is_small():
    network = loss_networks.compact(TAPS)
    ranks = {
        layer.name.removesuffix("_reduced"): layer.filters
        for layer in network.layers
        if layer.name.endswith("_reduced")
    }
    whole = loss_networks.multiplications({})
    assert 0 < loss_networks.multiplications(ranks) <= whole / 3
    assert gallery.COMPACT_WEIGHTS.stat().st_size <= 5e6


def test_multiplications_are_those_of_vgg16():
    first, second = 9 * 3 * 64, 9 * 64 * 64
    others = 9 * (64 * 128 + 128 * 128) / 4
    others += 9 * (128 * 256 + 2 * 256 * 256) / 16
    others += 9 * (256 * 512 + 2 * 512 * 512) / 64
    assert loss_networks.multiplications({}) == first + second + others
    saved = second - (9 * 64 * 8 + 8 * 64)
    assert loss_networks.multiplications({"block1_conv2": 8}) == (
        first + second + others - saved
    )


def test_compact_network_in_16_bits_is_nearly_the_same():
    photos = loss_networks.centred(pictures())
    exact = loss_networks.compact(TAPS)(photos)
    features = loss_networks.compact(TAPS, dtype="bfloat16")(photos)
    for name, values in features.items():
        assert keras.backend.standardize_dtype(values.dtype) == "bfloat16"
        values = keras.ops.convert_to_numpy(keras.ops.cast(values, "float32"))
        wanted = np.asarray(exact[name])
        assert 0 < np.square(values - wanted).sum() < 1e-3 * np.square(wanted).sum()


def test_compact_network_has_no_layers_beyond_the_taps():
    with pytest.raises(ValueError, match="compact .* no layer block5_conv1. It has"):
        loss_networks.compact(["block1_conv2", "block5_conv1"])
    short = loss_networks.compact(["block1_conv2"])
    assert short.layers[-1].name == "block1_conv2"


def test_saved_compact_network_is_read_again(tmp_path):
    network = loss_networks.low_rank_vgg16({"block1_conv2": 4, "block3_conv1": 8})
    loss_networks.save_compact(network, tmp_path / "small.npz")
    again = loss_networks.compact(TAPS, weights=tmp_path / "small.npz")
    photos = loss_networks.centred(pictures())
    wanted = loss_networks.subnetwork(network, TAPS)(photos)
    for name, values in again(photos).items():
        np.testing.assert_allclose(values, wanted[name], rtol=0.02, atol=0.05)
