import numpy as np
import pytest
from PIL import Image

from fast_style import color

LUMA = np.array([0.299, 0.587, 0.114])


@pytest.fixture
def pair():
    generator = np.random.default_rng(0)
    mix = generator.uniform(-1, 1, (3, 3))
    photo = 120 + 12 * generator.normal(size=(37, 53, 3)) @ mix
    stylized = 130 + 15 * generator.normal(size=(37, 53, 3)) @ mix.T
    return photo.astype(np.uint8), stylized.astype(np.uint8)


def test_luminance_has_stylized_luma_and_photo_chroma(pair):
    photo, stylized = pair
    result = color.keep_luminance(photo, stylized)
    assert np.abs(result @ LUMA - stylized @ LUMA).max() < 1
    chroma = result - (result @ LUMA)[..., None]
    np.testing.assert_allclose(chroma, photo - (photo @ LUMA)[..., None], atol=1.01)


def test_luminance_agrees_with_pillows_ycbcr(pair):
    photo, stylized = pair
    y = Image.fromarray(stylized).convert("YCbCr").getchannel(0)
    _, cb, cr = Image.fromarray(photo).convert("YCbCr").split()
    expected = np.asarray(Image.merge("YCbCr", (y, cb, cr)).convert("RGB"))
    result = color.keep_luminance(photo, stylized)
    np.testing.assert_allclose(result.astype(int), expected.astype(int), atol=3)


def test_histogram_has_photos_mean_and_covariance(pair):
    photo, stylized = pair
    result = color.keep_histogram(photo, stylized).reshape(-1, 3)
    goal = photo.reshape(-1, 3)
    np.testing.assert_allclose(result.mean(0), goal.mean(0), atol=0.1)
    np.testing.assert_allclose(np.cov(result.T), np.cov(goal.T), atol=1.0)


def test_histogram_of_the_photo_itself_is_the_photo(pair):
    photo, _ = pair
    np.testing.assert_array_equal(color.keep_histogram(photo, photo), photo)


def test_histogram_of_flat_pictures_has_the_photos_mean(pair):
    photo, _ = pair
    flat = np.full_like(photo, 77)
    mean = np.rint(photo.reshape(-1, 3).mean(0))
    assert (color.keep_histogram(photo, flat) == mean).all()
    assert (color.keep_histogram(flat, photo) == 77).all()


@pytest.mark.slow
def test_histogram_is_exact_on_large_pictures():
    photo = np.full((2000, 2000, 3), 201, np.uint8)
    assert (color.keep_histogram(photo, photo // 3) == 201).all()


def test_histogram_does_not_magnify_rounding_noise(pair):
    photo, _ = pair
    grey = np.random.default_rng(1).integers(90, 160, (37, 53, 1)).repeat(3, -1)
    grey[..., 0] += np.random.default_rng(2).integers(0, 2, (37, 53))
    result = color.keep_histogram(photo, grey.astype(np.uint8)).astype(float)
    noise = (result[..., 0] - result[..., 1]).std()
    photo_spread = (photo[..., 0].astype(float) - photo[..., 1]).std()
    assert noise < 0.75 * photo_spread


@pytest.mark.parametrize("keep", [color.keep_luminance, color.keep_histogram])
def test_results_are_clipped_uint8(keep):
    photo = np.zeros((37, 53, 3), np.uint8)
    photo[::2] = [255, 0, 255]
    stylized = np.random.default_rng(0).normal(128, 40, photo.shape).astype(np.uint8)
    result = keep(photo, stylized)
    assert result.dtype == np.uint8 and result.shape == photo.shape
    assert (result.min(), result.max()) == (0, 255)
