"""Painting like a picture that no network was trained on."""

import shutil

import numpy as np
import pytest

from fast_style import PHOTO, Stylizer, color, gallery, likeness
from fast_style.likeness import Descriptions
from fast_style.styles import Likeness


@pytest.fixture
def known():
    values = np.random.default_rng(0).normal(size=(4, 40)).astype(np.float32)
    values[:, 7] = 3.0  # is the same for all
    return Descriptions(("wave", "scream", "kiss", "dance"), values)


@pytest.fixture(scope="module")
def painting():
    rng = np.random.default_rng(1)
    stripes = np.repeat(rng.integers(0, 256, (40, 1, 3)), 12, axis=0)
    return np.repeat(stripes, 400, axis=1).astype(np.uint8)


@pytest.fixture(scope="module")
def stylizer():
    return Stylizer(num_threads=1)


def test_known_painting_is_its_own_style(known):
    assert known.weigh(known.values[2]) == {"kiss": pytest.approx(1.0)}


def test_blend_of_paintings_has_their_weights(known):
    blend = 0.7 * known.values[0] + 0.3 * known.values[3]
    assert known.weigh(blend) == pytest.approx({"wave": 0.7, "dance": 0.3}, abs=0.01)


def test_weights_are_those_of_least_distance(known):
    description = 3 * np.random.default_rng(2).normal(size=40).astype(np.float32)
    weights = known.weigh(description)
    assert min(weights.values()) >= likeness.LEAST_WEIGHT
    assert sum(weights.values()) == pytest.approx(1)
    spread = known.values.std(0)
    scale = np.where(spread > 0, spread, np.inf)

    def distance(shares):
        return np.square((shares @ known.values - description) / scale).sum()

    found = distance(np.array([weights.get(name, 0.0) for name in known.names]))
    others = np.random.default_rng(3).dirichlet(np.ones(4), 2000)
    assert found <= 1.02 * min(map(distance, others))


def test_descriptions_come_back_from_their_file(known, tmp_path):
    known.write(tmp_path / "paintings.npz")
    copy = Descriptions.read(tmp_path / "paintings.npz")
    assert copy.names == known.names
    np.testing.assert_allclose(copy.values, known.values, rtol=1e-3, atol=1e-3)


def test_description_does_not_see_colours_and_contrast():
    seen = []

    def measure(pixels, styles):
        seen.append(pixels)
        assert styles == PHOTO
        return np.arange(10, dtype=np.float32).reshape(1, 1, 1, 10)

    grey = np.random.default_rng(4).integers(60, 120, (500, 400, 1))
    picture = np.repeat(grey, 3, -1).astype(np.uint8)
    described = likeness.describe(picture, measure)
    assert described.tolist() == list(range(3, 10))  # without the mean colour
    likeness.describe(2 * picture, measure)
    assert seen[0].shape == (480, 384, 3)
    assert np.abs(seen[0].astype(int) - seen[1]).mean() < 2


def test_package_knows_every_painting_of_its_gallery(stylizer):
    known = Descriptions.read(gallery.PAINTINGS)
    assert known.names == stylizer.styles
    size = stylizer.statistics(np.zeros((32, 32, 3), np.uint8)).size
    assert known.values.shape == (len(stylizer.styles), size - 3)


@pytest.mark.slow
def test_result_has_the_paintings_colours(stylizer, painting):
    like = likeness.of(stylizer, painting)
    photo = np.random.default_rng(5).integers(0, 256, (64, 80, 3), np.uint8)
    painted = stylizer.stylize(photo, styles=like)
    plain = stylizer.stylize(photo, styles=like.styles)
    color.match(plain, color.moments(painting))
    np.testing.assert_array_equal(painted, plain)
    kept = stylizer.stylize(photo, styles=like, keep_color="luminance")
    expected = stylizer.stylize(photo, styles=like.styles, keep_color="luminance")
    np.testing.assert_array_equal(kept, expected)


def test_strength_moves_the_colours_by_as_much(stylizer):
    photo = np.random.default_rng(6).integers(0, 256, (48, 40, 3), np.uint8)
    goal = color.Moments(np.array([200.0, 60, 20]), 100 * np.eye(3))
    like = Likeness({"wave": 1.0}, goal)
    half = stylizer.stylize(photo, styles=like, strength=0.5)
    plain = stylizer.stylize(photo, styles="wave", strength=0.5)
    mean = (plain.mean((0, 1)) + goal.mean) / 2
    np.testing.assert_allclose(half.mean((0, 1)), mean, atol=2)
    np.testing.assert_array_equal(
        stylizer.stylize(photo, styles=like, strength=0), photo
    )


def test_a_model_that_has_the_gallerys_styles_knows_their_paintings(
    stylizer, painting, tmp_path
):
    other = Stylizer(shutil.copy(stylizer.model, tmp_path), num_threads=1)
    assert likeness.of(other, painting).styles == (
        likeness.of(stylizer, painting).styles
    )


def test_another_model_does_not_know_its_paintings(model):
    with pytest.raises(ValueError, match="does not tell what its paintings look like"):
        likeness.of(Stylizer(model), np.zeros((32, 32, 3), np.uint8))
