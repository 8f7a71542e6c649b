"""Pictures drawn to train on, and the crops cut from them."""

import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec

import numpy as np
import pytest
from PIL import Image

from fast_style.content import drawn, sources, synthetic

OPTIONS = {"image_size": 48, "batch_size": 3, "steps": 10}


def every(batches):
    return np.concatenate([batches[step] for step in range(len(batches))])


@pytest.fixture(autouse=True)
def no_sample_data(monkeypatch):
    """As without scikit-image, whether it is installed or not."""
    monkeypatch.setitem(sys.modules, "skimage", None)


@pytest.fixture
def sample_data(monkeypatch, tmp_path):
    """A scikit-image with two pictures to crop from and one that is none of those."""
    for name, color in (("coffee.png", "red"), ("camera.png", "lime")):
        (tmp_path / "data").mkdir(exist_ok=True)
        Image.new("RGB", (60, 70), color).save(tmp_path / "data" / name)
    Image.new("RGB", (60, 70), "blue").save(tmp_path / "data" / "lily.png")
    spec = ModuleSpec("skimage", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(drawn.importlib.util, "find_spec", lambda name: spec)


@pytest.fixture(scope="module")
def pictures():
    rngs = (np.random.default_rng((1, i)) for i in range(24))
    return np.stack([synthetic.draw(rng, 150) for rng in rngs])


def test_picture_is_what_the_generators_state_says():
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
    assert content.validation.shape == (4, 48, 48, 3)
    assert content.validation.dtype == np.uint8
    assert content.count == 0 and content.broken == set()


def test_no_crop_comes_twice():
    content = sources.from_synthetic(**OPTIONS)
    found = every(content.batches)
    assert len(np.unique(found.reshape(30, -1), axis=0)) == 30
    assert found.std((1, 2, 3)).mean() > 20
    assert len(np.unique(content.validation.reshape(4, -1), axis=0)) == 4


def test_same_seed_gives_the_same_crops():
    first, second = (sources.from_synthetic(**OPTIONS, seed=1) for _ in range(2))
    np.testing.assert_array_equal(every(first.batches), every(second.batches))
    np.testing.assert_array_equal(first.validation, second.validation)
    other = sources.from_synthetic(**OPTIONS, seed=2)
    assert (every(first.batches) != every(other.batches)).any()
    assert (first.validation != other.validation).any()


def test_interrupted_training_goes_on_with_the_crops_it_would_have_seen(monkeypatch):
    monkeypatch.setattr(drawn, "BANK", 3)
    monkeypatch.setattr(drawn, "RENEWAL", 2)  # every picture is replaced on the way
    whole = sources.from_synthetic(**OPTIONS)
    rest = sources.from_synthetic(**OPTIONS, start=7)
    assert len(rest.batches) == 3
    np.testing.assert_array_equal(every(rest.batches), every(whole.batches)[21:])
    np.testing.assert_array_equal(rest.validation, whole.validation)


def test_crops_do_not_depend_on_threads():
    expected = every(sources.from_synthetic(**OPTIONS).batches)
    batches = sources.from_synthetic(**OPTIONS).batches
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(batches.__getitem__, reversed(range(10))))
    np.testing.assert_array_equal(np.concatenate(found[::-1]), expected)


def test_each_picture_is_drawn_once_and_the_bank_is_renewed(monkeypatch):
    sides = []

    def draw(rng, side):
        sides.append(side)
        return np.full((side, side, 3), 128, np.uint8)

    monkeypatch.setattr(synthetic, "draw", draw)
    monkeypatch.setattr(drawn, "BANK", 4)
    monkeypatch.setattr(drawn, "RENEWAL", 6)
    every(drawn.DrawnCrops(48, 3, 20, 0, 0))  # 60 crops
    assert set(sides) == {drawn.SIDE * 48}
    assert 10 <= len(sides) <= 13


def test_photographs_of_an_installed_package_are_a_part_of_the_crops(sample_data):
    content = sources.from_synthetic(image_size=48, batch_size=4, steps=50)
    assert content.count == 2
    assert every(content.batches).shape == (200, 48, 48, 3)
    flat = (every(content.batches).std((1, 2)) == 0).all(1)
    assert 0.2 < flat.mean() < 0.4
    assert content.validation.std((1, 2)).min() > 0  # these are drawn


def test_photographs_may_be_smaller_than_a_crop(sample_data):
    content = sources.from_synthetic(image_size=96, batch_size=2, steps=4)
    assert every(content.batches).shape == (8, 96, 96, 3)
