"""The photographs of a training in the colours of its paintings."""

import numpy as np
import pytest

from fast_style.color import moments
from fast_style.training.recolouring import changes, recoloured


def coloured(mean, spread, seed):
    """A picture of one correlated distribution of colours, uint8 (60, 50, 3)."""
    rng = np.random.default_rng(seed)
    mixing = rng.uniform(-0.5, 0.5, (3, 3)) + np.eye(3)
    pixels = mean + spread * rng.uniform(-1.7, 1.7, (60, 50, 3)) @ mixing
    return pixels.clip(0, 255).astype(np.uint8)


PHOTO = coloured((120, 110, 130), 12, seed=1)
PAINTINGS = [coloured((160, 90, 80), 8, seed=2), coloured((90, 120, 150), 15, seed=3)]


def result(weights, share=1.0):
    table = changes([PHOTO[None, :30], PHOTO[None, 30:]], PAINTINGS, share)
    photos = PHOTO[None].astype(np.float32)
    return np.asarray(recoloured(photos, table, np.float32([weights])))[0]


@pytest.mark.parametrize("style", [0, 1])
def test_photograph_gets_the_mean_and_covariance_of_its_style(style):
    picture = moments(np.rint(result(np.eye(2)[style])).astype(np.uint8))
    painting = moments(PAINTINGS[style])
    np.testing.assert_allclose(picture.mean, painting.mean, atol=1)
    scale = np.trace(painting.covariance)
    np.testing.assert_allclose(
        picture.covariance, painting.covariance, atol=0.02 * scale
    )


def test_share_of_the_photograph_keeps_its_colours():
    np.testing.assert_allclose(result([0, 0]), PHOTO, atol=1e-3)
    half = (result([1, 0]) + PHOTO) / 2
    np.testing.assert_allclose(result([0.5, 0]), half, atol=3)


def test_share_says_how_far_the_colours_are_moved():
    np.testing.assert_allclose(result([0, 1], share=0), PHOTO, atol=1e-3)
    half = (result([0, 1]) + PHOTO) / 2
    np.testing.assert_allclose(result([0, 1], share=0.5), half, atol=3)


def test_a_grey_painting_takes_all_colour():
    grey = np.repeat(PHOTO[..., :1], 3, axis=2)
    table = changes([PHOTO[None]], [grey], 1.0)
    picture = recoloured(PHOTO[None].astype("f4"), table, np.float32([[1]]))
    assert np.ptp(np.asarray(picture), axis=-1).max() < 1
