"""Parts of pictures, painted by statistics that they share."""

import numpy as np
import pytest
from generators import SHAPES, TINY, pictures, randomised

from fast_style.network import tiles
from fast_style.network.generator import Generator

SETTINGS = [*SHAPES, {**TINY, "upsampling": "transposed"}, {**TINY, "adapted": ("a",)}]
WEIGHTS = np.array([[0.7, 0.3]], np.float32)


def made(settings):
    return randomised(Generator(("a", "photo"), **settings))


def extended(generator, images):
    """Return pictures with a mirrored border."""
    rows, columns = map(generator.geometry.places, images.shape[1:3])
    return images[:, rows][:, :, columns]


@pytest.mark.parametrize("settings", SETTINGS)
def test_tile_of_the_whole_picture_is_the_whole_picture(settings):
    # With residual blocks they differ near the edges, which each mirrors differently.
    generator, images = made({**settings, "residual_blocks": 0}), pictures(37, 50)
    whole = extended(generator, images)
    statistics = tiles.measure(generator, whole, WEIGHTS)
    assert statistics.shape == (1, 1, 1, tiles.count(generator))
    painted = np.asarray(tiles.paint(generator, whole, WEIGHTS, statistics))
    expected = np.asarray(generator(images, WEIGHTS))
    np.testing.assert_allclose(painted[:, :37, :50], expected, atol=0.05)


@pytest.mark.parametrize("settings", SETTINGS)
def test_tile_with_its_border_is_a_part_of_the_whole(settings):
    generator = made(settings)
    stride, around = generator.geometry.stride, sum(generator.geometry.border)
    whole = extended(generator, pictures(64, 96))
    statistics = tiles.measure(generator, whole, WEIGHTS)
    top, left, side = stride, 3 * stride, 2 * stride
    tile = whole[:, top : top + side + around, left : left + side + around]
    painted = tiles.paint(generator, tile, WEIGHTS, statistics)
    expected = tiles.paint(generator, whole, WEIGHTS, statistics)
    expected = expected[:, top : top + side, left : left + side]
    np.testing.assert_allclose(painted, expected, atol=1e-3)


def test_statistics_are_those_of_all_windows_together():
    generator = made(TINY)
    windows = pictures(80, 100, number=3)
    windows = windows[:, : 20 + sum(generator.geometry.border)]
    statistics = np.asarray(tiles.measure(generator, windows, WEIGHTS)).ravel()
    np.testing.assert_allclose(statistics[:3], windows.mean((0, 1, 2)), rtol=1e-5)
    backwards = tiles.measure(generator, windows[::-1], WEIGHTS)
    np.testing.assert_allclose(statistics, np.ravel(backwards), rtol=1e-4, atol=1e-4)
    alone = [np.ravel(tiles.measure(generator, w[None], WEIGHTS)) for w in windows]
    assert np.ptp(alone, axis=0).max() > 0.01
