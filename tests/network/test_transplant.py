"""What a generator gets from the one that it starts from or is added to."""

import numpy as np
import pytest
from generators import made

from fast_style.network import transplant

SMALL = dict(filters=(4, 6, 8), residual_blocks=0)
PHOTOS = np.random.default_rng(0).integers(0, 256, (1, 20, 24, 3), np.uint8)


def generator(styles, adapted=()):
    return made(styles, 0.1, **SMALL, adapted=adapted)


def stylized(generator, *weights):
    return np.asarray(generator(PHOTOS, np.float32([weights])))


def test_styles_keep_their_adapters_when_others_are_added():
    base = generator(("wave", "photo"))
    first, second = (generator((name,), (name,)) for name in ("first", "second"))
    three = transplant.extended(base, first)
    four = transplant.extended(three, second)
    assert four.styles == ("wave", "photo", "first", "second")
    assert four.adapted == ("first", "second")
    for weights in ((1, 0, 0), (0, 0, 1), (0.3, 0.3, 0.4)):
        expected = stylized(three, *weights)
        np.testing.assert_array_equal(stylized(four, *weights, 0), expected)
    assert (stylized(four, 0, 0, 0, 1) != stylized(four, 0, 0, 1, 0)).any()


@pytest.mark.parametrize("tune, adapted", [("style", ["new"]), ("all", [])])
def test_tuning_a_style_trains_its_rows_and_adapters(tune, adapted):
    base, new = generator(("wave", "mine"), ("mine",)), generator(("new",), adapted)
    transplant.start(new, base, tune)
    own = [weight for name in adapted for weight in new.adapter_weights(name)]
    own = {id(weight) for weight in [*own, *new.tables]}
    for weight in new.weights:
        assert weight.trainable == (id(weight) in own or tune == "all")


def test_style_that_is_trained_further_keeps_its_rows_and_adapters():
    base = generator(("wave", "mine"), ("mine",))
    new = generator(("mine", "wave"), ("mine",))
    transplant.start(new, base, "all")
    np.testing.assert_array_equal(stylized(new, 1, 0), stylized(base, 0, 1))
    np.testing.assert_array_equal(stylized(new, 0, 1), stylized(base, 1, 0))
