"""How motion between two frames is measured."""

import cv2
import numpy as np
import pytest

from fast_style.video.motion import Tracker


def texture(height, width, seed=0, contrast=40):
    """Smooth random brightness, uint8 (H, W)."""
    values = np.random.default_rng(seed).normal(size=(height, width))
    values = cv2.GaussianBlur(values, (0, 0), 3)
    return np.uint8(np.clip(128 + contrast * values / values.std(), 0, 255))


def test_a_pan_is_followed_to_the_bit():
    whole = texture(140, 180)
    earlier, later = whole[10:130, 10:170].copy(), whole[7:127, 14:174].copy()
    motion = Tracker().measure(earlier, later)
    np.testing.assert_allclose(motion.shift, [3, -4], atol=0.05)
    inside = slice(12, -12), slice(12, -12)
    assert (motion.follow(earlier)[inside] == later[inside]).mean() > 0.99
    assert motion.trust[inside].mean() > 0.99
    assert not motion.cut


def test_what_stays_is_followed_to_the_bit():
    frame = texture(50, 70)
    motion = Tracker().measure(frame, frame)
    assert (motion.follow(frame) == frame).all()
    assert (motion.trust == 1).all()
    assert (motion.shift == 0).all()


def test_content_that_moves_apart_has_no_shift():
    frame = texture(120, 160)
    later = np.vstack([np.roll(frame[:60], 3, 1), np.roll(frame[60:], -3, 1)])
    assert (Tracker().measure(frame, later).shift == 0).all()


def test_what_was_hidden_is_not_trusted():
    ground, thing = texture(120, 160), texture(40, 40, seed=1)
    earlier, later = ground.copy(), ground.copy()
    earlier[40:80, 40:80] = later[40:80, 46:86] = thing
    trust = Tracker().measure(earlier, later).trust
    assert trust[45:75, 41:45].mean() < 0.4
    assert trust[45:75, 55:80].mean() > 0.75
    assert trust[:30].mean() > 0.95


def test_what_was_hidden_is_not_trusted_though_it_looks_alike():
    ground, thing = texture(120, 160, contrast=4), texture(60, 60, seed=1, contrast=4)
    earlier, later = ground.copy(), ground.copy()
    earlier[30:90, 40:100] = later[30:90, 50:110] = thing
    trust = Tracker().measure(earlier, later).trust
    assert trust[40:80, 42:48].mean() < 0.6
    assert trust[40:80, 60:100].mean() > 0.75


def test_what_was_outside_is_not_trusted_though_it_looks_alike():
    whole = texture(120, 180, contrast=4)
    earlier, later = whole[:, 20:].copy(), whole[:, 10:170].copy()
    trust = Tracker().measure(earlier, later).trust
    assert trust[20:100, :6].max() == 0
    assert trust[20:100, 30:].mean() > 0.98


def test_a_change_of_brightness_is_not_trusted():
    frame = texture(60, 80)
    trust = Tracker().measure(frame, cv2.add(frame, 30)).trust
    assert trust.mean() < 0.1


def test_another_scene_is_a_cut():
    assert Tracker().measure(texture(60, 80), texture(60, 80, seed=1)).cut


@pytest.mark.parametrize("size", [(16, 16), (16, 400), (400, 16), (20, 800)])
def test_narrow_frames_have_one_flow(size):
    earlier = texture(*size)
    later = np.roll(earlier, 2, 1)
    motion, again = (Tracker().measure(earlier, later) for _ in range(2))
    assert (motion.places == again.places).all()
    assert motion.shift[1] == pytest.approx(2, abs=0.25)
