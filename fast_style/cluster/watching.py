"""How far a job is: on a terminal, in a log, and in the metrics of Ray's dashboard."""

import time
from collections.abc import Callable

from ray.util import metrics

from fast_style.cluster.rows import Outcome
from fast_style.command import messages

_SECONDS = 60.0  # between two lines of a log


class Watch:
    """The counts of a job that runs.

    Args:
        count: Pictures to paint.
        show: Shows a person how many are done, and how many there are.

    Attributes:
        painted: How many are.
        failed: How many have failed.
    """

    def __init__(self, count: int, show: Callable[[int, int], None]) -> None:
        self._count, self._show = count, show
        self.painted = self.failed = 0
        self._start = self._told = time.monotonic()
        self._metric = metrics.Counter(
            "fast_style_pictures",
            description="Pictures that are painted or have failed.",
            tag_keys=("state",),
        )

    @property
    def rate(self) -> float:
        """Pictures that were painted in a second."""
        return self.painted / max(time.monotonic() - self._start, 1e-9)

    def add(self, outcome: Outcome) -> None:
        """Count a picture."""
        self.failed += bool(outcome.error)
        self.painted += not outcome.error
        state = "failed" if outcome.error else "painted"
        self._metric.inc(tags={"state": state})
        done = self.painted + self.failed
        self._show(done, self._count)
        due = time.monotonic() - self._told > _SECONDS
        if due and not messages.on_terminal():
            self._told = time.monotonic()
            messages.note(self._line(done))

    def _line(self, done: int) -> str:
        seconds = (self._told - self._start) * (self._count - done) / done
        hours, minutes = divmod(round(seconds / 60), 60)
        failed = f"{self.failed} failed, " if self.failed else ""
        return (
            f"{done} of {self._count} pictures are done, {failed}"
            f"{self.rate:.1f} a second, {hours} h {minutes} min to go."
        )
