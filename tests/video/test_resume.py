"""Runs that were stopped: whole segments are kept, and resume goes on from them."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from film_files import make, pictures_of, times_of
from moving_frames import Grid, pan

from benchmarks import film_clips
from fast_style import Stylizer, animations
from fast_style.color import Moments
from fast_style.command.jobs import Look
from fast_style.styles import Likeness
from fast_style.video import films
from fast_style.video.films import FilmOptions, Order
from fast_style.video.steady import SteadyPainter

NAMES = ["a.mp4", "b.mp4"]


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A film of 20 frames, painted in segments of five."""
    monkeypatch.setattr(films, "SEGMENT_FRAMES", 5)
    return make(tmp_path / "a.mp4", times=tuple(range(20)), sound="aac")


class Painter:
    """Inverts frames and stops after some."""

    def __init__(self, stop=None, error=KeyboardInterrupt):
        self.calls, self._stop, self._error = 0, stop, error

    def __call__(self, pixels):
        if self.calls == self._stop:
            raise self._error
        self.calls += 1
        return 255 - pixels


def paint(source, painter, settings=None, **options):
    notes = []
    order = Order(
        source.with_name("b.mp4"),
        painter,
        FilmOptions(**options),
        settings or {},
        note=notes.append,
    )
    try:
        films.paint(source, order)
    except KeyboardInterrupt:
        notes.append("stopped")
    return notes


def test_resume_goes_on_from_whole_segments(source):
    folder = source.parent
    notes = paint(source, Painter(stop=14))
    text = f"10 frames of '{source}' are painted. The same with resume goes on after"
    assert notes == [f"{text} them.", "stopped"]
    assert not (folder / "b.mp4").exists()
    second = Painter()
    assert paint(source, second, resume=True) == []
    assert second.calls == 20 - 10
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    whole = source.with_name("c.mp4")
    films.paint(source, Order(whole, Painter()))
    assert times_of(folder / "b.mp4") == times_of(whole) == times_of(source)
    assert (pictures_of(folder / "b.mp4") == pictures_of(whole)).all()


def paint_steadily(source, target, stop=None, **options):
    """Paint a film steadily, and return how often the network painted."""
    stylizer = Grid()

    def progress(done, count):
        if done == stop:
            raise KeyboardInterrupt

    painter = SteadyPainter(stylizer, Look())
    order = Order(target, painter, FilmOptions(**options), progress=progress)
    films.paint(source, order)
    return stylizer.calls


@pytest.fixture
def moving(source):
    path = source.with_name("moving.mp4")
    film_clips.write(path, pan(20, (0, 1), (96, 256)), lossless=True)
    return path


@pytest.mark.parametrize("stop", [9, 14])
def test_a_film_that_went_on_is_the_same_to_the_bit(moving, stop):
    target, whole = moving.with_name("b.mp4"), moving.with_name("c.mp4")
    calls = paint_steadily(moving, whole)
    assert calls < 16
    with pytest.raises(KeyboardInterrupt):
        paint_steadily(moving, target, stop)
    # Of the first segment's five frames the network has painted three at least.
    assert 0 < paint_steadily(moving, target, resume=True) <= calls - 3
    assert target.read_bytes() == whole.read_bytes()


def test_a_damaged_memory_is_told(moving):
    target = moving.with_name("b.mp4")
    with pytest.raises(KeyboardInterrupt):
        paint_steadily(moving, target, 9)
    (memory,) = moving.parent.glob(".b.mp4.*/*.npz")
    memory.write_bytes(memory.read_bytes()[:99])
    with pytest.raises(ValueError, match="npz' is damaged .* without resume"):
        paint_steadily(moving, target, resume=True)


def test_an_animation_that_fails_leaves_no_thread(source, monkeypatch):
    def write(path, frames, **options):
        next(frames)
        raise MemoryError("no room for the palette")

    monkeypatch.setattr(animations, "write", write)
    before = threading.active_count()
    with pytest.raises(MemoryError) as caught:  # its traceback holds the frames
        films.paint(source, Order(source.with_name("b.gif"), Painter()))
    assert threading.active_count() == before, caught


def test_without_resume_a_run_starts_anew(source):
    paint(source, Painter(stop=14))
    second = Painter()
    paint(source, second)
    assert second.calls == 20
    assert sorted(path.name for path in source.parent.iterdir()) == NAMES


@pytest.mark.parametrize("change", ["settings", "quality", "source"])
def test_resume_with_other_settings_is_refused(source, change):
    paint(source, Painter(stop=14))
    settings, quality = {}, 95
    if change == "settings":
        settings = {"styles": "wave"}
    if change == "quality":
        quality = 50
    if change == "source":
        os.utime(source, (1, 1))
    more = {} if change == "source" else {"resume": True}
    named = {"settings": "styles", "quality": "options", "source": "film"}[change]
    with pytest.raises(
        ValueError, match=f"other settings \\({named}\\). Give the same"
    ):
        paint(source, Painter(), settings, quality=quality, resume=True)
    assert paint(source, Painter(), **more) == []


def test_stop_before_the_first_segment_leaves_nothing(source):
    assert paint(source, Painter(stop=2)) == ["stopped"]
    assert [path.name for path in source.parent.iterdir()] == ["a.mp4"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a signal of Unix")
def test_a_killed_run_leaves_nothing_half(source):
    folder = source.parent
    code = (
        "import time\n"
        "from fast_style.video import films\n"
        "films.SEGMENT_FRAMES = 4\n"
        "paint = lambda pixels: time.sleep(0.1) or 255 - pixels\n"
        "films.paint('a.mp4', films.Order('b.mp4', paint))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=folder)
    while len(list(folder.glob(".b.mp4.fast-style/*.nut"))) < 3:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (folder / "b.mp4").exists()
    second = Painter()
    assert paint(source, second, resume=True) == []
    assert second.calls <= 20 and len(times_of(folder / "b.mp4")) == 20
    assert sorted(path.name for path in folder.iterdir()) == NAMES


def test_film_like_a_painting_goes_on_with_the_same_painting_alone(source, model):
    target = source.with_name("b.mp4")

    def like(level):
        goal = Moments(np.full(3, level), 400 * np.eye(3))
        return Likeness({"wave": 1.0}, goal)

    def paint_like(level, resume=True, progress=lambda *_: None):
        options = FilmOptions(resume=resume)
        return films.stylize(
            source,
            target,
            stylizer=Stylizer(model),
            options=options,
            progress=progress,
            styles=like(level),
        )

    def stop(done, count):
        if done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paint_like(190.0, resume=False, progress=stop)
    with pytest.raises(ValueError, match=r"other settings \(model\)"):
        paint_like(70.0)
    assert paint_like(190.0).frames == 20
    assert pictures_of(target)[12].mean() == pytest.approx(190, abs=6)
