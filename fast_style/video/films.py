"""Painting a film, from one file to another."""

import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np

from fast_style import __version__, animations, files
from fast_style.command.jobs import Look
from fast_style.styles import Likeness
from fast_style.stylizer import Stylizer
from fast_style.video import coding, joining, painters, pipeline
from fast_style.video.colors import Converter
from fast_style.video.painters import Painter
from fast_style.video.reading import Film, Frame
from fast_style.video.segments import Segments

SEGMENT_FRAMES = 96  # 3 to 4 s, after which players can begin, too

Progress = Callable[[int, int], None]  # takes the frames that are done, and all or 0
Note = Callable[[str], None]


class LookArguments(TypedDict, total=False):
    """Those arguments of `Stylizer.stylize` that say how a film is painted."""

    styles: dict[str, float] | Likeness | None
    strength: float
    fade: str | None
    keep_color: str
    stroke: float | str


@dataclass(frozen=True)
class FilmOptions:
    """How a film is read and written.

    Args:
        quality: 1 to 100; see docs/film.md for what it means to the encoder.
        max_size: Longer side in px that a larger film is brought down to; 0 keeps any
            size.
        resume: Whether to go on from what an earlier run has left beside the target.
        steady: Whether strokes stay on what they are painted on, instead of flickering.
    """

    quality: int = 95
    max_size: int = 0
    resume: bool = False
    steady: bool = True


@dataclass(frozen=True)
class Painted:
    """A film that was painted.

    Args:
        width: px.
        height: px.
        frames: How many it has.
        seconds: What the work took.
        fps: Frames that were painted in a second of this time.
    """

    width: int
    height: int
    frames: int
    seconds: float
    fps: float


def _ignore(*arguments: object) -> None:
    pass


@dataclass(frozen=True)
class Order:
    """What is made of a film.

    Args:
        target: The file to write.
        painter: Paints its frames, in another thread than the caller's.
        options: How it is read and written.
        settings: What the painter's results depend on; a run goes on with equal ones
            alone.
        progress: Called after each frame.
        note: Called with each line on what is done otherwise than expected.
    """

    target: str | os.PathLike
    painter: Painter
    options: FilmOptions = FilmOptions()
    settings: dict[str, Any] = field(default_factory=dict)
    progress: Progress = _ignore
    note: Note = _ignore


def stylize(
    source: str | os.PathLike,
    target: str | os.PathLike,
    *,
    stylizer: Stylizer | None = None,
    options: FilmOptions | None = None,
    progress: Progress = _ignore,
    note: Note = _ignore,
    **look: Unpack[LookArguments],
) -> Painted:
    """Paint a film; all but its pictures is kept.

    Args:
        source: The film.
        target: The file to write, which is replaced if it exists: .mp4, .mov, .mkv,
            .webm, or an animation: .gif, .webp, .png.
        stylizer: Paints the frames; None for one of the model in the package.
        options: How the film is read and written.
        progress: Called after each frame.
        note: Called with each line on what is done otherwise than expected.
        **look: styles, strength, fade, keep_color and stroke, as of
            `Stylizer.stylize`.

    Raises:
        OSError: A file cannot be read or written.
        ValueError: The film cannot be read or painted, or an argument is out of its
            range.
    """
    stylizer = stylizer or Stylizer()
    options = options or FilmOptions()
    full = Look(**look).for_model(stylizer)
    trial = np.arange(3 * 32 * 32, dtype=np.uint8).reshape(32, 32, 3)
    order = Order(
        target,
        painters.make(stylizer, full, steady=options.steady),
        options,
        {
            "look": full.described(),  # the trial tells a likeness' palette
            "model": full.paint(stylizer, trial).tolist(),
            "steady": options.steady,
        },
        progress,
        note,
    )
    return paint(source, order)


def paint(source: str | os.PathLike, order: Order) -> Painted:
    """Paint a film by any painter; see `stylize`.

    Args:
        source: The film.
        order: What is made of it, and how.

    Raises:
        OSError, ValueError: As of `stylize`.
    """
    start = time.perf_counter()
    with Film(source, max_size=order.options.max_size) as film:
        for line in film.notes():
            order.note(line)
        write = _write_animation if animations.format_of(order.target) else _write_film
        earlier, frames = write(film, order)
        for line in film.damage.notes(film.path):
            order.note(line)
        size = film.width, film.height
    seconds = time.perf_counter() - start
    fps = (frames - earlier) / seconds
    return Painted(*size, frames, round(seconds, 3), round(fps, 2))


