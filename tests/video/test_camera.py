"""Painting while a source runs, with a film in the place of a camera."""

import os
import signal
import threading
import time
from fractions import Fraction

import numpy as np
import pytest
from film_files import make, pictures_of, scene, times_of

from fast_style.video import camera


@pytest.fixture
def source(tmp_path):
    """A film of 0.4 s."""
    return str(make(tmp_path / "a.mp4", times=tuple(range(10))))


def none(size):
    return []


def test_frames_are_shown_painted_and_recorded(tmp_path, source):
    seen, target = [], tmp_path / "b.mp4"
    screens = lambda size: [lambda pixels: seen.append(pixels) or True]  # noqa: E731
    shown = camera.run(source, lambda x: 255 - x, target=str(target), screens=screens)
    assert shown.frames == len(seen) == len(times_of(target)) > 0
    assert shown.frames + shown.dropped == 10
    error = pictures_of(target)[0] - (255 - scene(0).astype(int))
    assert np.abs(error).mean() < 5


def test_frames_are_dropped_and_never_queued(tmp_path, source):
    numbers = []

    def slow(pixels):
        numbers.append(int(pixels[2, 2, 0]))
        time.sleep(0.12)
        return pixels

    begin = time.monotonic()
    shown = camera.run(source, slow, target=str(tmp_path / "b.mp4"), screens=none)
    assert time.monotonic() - begin < 1.2  # all frames would take 1.2 s
    assert shown.dropped >= 3 and shown.frames <= 7
    assert numbers == sorted(numbers)
    gaps = np.diff(times_of(tmp_path / "b.mp4"))
    assert min(gaps) >= Fraction(1, 10)


def test_a_screen_ends_it(source):
    screens = lambda size: [lambda pixels: False]  # noqa: E731
    assert camera.run(source, lambda x: x, screens=screens).frames == 1


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a signal of Unix")
def test_ctrl_c_ends_a_recording_that_is_whole(tmp_path):
    source = make(tmp_path / "a.mp4", times=tuple(range(0, 1000, 2)))
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    target = tmp_path / "b.mp4"
    shown = camera.run(str(source), lambda x: x, target=str(target), screens=none)
    assert 1 <= shown.frames == len(times_of(target)) < 30
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_without_a_screen_and_a_film_it_is_refused(source):
    with pytest.raises(ValueError, match="this OpenCV has no window"):
        camera.run(source, lambda x: x, screens=none)


@pytest.mark.parametrize("name", ["/dev/none", "http://127.0.0.1:9/live"])
def test_a_source_that_cannot_be_opened_is_one_line(name):
    with pytest.raises(OSError, match=f"Cannot open camera '{name}': ") as caught:
        camera.run(name, lambda x: x, screens=none)
    assert "\n" not in str(caught.value)


def test_a_painter_that_fails_leaves_nothing_half(tmp_path, source):
    def fail(pixels):
        raise ValueError("no paint")

    with pytest.raises(ValueError, match="no paint"):
        camera.run(source, fail, target=str(tmp_path / "b.mp4"), screens=none)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
