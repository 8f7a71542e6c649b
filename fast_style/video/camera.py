"""Painting a camera, an address or a film while it runs; frames are dropped."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Self

import av
import cv2
import numpy as np

from fast_style import files
from fast_style.video import coding, containers
from fast_style.video.coding import Recording
from fast_style.video.colors import Converter
from fast_style.video.painters import Painter
from fast_style.video.reading import Film

DEFAULT = {"linux": "/dev/video0", "darwin": "0"}  # cameras by sys.platform
_DRIVERS = {"linux": "v4l2", "darwin": "avfoundation", "win32": "dshow"}
_TIMEOUT = 10  # seconds in which an address has to answer
_TITLE = "fast-style (q ends)"

# Takes each painted frame, uint8 (H, W, 3), and returns whether to go on.
Screen = Callable[[np.ndarray], bool]


@dataclass(frozen=True)
class Shown:
    """What came of a camera.

    Args:
        frames: Frames that were painted.
        dropped: Those that were not, because the next had come.
        fps: Frames that were painted in a second.
    """

    frames: int
    dropped: int
    fps: float


class Newest:
    """The newest frame of a source, while it runs; those before it are dropped.

    Args:
        film: The source.
        paced: Whether to read it no faster than it is shown.

    Attributes:
        dropped: Frames that nobody asked for in time.
    """

    def __init__(self, film: Film, *, paced: bool) -> None:
        self.dropped = 0
        self._film, self._paced = film, paced
        self._news = threading.Condition()
        self._frame: av.VideoFrame | None = None
        self._stopped = self._ended = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._thread.join(_TIMEOUT)

    def stop(self) -> None:
        """End it before its source does."""
        with self._news:
            self._stopped = self._ended = True
            self._news.notify()

    def __iter__(self) -> Iterator[av.VideoFrame]:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._frame is not None or self._ended)
                frame, self._frame = self._frame, None
            if frame is None or self._stopped:
                if self._error:
                    raise self._error
                return
            yield frame

    def _read(self) -> None:
        begin: float | None = None
        try:
            for frame, moment in self._film.decoded():
                seconds = float(moment * self._film.time_base)
                if begin is None:
                    begin = time.monotonic() - seconds
                if self._paced:
                    time.sleep(max(0.0, begin + seconds - time.monotonic()))
                if self._stopped:
                    return
                with self._news:
                    self.dropped += self._frame is not None
                    self._frame = frame
                    self._news.notify()
        except Exception as error:  # the thread of whoever asks for frames raises it
            self._error = error
        finally:
            with self._news:
                self._ended = True
                self._news.notify()


def run(
    source: str,
    painter: Painter,
    *,
    target: str | None = None,
    screens: Callable[[tuple[int, int]], list[Screen]] | None = None,
    max_size: int = 0,
    quality: int = 95,
) -> Shown:
    """Paint a source until it ends, a screen ends it, or Ctrl+C does.

    Args:
        source: A device, an address, a film's file, or "" for the first camera.
        painter: Paints its frames.
        target: The film to write, without sound; None for none.
        screens: Gives what shows frames of a width and height in px; None for
            `screens_of`.
        max_size: Longer side in px that larger frames are brought down to.
        quality: 1 to 100, of the film.

    Raises:
        OSError, ValueError: The source cannot be opened, the film not be written, or
            nothing shows the frames.
    """
    with Film(source, max_size=max_size, container=_open(source)) as film:
        shown_on = (screens or screens_of)((film.width, film.height))
        if not (shown_on or target):
            raise ValueError(
                "Nothing shows the frames: this OpenCV has no window, and there is no "
                "virtual camera. Give a film as output, or: pip install opencv-python "
                "(in place of opencv-python-headless), or pyvirtualcam."
            )
        begin = time.monotonic()
        newest = Newest(film, paced=os.path.isfile(source))
        with newest, _stopped_by_ctrl_c(newest):
            painted = _painted(newest, film, painter, shown_on)
            if target:
                frames = _record(painted, film, target, quality)
            else:
                frames = sum(1 for _ in painted)
        seconds = max(0.001, time.monotonic() - begin)
    return Shown(frames, newest.dropped, round(frames / seconds, 2))


@contextmanager
def _stopped_by_ctrl_c(newest: Newest) -> Iterator[None]:
    """Let Ctrl+C end a source, so that what is recorded of it is whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: newest.stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _painted(
    newest: Newest, film: Film, painter: Painter, screens: list[Screen]
) -> Iterator[tuple[np.ndarray, int]]:
    """Yield painted frames and the milliseconds since the first."""
    begin, last = None, -1
    for frame in newest:
        now = time.monotonic()
        begin = now if begin is None else begin
        last = max(last + 1, round(1000 * (now - begin)))
        pixels = painter(film.read(frame))
        yield pixels, last
        going = [show(pixels) for show in screens]
        if not all(going):
            return


def _record(
    painted: Iterator[tuple[np.ndarray, int]], film: Film, target: str, quality: int
) -> int:
    recording = Recording(film.width, film.height, film.colors, film.aspect, film.rate)
    how = coding.choose(target, recording, quality)
    converter = Converter(film.colors, (film.width, film.height), how.pix_fmt)
    with files.replacing(target) as file:
        count = coding.write_segment(
            file.name, painted, recording, how, converter, how.format
        )
        if not count:
            raise ValueError(f"Nothing was painted, so '{target}' is not written.")
    return count


def _open(source: str) -> Any:
    """Return PyAV's container of a source.

    Raises:
        OSError, ValueError: It cannot be opened.
    """
    if os.path.isfile(source):
        return containers.open_film(source)
    name = source or DEFAULT.get(sys.platform, "")
    if not name:
        raise ValueError("Give the camera's name, such as video=Integrated Camera.")
    driver = None if "://" in name else _DRIVERS.get(sys.platform)
    try:
        return av.open(name, format=driver, timeout=_TIMEOUT)
    except (OSError, ValueError, av.error.FFmpegError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OSError(
            f"Cannot open camera '{name}': {reason}. Give a device, an address or a "
            "film."
        ) from error


def screens_of(size: tuple[int, int]) -> list[Screen]:
    """Return what this computer can show frames on: a window, a virtual camera.

    Args:
        size: Width and height of the frames in px.
    """
    return [screen for screen in (_window(), _virtual_camera(size)) if screen]


def _window() -> Screen | None:
    try:
        cv2.namedWindow(_TITLE, cv2.WINDOW_NORMAL)
    except cv2.error:  # of a package without windows, or a computer without a screen
        return None

    def show(pixels: np.ndarray) -> bool:
        cv2.imshow(_TITLE, pixels[..., ::-1])
        pressed = cv2.waitKey(1) & 0xFF
        shown = cv2.getWindowProperty(_TITLE, cv2.WND_PROP_VISIBLE) >= 1
        return shown and pressed not in (27, ord("q"))

    return show


def _virtual_camera(size: tuple[int, int]) -> Screen | None:
    try:
        camera = import_module("pyvirtualcam").Camera(*size, fps=30)
    except (ImportError, RuntimeError):  # not installed, or no driver for it
        return None

    def show(pixels: np.ndarray) -> bool:
        camera.send(pixels)
        return True

    return show
