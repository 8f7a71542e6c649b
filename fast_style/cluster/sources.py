"""Photographs at addresses: folders of buckets, and single files."""

from dataclasses import replace
from pathlib import Path

from fast_style import animations, folders, kinds
from fast_style.cluster.places import Places, head, inside, is_remote
from fast_style.command import naming, planning
from fast_style.command.jobs import FileOptions, Job
from fast_style.command.planning import Photo, Photos


def find(words: list[str], options: FileOptions, places: Places) -> Photos:
    """Return the photographs of files and folders, at addresses or on this machine.

    Args:
        words: Paths and addresses.
        options: Where results are written: to a folder.
        places: The addresses' file systems.

    Raises:
        OSError, ValueError: A file system does not answer.
    """
    photos, output = Photos(into_folder=True), options.output or ""
    for word in words:
        if is_remote(word):
            _add(word, output, photos, places)
        else:
            local = planning.find([word], replace(options, output=f"{inside(output)}/"))
            photos.found += local.found
            photos.errors |= local.errors
            photos.notes += local.notes
    return photos


def jobs(photos: Photos, options: FileOptions, places: Places) -> list[Job]:
    """Return the jobs of photographs; names and notes are as in `planning.plan`.

    Args:
        photos: The photographs; lines on what is done otherwise are added to its notes.
        options: Where and how results are written.
        places: The addresses' file systems.
    """
    planned, notes = naming.distinct([_job(p, options, places) for p in photos.found])
    photos.notes += notes
    naming.check(planned)
    return [_addressed(job, options) for job in planned]


def job_of(photo: Photo, options: FileOptions, places: Places) -> Job:
    """Return the job of a photograph; see `planning.job_of`."""
    return _addressed(_job(photo, options, places), options)


def _job(photo: Photo, options: FileOptions, places: Places) -> Job:
    """Return a job whose target is what its file system calls it."""
    path, folder = photo
    plain = planning.job_of(
        Photo(inside(path), folder and inside(folder)),
        replace(options, output=inside(options.output or "")),
        label="",
        moves=_moves(path, places),
    )
    return Job(path, plain.target)


def _addressed(job: Job, options: FileOptions) -> Job:
    return Job(job.source, head(options.output or "") + job.target)


def _add(address: str, output: str, photos: Photos, places: Places) -> None:
    """Add the photographs at an address, but for results of an earlier run."""
    try:
        if places.is_file(address):
            photos.found.append(Photo(address))
            return
        results = f"{output.rstrip('/')}/"
        paths = [p for p in places.sizes(address) if not p.startswith(results)]
    except (OSError, ValueError) as error:
        photos.errors[address] = OSError(str(error))
        return
    suffixes = kinds.IMAGE_SUFFIXES | kinds.FILM_SUFFIXES
    found = [path for path in paths if Path(path).suffix.lower() in suffixes]
    others = sorted(Path(inside(path)) for path in set(paths).difference(found))
    lines = folders.Contents(others=others).left_out()
    if found:
        photos.found += [Photo(path, address) for path in found]
        photos.notes += lines
    else:
        reasons = " ".join([f"No pictures in '{address}'.", *lines])
        photos.errors[address] = OSError(reasons)


def _moves(path: str, places: Places) -> bool:
    """Return whether a file is a film or an animation."""
    if kinds.is_film(path) or Path(path).suffix.lower() != ".gif":
        return kinds.is_film(path)
    try:
        with places.open(path) as file:
            return animations.is_animation(file)
    except (OSError, ValueError):  # told when it is painted
        return False
