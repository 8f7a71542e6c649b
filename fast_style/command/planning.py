"""From the words of a command line to a plan: one job for each picture."""

import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from fast_style import deep, fields, folders, images, kinds
from fast_style.command import moving, naming
from fast_style.command.jobs import STDIO, FileOptions, Job


class Photo(NamedTuple):
    """A photograph to paint: its path, or "-", and the folder that it was found in."""

    path: str
    folder: str = ""


@dataclass
class Photos:
    """The photographs that are asked for.

    Args:
        into_folder: Whether the output is a folder.
        found: Those to paint.
        errors: Why others cannot be opened, by path.
        notes: What is left out of folders, a line for each kind.
    """

    into_folder: bool
    found: list[Photo] = field(default_factory=list)
    errors: dict[str, OSError] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Plan(NamedTuple):
    """The pictures to make.

    Args:
        jobs: One for each picture to paint.
        done: Those that exist already and are skipped.
        notes: What is done otherwise than a person would expect, a line each.
    """

    jobs: list[Job]
    done: list[Job]
    notes: list[str]


def find(sources: list[str], options: FileOptions) -> Photos:
    """Return the photographs of files and folders; no model is needed for it.

    Args:
        sources: Files and folders, or "-" alone.
        options: Where and how the results are written.

    Raises:
        ValueError: There is no source, or the output is no name for the results.
    """
    if not sources:
        raise ValueError("No picture given. Give files or folders, or - for stdin.")
    if "" in sources:
        raise ValueError("A picture's name is empty. Give files or folders.")
    if options.depth == 16:
        _check_depth(options)
    sources = [fields.expanded(source) for source in sources]
    photos = Photos(_check_output(sources, options))
    for source in sources:
        if is_folder(source):
            _add_folder(source, options.output, photos)
        else:
            _add_file(source, photos)
    return photos


def plan(
    photos: Photos, options: FileOptions, *, label: str, label_all: bool = False
) -> Plan:
    """Return the pictures to make, before any work is done.

    Args:
        photos: The photographs.
        options: Where and how the results are written.
        label: Suffix of a result's name, such as the styles.
        label_all: Whether results in an output folder get it, too.

    Raises:
        ValueError: A result would replace a file, or its name would be too long.
    """
    jobs, notes = _name(photos, options, label, label_all)
    naming.check(jobs)
    exist = [job for job in jobs if os.path.lexists(job.target)]
    if options.skip_existing:
        done = {job: None for job in exist if not _is_empty(job.target)}
        return Plan([job for job in jobs if job not in done], list(done), notes)
    if exist and not options.overwrite:
        raise ValueError(_existing(exist, len(jobs)))
    return Plan(jobs, [], notes)


def _name(
    photos: Photos, options: FileOptions, label: str, label_all: bool
) -> tuple[list[Job], list[str]]:
    """Return a job for each photograph, and a line on what is unexpected in them."""
    output = options.output
    if not photos.into_folder and (output or photos.found[0].path == STDIO):
        return [Job(photos.found[0].path, output or STDIO)], []
    jobs = [
        job_of(
            photo,
            options,
            label=label,
            label_all=label_all,
            moves=moving.moves(photo.path),
        )
        for photo in photos.found
    ]
    jobs, new_names = naming.distinct(jobs)
    jobs, left_out = naming.without_results(jobs)
    return jobs, new_names + left_out


def job_of(
    photo: Photo,
    options: FileOptions,
    *,
    label: str,
    label_all: bool = False,
    moves: bool = False,
) -> Job:
    """Return the job of a photograph, whose name may be that of another, too.

    Args:
        photo: The photograph.
        options, label, label_all: As of `plan`.
        moves: Whether it is a film or an animation.
    """
    (path, folder), output = photo, options.output
    if folder:
        parent = Path(output) if output else naming.beside(folder, label)
        name, ending = Path(path).relative_to(folder), ""
    else:
        parent, name = Path(output or os.path.dirname(path)), Path(Path(path).name)
        ending = "" if output and not label_all else label
    return Job(path, str(parent / naming.renamed(name, ending, options.format, moves)))


