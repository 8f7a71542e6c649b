from itertools import pairwise

import numpy as np
import pytest

from fast_style import Stylizer, tiling
from fast_style.network.generator import Generator
from fast_style.tiling import Geometry

SETTINGS = [
    {"residual_blocks": 0},
    {"residual_blocks": 2, "upsampling": "transposed"},
    {"residual_blocks": 5, "upsampling": "nearest"},
    {"residual_blocks": 4, "filters": (4, 6, 8, 8)},
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_border_of_a_model_is_its_generators(settings):
    generator = Generator(**{"filters": (4, 6, 8), **settings})
    exported = {"styles": ["style"], "generator": generator.get_config()}
    assert Geometry.of_model(exported).border == generator.geometry.border


def test_geometry_of_the_gallery_is_the_embedded_generators():
    generator, geometry = Generator(filters="light"), Stylizer().geometry
    assert geometry.border == generator.geometry.border == (80, 88)
    assert geometry.margin == generator.geometry.margin == (16, 24)


def test_model_without_settings_has_the_geometry_of_the_first_models(model):
    geometry = Stylizer(model).geometry
    assert geometry.border == (52, 56)
    assert geometry.margin == geometry.border  # which mirrored pictures by all of it


@pytest.mark.parametrize(
    "settings",
    [{"generator": []}, {"generator": {"residual_blocks": "five"}}, {"margin": [16]}],
)
def test_broken_settings_are_refused(settings):
    with pytest.raises(ValueError, match="The model's generator is broken: "):
        Geometry.of_model({"styles": ["wave"], **settings})


def blurred(tile):
    """Paint as a network does that sees its border: the mean of far pixels."""
    before, after = GEOMETRY.border
    shifts = [tile[before - 7 :], tile[before + 9 :], tile[before:]]
    size = [side - before - after for side in tile.shape[:2]]
    parts = [part[: size[0], before : before + size[1]] // 3 for part in shifts]
    return parts[0] + parts[1] + parts[2]


GEOMETRY = Geometry((24, 32), 8, (16, 24))


def noise(height, width):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def whole(pixels):
    """Return what one tile of all gives."""
    rows, columns = map(GEOMETRY.places, pixels.shape[:2])
    return blurred(pixels[rows][:, columns])[: len(pixels), : pixels.shape[1]]


@pytest.mark.parametrize("size", [(16, 1700), (1601, 777), (830, 1537), (40, 50)])
@pytest.mark.parametrize("in_place", [True, False])
def test_tiles_are_the_whole_picture(size, in_place):
    pixels = noise(*size)
    expected = whole(pixels)
    out = pixels if in_place else np.empty_like(pixels)
    tiling.paint(pixels, blurred, GEOMETRY, out=out)
    np.testing.assert_array_equal(out, expected)


def test_what_is_finished_sees_the_photograph_even_in_place():
    pixels = noise(1700, 900)
    expected = np.maximum(pixels, whole(pixels))
    tiling.paint(pixels, blurred, GEOMETRY, out=pixels, finish=np.maximum)
    np.testing.assert_array_equal(pixels, expected)


def test_tiles_that_differ_blend_into_each_other():
    levels = iter([100, 200, 0, 250])
    out = np.empty((1000, 1000, 3), np.uint8)

    def paint_tile(tile):
        size = [side - sum(GEOMETRY.border) for side in tile.shape[:2]]
        return np.full((*size, 3), next(levels), np.uint8)

    tiling.paint(noise(1000, 1000), paint_tile, GEOMETRY, out=out)
    assert [out[0, 0, 0], out[0, -1, 0], out[-1, 0, 0], out[-1, -1, 0]] == [
        *(100, 200, 0, 250)
    ]
    steps = [np.abs(np.diff(out.astype(int), axis=axis)).max() for axis in (0, 1)]
    assert max(steps) <= 250 / 16 + 1


def test_progress_counts_every_tile():
    told = []
    out = noise(1600, 800)
    progress = tiling.paint(
        out, blurred, GEOMETRY, out=out, progress=lambda *numbers: told.append(numbers)
    )
    assert progress is None
    assert told == [(n, 6) for n in range(1, 7)]


@pytest.mark.parametrize("length", [16, 24, 768, 776, 1600, 9992])
def test_spans_have_one_size_and_cover_a_side(length):
    spans = tiling.spans(length, 8)
    assert len({span.size for span in spans}) == 1
    assert spans[0].start == spans[0].done == 0
    assert spans[-1].start + spans[-1].size == length
    for before, after in pairwise(spans):
        assert after.done == before.start + before.size
        assert after.done - after.start >= after.seam == tiling.OVERLAP
    assert all(span.start % 8 == span.size % 8 == 0 for span in spans)
    assert spans[0].size <= tiling.TILE


@pytest.mark.parametrize("size", [(2000, 5000), (300, 40_000), (16, 600_000)])
def test_windows_lie_all_over_a_large_picture(size):
    pixels = np.zeros((*size, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, size[1])
    batches = tiling.windows(pixels, GEOMETRY)
    assert len({windows.shape for windows in batches}) == 1
    assert len(batches) == tiling.BATCHES
    for windows in batches:
        assert len(windows) >= tiling.WINDOWS
        assert all((s - sum(GEOMETRY.border)) % 8 == 0 for s in windows.shape[1:3])
        assert windows[..., 0].mean() == pytest.approx(127, abs=20)
    assert np.mean(batches, (0, 1, 2, 3))[0] == pytest.approx(127, abs=6)
