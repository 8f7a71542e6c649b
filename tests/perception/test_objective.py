"""The loss terms, held against NumPy."""

import numpy as np
import pytest
from loss_networks import small_loss_network

from fast_style.perception import KINDS, kind_sums
from fast_style.perception.objective import Objective, loss_network

CONTENT, STYLE = ("block1_conv2",), ("block1_conv1", "block2_conv1")
MEAN = np.float32([103.939, 116.779, 123.68])


def pictures(seed, number=2, height=21, width=30):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (number, height, width, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def objective():
    return Objective(small_loss_network(), CONTENT, STYLE)


def features(objective, images):
    values = objective.network(images[..., ::-1] - MEAN)
    return {layer: np.asarray(value) for layer, value in values.items()}


def gram(values):
    _, height, width, channels = values.shape
    products = np.einsum("bhwc,bhwd->bcd", values, values)
    return products / (height * width * channels)


def score(objective, results, photos, paintings):
    targets = objective.content(photos), objective.represent(paintings).style
    return objective.score(objective.represent(results), *targets)


def test_terms_are_those_of_numpy_for_each_picture(objective):
    results, photos, paintings = pictures(1), pictures(2), pictures(3, 2, 18, 16)
    result, photo, painting = (
        features(objective, images) for images in (results, photos, paintings)
    )
    expected = {}
    for layer in CONTENT:
        difference = result[layer] - photo[layer]
        expected[f"content_{layer}"] = np.square(difference).mean((1, 2, 3))
    for layer in STYLE:
        difference = gram(result[layer]) - gram(painting[layer])
        expected[f"style_{layer}"] = np.square(difference).mean((1, 2))
    expected["total_variation"] = sum(
        np.square(np.diff(results, axis=axis)).sum((1, 2, 3)) for axis in (1, 2)
    )
    expected["repetition"] = np.zeros(2)  # too small to repeat anything
    scores = score(objective, results, photos, paintings)
    assert list(scores) == list(expected) == objective.terms
    for term, values in expected.items():
        assert values.shape == (2,)
        np.testing.assert_allclose(scores[term], values, rtol=1e-4)


@pytest.mark.parametrize("dtype", ["float32", "uint8"])
def test_pictures_are_measured_as_they_are_represented(objective, dtype):
    images = pictures(1).astype(dtype)
    measured = objective.measured(images)
    expected = objective.represent(images.astype(np.float32))
    assert measured.content.keys() == set(CONTENT)
    assert measured.style.keys() == set(STYLE)
    for layer, values in {**expected.content, **expected.style}.items():
        both = {**measured.content, **measured.style}
        np.testing.assert_allclose(both[layer], values, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(measured.variation, expected.variation, rtol=1e-5)


def test_one_picture_is_scored_against_many_targets(objective):
    result, photos, paintings = pictures(1, 1), pictures(2, 3), pictures(3, 2)
    together = score(objective, result, photos, paintings)
    for i, photo in enumerate(photos):
        alone = score(objective, result, photo[None], paintings[i % 2, None])
        for term, values in alone.items():
            number = len(together[term])
            expected = np.asarray(together[term])[i % number, None]
            np.testing.assert_allclose(values, expected, rtol=1e-4)


def test_photograph_has_no_content_term_of_its_own(objective):
    photos = pictures(1)
    scores = score(objective, photos, photos.astype(np.uint8), pictures(3))
    np.testing.assert_array_equal(scores["content_block1_conv2"], 0)


def test_content_needs_the_network_only_up_to_its_layers(objective):
    assert objective.content_network.layers[-1].name == "block1_conv2"


def test_weighted_terms_are_summed_kind_by_kind():
    terms = {
        "content_a": np.array([1.0, 2.0]),
        "style_a": np.array([3.0, 4.0]),
        "style_b": np.array([5.0, 6.0]),
        "total_variation": np.array([7.0, 8.0]),
    }
    weights = {"content_a": 2.0, "style_a": 1.0, "style_b": 0.5}
    sums = kind_sums(terms, weights)
    assert tuple(sums) == KINDS
    np.testing.assert_array_equal(sums["content"], [2, 4])
    np.testing.assert_array_equal(sums["style"], [5.5, 7])
    assert sums["total_variation"] == 0


def test_loss_network_is_chosen_by_name(tmp_path):
    compact = loss_network("compact", ["block1_conv2"], vgg16_weights=tmp_path / "no")
    assert compact.get_layer("block1_conv2_reduced")
    with pytest.raises(OSError, match="'compact', which needs no weights"):
        loss_network("vgg16", ["block1_conv2"], vgg16_weights=tmp_path / "none.h5")
    with pytest.raises(ValueError, match="loss_network is 'half'; give one of vgg16,"):
        loss_network("half", ["block1_conv2"])