def is_folder(path: str) -> bool:
    """Return whether a path is a folder, or is written like one."""
    return os.path.isdir(path) or path.endswith(("/", os.sep))


def _check_output(sources: list[str], options: FileOptions) -> bool:
    """Return whether the output is a folder; refuse what is no name for the results."""
    output, several = options.output, bool(sources[1:]) or is_folder(sources[0])
    if several and (STDIO in sources or output == STDIO):
        raise ValueError("With - for stdin or stdout, give one picture alone.")
    if output in (None, STDIO):
        return False
    named = _suffix(output) in images.FORMATS or kinds.is_film(output)
    if several and not is_folder(output) and named:
        raise ValueError(
            f"'{output}' is a name for one picture. Give '{output}/' for a folder."
        )
    if several or is_folder(output):
        if sources == [STDIO]:
            raise ValueError(f"'{output}' is a folder. Give a file for one from stdin.")
        return True
    if moving.keeps(sources[0], output):
        return False
    try:
        format = images.format_of(output)
    except ValueError as error:
        hint = "" if _suffix(output) else " For a folder, end it in /."
        raise ValueError(f"{error}{hint}") from error
    if options.format not in (None, format):
        raise ValueError(f"'{output}' is no name for a {options.format} file.")
    return False


def _check_depth(options: FileOptions) -> None:
    """Refuse 16 bits where the output's kind of file has 8."""
    named = images.FORMATS.get(_suffix(options.output or ""))
    format = options.format or named
    if format and format not in deep.WRITABLE:
        raise ValueError(
            f"{format} files have 8 bits. With --depth=16, give PNG or TIFF."
        )


def _add_folder(folder: str, output: str | None, photos: Photos) -> None:
    try:
        contents = folders.search(folder, kinds.IMAGE_SUFFIXES | kinds.FILM_SUFFIXES)
    except OSError as error:
        photos.errors[folder] = error
        return
    found = contents.pictures
    results = os.path.realpath(output or os.devnull)
    if results.startswith(os.path.realpath(folder) + os.sep):
        # What an earlier call wrote into a folder inside the source is no photograph.
        results += os.sep
        found = [p for p in found if not os.path.realpath(p).startswith(results)]
    photos.found += [Photo(str(path), folder) for path in found]
    photos.errors |= {str(path): error for path, error in contents.errors.items()}
    if found:
        photos.notes += contents.left_out()
    elif not contents.errors:
        reasons = " ".join([f"No pictures in '{folder}'.", *contents.left_out()])
        photos.errors[folder] = OSError(reasons)


def _add_file(path: str, photos: Photos) -> None:
    if problem := _problem(path):
        photos.errors[path] = OSError(problem)
    else:
        photos.found.append(Photo(path))


def _problem(path: str) -> str:
    """Return why a file cannot be opened; "" where it can, or only a try will tell."""
    if path == STDIO:
        return "" if sys.stdin else "Cannot read stdin: it is closed."
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        return f"Cannot open '{path}': {error.strerror}."
    # The shell's own pipes, such as of <(...), have their names in /dev.
    if stat.S_ISFIFO(mode) and not path.startswith("/dev/"):
        return f"'{path}' is a pipe, not a file. Read it with: fast-style - < '{path}'"
    return ""


def _suffix(path: str) -> str:
    return Path(path).suffix.lower()


def _is_empty(path: str) -> bool:
    """Return whether a file has no content, such as after a power failure."""
    return os.path.isfile(path) and not os.path.getsize(path)


def _existing(exist: list[Job], count: int) -> str:
    """Return the refusal to replace results that exist."""
    more = f" and {len(exist) - 1} more" if exist[1:] else ""
    others = "--skip_existing to paint the others, " if len(exist) < count else ""
    return (
        f"'{exist[0].target}'{more} exist{'' if more else 's'} already. "
        f"Give {others}--overwrite or another --output."
    )
