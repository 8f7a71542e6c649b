"""The weights of the terms, given as numbers or fitted to the paintings."""

from typing import NamedTuple

import numpy as np
import pytest
from loss_networks import small_loss_network

from fast_style.network.generator import Generator
from fast_style.training import weighting
from fast_style.training.trainer import StyleTransferTrainer

CONTENT, STYLE = ("block2_conv1",), ("block1_conv2", "block2_conv1")
WEIGHTS = {
    "content_block2_conv1": 0.5,
    "style_block1_conv2": 1.0,
    "style_block2_conv1": 3.0,
}


@pytest.fixture
def trainer():
    rng = np.random.default_rng(1)
    return StyleTransferTrainer(
        Generator(filters=(4, 6, 8), residual_blocks=0),
        small_loss_network(),
        [rng.integers(0, 256, (36, 33, 3), np.uint8)],
        content_layers=CONTENT,
        style_layers=STYLE,
    )


@pytest.fixture
def photos():
    return np.random.default_rng(2).integers(0, 256, (3, 21, 30, 3), np.uint8)


def test_layers_have_factors_on_the_weight_of_their_kind():
    weights = weighting.term_weights("style", 5.0, ("a", "b"), (1.0, 0.5))
    assert weights == {"style_a": 5.0, "style_b": 2.5}
    assert weighting.term_weights("content", 2.0, ["a"]) == {"content_a": 2.0}


def test_layers_without_factors_have_those_that_the_gallery_was_trained_with():
    weights = weighting.term_weights("content", 2.0, ["block3_conv3", "block2_conv2"])
    assert weights == {"content_block3_conv3": 2.0, "content_block2_conv2": 0.6}
    weights = weighting.term_weights("style", 4.0, ["block2_conv2", "block4_conv3"])
    assert weights == {"style_block2_conv2": 4.0, "style_block4_conv3": 2.0}


@pytest.mark.parametrize("preset", weighting.START_RATIOS)
def test_style_starts_at_a_multiple_of_the_content(trainer, photos, preset):
    (weight,) = weighting.balanced(preset, trainer, np.split(photos, 3), WEIGHTS)
    grey = np.full((3, 21, 30, 3), 127.5, np.float32)
    trainer.compile("sgd", loss=trainer.loss_terms())
    trainer.compute_loss((photos, np.ones((3, 1))), y_pred=grey)
    terms = {metric.name: float(metric.result()) for metric in trainer.metrics}
    content = 0.5 * terms["content_block2_conv1_loss"]
    style = terms["style_block1_conv2_loss"] + 3 * terms["style_block2_conv1_loss"]
    ratio = weighting.START_RATIOS[preset]
    assert weight * style == pytest.approx(ratio * content, rel=0.01)


def test_presets_are_in_order():
    ratios = weighting.START_RATIOS
    assert ratios["gentle"] < ratios["normal"] == ratios["auto"] < ratios["strong"]


def test_similarities_of_the_presets_are_in_order():
    kept = weighting.SIMILARITIES
    assert kept.keys() == weighting.START_RATIOS.keys()
    assert kept["gentle"] > kept["normal"] == kept["auto"] > kept["strong"] > 0


def test_number_as_the_style_weight_keeps_no_similarity():
    assert weighting.similarities(4.0, PAINTINGS) is None


@pytest.mark.parametrize("preset", weighting.SIMILARITIES)
def test_preset_keeps_a_similarity_that_the_paintings_weight_moves(preset):
    wave, scream = weighting.similarities(preset, PAINTINGS)
    assert wave == pytest.approx(weighting.SIMILARITIES[preset])
    # Half of the weight leaves more of the photograph.
    assert scream - wave == pytest.approx(weighting.SIMILARITY_SLOPE * np.log(2))
    extreme = [Painting("light", 1e-9), Painting("heavy", 1e9)]
    kept = weighting.similarities(preset, extreme)
    assert kept.dtype == np.float32
    assert kept == pytest.approx([0.95, 0.05])


def test_terms_of_zero_cannot_be_balanced(trainer, photos):
    none = {**WEIGHTS, "content_block2_conv1": 0.0}
    with pytest.raises(ValueError, match="style_weight is 'auto', .* give a number"):
        weighting.balanced("auto", trainer, [photos], none)


class Painting(NamedTuple):
    name: str
    weight: float


PAINTINGS = [Painting("wave", 1.0), Painting("scream", 0.5)]


class Content:
    """Photographs of which only a sample is ever asked for."""

    def __init__(self, photos):
        self.photos = photos

    def sample(self):
        return [self.photos]


def test_each_style_has_a_factor_on_the_weight(trainer, photos):
    arguments = PAINTINGS, trainer, Content(photos), WEIGHTS
    weights = weighting.style_weights(4.0, *arguments)
    assert weights == {"wave": 4.0, "scream": 2.0}


def test_preset_gives_each_style_its_own_weight(trainer, photos):
    (value,) = weighting.balanced("gentle", trainer, [photos], WEIGHTS)
    arguments = PAINTINGS[1:], trainer, Content(photos), WEIGHTS
    assert weighting.style_weights("gentle", *arguments) == {"scream": 0.5 * value}
