"""How long a job will still take, by how it has gone so far."""

from collections.abc import Mapping
from typing import Any


class Pace:
    """The pace of a job's present phase, since the first look at it."""

    def __init__(self) -> None:
        self._phase: str | None = None
        self._first = (0.0, 0.0)  # how much was done, and when

    def left(self, progress: Mapping[str, Any], now: float) -> float | None:
        """Return the seconds that a phase will still take; None if nothing tells.

        Args:
            progress: "phase", "done" and "of".
            now: The time in seconds.
        """
        done, all = float(progress["done"]), float(progress["of"])
        if progress["phase"] != self._phase or done < self._first[0]:
            self._phase, self._first = progress["phase"], (done, now)
        before, since = self._first
        if done <= before or not all:
            return None
        return round((now - since) / (done - before) * (all - done), 1)
