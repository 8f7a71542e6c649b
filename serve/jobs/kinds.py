"""What all kinds of jobs have in common."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from .store import OUTPUT, Job

PROGRESS = "progress.json"  # that fast-style --progress writes
STARTING: dict[str, Any] = {"phase": "starting", "done": 0, "of": 0, "unit": "picture"}


class Kind(Protocol):
    """A kind of jobs: what it is given, what it runs, what comes of it."""

    def check(self, asked: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
        """Return the settings of a job.

        Args:
            asked: What a client asks for.
            names: Names of the files that it will send.

        Raises:
            ValueError: Something is wrong, or this server cannot do it.
        """
        ...

    def check_files(self, paths: Sequence[Path]) -> None:
        """Raise a ValueError if the files that were sent cannot serve."""
        ...

    def steps(self, job: Job, folder: Path) -> Iterator[list[str]]:
        """Yield the words of fast-style for each step that is not done yet."""
        ...

    def progress(self, folder: Path) -> dict[str, Any]:
        """Return how far it is: phase, done, of and unit."""
        ...

    def finish(self, job: Job, folder: Path, reason: str | None) -> None:
        """Make the results from what the steps have left.

        Args:
            job: The job.
            folder: Its folder.
            reason: Why a step failed; None if none did.
        """
        ...

    def result(self, job: Job, folder: Path) -> Path | None:
        """Return the file to hand out; None where there is none."""
        ...


def check_names(asked: Mapping[str, Any], names: Sequence[str]) -> None:
    """Raise a ValueError for a setting that there is not."""
    for name in asked:
        if name not in names:
            raise ValueError(f"{name!r} is no setting. Use {', '.join(names)}.")


def choice(asked: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
    """Return a setting that is one of several words; the first is the default."""
    value = asked.get(name, choices[0])
    if value not in choices:
        raise ValueError(f"{name} is {value!r}. Give one of {', '.join(choices)}.")
    return value


def painting_progress(folder: Path) -> dict[str, Any]:
    """Return how far fast-style is by the file of its --progress."""
    try:
        told = json.loads((folder / PROGRESS).read_text())
    except (OSError, ValueError):
        return STARTING
    if told["pictures"] > 1:
        part = told["part"] / told["parts"] if told["parts"] else 0.0
        done = round(told["picture"] - 1 + part, 3)
        return {
            "phase": "painting",
            "done": done,
            "of": told["pictures"],
            "unit": "picture",
        }
    names = {"done": told["part"], "of": told["parts"], "unit": told["unit"]}
    return {"phase": "painting", **names}


def only_output(folder: Path) -> Path | None:
    """Return the one file among a job's results; None where there is none."""
    return next(iter(finished(folder)), None)


def finished(folder: Path) -> list[Path]:
    """Return the files among a job's results, by name, without unfinished ones."""
    paths = sorted((folder / OUTPUT).glob("*"))
    return [path for path in paths if path.is_file() and not _is_hidden(path)]


def remove_unfinished(folder: Path) -> None:
    """Remove what a program that was killed has left: it is hidden until it is done."""
    for path in filter(_is_hidden, (folder / OUTPUT).glob("*")):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_hidden(path: Path) -> bool:
    return path.name.startswith(".")
