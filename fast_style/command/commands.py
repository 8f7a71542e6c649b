"""The work of each command of fast-style."""

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from json import dumps
from pathlib import Path

from fast_style import MIN_SIZE, PHOTO, catalogue, images, metadata
from fast_style.command import jobs, messages, planning, runs
from fast_style.command.jobs import STDIO, FileOptions, Job, Look
from fast_style.command.moving import Made
from fast_style.command.planning import Photos
from fast_style.images import Picture
from fast_style.stylizer import DEFAULT_MODEL, Stylizer

_LONGEST_ROW = 10  # pictures of a blend


@dataclass(frozen=True)
class Cell:
    """One picture of a sheet: its caption, and how it is painted.

    With a strength of 0 it is the photograph, and the styles do not matter.
    """

    caption: tuple[str, ...]
    look: Look


def stylize(
    sources: list[str],
    look: Look,
    options: FileOptions,
    *,
    model: str | None,
    painting: str | None = None,
    as_json: bool,
    paint: Callable[..., int] = runs.paint,
) -> int:
    """Paint photographs and folders of them.

    Args:
        sources: Files and folders, or "-" alone.
        look: How the photographs are painted.
        options: How they are read, and where and how results are written.
        model: A .tflite file; None for the model in the package.
        painting: Path of a picture to paint like, in place of styles.
        as_json: Whether to print one JSON object per photograph.
        paint: Paints the plan, as `runs.paint` does in this process.

    Returns:
        How many photographs and folders failed. Each has had its line of error.

    Raises:
        OSError, ValueError: Nothing, or nothing more, can be painted.
    """
    photos = planning.find(sources, options)
    if photos.errors:
        _check_styles(list(photos.errors), model)
    for line in photos.notes:
        messages.note(line)
    for path, error in photos.errors.items():
        runs.report_failure(path, error, as_json)
    count = failed = len(photos.errors)
    if photos.found:
        stylizer = Stylizer(model)
        look = look.for_model(stylizer, painting)
        label = (
            Path(painting).stem if painting else "-".join(look.described()["styles"])
        )
        plan = planning.plan(photos, options, label=label)
        _check_json(plan.jobs, as_json)
        failed += paint(plan, stylizer, look, options, as_json=as_json)
        count += len(plan.jobs)
    if failed and count > 1:
        messages.error(f"{failed} of {count} failed.")
    return failed


def styles(*, model: str | None, as_json: bool) -> None:
    """Print the styles of a model: name, title, artist and year of each."""
    entries = catalogue.of_model(metadata.read(model or DEFAULT_MODEL)).values()
    fields = ("name", "title", "artist", "year")
    if as_json:
        names = (*fields, "credit")
        print(dumps([{f: getattr(style, f) for f in names} for style in entries]))
        return
    rows = [[getattr(style, field) or "" for field in fields] for style in entries]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def sheet(
    source: str,
    look: Look,
    options: FileOptions,
    *,
    model: str | None,
    columns: int | None,
    as_json: bool,
) -> None:
    """Paint a photograph in every style of a model, on one sheet.

    Args:
        source: A picture, or "-".
        look: How the photograph is painted, but for the styles.
        options: How it is read, and where and how the sheet is written.
        model: A .tflite file; None for the model in the package.
        columns: Pictures in a row; None for as many as suit the sheet.
        as_json: Whether to print a JSON object.
    """
    photos = _find_one(source, options)
    stylizer = Stylizer(model)
    look = look.for_model(stylizer)
    cells = [Cell((PHOTO, "the photograph"), replace(look, styles={}, strength=0.0))]
    for name, style in stylizer.catalogue.items():
        painter = ", ".join(filter(None, (style.artist, style.year)))
        caption = (name, *filter(None, (style.title, painter)))
        cells.append(Cell(caption, replace(look, styles={name: 1.0})))
    job = _plan_one(photos, options, label="sheet", as_json=as_json)
    _make_sheet(job, stylizer, cells, options, columns=columns, as_json=as_json)


