"""How far a run is, for another program: a file with one line of JSON."""

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from fast_style import files

PAUSE = 0.5  # seconds between two lines on one picture


class Report:
    """The file of one run, which is replaced as a whole each time.

    With {"picture": 2, "pictures": 9, "part": 40, "parts": 96, "unit": "frame"} in it,
    the second of nine is painted, and 40 of its 96 frames are done. 0 parts stand for
    an unknown number.

    Args:
        path: The file.
        clock: Tells the seconds.
    """

    def __init__(self, path: str, clock: Any = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._content: dict[str, Any] = {"picture": 1, "pictures": 1}
        self._written = float("-inf")

    def pictures(self, work: Iterable[Any], count: int) -> Iterator[Any]:
        """Yield the pictures of a run, and tell of each."""
        for number, item in enumerate(work):
            self._content = {"picture": number + 1, "pictures": count}
            self._write(part=0, parts=0, unit="picture")
            yield item

    def part(self, done: int, count: int, unit: str) -> None:
        """Tell how many parts of a picture are done, but not too often."""
        if self._clock() - self._written >= PAUSE:
            self._write(part=done, parts=count, unit=unit)

    def _write(self, **part: Any) -> None:
        with files.replacing(self._path, "w", durable=False) as file:
            file.write(json.dumps({**self._content, **part}) + "\n")
        self._written = self._clock()
