"""Jobs of one photograph each: where it is read, how painted and where written."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fast_style import folders, images
from fast_style.images import Picture
from fast_style.stylizer import Stylizer

STDIO = "-"  # standard input or standard output


@dataclass(frozen=True)
class Look:
    """How photographs are painted; each field is an argument of `Stylizer.stylize`."""

    styles: dict[str, float] | None = None
    strength: float = 1.0
    fade: str | None = None
    keep_color: str = "none"

    def for_model(self, stylizer: Stylizer) -> "Look":
        """Return this look with the styles and the fade that a model makes of it.

        Raises:
            ValueError: The model lacks a style, or the row for the fade.
        """
        styles = stylizer.weights(self.styles)
        return replace(self, styles=styles, fade=stylizer.choose_fade(self.fade))

    def paint(self, stylizer: Stylizer, pixels: np.ndarray) -> np.ndarray:
        """Return a photograph painted so; see `Stylizer.stylize`."""
        return stylizer.stylize(
            pixels,
            styles=self.styles,
            strength=self.strength,
            fade=self.fade,
            keep_color=self.keep_color,
        )


@dataclass(frozen=True)
class FileOptions:
    """How photographs are read, and where and how results are written.

    Args:
        max_size: Longer side in px that photographs are brought down to; 0 keeps any
            size.
        output: A file, a folder or "-"; None names the results after the photographs.
        format: "JPEG" or another of images.WRITABLE; None keeps each photograph's own.
        quality: 1 to 100, for JPEG and WebP.
        overwrite: Whether files that exist may be replaced.
    """

    max_size: int = 0
    output: str | None = None
    format: str | None = None
    quality: int = 95
    overwrite: bool = False


@dataclass(frozen=True)
class Job:
    """One picture to make: a path, or "-", to read from and one to write to."""

    source: str
    target: str


def plan(
    sources: list[str], options: FileOptions, *, label: str, label_all: bool = False
) -> list[Job]:
    """Return the pictures to make, before any work is done.

    Args:
        sources: Files and folders, or "-" alone.
        files: Where and how the results are written.
        label: Suffix of a result's name, such as the styles.
        label_all: Whether results in an output folder get it, too.

    Raises:
        OSError: A folder cannot be read, or holds no picture.
        ValueError: Two results would have one name, one would replace a file, or the
            output is no name for them.
    """
    if not sources:
        raise ValueError("No picture given. Give files or folders, or - for stdin.")
    output, format = options.output, options.format
    if STDIO in sources or output == STDIO:
        if len(sources) > 1 or _is_folder(sources[0]):
            raise ValueError("With - for stdin or stdout, give one picture alone.")
        jobs = [Job(sources[0], output or STDIO)]
    elif output is None:
        jobs = [job for path in sources for job in _plan_beside(path, label, format)]
    elif len(sources) > 1 or _is_folder(sources[0]) or _is_folder(output):
        _check_folder(output)
        ending = label if label_all else ""
        jobs = [
            job for path in sources for job in _plan_into(path, output, ending, format)
        ]
    else:
        jobs = [Job(sources[0], output)]
    written = [job for job in jobs if job.target != STDIO]
    for job in written:
        target_format = _format_of_name(job.target)
        if format and target_format != format:
            raise ValueError(f"'{job.target}' is no name for a {format} file.")
    _check_targets(written, options.overwrite)
    return jobs


def apply(job: Job, stylizer: Stylizer, look: Look, options: FileOptions) -> Picture:
    """Read, paint and write one picture, and return it.

    Raises:
        OSError: The photograph cannot be opened, or the result not be written.
        ValueError: The photograph cannot be read or painted.
    """
    photo = read(job, options)
    picture = replace(photo, pixels=look.paint(stylizer, photo.pixels))
    write(picture, job, options)
    return picture


def read(job: Job, options: FileOptions, *, min_size: int = 0) -> Picture:
    """Return a job's photograph; see `images.read`."""
    source = sys.stdin.buffer if job.source == STDIO else job.source
    return images.read(source, max_size=options.max_size, min_size=min_size)


def write(picture: Picture, job: Job, options: FileOptions) -> None:
    """Write a job's result; see `images.encode`."""
    if job.target != STDIO:
        images.write(picture, job.target, quality=options.quality)
        return
    format = format_of(picture, job, options)
    try:
        # A buffer of its own: sys.stdout would try a failed write again at exit.
        with open(sys.stdout.fileno(), "wb", closefd=False) as file:
            file.write(images.encode(picture, format=format, quality=options.quality))
    except OSError as error:
        raise OSError(f"Cannot write to stdout: {error.strerror}.") from error


def format_of(picture: Picture, job: Job, options: FileOptions) -> str:
    """Return the format in which `write` writes a picture."""
    if job.target != STDIO:
        return images.format_of(job.target)
    own = picture.format if picture.format in images.WRITABLE else "PNG"
    return options.format or own


def _plan_beside(source: str, label: str, format: str | None) -> list[Job]:
    path = Path(source)
    if _is_folder(source):
        if path.name in ("", ".."):
            path = path.resolve()
        folder = path.with_name(f"{path.name}-{label}")
        return _plan_into(source, str(folder), "", format)
    return [Job(source, str(_renamed(path, label, format)))]


def _plan_into(source: str, output: str, label: str, format: str | None) -> list[Job]:
    folder = Path(output)
    if not _is_folder(source):
        return [Job(source, str(folder / _renamed(Path(source), label, format).name))]
    try:
        os.scandir(source).close()
    except OSError as error:
        raise OSError(f"Cannot open '{source}': {error.strerror}.") from error
    results = folder.resolve()
    # Results of an earlier call in a folder inside the source are no photographs.
    nested = results != Path(source).resolve()
    photos = [
        path
        for path in folders.search(source).pictures
        if not (nested and results in path.resolve().parents)
    ]
    if not photos:
        raise OSError(f"No pictures in '{source}'.")
    return [
        Job(str(path), str(folder / _renamed(path.relative_to(source), label, format)))
        for path in photos
    ]


def _renamed(path: Path, label: str, format: str | None) -> Path:
    """Return a path with the label in its name and a suffix that can be written."""
    if label:
        path = path.with_stem(f"{path.stem}-{label}")
    own = images.FORMATS.get(path.suffix.lower())
    if own in images.WRITABLE and format in (None, own):
        return path
    wanted = format or "PNG"
    return path.with_suffix(next(s for s, f in images.FORMATS.items() if f == wanted))


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) or path.endswith(("/", os.sep))


def _check_folder(path: str) -> None:
    """Refuse a new folder that has the name of a picture."""
    if not _is_folder(path) and Path(path).suffix.lower() in images.FORMATS:
        raise ValueError(
            f"'{path}' is a name for one picture. Give '{path}/' for a folder."
        )


def _format_of_name(path: str) -> str:
    try:
        return images.format_of(path)
    except ValueError as error:
        hint = "" if Path(path).suffix else " For a folder, end it in /."
        raise ValueError(f"{error}{hint}") from error


def _check_targets(jobs: list[Job], overwrite: bool) -> None:
    by_target: dict[str, Job] = {}
    for job in jobs:
        earlier = by_target.setdefault(os.path.realpath(job.target), job)
        if earlier is not job:
            raise ValueError(
                f"'{earlier.source}' and '{job.source}' would both be written to "
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
