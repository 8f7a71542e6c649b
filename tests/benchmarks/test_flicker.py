"""How flicker and sharpness of films are measured."""

import numpy as np
import pytest

from benchmarks import film, flicker
from benchmarks.film_clips import Clip

STEP, SIZE = (-1, 3), (48, 64)


@pytest.fixture
def photograph():
    values = np.random.default_rng(0).integers(0, 255, (30, 50, 3))
    return np.kron(values, np.ones((4, 4, 1))).astype(np.uint8)


def test_a_pan_moves_by_its_step(photograph):
    frames = flicker.pan(photograph, STEP, SIZE, 4)
    assert all(frame.shape == (*SIZE, 3) for frame in frames)
    assert (frames[1][:-1, 3:] == frames[0][1:, :-3]).all()
    noisy = flicker.pan(photograph, STEP, SIZE, 4, noise=3.0)
    away = (noisy[2].astype(int) - frames[2])[(frames[2] > 20) & (frames[2] < 235)]
    assert away.std() == pytest.approx(3, rel=0.1)


def test_what_moves_as_told_does_not_flicker(photograph):
    frames = flicker.pan(photograph, STEP, SIZE, 4)
    truth = flicker.of_pan(STEP, SIZE)
    assert flicker.error(frames, [truth] * 3) < 1e-6
    assert flicker.error(frames, [flicker.of_pan((0, 0), SIZE)] * 3) > 0.05
    brighter = [np.full((*SIZE, 3), 51 * number, np.uint8) for number in range(4)]
    assert flicker.error(brighter, [truth] * 3) == pytest.approx(0.2, rel=1e-4)


def test_the_flow_of_a_clip_finds_its_motion(photograph):
    frames = flicker.pan(photograph, STEP, SIZE, 3)
    truths = flicker.of_clip(frames)
    expected = flicker.of_pan(STEP, SIZE)
    for truth in truths:
        assert truth.seen[expected.seen].mean() > 0.8
        assert abs(truth.places - expected.places)[truth.seen].mean() < 0.5


def test_blur_is_less_sharp(photograph):
    soft = (photograph[1:] / 2 + photograph[:-1] / 2).astype(np.uint8)
    assert flicker.sharpness([soft]) < 0.9 * flicker.sharpness([photograph])


def test_a_strip_shows_the_middle_row_over_time(photograph):
    frames = flicker.pan(photograph, STEP, SIZE, 3)
    strip = flicker.strip(frames, thickness=2)
    assert strip.shape == (6, 64, 3)
    assert (strip[2:4] == frames[1][24]).all()


def test_targets_tell_the_worst_of_each_kind(photograph):
    frames = flicker.pan(photograph, STEP, SIZE, 3)
    truths = [flicker.of_pan(STEP, SIZE)] * 2
    still = Clip("still", frames, truths, panned=True)

    def paint(clip, steady):
        light = 10 if steady else 40
        return [
            np.uint8(np.clip(frame.astype(int) // 2 + light * (i % 2), 0, 255))
            for i, frame in enumerate(clip.frames)
        ]

    result = film.compare(still, [paint, paint])
    assert result.flicker == pytest.approx([0.25, 0.25], rel=1e-3)
    assert result.sharpness == pytest.approx([1, 1], rel=1e-3)
    worse = result._replace(flicker=[0.1, 0.6])
    pans, sharp, *others = film.targets([still, still], [result, worse], {})
    assert pans.missed and pans.value == 0.6
    assert not sharp.missed
    assert [target.value for target in others] == [None, None]
