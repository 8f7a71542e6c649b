"""Pictures drawn to train on, and the crops cut from them."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from fast_style import gallery, images
from fast_style.content import drawn, sources, synthetic
from fast_style.content.crops import Plan

OPTIONS = {"image_size": 48, "batch_size": 3, "steps": 10}


def all_crops(batches):
    return np.concatenate([batches[step] for step in range(len(batches))])


@pytest.fixture(autouse=True)
def no_sample_data(monkeypatch):
    """As without scikit-image, whether it is installed or not."""
    monkeypatch.setitem(sys.modules, "skimage", None)


@pytest.fixture
def sample_data(monkeypatch, tmp_path):
    """A scikit-image with two pictures to crop from and one that is none of those."""
    package = tmp_path / "skimage"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").touch()
    for name, color in (
        ("coffee.png", "red"),
        ("camera.png", "lime"),
        ("lily.png", "blue"),
    ):
        Image.new("RGB", (60, 70), color).save(package / "data" / name)
    monkeypatch.delitem(sys.modules, "skimage")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.fixture(scope="module")
def pictures():
    rngs = (np.random.default_rng((1, i)) for i in range(24))
    return np.stack([synthetic.draw(rng, 150) for rng in rngs])


def test_a_picture_depends_on_the_random_numbers_alone():
    first, second, other = (
        synthetic.draw(np.random.default_rng(seed), 97) for seed in (1, 1, 2)
    )
    assert first.shape == (97, 97, 3) and first.dtype == np.uint8
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


def test_pictures_differ_in_brightness_contrast_and_colour(pictures):
    means = pictures.mean((1, 2))
    brightness = means.mean(1)
    assert brightness.min() < 90 and brightness.max() > 140
    assert 80 < brightness.mean() < 150
    contrast = pictures.std((1, 2, 3))
    assert contrast.min() > 10 and 35 < contrast.mean() < 75
    saturation = np.ptp(pictures.astype(int), axis=-1).mean((1, 2))
    assert 10 < saturation.mean() < 70
    assert (means[:, 0] > means[:, 2]).any() and (means[:, 0] < means[:, 2]).any()


def test_differences_of_neighbours_are_rare_and_large_as_in_photographs(pictures):
    grey = pictures.mean(-1)
    steps = np.diff(grey, axis=2).reshape(len(grey), -1)
    kurtosis = (steps**4).mean(1) / (steps**2).mean(1) ** 2
    assert np.median(kurtosis) > 6  # 3 for Gaussian noise
    assert 0.2 < (abs(steps) < 3).mean() < 0.8  # flat, and not all flat


def test_power_falls_as_in_photographs(pictures):
    grey = pictures.mean(-1) - pictures.mean((1, 2, 3))[:, None, None]
    window = np.hanning(150)
    power = abs(np.fft.rfft2(grey * window[:, None] * window)) ** 2
    rows, columns = np.fft.fftfreq(150)[:, None], np.fft.rfftfreq(150)[None]
    frequency = np.hypot(rows, columns)
    bands = np.geomspace(0.02, 0.4, 9)
    levels = [
        power[:, (low <= frequency) & (frequency < high)].mean()
        for low, high in zip(bands, bands[1:], strict=False)
    ]
    slope = np.polyfit(np.log(bands[1:]), np.log(levels), 1)[0]
    assert -3.6 < slope < -1.6  # photographs: -2 to -3


def test_crops_come_in_batches():
    content = sources.from_synthetic(**OPTIONS)
    assert len(content.batches) == 10
    assert content.batches[9].shape == (3, 48, 48, 3)
    assert content.batches[9].dtype == np.uint8
    assert content.count == 0 and content.broken == set()


def test_no_crop_comes_twice():
    content = sources.from_synthetic(**OPTIONS)
    crops = all_crops(content.batches)
    assert len(np.unique(crops.reshape(30, -1), axis=0)) == 30
    assert crops.std((1, 2, 3)).mean() > 20


def test_samples_show_a_photograph_and_no_drawings():
    content = sources.from_synthetic(**OPTIONS)
    photo = images.read(gallery.SAMPLE, max_size=256).pixels
    np.testing.assert_array_equal(content.validation, photo[None])


def test_same_seed_gives_the_same_crops():
    first, second, changed = (
        drawn.DrawnCrops(Plan(**OPTIONS, seed=seed), bank=3) for seed in (1, 1, 2)
    )
    crops = all_crops(first)
    np.testing.assert_array_equal(crops, all_crops(second))
    assert (crops != all_crops(changed)).any()


def test_an_interrupted_training_goes_on_with_the_crops_it_would_have_seen():
    bank = {"bank": 3, "renewal": 2}  # every picture is replaced on the way
    whole = drawn.DrawnCrops(Plan(**OPTIONS), **bank)
    rest = drawn.DrawnCrops(Plan(**OPTIONS, start=7), **bank)
    assert len(rest) == 3
    np.testing.assert_array_equal(all_crops(rest), all_crops(whole)[21:])


def test_crops_do_not_depend_on_threads():
    forwards, backwards = (drawn.DrawnCrops(Plan(**OPTIONS), bank=3) for _ in range(2))
    with ThreadPoolExecutor(4) as pool:
        crops = list(pool.map(backwards.__getitem__, reversed(range(10))))
    np.testing.assert_array_equal(np.concatenate(crops[::-1]), all_crops(forwards))


def test_each_picture_is_drawn_once_and_the_bank_is_renewed():
    sides = []

    def draw(rng, side):
        sides.append(side)
        return np.full((side, side, 3), 128, np.uint8)

    plan = Plan(image_size=48, batch_size=3, steps=20)  # 60 crops
    all_crops(drawn.DrawnCrops(plan, bank=4, renewal=6, draw=draw))
    assert set(sides) == {drawn.SIDE * 48}
    assert 10 <= len(sides) <= 13


def test_photographs_of_an_installed_package_are_a_part_of_the_crops(sample_data):
    content = sources.from_synthetic(image_size=24, batch_size=4, steps=50)
    assert content.count == 2
    crops = all_crops(content.batches)
    assert crops.shape == (200, 24, 24, 3)
    flat = (crops.std((1, 2)) == 0).all(1)
    assert 0.2 < flat.mean() < 0.4


def test_photographs_may_be_smaller_than_a_crop(sample_data):
    content = sources.from_synthetic(image_size=72, batch_size=2, steps=4)
    assert all_crops(content.batches).shape == (8, 72, 72, 3)
