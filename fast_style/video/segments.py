"""Segments of a film that is being painted, kept beside it so that a run can go on."""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fast_style import files

_SETTINGS = "settings.json"
_NAME = re.compile(r"(\d+)-(\d+)\.\w+")


@dataclass
class Segment:
    """A segment that is written.

    Args:
        path: Of its file.
        frames: In it.
        memory: Arrays that the frame after it depends on, by name.
    """

    path: str
    frames: int = 0
    memory: dict[str, np.ndarray] = field(default_factory=dict)


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

    def memory(self) -> dict[str, np.ndarray]:
        """Return that of the last finished segment.

        Raises:
            ValueError: Its file is damaged.
        """
        path = self._memory_path(self.done)
        if not path.exists():
            return {}
        try:
            with open(path, "rb") as file, np.load(file) as arrays:
                return dict(arrays)
        except (ValueError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(
                f"'{path}' is damaged ({error}). Paint the film anew, without resume."
            ) from error

    @contextmanager
    def new(self) -> Iterator[Segment]:
        """Give the next segment, for a block that writes it; kept if that succeeds."""
        temporary = self._folder / files.temporary_name()
        segment = Segment(str(temporary))
        try:
            yield segment
            end = self.done + segment.frames
            if segment.memory:  # at first, for a run may be killed at any moment
                with files.replacing(self._memory_path(end)) as file:
                    np.savez(file, allow_pickle=False, **segment.memory)
            path = self._folder / f"{self.done:09}-{end:09}.nut"
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        self._memory_path(self.done).unlink(missing_ok=True)
        self.paths.append(path)
        self.done = end

    def _memory_path(self, done: int) -> Path:
        return self._folder / f"{done:09}.npz"

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
        while self.done in ends:
            self.done, path = ends[self.done]
            self.paths.append(path)
        kept = {*self.paths, self._folder / _SETTINGS, self._memory_path(self.done)}
        for path in self._folder.iterdir():
            if path not in kept:
                path.unlink()  # what a run that was killed has begun
