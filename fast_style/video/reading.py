"""Reading films: what a file holds, and its frames one after the other.

Opening raises

    OSError: the file cannot be opened
    ValueError: the file holds no film that can be read
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from types import TracebackType
from typing import Any, NamedTuple, Self

import av
import numpy as np

from fast_style import MIN_SIZE
from fast_style.video import containers
from fast_style.video.colors import Converter, colors_of
from fast_style.video.turning import Turn

MAX_SIDE = 8192  # px, the longest side of an H.264 film
_CUT_SHORT = 0.9  # of the time that a film's header tells
_DEFAULT_RATE = Fraction(25)
_MOST_DAMAGED = 100_000  # packets of a file that is nothing else


class Frame(NamedTuple):
    """One frame of a film.

    Args:
        pixels: uint8 (H, W, 3), RGB, upright.
        time: When it is shown, in units of the film's time base.
    """

    pixels: np.ndarray
    time: int


@dataclass
class Damage:
    """What of a film could not be read as it should be.

    Args:
        packets: Packets that could not be decoded, or not without faults.
        sizes: Frames of another size than the first, which are scaled to it.
        times: Frames that were to be shown no later than the one before.
        end: Seconds after which the pictures end, and those that the film should have.
    """

    packets: int = 0
    sizes: int = 0
    times: int = 0
    end: tuple[float, float] | None = None

    def notes(self, name: str) -> list[str]:
        """Return a line for each kind of damage to a film of this name."""
        texts = (
            (self.packets, f"{self.packets} damaged packets, and goes on after them"),
            (self.sizes, f"{self.sizes} frames of another size, scaled to the first's"),
            (self.times, f"{self.times} frames without a time of their own"),
        )
        lines = [f"'{name}' has {text}." for count, text in texts if count]
        if self.end is not None:
            lines.append(
                f"The pictures of '{name}' end after {self.end[0]:.1f} of "
                f"{self.end[1]:.1f} s: it is cut short."
            )
        return lines


class Film:
    """A film that is open for reading, upright and in RGB.

    Args:
        path: The file.
        max_size: Longer side in px that larger frames are brought down to; 0 keeps the
            size.
        container: PyAV's container of a source that is no file.

    Attributes:
        width, height: px of the frames that are given.
        time_base: Seconds of one unit of time.
        rate: Frames a second, on average.
        count: Frames that are expected; 0 if nothing tells.
        aspect: Width of a pixel over its height; None if the film does not say.
        colors: What the numbers in the file mean.
        last_duration: How long the last frame is shown that was asked for.
        damage: What could not be read, as far as frames have been asked for.

    Raises:
        OSError, ValueError: It cannot be read.
    """

    def __init__(
        self,
        path: str | os.PathLike,
        *,
        max_size: int = 0,
        container: Any = None,
    ) -> None:
        self.path, self.damage = os.fspath(path), Damage()
        self._container = container or containers.open_film(path)
        try:
            self._open(max_size)
        except BaseException:
            self._container.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._container.close()

    def _open(self, max_size: int) -> None:
        stream = self._stream = containers.main_stream(self._container, self.path)
        stream.thread_type = "AUTO"
        self.time_base = stream.time_base
        rate = stream.average_rate or stream.guessed_rate
        self.rate = rate if rate and 0 < rate < 1000 else _DEFAULT_RATE
        self.seconds = _seconds(stream, self._container)
        self.count = stream.frames or round(self.seconds * self.rate)
        self._decoded = self._decode()
        self._first = next(self._decoded, None)
        if self._first is None:
            raise ValueError(f"Cannot read '{self.path}': no frame of it is readable.")
        self._turn = Turn.of_frame(self._first)
        size = _shrunk(self._first.width, self._first.height, max_size)
        _check_size(self.path, size)
        self.width, self.height = self._turn.size(*size)
        self.aspect = self._turn.aspect(stream.sample_aspect_ratio)
        try:
            self.colors = colors_of(self._first)
        except ValueError as error:
            raise ValueError(f"Cannot read '{self.path}': {error}") from error
        self._size = self._first.width, self._first.height
        self._converter = Converter(self.colors, size, "")
        self.last_duration = 1

    def notes(self) -> list[str]:
        """Return a line for each thing that is not painted as a person may expect."""
        lines = []
        count = len(containers.moving_streams(self._container))
        if count > 1:
            lines.append(
                f"'{self.path}' has {count} tracks of pictures. The first is "
                "painted, what the file takes of the others is copied."
            )
        if self.colors.hdr:
            lines.append(
                f"'{self.path}' has a high dynamic range ({self.colors.hdr}), which is "
                "brought down to BT.709."
            )
        if self._first is not None and self._first.interlaced_frame:
            lines.append(
                f"'{self.path}' is interlaced, and painted so. Better convert it "
                "first, for example: ffmpeg -i film.avi -vf bwdif other.mp4."
            )
        return lines

    def frames(self, skip: int = 0) -> Iterator[Frame]:
        """Yield all frames once, but the first `skip`."""
        for frame, time in islice(self.decoded(), skip, None):
            yield Frame(self.read(frame), time)

    def decoded(self) -> Iterator[tuple[av.VideoFrame, int]]:
        """Yield all frames once as libav's, which `read` reads, and their times.

        Each is shown later than the one before: what the file says otherwise is moved
        by the least unit, and counted.
        """
        step = max(1, round(1 / (self.rate * self.time_base)))
        last: int | None = None
        for frame in self._all_decoded():
            time = frame.pts
            if time is None:
                time = 0 if last is None else last + step
            elif last is not None and time <= last:
                time, self.damage.times = last + 1, self.damage.times + 1
            last = time
            self.last_duration = frame.duration or step
            yield frame, time
        alone = len(self._container.streams) == 1  # and not shorter than its sound
        if last is not None and self.seconds and (alone or self._stream.duration):
            begin = self._stream.start_time or 0
            end = (last + self.last_duration - begin) * self.time_base
            if end < _CUT_SHORT * self.seconds:
                self.damage.end = float(end), float(self.seconds)

    def read(self, frame: av.VideoFrame) -> np.ndarray:
        """Return a frame upright, as uint8 (H, W, 3), RGB."""
        self.damage.sizes += (frame.width, frame.height) != self._size
        return self._turn.apply(self._converter.to_rgb(frame))

    def _all_decoded(self) -> Iterator[av.VideoFrame]:
        if self._first is not None:
            first, self._first = self._first, None
            yield first
        yield from self._decoded

    def _decode(self) -> Iterator[av.VideoFrame]:
        """Yield what can be decoded, whatever packets between are damaged."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                frames = self._stream.decode(packet)
            except EOFError:
                return
            except av.error.FFmpegError:
                self.damage.packets += 1
                if self.damage.packets > _MOST_DAMAGED:
                    return
                continue
            for frame in frames:
                self.damage.packets += bool(frame.is_corrupt)
                yield frame


def _seconds(stream: Any, container: Any) -> Fraction:
    """Return how long a film says that it is; 0 where it does not."""
    if stream.duration:
        return stream.duration * stream.time_base
    return Fraction(container.duration or 0, av.time_base)


def _shrunk(width: int, height: int, max_size: int) -> tuple[int, int]:
    """Return a size of even sides within a limit, or the same if it lies within."""
    longest = max(width, height)
    if not max_size or longest <= max_size:
        return width, height
    scaled = (2 * round(side * max_size / longest / 2) for side in (width, height))
    width, height = (max(2, min(side, max_size)) for side in scaled)
    return width, height


def _check_size(path: str, size: tuple[int, int]) -> None:
    width, height = size
    if max(size) > MAX_SIDE:
        raise ValueError(
            f"'{path}' is {width} x {height} px. Films may have {MAX_SIDE} px a side. "
            f"Give a max_size of {MAX_SIDE} or less."
        )
    if min(size) < MIN_SIZE:
        raise ValueError(
            f"'{path}' is {width} x {height} px. Give a film of at least "
            f"{MIN_SIZE} x {MIN_SIZE} px."
        )