def _write_film(film: Film, order: Order) -> tuple[int, int]:
    """Return how many frames an earlier run had painted, and how many there are."""
    how = coding.choose(order.target, film, order.options.quality)
    _check_disk(film, order)
    settings = order.settings | asdict(how) | _identity(film)
    segments = Segments(order.target, settings, resume=order.options.resume)
    if how.pix_fmt == "yuv444p":
        order.note(
            f"'{order.target}' has an odd width or height, which H.264 keeps in 4:4:4 "
            "alone. Not all players take that; all browsers take a .webm."
        )
    earlier = segments.done
    painters.remember(order.painter, segments.memory())
    converter = Converter(film.colors, (film.width, film.height), how.pix_fmt)
    frames = film.frames(earlier)
    try:
        while first := next(frames, None):
            part = chain([first], islice(frames, SEGMENT_FRAMES - 1))
            with (
                segments.new() as segment,
                closing(_painted(part, film, order, segments.done)) as painted,
            ):
                segment.frames = coding.write_segment(
                    segment.path, painted, film, how, converter
                )
                segment.memory = painters.memory(order.painter)
        joining.join(segments.paths, film, order.target, how, order.note)
    except BaseException as error:
        if segments.done:
            order.note(
                f"{segments.done} frames of '{film.path}' are painted. The same with "
                "resume goes on after them."
            )
        else:
            segments.remove()
        if isinstance(error, OSError) and error.errno:
            raise files.problem(order.target, error) from error
        raise
    segments.remove()
    return earlier, segments.done


def _write_animation(film: Film, order: Order) -> tuple[int, int]:
    """Return 0, for earlier runs keep nothing of an animation, and the frames."""
    times: list[int] = []

    def frames() -> Generator[animations.Frame]:
        waiting: np.ndarray | None = None
        with closing(_painted(film.frames(), film, order, 0)) as painted:
            for pixels, moment in painted:
                if waiting is not None:
                    yield shown(waiting, moment - times[-1])
                waiting = pixels
                times.append(moment)
        if waiting is not None:
            yield shown(waiting, film.last_duration)

    def shown(pixels: np.ndarray, units: int) -> animations.Frame:
        milliseconds = float(1000 * units * film.time_base)
        return animations.Frame(pixels, milliseconds=milliseconds)

    with closing(frames()) as painted:
        animations.write(order.target, painted, quality=order.options.quality)
    return 0, len(times)


def _painted(
    frames: Iterator[Frame], film: Film, order: Order, earlier: int
) -> Generator[tuple[np.ndarray, int]]:
    """Yield painted frames and their times.

    Args:
        frames: Those to paint.
        film: Has them.
        order: As of `paint`.
        earlier: How many come before them.
    """
    first, *others = painters.steps(order.painter)
    steps = (lambda frame: first(frame.pixels), *others)
    with closing(pipeline.run(frames, steps)) as results:
        for number, (frame, pixels) in enumerate(results, earlier + 1):
            if pixels.shape != frame.pixels.shape:
                raise ValueError(
                    f"A painter made {pixels.shape} of a frame {frame.pixels.shape}. "
                    "Give one that keeps the size."
                )
            yield pixels, frame.time
            order.progress(number, film.count)


def _identity(film: Film) -> dict[str, Any]:
    """Return what tells a film, and the frames that are made of it, from others."""
    status = os.stat(film.path)
    return {
        "version": __version__,
        "film": [status.st_size, status.st_mtime_ns],
        "size": [film.width, film.height],
    }


def _check_disk(film: Film, order: Order) -> None:
    """Refuse a film for which the disk has too little room.

    Segments and the whole film lie there at once.
    """
    needed = 2 * coding.estimated_bytes(film, order.options.quality)
    needed += os.path.getsize(film.path)
    needed += 2 * painters.MEMORY * film.width * film.height  # for resume, old and new
    folder = Path(order.target).absolute().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise files.Unwritable(
            f"Cannot write '{order.target}': it takes about {needed / 1e9:.2g} GB "
            f"while it is made, and {free / 1e9:.2g} GB are free. Free some, or give a "
            "lower quality or max_size."
        )
