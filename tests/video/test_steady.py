"""Frames painted so that strokes stay where they were painted."""

import cv2
import numpy as np
import pytest

from benchmarks import flicker, script
from fast_style import Stylizer, images
from fast_style.command.jobs import Look
from fast_style.tiling import Geometry
from fast_style.video import painters
from fast_style.video.steady import SHARE, SteadyPainter, mix


class Grid:
    """Stands for a Stylizer: it prints its grid of 8 px on a frame."""

    geometry = Geometry((80, 88), 8, (16, 24))

    def stylize(self, pixels, **look):
        y, x = np.indices(pixels.shape[:2])
        dots = 60 * ((y % 8 < 4) ^ (x % 8 < 3))
        return np.uint8(pixels // 2 + dots[..., None])


def photograph(height, width, seed=0):
    """A smooth random photograph, uint8 (H, W, 3)."""
    values = np.random.default_rng(seed).normal(size=(height, width, 3))
    values = cv2.GaussianBlur(values, (0, 0), 3)
    return np.uint8(np.clip(100 + 30 * values / values.std(), 0, 255))


def pan(count, step, size=(96, 128)):
    """Frames whose content moves by `step`, (y, x), each: uint8 (N, H, W, 3)."""
    (height, width), (y, x) = size, step
    far = photograph(height + count * abs(y), width + count * abs(x))
    tops = [(count - i if y > 0 else i) * abs(y) for i in range(count)]
    lefts = [(count - i if x > 0 else i) * abs(x) for i in range(count)]
    return np.stack(
        [
            far[top : top + height, left : left + width]
            for top, left in zip(tops, lefts, strict=True)
        ]
    )


def steady(frames):
    painter = SteadyPainter(Grid(), Look())
    return [painter(frame) for frame in frames]


@pytest.mark.parametrize("step", [(1, 3), (-2, 1), (0, -4)])
def test_the_grid_moves_with_the_content(step):
    frames = pan(6, step)
    truth = flicker.of_pan(step, frames.shape[1:3])
    assert flicker.error(steady(frames), [truth] * 5) < 0.01


def test_what_stays_is_painted_the_same_to_the_bit():
    frame = photograph(49, 65)
    results = steady([frame] * 4)
    assert all((result == results[0]).all() for result in results)


def test_the_first_frame_is_painted_as_by_itself():
    frame = photograph(48, 64)
    assert (steady([frame])[0] == Grid().stylize(frame)).all()


def test_noise_is_steadied():
    noise = np.random.default_rng(0)
    frame = photograph(96, 128).astype(int)
    frames = [
        np.uint8(np.clip(frame + noise.normal(0, 3, frame.shape), 0, 255))
        for _ in range(8)
    ]
    stays = [flicker.of_pan((0, 0), frame.shape[:2])] * 7
    alone = [Grid().stylize(frame) for frame in frames]
    assert flicker.error(steady(frames), stays) < 0.5 * flicker.error(alone, stays)


def test_after_a_cut_all_begins_anew():
    other = photograph(96, 128, seed=1)
    first, again = steady([*pan(4, (1, 2)), other, other])[-2:]
    assert (first == Grid().stylize(other)).all()
    assert (again == first).all()


def test_what_appears_is_painted_as_by_itself():
    ground, thing = photograph(96, 128), photograph(32, 32, seed=1)
    later = ground.copy()
    later[32:64, 48:80] = 255 - thing
    result = steady([ground, ground, later])[-1].astype(int)
    assert abs(result - Grid().stylize(later))[36:60, 52:76].mean() < 3


def test_a_mixture_is_as_rich_in_detail_as_a_painting():
    noise = np.random.default_rng(0)
    fresh, moved = (noise.normal(128, 20, (64, 64, 3)).astype("f") for _ in range(2))
    mixed = mix(fresh, moved, np.full((64, 64), 0.5, "f"))
    plain = (fresh + moved) / 2
    assert flicker.sharpness([plain]) < 0.55 * flicker.sharpness([fresh])
    assert flicker.sharpness([mixed]) > 0.9 * flicker.sharpness([fresh])


def test_where_nothing_is_mixed_in_a_frame_stays_as_it_is():
    fresh, moved = photograph(40, 50), photograph(40, 50, seed=1)
    share = np.zeros((40, 50), "f")
    share[:, 25:] = SHARE
    mixed = mix(fresh.astype("f"), moved.astype("f"), share)
    np.testing.assert_allclose(mixed[:, :12], fresh[:, :12], atol=1e-3)
    assert abs(mixed[:, 30:] - fresh[:, 30:]).mean() > 5


def test_frames_can_be_painted_by_themselves(gallery):
    stylizer = Stylizer(gallery)
    look = Look({"wave": 1.0}, 0.5).for_model(stylizer)
    painter = painters.make(stylizer, look, steady=False)
    for frame in pan(3, (1, 2)):
        assert (painter(frame) == look.paint(stylizer, frame)).all()


@pytest.mark.slow
@pytest.mark.parametrize("style", ["wave", "hatching"])
def test_a_pan_flickers_a_third_as_much_and_is_as_sharp(style):
    photo = images.read(script.PHOTO).pixels
    frames = flicker.pan(photo, (-1, -3), (192, 256), 8)
    stylizer = Stylizer()
    look = Look({style: 1.0}).for_model(stylizer)
    alone = [look.paint(stylizer, frame) for frame in frames]
    painter = SteadyPainter(stylizer, look)
    results = [painter(frame) for frame in frames]
    truth = [flicker.of_pan((-1, -3), (192, 256))] * 7
    assert flicker.error(results, truth) < 0.35 * flicker.error(alone, truth)
    assert flicker.sharpness(results) > 0.9 * flicker.sharpness(alone)
