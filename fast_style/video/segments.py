"""Segments of a film that is being painted, kept beside it so that a run can go on."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fast_style import files

_SETTINGS = "settings.json"
_NAME = re.compile(r"(\d+)-(\d+)\.\w+")


class Segments:
    """The finished segments of one film, in a hidden folder beside it.

    Args:
        target: The film to make.
        settings: All that the frames depend on.
        resume: Whether to keep the segments of an earlier run; otherwise they go.

    Attributes:
        paths: The finished segments, in order.
        done: Frames in them.

    Raises:
        OSError: The folder cannot be made.
        ValueError: The earlier run had other settings.
    """

    def __init__(
        self, target: str | os.PathLike, settings: dict[str, Any], *, resume: bool
    ) -> None:
        self._target, target = os.fspath(target), Path(target)
        self._folder = target.with_name(f".{target.name}.fast-style")
        self.paths: list[Path] = []
        self.done = 0
        settings = json.loads(json.dumps(settings))
        if resume and self._folder.is_dir():
            self._check(settings)
            self._find()
            return
        self.remove()
        with files.replacing(self._folder / _SETTINGS, "w", durable=False) as file:
            json.dump(settings, file)

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        if self._folder.is_dir():
            shutil.rmtree(self._folder)

    @contextmanager
    def new(self) -> Iterator[tuple[str, list[int]]]:
        """Give the name of a file for the next segment, which is kept if it succeeds.

        The block appends the number of frames to the list.
        """
        made: list[int] = []
        temporary = self._folder / files.temporary_name()
        try:
            yield str(temporary), made
            end = self.done + sum(made)
            path = self._folder / f"{self.done:09}-{end:09}.nut"
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        self.paths.append(path)
        self.done = end

    def _check(self, settings: dict[str, Any]) -> None:
        try:
            earlier = json.loads((self._folder / _SETTINGS).read_text("utf-8"))
        except (OSError, ValueError):
            earlier = {}
        others = [k for k in settings if earlier.get(k) != settings[k]]
        if others:
            raise ValueError(
                f"'{self._target}' was begun with other settings ("
                f"{', '.join(others)}). Give the same, or leave out resume to start "
                "anew."
            )

    def _find(self) -> None:
        """List the segments that follow each other from the first frame on."""
        ends = {}
        for path in self._folder.iterdir():
            if match := _NAME.fullmatch(path.name):
                ends[int(match[1])] = int(match[2]), path
            elif path.name != _SETTINGS:
                path.unlink()  # what a run that was killed has begun
        while self.done in ends:
            self.done, path = ends[self.done]
            self.paths.append(path)
