"""Folders of pictures: what is read in them, and what is left out."""

import os
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path

from fast_style import kinds


@dataclass
class Contents:
    """What a folder and those below it hold, hidden files and folders left out.

    Args:
        pictures: Files with the suffix of a format that is looked for.
        others: All other files.
        special: Pipes and the like.
        upwards: Links to folders above.
        errors: Why folders below could not be opened, by path.
    """

    pictures: list[Path] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    special: list[Path] = field(default_factory=list)
    upwards: list[Path] = field(default_factory=list)
    errors: dict[Path, OSError] = field(default_factory=dict)

    def left_out(self) -> list[str]:
        """Return a line for each kind of thing that is not read."""
        lines = [f"Left out '{path}', which is no file." for path in self.special]
        lines += [
            f"Left out '{path}', which links to a folder above."
            for path in self.upwards
        ]
        for kind in kinds.FOREIGN:
            if paths := [p for p in self.others if kinds.foreign_by_name(p) is kind]:
                lines.append(f"Left out {kind.name}, {_count(paths)}. {kind.remedy}")
        if paths := [p for p in self.others if not kinds.foreign_by_name(p)]:
            lines.append(f"Left out what is no picture, {_count(paths)}.")
        return lines


def search(
    folder: str | os.PathLike, suffixes: frozenset[str] = kinds.IMAGE_SUFFIXES
) -> Contents:
    """Return what is in a folder and below it, in sorted lists.

    Linked folders are looked into after all others, so that each folder is looked into
    once, and by its own name if it lies below. Links to folders above are left out.

    Args:
        folder: The folder.
        suffixes: What the names of files end in that are counted among the pictures.

    Raises:
        OSError: The folder cannot be opened.
    """
    root = Path(folder)
    found = Contents()
    above = {_identity(path) for path in root.resolve().parents}
    seen: set[tuple[int, int]] = set()
    waiting = deque([root])
    while waiting:
        parent = waiting.popleft()
        try:
            identity, entries = _identity(parent), _visible(parent)
        except OSError as error:
            path = folder if parent is root else parent
            problem = OSError(f"Cannot open '{path}': {error.strerror}.")
            if parent is root:
                raise problem from error
            found.errors[parent] = problem
            continue
        if identity in above:
            found.upwards.append(parent)
        elif identity not in seen:
            seen.add(identity)
            for entry in entries:
                if _is_folder(entry):
                    put = waiting.append if entry.is_symlink() else waiting.appendleft
                    put(parent / entry.name)
                else:
                    _list_for(entry, found, suffixes).append(parent / entry.name)
    for paths in (found.pictures, found.others, found.special, found.upwards):
        paths.sort()
    return found


def _count(paths: list[Path]) -> str:
    """Return the first of some files, and how many there are with each suffix."""
    counts = Counter(path.suffix.lower() or "without suffix" for path in paths)
    first = f"'{paths[0]}'{' first' * (len(paths) > 1)}"
    return f"{first}: " + ", ".join(f"{n} {kind}" for kind, n in counts.items())


def _identity(folder: Path) -> tuple[int, int]:
    """Return what a folder has in common with the links to it."""
    status = os.stat(folder)
    return status.st_dev, status.st_ino


def _visible(folder: Path) -> list[os.DirEntry]:
    with os.scandir(folder) as entries:
        visible = (entry for entry in entries if not entry.name.startswith("."))
        return sorted(visible, key=lambda entry: entry.name)


def _is_folder(entry: os.DirEntry) -> bool:
    if entry.is_symlink():  # which is_dir() would fail for, if it leads to itself
        return os.path.isdir(entry)
    return entry.is_dir()


def _list_for(
    entry: os.DirEntry, found: Contents, suffixes: frozenset[str]
) -> list[Path]:
    """Return the list that a file belongs to; broken links count as files."""
    regular = entry.is_file(follow_symlinks=False)
    if not regular and os.path.exists(entry) and not os.path.isfile(entry):
        return found.special
    suffix = os.path.splitext(entry.name)[1].lower()
    return found.pictures if suffix in suffixes else found.others
