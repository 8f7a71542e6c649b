"""Longer strokes: a painting of a smaller copy under one at full size."""

import numpy as np
import pytest

from fast_style import strokes


def waves(height, width, period):
    """Return a picture of grey vertical waves, as many px long as the period."""
    wave = 127 + 100 * np.sin(2 * np.pi * np.arange(width) / period)
    return np.repeat(np.rint(np.tile(wave, (height, 1)))[..., None], 3, -1).astype("u1")


def brush(pixels):
    """Paint marks of 8 px, whatever the picture."""
    return waves(*pixels.shape[:2], 8)


@pytest.mark.parametrize(
    ("stroke", "size", "times"),
    [
        (1, (40, 40), 1),
        (2.5, (400, 600), 2.5),
        ("auto", (300, 512), 1),
        ("auto", (2048, 1024), 4),
        ("auto", (5120, 4000), 10),
        ("auto", (2048, 40), 2.5),  # the smaller copy has at least 16 px
        (4, (40, 900), 2.5),
        (4, (31, 900), 1),
    ],
)
def test_stroke_is_a_number_or_as_long_against_the_picture_as_at_512_px(
    stroke, size, times
):
    assert strokes.choose(stroke, *size) == times


@pytest.mark.parametrize("stroke", [0, 0.5, 8.5, -1, float("nan"), "2", None, True])
def test_no_such_stroke_is_refused(stroke):
    with pytest.raises(ValueError, match="Give a number from 1 to 8, or 'auto'"):
        strokes.choose(stroke, 512, 512)


def test_own_strokes_take_one_painting():
    pixels = waves(50, 70, 9)
    assert np.array_equal(strokes.paint(pixels, 1, brush), brush(pixels))


@pytest.mark.parametrize(("times", "small"), [(1.5, (100, 150)), (4, (50, 75))])
def test_copy_is_painted_first_and_has_at_most_half_the_size(times, small):
    sizes = []

    def paint(pixels):
        sizes.append(pixels.shape[:2])
        return brush(pixels)

    assert strokes.paint(waves(200, 300, 9), times, paint).shape == (200, 300, 3)
    assert sizes == [small, (200, 300)]


@pytest.mark.parametrize("times", [2, 3, 4])
def test_strokes_are_so_many_times_longer(times):
    painted = strokes.paint(np.full((384, 384, 3), 128, np.uint8), times, brush)
    spectrum = np.abs(np.fft.rfft(painted[200, :, 0] - 127.0))
    assert 384 / spectrum.argmax() == pytest.approx(8 * times, rel=0.02)


def test_edge_is_sharp():
    pixels = np.zeros((300, 300, 3), np.uint8)
    pixels[:, 152:] = 255

    def paint(picture):
        return np.where(picture > 127, np.uint8(220), np.uint8(30))

    painted = strokes.paint(pixels, 4, paint)[150, :, 0].astype(int)
    assert painted[151] < 60
    assert painted[152] > 190


def test_large_picture_in_strips_is_like_one_in_a_piece():
    from PIL import Image

    pixels = np.random.default_rng(1).integers(100, 156, (1037, 90, 3), np.uint8)
    for size in ((2300, 200), (400, 31)):
        strips = strokes._resized(pixels, size)
        whole = Image.fromarray(pixels).resize(size[::-1], Image.Resampling.LANCZOS)
        assert np.abs(strips.astype(int) - np.asarray(whole)).max() <= 4
