"""Files and folders of pictures: what is written where, and the work on one of them."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from fast_style import images
from fast_style.images import Picture
from fast_style.stylizer import Stylizer

STREAM = "-"  # standard input, standard output


@dataclass(frozen=True)
class Job:
    """One picture to make: a path each, or "-"."""

    source: str
    target: str


def plan(
    inputs: list[str],
    output: str | None,
    *,
    label: str,
    label_all: bool = False,
    format: str | None = None,
    overwrite: bool = False,
) -> list[Job]:
    """Decides where each picture goes, before any work.

    Args:
        inputs: files and folders, or "-" alone.
        output: a file, a folder or "-"; None names the results after the inputs.
        label: the styles, which end a name made from an input's.
        label_all: whether it ends the names in a folder given as output, too.
        format: "JPEG" or another of images.WRITABLE; None keeps each input's own.
        overwrite: whether files that exist may be replaced.

    Raises:
        OSError: a folder cannot be read, or holds no picture.
        ValueError: the outputs are not files of their own, or would replace some.
    """
    if not inputs:
        raise ValueError("No picture given. Give files or folders, or - for stdin.")
    if STREAM in inputs or output == STREAM:
        if len(inputs) > 1 or _is_folder(inputs[0]):
            raise ValueError("With - for stdin or stdout, give one picture alone.")
        jobs = [Job(inputs[0], output or STREAM)]
    elif output is None:
        jobs = [job for path in inputs for job in _plan_beside(path, label, format)]
    elif len(inputs) > 1 or _is_folder(inputs[0]) or _is_folder(output):
        own = label if label_all else ""
        jobs = [job for path in inputs for job in _plan_into(path, output, own, format)]
    else:
        jobs = [Job(inputs[0], output)]
    files = [job for job in jobs if job.target != STREAM]
    for job in files:
        written = images.format_of(job.target)
        if format and written != format:
            raise ValueError(f"'{job.target}' is no name for a {format} file.")
    _check_targets(files, overwrite)
    return jobs


def apply(
    job: Job,
    stylizer: Stylizer,
    *,
    styles: dict[str, float],
    strength: float = 1.0,
    fade: str | None = None,
    keep_color: str = "none",
    max_size: int = 0,
    format: str | None = None,
    quality: int = 95,
) -> Picture:
    """Reads, stylises and writes one picture; see `Stylizer.stylize`."""
    picture = read(job, max_size=max_size)
    pixels = stylizer.stylize(
        picture.pixels,
        styles=styles,
        strength=strength,
        fade=fade,
        keep_color=keep_color,
    )
    picture = replace(picture, pixels=pixels)
    write(picture, job, format=format, quality=quality)
    return picture


def read(job: Job, *, max_size: int = 0, min_size: int = 0) -> Picture:
    """Reads a job's picture; see `images.read`."""
    source = sys.stdin.buffer if job.source == STREAM else job.source
    return images.read(source, max_size=max_size, min_size=min_size)


def write(
    picture: Picture, job: Job, *, format: str | None = None, quality: int = 95
) -> None:
    """Writes a job's result; see `images.encode`.

    Args:
        format: one of images.WRITABLE, for stdout; None is the picture's own.
    """
    if job.target != STREAM:
        images.write(picture, job.target, quality=quality)
        return
    format = format_of(picture, job, format)
    try:
        # A buffer of its own: sys.stdout would try a failed write again at exit.
        with open(sys.stdout.fileno(), "wb", closefd=False) as file:
            file.write(images.encode(picture, format=format, quality=quality))
    except OSError as error:
        raise OSError(f"Cannot write to stdout: {error.strerror}.") from error


def format_of(picture: Picture, job: Job, format: str | None) -> str:
    """Gives the format that `write` will write in."""
    if job.target != STREAM:
        return images.format_of(job.target)
    return format or ("PNG" if picture.format == "GIF" else picture.format)


def _plan_beside(path: str, label: str, format: str | None) -> list[Job]:
    given = Path(path)
    if _is_folder(path):
        if given.name in ("", ".."):
            given = given.resolve()
        folder = str(given.with_name(f"{given.name}-{label}"))
        return _plan_into(path, folder, "", format)
    return [Job(path, str(_renamed(given, label, format)))]


def _plan_into(path: str, folder: str, label: str, format: str | None) -> list[Job]:
    if not _is_folder(path):
        return [Job(path, str(Path(folder, _renamed(Path(path), label, format).name)))]
    folder = Path(folder)
    results = folder.resolve()
    nested = results != Path(path).resolve()  # then earlier results are no input
    found = [
        file
        for file in images.find_images(path)
        if not (nested and results in file.resolve().parents)
    ]
    if not found:
        raise OSError(f"No pictures in '{path}'.")
    return [
        Job(str(file), str(folder / _renamed(file.relative_to(path), label, format)))
        for file in found
    ]


def _renamed(path: Path, label: str, format: str | None) -> Path:
    """Gives the file's name the label, and a suffix that can be written."""
    if label:
        path = path.with_stem(f"{path.stem}-{label}")
    own = images.FORMATS.get(path.suffix.lower())
    if own in images.WRITABLE and format in (None, own):
        return path
    format = format or "PNG"
    return path.with_suffix(next(s for s, f in images.FORMATS.items() if f == format))


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) or path.endswith(("/", os.sep))


def _check_targets(jobs: list[Job], overwrite: bool) -> None:
    seen = {}
    for job in jobs:
        other = seen.setdefault(os.path.realpath(job.target), job)
        if other is not job:
            raise ValueError(
                f"'{other.source}' and '{job.source}' would both be written to "
                f"'{job.target}'. Rename one, or give them separate folders."
            )
    existing = [job.target for job in jobs if os.path.lexists(job.target)]
    if existing and not overwrite:
        more = f" and {len(existing) - 1} more" if existing[1:] else ""
        exist = "exist" if more else "exists"
        raise ValueError(
            f"'{existing[0]}'{more} {exist} already. "
            "Give --overwrite or another --output."
        )
