"""What the commands of fast-style do; each takes its flags as keywords."""

import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from json import dumps

from fast_style import MIN_SIZE, PHOTO, catalogue, images, metadata, stylizer
from fast_style.command import jobs
from fast_style.images import Picture
from fast_style.styles import parse
from fast_style.stylizer import Stylizer

_IN_A_ROW = 10  # pictures of a blend


@dataclass(frozen=True)
class Cell:
    """One picture of a sheet: its caption, and how it is painted.

    At a strength of 0 it is the photograph, and the styles do not matter.
    """

    caption: tuple[str, ...]
    styles: dict[str, float]
    strength: float


def stylize(
    inputs: list[str],
    *,
    output: str | None,
    style: list[str] | None,
    strength: float,
    fade: str | None,
    keep_color: str,
    max_size: int,
    model: str | None,
    format: str | None,
    quality: int,
    overwrite: bool,
    json: bool,
) -> list[Exception]:
    """Stylises pictures and folders of them; gives what went wrong with some."""
    painter = _open(model)
    styles = painter.weights(parse(style and ",".join(style)))
    fade = painter.choose_fade(fade)
    planned = jobs.plan(
        inputs, output, label="-".join(styles), format=format, overwrite=overwrite
    )
    to_stdout = _to_stdout(planned[0], json)
    errors = []
    begin = time.perf_counter()
    for job in _progress(planned):
        start = time.perf_counter()
        line = {"input": job.source}
        try:
            picture = jobs.apply(
                job,
                painter,
                styles=styles,
                strength=strength,
                fade=fade,
                keep_color=keep_color,
                max_size=max_size,
                format=format,
                quality=quality,
            )
        except (ValueError, OSError, MemoryError) as error:
            errors.append(error)
            line["error"] = str(error)
        else:
            line |= _done(job, picture, start)
            line |= {"styles": styles, "strength": strength, "fade": fade}
            line["keep_color"] = keep_color
        if json:
            print(dumps(line), flush=True)
    if not (json or to_stdout) and len(planned) > len(errors):
        done = len(planned) - len(errors)
        what = "1 picture" if done == 1 else f"{done} pictures"
        what = planned[0].target if len(planned) == 1 else what
        print(f"{what} in {time.perf_counter() - begin:.1f} s")
    return errors


