"""Names of results: made of the photographs' names, and different from each other."""

import itertools
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from fast_style import animations, images, kinds
from fast_style.command.jobs import Job

LONGEST = 255  # bytes of a file's name, on nearly all disks


def renamed(path: Path, label: str, format: str | None, moves: bool = False) -> Path:
    """Return a path with the label in its name and a suffix that can be written.

    Args:
        path: The photograph's.
        label: What is added to its name.
        format: One of images.WRITABLE; None keeps each photograph's own.
        moves: Whether it is a film or an animation.
    """
    if label:
        path = path.with_stem(f"{path.stem}-{label}")
    if kinds.is_film(path):
        keeps = path.suffix.lower() in kinds.WRITABLE_FILMS
        return path if keeps else path.with_suffix(kinds.WRITABLE_FILMS[0])
    if moves and format in (None, animations.format_of(path)):
        return path
    own = images.FORMATS.get(path.suffix.lower())
    if own in images.WRITABLE and format in (None, own):
        return path
    wanted = format or "PNG"
    return path.with_suffix(next(s for s, f in images.FORMATS.items() if f == wanted))


def beside(folder: str, label: str) -> Path:
    """Return the folder for a folder's results, such as holiday-wave for holiday."""
    path = Path(folder)
    if path.name in ("", ".."):
        path = path.resolve()
    return path.with_name(f"{path.name}-{label}")


def distinct(jobs: list[Job]) -> tuple[list[Job], list[str]]:
    """Give results names that differ, and not by case alone.

    A photograph that is there twice is painted once.

    Returns:
        The jobs, and a line for each new name.
    """
    owners: dict[str, Job] = {}
    notes = []
    for job in sorted(jobs, key=_changes_suffix):  # star.png before star.gif
        owner = owners.get(key(job.target))
        if owner and os.path.realpath(owner.source) == os.path.realpath(job.source):
            continue
        if owner:
            target = next(name for name in _names(job) if key(name) not in owners)
            notes.append(
                f"'{job.source}' becomes '{target}', because '{owner.source}' becomes "
                f"'{owner.target}'."
            )
            job = replace(job, target=target)
        owners[key(job.target)] = job
    places = {job.source: place for place, job in enumerate(jobs)}
    return sorted(owners.values(), key=lambda job: places[job.source]), notes


def check_distinct(jobs: Iterable[Job]) -> None:
    """Refuse results that would have one name, or names that differ by case alone.

    Raises:
        ValueError: Two have.
    """
    owners: dict[str, Job] = {}
    for job in jobs:
        owner = owners.setdefault(key(job.target), job)
        if owner is not job:
            raise ValueError(
                f"'{owner.source}' and '{job.source}' would both become "
                f"'{job.target}'. Rename one of them."
            )


def without_results(jobs: list[Job]) -> tuple[list[Job], list[str]]:
    """Leave out photographs that are results of others, such as after an earlier call.

    Returns:
        The other jobs, and a line where some are left out.
    """
    makers = {os.path.realpath(job.target): job for job in jobs}
    found = [(job, makers.get(os.path.realpath(job.source), job)) for job in jobs]
    results = [(job.source, maker.source) for job, maker in found if maker is not job]
    if not results:
        return jobs, []
    more = f" and {len(results) - 1} more" if results[1:] else ""
    note = f"Left out '{results[0][0]}'{more}, the result of '{results[0][1]}'."
    return [job for job, maker in found if maker is job], [note]


def check(jobs: list[Job]) -> None:
    """Refuse names that are too long for a file.

    Raises:
        ValueError: A name is too long.
    """
    for job in jobs:
        name = os.path.basename(job.target)
        if len(os.fsencode(name)) > LONGEST:
            raise ValueError(f"'{name}' is too long for a file's name. Give --output.")


def _changes_suffix(job: Job) -> bool:
    suffixes = (os.path.splitext(name)[1] for name in (job.source, job.target))
    return len({suffix.lower() for suffix in suffixes}) > 1


def key(path: str) -> str:
    """Return what two paths have in common that may be one file on some disks."""
    return folded(os.path.realpath(path))


def folded(path: str) -> str:
    """Return what a path has in common with those that some disks take for the same."""
    return unicodedata.normalize("NFC", path).lower()


def _names(job: Job) -> Iterator[str]:
    """Return other names for a result: star-gif.png of star.gif, then by number."""
    path = Path(job.target)
    if _changes_suffix(job):
        suffix = Path(job.source).suffix.removeprefix(".").lower()
        yield str(path.with_stem(f"{path.stem}-{suffix}"))
    for number in itertools.count(2):
        yield str(path.with_stem(f"{path.stem}-{number}"))
