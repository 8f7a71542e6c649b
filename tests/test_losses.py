import keras
import numpy as np
import pytest

from fast_style import losses

BLOCKS = {1: 2, 2: 2, 3: 3, 4: 3, 5: 3}  # convolutions
NAMES = [f"block{b}_conv{i + 1}" for b, n in BLOCKS.items() for i in range(n)]


def pictures(height=37, width=53):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (2, height, width, 3)).astype(np.float32)


def test_gram_matrix_is_that_of_numpy():
    features = np.random.default_rng(1).normal(size=(2, 5, 7, 4)).astype(np.float32)
    expected = np.einsum("bhwc,bhwd->bcd", features, features) / (5 * 7 * 4)
    np.testing.assert_allclose(losses.gram_matrix(features), expected, rtol=1e-5)


def test_gram_matrix_of_16_bit_features_is_summed_in_float32():
    features = np.full((1, 64, 64, 2), 100, np.float32)
    gram = losses.gram_matrix(keras.ops.cast(features, "bfloat16"))
    assert keras.backend.standardize_dtype(gram.dtype) == "float32"
    np.testing.assert_allclose(gram, np.full((1, 2, 2), 5000), rtol=1e-5)


def test_total_variation_is_that_of_numpy():
    stylised = pictures()
    rows = np.square(np.diff(stylised, axis=1)).sum((1, 2, 3))
    columns = np.square(np.diff(stylised, axis=2)).sum((1, 2, 3))
    loss = losses.TotalVariation(reduction="none")(stylised, stylised)
    np.testing.assert_allclose(loss, rows + columns, rtol=1e-5)
    mean = losses.TotalVariation()(stylised, stylised)
    np.testing.assert_allclose(mean, (rows + columns).mean(), rtol=1e-5)


def test_total_variation_is_saved_and_loaded():
    loss = losses.TotalVariation(name="tv")
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert isinstance(again, losses.TotalVariation) and again.name == "tv"


def test_pictures_are_centred_as_vgg16_was_trained():
    expected = pictures()[..., ::-1] - [103.939, 116.779, 123.68]
    np.testing.assert_allclose(losses.centred(pictures()), expected, atol=1e-4)
    integers = pictures().astype(np.uint8)
    np.testing.assert_allclose(losses.centred(integers), expected, atol=1e-4)


@pytest.fixture(scope="module")
def network(vgg16_weights):
    return losses.vgg16(["block2_conv1", "block1_conv2"], vgg16_weights)


def test_vgg16_gives_the_features_of_the_layers_asked_for(network, vgg16_weights):
    whole = keras.applications.VGG16(include_top=False, weights=str(vgg16_weights))
    features = network(losses.centred(pictures()))
    assert set(features) == {"block1_conv2", "block2_conv1"}
    assert features["block1_conv2"].shape == (2, 37, 53, 64)
    assert features["block2_conv1"].shape == (2, 18, 26, 128)
    for name, values in features.items():
        tap = keras.Model(whole.input, whole.get_layer(name).output)
        expected = tap(losses.centred(pictures()))
        np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-3)


def test_vgg16_goes_no_further_than_the_last_layer(network):
    names = [layer.name for layer in network.layers[1:]]
    assert names == ["block1_conv1", "block1_conv2", "block1_pool", "block2_conv1"]


def test_vgg16_is_frozen(network):
    assert network.weights and not network.trainable_weights


def test_subnetwork_is_a_part_with_the_same_weights(network):
    part = losses.subnetwork(network, ["block1_conv2"])
    assert len(part.layers) == 3
    assert all(w is v for w, v in zip(part.weights, network.weights[:4], strict=True))
    photos = losses.centred(pictures())
    features = part(photos)
    assert list(features) == ["block1_conv2"]
    np.testing.assert_array_equal(
        features["block1_conv2"], network(photos)["block1_conv2"]
    )


def test_vgg16_in_16_bits_is_nearly_the_same(network, vgg16_weights):
    half = losses.vgg16(["block2_conv1"], vgg16_weights, dtype="bfloat16")
    photos = losses.centred(pictures())
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
        losses.vgg16(["block1_conv1", "conv1", "block3_conv4"], vgg16_weights)
    assert all(name in str(raised.value) for name in NAMES)


def one_line(error):
    return "\n" not in str(error.value) and "--vgg16_weights" in str(error.value)


def test_missing_weights_are_one_line(tmp_path):
    with pytest.raises(OSError, match="Cannot find .*none.h5'") as raised:
        losses.vgg16(["block1_conv1"], tmp_path / "none.h5")
    assert one_line(raised)


def test_files_without_vgg16s_weights_are_one_line(tmp_path):
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    other.save_weights(tmp_path / "other.weights.h5")
    (tmp_path / "text.h5").write_text("no weights")
    for name in ("other.weights.h5", "text.h5"):
        with pytest.raises(ValueError, match="does not hold .* VGG16") as raised:
            losses.vgg16(["block1_conv1"], tmp_path / name)
        assert one_line(raised)


def test_failed_download_is_one_line(monkeypatch):
    def fail(*args, weights, **kwargs):
        assert weights == "imagenet"
        raise Exception("URL fetch failure on https://...: None -- unreachable")

    monkeypatch.setattr(keras.applications, "VGG16", fail)
    with pytest.raises(OSError, match="Cannot fetch VGG16's weights") as raised:
        losses.vgg16(["block1_conv1"])
    assert one_line(raised)
