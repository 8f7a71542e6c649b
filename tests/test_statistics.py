"""Pictures measured and painted by parts, with an exported network."""

import numpy as np
import pytest

from fast_style import tiling
from fast_style.stylizer import Stylizer


@pytest.fixture(scope="module")
def stylizer(export):
    return Stylizer(export / "fast_style_float32.tflite", num_threads=1)


@pytest.fixture(scope="module")
def pixels():
    return np.random.default_rng(0).integers(0, 256, (90, 110, 3), np.uint8)


def distance(first, second):
    return np.abs(first.astype(int) - second).max()


def by_tiles(stylizer, pixels):
    """Return what tiles give of a picture, whatever its size."""
    weights = np.array([[0, 0.7, 0.3]], np.float32)
    statistics = stylizer.painter.measure(pixels, weights)
    out = np.empty_like(pixels)
    return stylizer.painter.paint_tiles(pixels, weights, statistics, out=out)


def test_statistics_are_those_of_the_look(stylizer, pixels):
    plain = stylizer.statistics(pixels)
    assert plain.dtype == np.float32 and plain.shape == (1, 1, 1, 63)
    for other in (
        stylizer.statistics(pixels, styles="scream"),
        stylizer.statistics(pixels, strength=0.4),
        stylizer.statistics(pixels // 2),
    ):
        assert distance(other[..., 3:], plain[..., 3:]) > 0


def test_tiles_are_the_whole_picture_without_residual_blocks(stylizer, pixels):
    whole = stylizer.stylize(pixels, styles={"wave": 0.7, "scream": 0.3})
    assert distance(by_tiles(stylizer, pixels), whole) <= 1


def test_model_without_the_signatures_says_so(model, pixels):
    stylizer = Stylizer(model)
    assert not stylizer.painter.paints_tiles
    for call in (stylizer.statistics, lambda pixels: by_tiles(stylizer, pixels)):
        with pytest.raises(ValueError, match="does not paint tiles.* export"):
            call(pixels)


def test_result_may_take_the_place_of_the_photograph(stylizer, pixels):
    for look in (
        {"keep_color": "luminance"},
        {"keep_color": "histogram", "fade": "pixels", "strength": 0.5},
    ):
        expected = stylizer.stylize(pixels, **look)
        out = pixels.copy()
        assert stylizer.stylize_in_place(out, **look) is None
        np.testing.assert_array_equal(out, expected)
    with pytest.raises(ValueError, match="A grey picture cannot"):
        stylizer.stylize_in_place(pixels[..., 0])


@pytest.mark.slow
def test_large_picture_is_painted_by_tiles(stylizer, monkeypatch):
    pixels = np.random.default_rng(0).integers(0, 256, (800, 1600, 3), np.uint8)
    monkeypatch.setattr(tiling, "LARGEST_WHOLE", pixels[..., 0].size - 1)
    told = []
    painted = pixels.copy()
    stylizer.stylize_in_place(painted, progress=lambda *done: told.append(done))
    assert len(told) == told[-1][1] == 2 * 3
    np.testing.assert_array_equal(painted, stylizer.stylize(pixels))


def test_a_large_photograph_leaves_no_memory_held(stylizer, pixels, monkeypatch):
    stylizer.stylize(pixels)
    assert stylizer.held_memory > 0
    monkeypatch.setattr(tiling, "LARGEST_WHOLE", pixels[..., 0].size - 1)
    stylizer.stylize(pixels)  # by tiles
    assert stylizer.held_memory == 0