def styles(inputs: list[str], *, model: str | None, json: bool) -> None:
    """Lists the styles of a model."""
    if inputs:
        raise ValueError(f"'{inputs[0]}' is too much. Give flags alone after styles.")
    found = catalogue.of_model(metadata.read(model or stylizer.DEFAULT_MODEL)).values()
    fields = ("name", "title", "artist", "year")
    if json:
        rows = [{f: getattr(style, f) for f in (*fields, "credit")} for style in found]
        print(dumps(rows))
        return
    rows = [[getattr(style, field) or "" for field in fields] for style in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def sheet(inputs: list[str], *, model: str | None, strength: float, **options) -> None:
    """Paints a picture in every style of a model, on one sheet."""
    if len(inputs) != 1:
        raise ValueError("Give one picture: fast-style sheet PHOTO.")
    painter = _open(model)
    cells = [Cell((PHOTO, "the photograph"), {}, 0.0)]
    for name, style in painter.catalogue.items():
        by = ", ".join(filter(None, (style.artist, style.year)))
        caption = (name, *filter(None, (style.title, by)))
        cells.append(Cell(caption, {name: 1.0}, strength))
    _make_sheet(inputs[0], painter, cells, label="sheet", **options)


def blend(
    inputs: list[str],
    *,
    steps: int,
    model: str | None,
    strength: float,
    columns: int | None,
    **options,
) -> None:
    """Paints a picture in steps from one style to another, in a strip."""
    if len(inputs) != 3 or inputs[1] == inputs[2]:
        raise ValueError(
            "Give a picture and two styles, or one and photo: "
            "fast-style blend PHOTO STYLE STYLE."
        )
    photo, *names = inputs
    painter = _open(model)
    painter.weights({name: 1.0 for name in names if name != PHOTO})
    cells = []
    for i in range(steps):
        second = i / (steps - 1)
        shares = dict(zip(names, (1 - second, second), strict=True))
        caption = ", ".join(f"{share:.0%} {n}" for n, share in shares.items() if share)
        # By the strength, so that it works with every model and either fade.
        painted = 1 - shares.pop(PHOTO, 0.0)
        cells.append(Cell((caption,), shares, strength * painted))
    label = "-to-".join(names)
    columns = columns or math.ceil(steps / math.ceil(steps / _IN_A_ROW))
    _make_sheet(photo, painter, cells, label=label, columns=columns, **options)


def _make_sheet(
    photo: str,
    painter: Stylizer,
    cells: list[Cell],
    *,
    label: str,
    output: str | None,
    columns: int | None,
    fade: str | None,
    keep_color: str,
    max_size: int,
    format: str | None,
    quality: int,
    overwrite: bool,
    json: bool,
) -> None:
    # Here, for its fonts cost every other command a start.
    from fast_style.command import sheets

    fade = painter.choose_fade(fade)
    if os.path.isdir(photo):
        raise ValueError(f"'{photo}' is a folder. Give one picture.")
    (job,) = jobs.plan(
        *([photo], output),
        label=label,
        label_all=True,  # or a sheet would take its photograph's name
        format=format,
        overwrite=overwrite,
    )
    to_stdout = _to_stdout(job, json)
    start = time.perf_counter()
    picture = jobs.read(job, max_size=max_size, min_size=MIN_SIZE)
    captions = [cell.caption for cell in cells]
    size, lines = picture.pixels.shape[1::-1], max(map(len, captions))
    width, height = sheets.lay_out(len(cells), size, lines, columns).size
    kind = jobs.format_of(picture, job, format)
    longest = images.MAX_SIDES.get(kind, width + height)
    if width * height > images.MAX_PIXELS or max(width, height) > longest:
        raise ValueError(
            f"A sheet of {width} x {height} px is too large for a {kind} file. Give a "
            "smaller --max_size, or other --columns."
        )
    painted = [
        painter.stylize(
            picture.pixels,
            styles=cell.styles,
            strength=cell.strength,
            fade=fade,
            keep_color=keep_color,
        )
        if cell.strength
        else picture.pixels
        for cell in _progress(cells)
    ]
    pixels = sheets.draw(painted, captions, columns=columns, alpha=picture.alpha)
    # Its EXIF tells of a photograph, place and all.
    result = Picture(pixels, icc=picture.icc, format=picture.format)
    jobs.write(result, job, format=format, quality=quality)
    if json:
        line = {"input": job.source, **_done(job, result, start)}
        line["cells"] = [{"styles": c.styles, "strength": c.strength} for c in cells]
        print(dumps(line | {"fade": fade, "keep_color": keep_color}))
    elif not to_stdout:
        print(f"{job.target} in {time.perf_counter() - start:.1f} s")


def _open(model: str | None) -> Stylizer:
    with _native_log_off():
        return Stylizer(model)


def _to_stdout(job: jobs.Job, json: bool) -> bool:
    if json and job.target == jobs.STREAM:
        raise ValueError("--json needs stdout for itself. Give a file as --output.")
    return job.target == jobs.STREAM


def _done(job: jobs.Job, picture: Picture, start: float) -> dict:
    height, width = picture.pixels.shape[:2]
    seconds = round(time.perf_counter() - start, 3)
    size = {"width": width, "height": height}
    return {"output": job.target, **size, "seconds": seconds}


def _progress(work: list) -> list:
    if len(work) == 1 or not sys.stderr.isatty():
        return work
    from tqdm import tqdm

    return tqdm(work, unit="picture")


@contextmanager
def _native_log_off() -> Iterator[None]:
    """Silences LiteRT's remark on its delegate, which no setting of its own does."""
    sys.stderr.flush()
    kept, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)
