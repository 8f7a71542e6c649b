import keras
import numpy as np
import pytest
from generators import made

from fast_style.network.adapters import StyleAdapters
from fast_style.network.generator import Generator

PHOTOS = np.random.default_rng(0).integers(0, 256, (1, 33, 40, 3), np.uint8)


def stylized(generator, *weights):
    return np.asarray(generator(PHOTOS, np.float32([weights])))


def test_adapter_adds_its_network_times_the_weight_of_its_style():
    layer = StyleAdapters(rows=[1])
    rng = np.random.default_rng(1)
    features = rng.normal(size=(2, 5, 4, 8)).astype(np.float32)
    weights = np.float32([[0.25, 0.75, 0.0], [1.0, 0.0, 0.0]])
    new = layer(features, weights)
    np.testing.assert_array_equal(new, features)  # it starts at zero
    for weight in layer.weights:
        weight.assign(rng.normal(0, 0.3, weight.shape))
    inner, offset, outer = (np.asarray(weight) for weight in layer.networks[0])
    change = np.maximum(features @ inner[0, 0] + offset, 0) @ outer[0, 0]
    result = np.asarray(layer(features, weights))
    np.testing.assert_allclose(result[0], (features + 0.75 * change)[0], atol=1e-5)
    np.testing.assert_array_equal(result[1], features[1])  # to the bit


def test_adapters_are_saved_with_the_generator(tmp_path):
    settings = dict(filters=(4, 6, 8), residual_blocks=0, adapted=("mine",))
    generator = made(("wave", "mine"), 0.1, **settings)
    generator.save(tmp_path / "generator.keras")
    loaded = keras.saving.load_model(tmp_path / "generator.keras")
    assert loaded.adapted == ("mine",)
    np.testing.assert_array_equal(stylized(loaded, 0, 1), stylized(generator, 0, 1))
    for weight in loaded.adapter_weights("mine"):
        weight.assign(weight * 0)
    assert (stylized(loaded, 0, 1) != stylized(generator, 0, 1)).any()
    np.testing.assert_array_equal(stylized(loaded, 1, 0), stylized(generator, 1, 0))


def test_only_styles_of_the_generator_have_adapters():
    with pytest.raises(ValueError, match=r"adapted is \('kiss',\); give some of"):
        Generator(("wave", "scream"), adapted=("kiss",))