def blend(
    source: str,
    names: tuple[str, str],
    look: Look,
    options: FileOptions,
    *,
    steps: int,
    model: str | None,
    columns: int | None,
    as_json: bool,
) -> None:
    """Paint a photograph in steps from one style to another, in a strip.

    Args:
        source: A picture, or "-".
        names: The two styles; one of them may be "photo", the photograph itself.
        look: How the photograph is painted, but for the styles.
        options: How it is read, and where and how the strip is written.
        steps: Pictures of the strip, at least 2.
        model: A .tflite file; None for the model in the package.
        columns: Pictures in a row; None for equal rows of up to ten.
        as_json: Whether to print a JSON object.
    """
    photos = _find_one(source, options)
    stylizer = Stylizer(model)
    look = look.for_model(stylizer)
    stylizer.weights({name: 1.0 for name in names if name != PHOTO})
    cells = []
    for i in range(steps):
        second = i / (steps - 1)
        shares = dict(zip(names, (1 - second, second), strict=True))
        caption = ", ".join(f"{share:.0%} {n}" for n, share in shares.items() if share)
        # The photograph's share lowers the strength, which works with every model and
        # with either fade.
        strength = look.strength * (1 - shares.pop(PHOTO, 0.0))
        cells.append(Cell((caption,), replace(look, styles=shares, strength=strength)))
    job = _plan_one(photos, options, label="-to-".join(names), as_json=as_json)
    columns = columns or math.ceil(steps / math.ceil(steps / _LONGEST_ROW))
    _make_sheet(job, stylizer, cells, options, columns=columns, as_json=as_json)


def _check_styles(missing: list[str], model: str | None) -> None:
    """Refuse the name of a style in the place of a photograph."""
    rows = metadata.read(model or DEFAULT_MODEL)["styles"]
    for word in missing:
        if word in rows:
            raise ValueError(f"Cannot open '{word}'. Did you mean --style {word}?")


def _find_one(source: str, options: FileOptions) -> Photos:
    """Return the photograph of a sheet."""
    if os.path.isdir(source):
        raise ValueError(f"'{source}' is a folder. Give one picture.")
    photos = planning.find([source], options)
    for error in photos.errors.values():
        raise error
    return photos


def _plan_one(
    photos: Photos, options: FileOptions, *, label: str, as_json: bool
) -> Job:
    # Label it in another folder too, so that it is not named like the photograph.
    jobs = planning.plan(photos, options, label=label, label_all=True).jobs
    _check_json(jobs, as_json)
    runs.check_targets(jobs)
    return jobs[0]


def _make_sheet(
    job: Job,
    stylizer: Stylizer,
    cells: list[Cell],
    options: FileOptions,
    *,
    columns: int | None,
    as_json: bool,
) -> None:
    # Imported here because its fonts take time, which no other command needs.
    from fast_style.command import sheets

    start = time.perf_counter()
    with runs.one_line_errors(job.source):
        photo = jobs.read(job, options, min_size=MIN_SIZE)
        captions = [cell.caption for cell in cells]
        size, lines = photo.pixels.shape[1::-1], max(map(len, captions))
        layout = sheets.lay_out(len(cells), size, lines, columns)
        _check_size(*layout.size, jobs.format_of(photo, job, options))
        pictures = [
            cell.look.paint(stylizer, photo.pixels, photo.icc)
            if cell.look.strength
            else photo.pixels
            for cell in messages.progress(cells)
        ]
        pixels = sheets.draw(pictures, captions, columns=columns, alpha=photo.alpha)
        # Without the EXIF block, which tells where the photograph was taken.
        result = Picture(pixels, icc=photo.icc, format=photo.format)
        jobs.write(result, job, options)
    if as_json:
        made = Made.of(result)
        seconds = time.perf_counter() - start
        line = {"input": job.source, **runs.description(job, made, seconds)}
        looks = [cell.look.described() for cell in cells]
        line["cells"] = [{k: look[k] for k in ("styles", "strength")} for look in looks]
        messages.say(
            dumps(line | {k: looks[0][k] for k in ("fade", "keep_color", "stroke")})
        )
    elif job.target != STDIO:
        messages.say(f"{job.target} in {time.perf_counter() - start:.1f} s")


def _check_size(width: int, height: int, format: str) -> None:
    longest = images.MAX_SIDES.get(format, width + height)
    if width * height > images.MAX_PIXELS or max(width, height) > longest:
        raise ValueError(
            f"A sheet of {width} x {height} px is too large for a {format} file. Give "
            "a smaller --max_size, or other --columns."
        )


def _check_json(planned: list[Job], as_json: bool) -> None:
    if as_json and any(job.target == STDIO for job in planned):
        raise ValueError("--json needs stdout for itself. Give a file as --output.")
