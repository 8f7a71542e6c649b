"""Pictures painted by statistics that are given, on a grid that is moved."""

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


@pytest.mark.parametrize("look", [{}, {"styles": "scream"}, {"strength": 0.4}])
def test_own_statistics_give_the_same_picture(stylizer, pixels, look):
    statistics = stylizer.statistics(pixels, **look)
    assert statistics.dtype == np.float32
    painted = stylizer.stylize(pixels, **look, statistics=statistics)
    assert distance(painted, stylizer.stylize(pixels, **look)) <= 1


def test_other_statistics_give_another_picture(stylizer, pixels):
    statistics = stylizer.statistics(pixels // 2)
    painted = stylizer.stylize(pixels, statistics=statistics)
    assert distance(painted, stylizer.stylize(pixels)) > 1


@pytest.mark.parametrize("move", [(1, 0), (0, 3), (2, 5), (-3, -1)])
def test_result_moves_with_the_photograph_if_the_grid_does(stylizer, pixels, move):
    moved = np.roll(pixels, move, (0, 1))
    statistics = stylizer.statistics(pixels)
    before = stylizer.stylize(pixels, statistics=statistics)
    after = stylizer.stylize(moved, statistics=statistics, offset=move)
    edge = sum(stylizer.border) + max(map(abs, move))
    inner = (slice(edge, -edge), slice(edge, -edge))
    expected = np.roll(before, move, (0, 1))[inner]
    np.testing.assert_array_equal(after[inner], expected)
    still = stylizer.stylize(moved, statistics=statistics)
    assert distance(still[inner], expected) > 0


def test_moved_grid_measures_its_own_statistics(stylizer, pixels):
    statistics = stylizer.statistics(pixels)
    given = stylizer.stylize(pixels, statistics=statistics, offset=(1, 2))
    own = stylizer.stylize(pixels, offset=(1, 2))
    np.testing.assert_array_equal(own, given)


def test_model_without_the_signatures_says_so(model, pixels):
    stylizer = Stylizer(model)
    assert not stylizer.tiles
    for call in (
        lambda: stylizer.statistics(pixels),
        lambda: stylizer.stylize(pixels, offset=(1, 0)),
        lambda: stylizer.stylize(pixels, statistics=np.zeros((1, 1, 1, 59), "f")),
    ):
        with pytest.raises(ValueError, match="does not paint tiles.* export"):
            call()


def test_statistics_of_another_model_are_refused(stylizer, pixels):
    with pytest.raises(ValueError, match=r"of shape \(1, 1, 1, 3\), .* 59\)"):
        stylizer.stylize(pixels, statistics=np.zeros((1, 1, 1, 3), np.float32))


def test_longer_strokes_measure_for_themselves(stylizer, pixels):
    with pytest.raises(ValueError, match="statistics and offset, or a stroke"):
        stylizer.stylize(pixels, stroke=2, offset=(1, 0))


def test_result_may_take_the_place_of_the_photograph(stylizer, pixels):
    for look in (
        {"keep_color": "luminance"},
        {"keep_color": "histogram", "fade": "pixels", "strength": 0.5},
        {"offset": (3, 1)},
    ):
        expected = stylizer.stylize(pixels, **look)
        out = pixels.copy()
        assert stylizer.stylize_in_place(out, **look) is None
        np.testing.assert_array_equal(out, expected)
    with pytest.raises(ValueError, match="A grey picture cannot"):
        stylizer.stylize_in_place(pixels[..., 0])


@pytest.mark.slow
def test_large_picture_is_painted_by_tiles(stylizer):
    pixels = np.random.default_rng(0).integers(0, 256, (2400, 3600, 3), np.uint8)
    told = []
    painted = pixels.copy()
    stylizer.stylize_in_place(painted, progress=lambda *done: told.append(done))
    assert len(told) == told[-1][1] == 4 * 5
    statistics = stylizer.statistics(pixels)
    np.testing.assert_array_equal(
        painted, stylizer.stylize(pixels, statistics=statistics)
    )


def test_a_large_photograph_leaves_no_memory_held(stylizer, pixels, monkeypatch):
    whole = stylizer.stylize(pixels)
    assert stylizer.held_memory > 0
    monkeypatch.setattr(tiling, "LARGEST_WHOLE", pixels[..., 0].size - 1)
    assert distance(stylizer.stylize(pixels), whole) > 0  # measured by windows
    assert stylizer.held_memory == 0
