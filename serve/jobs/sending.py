"""The names of files that clients send: never paths, and never two the same."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from fast_style import images, kinds

from .store import File

LONGEST_STEM = 80
MOST_FILES = 1000


def announced(sent: Any) -> list[File]:
    """Return the files that a client announces, under safe names.

    Args:
        sent: What its JSON has as files: a list of {"name": "a.jpg", "size": 1234}.

    Raises:
        ValueError: It is something else, or has files of unknown kinds.
    """
    if not isinstance(sent, list) or not 1 <= len(sent) <= MOST_FILES:
        raise ValueError(f"files is no list of 1 to {MOST_FILES} files.")
    names: list[str] = []
    sizes = [_size(entry) for entry in sent]
    for number, entry in enumerate(sent):
        names.append(_free(_safe(entry["name"], number), names))
    return [File(name, size) for name, size in zip(names, sizes, strict=True)]


def picture_size(path: Path) -> tuple[int, int]:
    """Return a picture's width and height, or raise an error that names it alone.

    Raises:
        ValueError: It is no picture that is read.
    """
    with open(path, "rb") as file:
        return images.read_size(cast(BinaryIO, FileStorage(file, name=path.name)))


def _size(entry: Any) -> int:
    size = entry.get("size") if isinstance(entry, Mapping) else None
    named = isinstance(entry, Mapping) and isinstance(entry.get("name"), str)
    if named and size == 0:
        raise ValueError(f"{entry['name']!r:.100} is empty. Give another file.")
    if not named or type(size) is not int or size < 1:
        raise ValueError(
            f"{entry!r:.100} is no file. Give a name and a size in bytes, such as "
            '{"name": "a.jpg", "size": 1234}.'
        )
    return size


def _safe(name: str, number: int) -> str:
    """Return a name without folders, in plain letters, with a known suffix."""
    last = PurePosixPath(name.replace("\\", "/")).name
    suffix = PurePosixPath(last).suffix.lower()
    if suffix not in kinds.IMAGE_SUFFIXES | kinds.FILM_SUFFIXES:
        raise ValueError(
            f"{last!r:.100} has no suffix of a picture or a film. Name it like a.jpg "
            "or a.mp4."
        )
    stem = secure_filename(last[: -len(suffix)])[:LONGEST_STEM].strip("._-")
    return f"{stem or f'file-{number + 1}'}{suffix}"


def _free(name: str, taken: Sequence[str]) -> str:
    """Return a name that differs from others by more than capital letters."""
    lower = {other.lower() for other in taken}
    stem, dot, suffix = name.rpartition(".")
    number, free = 1, name
    while free.lower() in lower:
        number += 1
        free = f"{stem}-{number}{dot}{suffix}"
    return free
