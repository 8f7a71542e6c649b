"""Jobs whose pictures move: films and animations; all others are jobs' own.

Films are painted by the wing `fast_style.video`, which is loaded by its name, since it
knows this package and needs an extra.
"""

import os
import time
from dataclasses import asdict, dataclass
from json import dumps
from pathlib import Path
from typing import Any, Self

from fast_style import animations, extras, files, kinds
from fast_style.animations import Animation, Frame
from fast_style.command import jobs, messages
from fast_style.command.jobs import STDIO, FileOptions, Job, Look
from fast_style.images import Picture
from fast_style.stylizer import Stylizer


@dataclass(frozen=True)
class Made:
    """What came of a job.

    Args:
        width: px.
        height: px.
        frames: How many there are; None of a picture.
        fps: How many were painted in a second; None of a picture.
        depth: Bits of a channel, if over 8.
        left_out: What else the photograph's file holds; None for nothing.
    """

    width: int
    height: int
    frames: int | None = None
    fps: float | None = None
    depth: int | None = None
    left_out: tuple[str, ...] | None = None

    @classmethod
    def of(cls, picture: Picture) -> Self:
        """Return what is said of a picture."""
        height, width = picture.pixels.shape[:2]
        depth = 8 * picture.pixels.itemsize if picture.pixels.itemsize > 1 else None
        return cls(width, height, depth=depth, left_out=picture.left_out or None)


def moves(path: str) -> bool:
    """Return whether a file is a film by its name, or an animation."""
    if kinds.is_film(path):
        return True
    return animations.format_of(path) is not None and animations.is_animation(path)


def keeps(source: str, output: str) -> bool:
    """Return whether a file's pictures still move in another file.

    Raises:
        ValueError: One of them moves, and the other cannot.
    """
    film, named = kinds.is_film(source), kinds.is_film(output)
    if named and Path(output).suffix.lower() not in kinds.WRITABLE_FILMS:
        names = ", ".join(kinds.WRITABLE_FILMS)
        raise ValueError(f"Cannot write '{output}' as a film. End it in {names}.")
    if film and not named and animations.format_of(output) is None:
        raise ValueError(
            f"'{output}' is no name for a film, and '{source}' is one. End it in "
            ".mp4, .mov, .mkv or .webm, or in .gif, .webp or .png for an animation."
        )
    if named and os.path.exists(source) and not moves(source):
        raise ValueError(f"'{output}' is a film's name, and '{source}' is no film.")
    return film or named or animations.format_of(output) == "GIF" and moves(source)


def apply(job: Job, stylizer: Stylizer, look: Look, options: FileOptions) -> Made:
    """Read, paint and write what a job asks for.

    Raises:
        files.Unwritable: No result can be written there.
        OSError, ValueError: It cannot be read, painted or written.
    """
    if kinds.is_film(job.source) or kinds.is_film(job.target):
        return _paint_film(job, stylizer, look, options)
    format = animations.format_of(job.target)
    if job.target == STDIO:
        format = options.format or "GIF"
    if format in animations.WRITABLE and job.source != STDIO and moves(job.source):
        return _paint_animation(job, stylizer, look, options)
    return Made.of(jobs.apply(job, stylizer, look, options))


def run_camera(
    source: str,
    look: Look,
    options: FileOptions,
    *,
    model: str | None,
    painting: str | None = None,
    as_json: bool,
) -> None:
    """Paint a camera until it ends; see `fast_style.video.camera.run`.

    Args:
        source: As of `run`.
        look: How its frames are painted.
        options: How large they are, and where and how a film of them is written.
        model: A .tflite file; None for the model in the package.
        painting: Path of a picture to paint like, in place of styles.
        as_json: Whether to print a JSON object.

    Raises:
        OSError, ValueError: It cannot be painted, or no film of it be written.
    """
    target = options.output
    if target and not kinds.is_film(target):
        raise ValueError(f"'{target}' is no film's name. End it in .mp4 or .webm.")
    if target and os.path.lexists(target) and not options.overwrite:
        raise ValueError(f"'{target}' exists already. Give --overwrite or another -o.")
    camera, painters = _wing("camera", "Cannot paint a camera"), _wing("painters", "")
    stylizer = Stylizer(model)
    look = look.for_model(stylizer, painting)
    painter = painters.make(stylizer, look, steady=options.steady)
    shown = camera.run(
        source,
        painter,
        target=target,
        max_size=options.max_size,
        quality=options.quality,
    )
    line = {"input": source or "camera", "output": target, **asdict(shown)}
    text = f"{shown.frames} frames, {shown.fps} a second, {shown.dropped} left out"
    messages.say(dumps(line | look.described()) if as_json else text)


def _wing(module: str, problem: str) -> Any:
    return extras.load(f"fast_style.video.{module}", "video", problem)


def _paint_film(job: Job, stylizer: Stylizer, look: Look, options: FileOptions) -> Made:
    if job.target == STDIO:
        raise ValueError(f"'{job.source}' is a film. Give a file as --output.")
    films = _wing("films", f"Cannot paint '{job.source}'")
    with messages.part_progress(os.path.basename(job.source), "frame") as progress:
        painted = films.stylize(
            job.source,
            job.target,
            stylizer=stylizer,
            options=films.FilmOptions(
                options.quality, options.max_size, options.resume, options.steady
            ),
            progress=progress,
            note=messages.note,
            **vars(look),
        )
    return Made(painted.width, painted.height, painted.frames, painted.fps)


def _paint_animation(
    job: Job, stylizer: Stylizer, look: Look, options: FileOptions
) -> Made:
    start = time.perf_counter()
    painted = []
    with (
        Animation(job.source, max_size=options.max_size) as animation,
        messages.part_progress(os.path.basename(job.source), "frame") as progress,
    ):
        for number, frame in enumerate(animation):
            pixels = look.paint(stylizer, frame.pixels, animation.icc)
            painted.append(Frame(pixels, frame.alpha, frame.milliseconds))
            progress(number + 1, animation.count)
    content = animations.encode(
        painted,
        format=animations.format_of(job.target) or options.format or animation.format,
        plays=animation.plays,
        icc=animation.icc,
        quality=options.quality,
    )
    if job.target == STDIO:
        jobs.write_stdout(content)
    else:
        with files.replacing(job.target, durable=False) as file:
            file.write(content)
    height, width = painted[0].pixels.shape[:2]
    fps = len(painted) / (time.perf_counter() - start)
    return Made(width, height, len(painted), round(fps, 2))
