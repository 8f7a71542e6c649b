import numpy as np
import pytest

from benchmarks import looks


def plain(color, shape=(10, 10)):
    return np.full((*shape, 3), color, np.uint8)


def halves(left, right, share=0.5):
    """A picture of two colours, the first on a share of its 100 columns."""
    picture = plain(right, (4, 100))
    picture[:, : round(100 * share)] = left
    return looks.lab(picture)


def bars(length, width, degrees, size=384, count=150):
    """Lightness of bars in random places, all in one direction."""
    rng = np.random.default_rng(0)
    angle = np.deg2rad(degrees)
    y, x = np.mgrid[:size, :size]
    lightness = np.zeros((size, size), np.float32)
    for row, column in rng.uniform(0, size, (count, 2)):
        along = (x - column) * np.cos(angle) + (y - row) * np.sin(angle)
        across = (y - row) * np.cos(angle) - (x - column) * np.sin(angle)
        lightness[(abs(along) < length / 2) & (abs(across) < width / 2)] = 60
    return lightness


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ((0, 0, 0), (0, 0, 0)),
        ((255, 255, 255), (100, 0, 0)),
        ((255, 0, 0), (54.3, 80.8, 69.9)),
        ((0, 0, 255), (29.6, 68.3, -112.0)),
    ],
)
def test_lab_is_that_of_the_standard(color, expected):
    np.testing.assert_allclose(looks.lab(plain(color))[0, 0], expected, atol=0.6)


def test_contrast_of_black_and_white_is_half_the_range():
    assert looks.contrast(halves((0, 0, 0), (255, 255, 255))) == pytest.approx(50)
    assert looks.contrast(looks.lab(plain(90))) == 0


def test_chroma_is_the_distance_from_grey():
    assert looks.chroma(looks.lab(plain(90))) == 0
    assert looks.chroma(looks.lab(plain((255, 0, 0)))) == pytest.approx(107, abs=1)
    half = looks.chroma(halves((255, 0, 0), (90, 90, 90)))
    assert half == pytest.approx(107 / 2, abs=1)


def test_coverage_is_the_share_of_the_colours_that_are_there():
    red, blue = (255, 0, 0), (0, 0, 255)
    painting = halves(red, blue, 0.7)
    assert looks.color_coverage(painting, painting) == 1
    assert looks.color_coverage(halves(red, red), painting) == pytest.approx(0.7)
    assert looks.color_coverage(looks.lab(plain(90)), painting) == 0


def test_a_speck_covers_no_colour():
    red, blue = (255, 0, 0), (0, 0, 255)
    painting = halves(red, blue)
    assert looks.color_coverage(halves(red, blue, 0.04), painting) == 0.5
    assert looks.color_coverage(halves(red, blue, 0.06), painting) == 1


@pytest.mark.parametrize("length", [12, 24, 36])
@pytest.mark.parametrize("degrees", [0, 30, 90])
def test_strokes_have_the_length_that_was_drawn(length, degrees):
    measured = looks.stroke_length(bars(length, 4, degrees))
    assert measured == pytest.approx(length, rel=0.15)


def test_noise_has_no_strokes():
    rng = np.random.default_rng(0)
    noise = rng.normal(50, 10, (192, 192)).astype(np.float32)
    assert looks.stroke_length(noise) < 2
    assert np.isnan(looks.stroke_length(np.full((96, 96), 50, np.float32)))


def test_strokes_are_measured_where_asked():
    picture = bars(36, 4, 0)
    picture[:, 192:] = bars(12, 4, 0)[:, 192:]
    left = np.zeros(picture.shape, bool)
    left[:, :192] = True
    long, short = (looks.stroke_length(picture, where) for where in (left, ~left))
    assert (long, short) == (pytest.approx(36, rel=0.2), pytest.approx(12, rel=0.2))
    assert np.isnan(looks.stroke_length(picture, np.zeros(picture.shape, bool)))
