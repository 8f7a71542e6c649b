"""Adapters: what a style that joins a generator has of its own beside its rows."""

import keras
import numpy as np
import pytest

from fast_style.network import transfer
from fast_style.network.adapters import StyleAdapters
from fast_style.network.generator import Generator
from fast_style.training import bases

TINY = dict(filters=(4, 6, 8), residual_blocks=1)
PHOTOS = np.random.default_rng(0).integers(0, 256, (1, 33, 40, 3), np.uint8)


def randomised(layer):
    rng = np.random.default_rng(1)
    for weight in layer.weights:
        noise = rng.normal(0, 0.1, weight.shape).astype(np.float32)
        weight.assign(weight + noise)
    return layer


def generator(styles, adapted, **settings):
    made = Generator(styles, adapted=adapted, **TINY, **settings)
    made.build((None, None, None, 3))
    return randomised(made)


def painted(model, *weights):
    return np.asarray(model(PHOTOS, np.float32([weights])))


def test_adapter_adds_the_styles_own_network_times_its_weight():
    layer = StyleAdapters(rows=[1])
    features = np.random.default_rng(2).normal(size=(2, 5, 4, 8)).astype(np.float32)
    weights = np.float32([[0.25, 0.75, 0.0], [1.0, 0.0, 0.0]])
    np.testing.assert_array_equal(layer(features, weights), features)  # at the start
    randomised(layer)
    inner, offset, outer = (np.asarray(each) for each in layer.networks[0])
    own = np.maximum(features @ inner[0, 0] + offset, 0) @ outer[0, 0]
    result = np.asarray(layer(features, weights))
    np.testing.assert_allclose(result[0], (features + 0.75 * own)[0], atol=1e-5)
    np.testing.assert_array_equal(result[1], features[1])  # to the bit


def test_generator_with_adapters_is_saved_whole(tmp_path):
    made = generator(("wave", "mine"), ("mine",))
    made.save(tmp_path / "made.keras")
    loaded = keras.saving.load_model(tmp_path / "made.keras")
    assert loaded.adapted == ("mine",)
    np.testing.assert_array_equal(painted(loaded, 0, 1), painted(made, 0, 1))
    for weight in loaded.adapter_weights("mine"):
        weight.assign(weight * 0)
    assert (painted(loaded, 0, 1) != painted(made, 0, 1)).any()
    np.testing.assert_array_equal(painted(loaded, 1, 0), painted(made, 1, 0))


def test_adapted_style_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"adapted is \('kiss',\); give some of"):
        Generator(("wave", "scream"), adapted=("kiss",))


def test_styles_added_one_after_another_keep_their_adapters():
    base = generator(("wave", "photo"), ())
    first, second = (generator((name,), (name,)) for name in ("first", "second"))
    one = transfer.extended(base, first)
    two = transfer.extended(one, second)
    assert two.styles == ("wave", "photo", "first", "second")
    assert two.adapted == ("first", "second")
    for weights in ((1, 0, 0), (0, 0, 1), (0.3, 0.3, 0.4)):
        np.testing.assert_array_equal(painted(two, *weights, 0), painted(one, *weights))
    assert (painted(two, 0, 0, 0, 1) != painted(two, 0, 0, 1, 0)).any()


@pytest.mark.parametrize("tune, adapted", [("style", ["new"]), ("all", [])])
def test_a_style_alone_is_trained_with_adapters_of_its_own(tune, adapted):
    base = generator(("wave", "mine"), ("mine",))
    assert bases.adapted(base, tune=tune, names=["new"]) == adapted
    assert bases.adapted(None, tune=None, names=["new"]) == []
    new = generator(("new",), adapted)
    transfer.start(new, base, tune)
    own = {id(weight) for name in adapted for weight in new.adapter_weights(name)}
    for weight in new.weights:
        own_or_row = id(weight) in own or weight.name in ("gamma", "beta")
        assert weight.trainable == (own_or_row or tune == "all")


def test_style_that_is_trained_on_keeps_its_adapters():
    base = generator(("wave", "mine"), ("mine",))
    names = ("mine", "wave")
    assert bases.adapted(base, tune="all", names=names) == ["mine"]
    more = generator(names, ("mine",))
    transfer.start(more, base, "all")
    np.testing.assert_array_equal(painted(more, 1, 0), painted(base, 0, 1))
