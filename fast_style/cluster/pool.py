"""The workers of a job: they are given rows, and replaced where they die.

The rows that a dead worker has not answered for go to another. A row that several
workers had when they died has failed, and the others go on. Ray Data has no such rule:
a picture that ends the process which paints it would end the job, or keep it for ever.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import ray
from ray.exceptions import RayActorError, RayError, RayTaskError

from fast_style.cluster.rows import Outcome, Row, Setup
from fast_style.cluster.spool import Spool
from fast_style.cluster.worker import Worker
from fast_style.command import messages

LARGEST_CHUNK = 32  # rows that are handed over at once
MOST_DEATHS = 3  # of workers with one row
_PATIENCE = 60  # s without any worker, before that is told


@dataclass
class _Task:
    """Rows that a worker has, by their places; those answered for are taken out."""

    actor: Any
    rows: dict[int, Row]
    begun: int | None = None


@dataclass(frozen=True)
class _Chunk:
    rows: tuple[Row, ...]
    careful: bool = False


@dataclass
class _State:
    starting: dict[Any, Any] = field(default_factory=dict)  # actors by what they await
    idle: list[Any] = field(default_factory=list)
    running: dict[Any, _Task] = field(default_factory=dict)  # by generators of answers
    returned: list[_Chunk] = field(default_factory=list)  # of workers that died


class Pool:
    """Workers that paint a job's rows.

    Args:
        setup: What all are given.
        size: How many there are.
        threads: Processors that each is given.
        kind: The class of their processes.
    """

    def __init__(
        self, setup: Setup, size: int, threads: int, kind: type = Worker
    ) -> None:
        self._setup = ray.put(setup)
        self._size = size
        self._class = ray.remote(num_cpus=threads, max_restarts=0, max_task_retries=0)(
            kind
        )
        self._state = _State()
        self._deaths: Counter[str] = Counter()  # by the row's target
        self._deaths_in_a_row = 0

    def paint(self, rows: Spool) -> Iterator[tuple[Row, Outcome]]:
        """Paint rows, and yield each with what became of it, in any order.

        Raises:
            OSError, ValueError: No worker can paint.
        """
        state, waiting, left = self._state, iter(rows), len(rows)
        for _ in range(min(self._size, len(rows))):
            self._start()
        try:
            while left or state.returned or state.running:
                while state.idle and (state.returned or left):
                    if state.returned:
                        self._give(state.returned.pop())
                        continue
                    chunk = tuple(islice(waiting, self._chunk_size(left)))
                    left -= len(chunk)
                    self._give(_Chunk(chunk))
                yield from self._hear()
        finally:
            for actor in self._actors():
                ray.kill(actor)

    def _chunk_size(self, left: int) -> int:
        """Return how many rows a worker gets: few at last, so that all end together."""
        return max(1, min(LARGEST_CHUNK, left // (4 * self._size)))

    def _actors(self) -> Iterator[Any]:
        yield from self._state.starting.values()
        yield from self._state.idle
        yield from (task.actor for task in self._state.running.values())

    def _start(self) -> None:
        actor = self._class.remote(self._setup)
        self._state.starting[actor.open.remote()] = actor

    def _give(self, chunk: _Chunk) -> None:
        actor = self._state.idle.pop()
        paint = actor.paint.options(num_returns="streaming")
        task = _Task(actor, dict(enumerate(chunk.rows)))
        self._state.running[paint.remote(chunk.rows, chunk.careful)] = task

    def _hear(self) -> Iterator[tuple[Row, Outcome]]:
        """Wait for an answer of a worker, and yield what came of its row."""
        state = self._state
        waiting = [*state.running, *state.starting]
        ready, _ = ray.wait(waiting, timeout=_PATIENCE)
        if not ready and not (state.running or state.idle):
            messages.note("No worker has started: the cluster has no free processors.")
        for answer in ready:
            if answer in state.starting:
                self._welcome(answer)
            else:
                yield from self._listen(answer)

    def _welcome(self, answer: Any) -> None:
        """Take in a worker that has started, or start another."""
        actor = self._state.starting.pop(answer)
        try:
            ray.get(answer)
        except RayTaskError as error:  # of its own machine: others may be well
            raise error.cause from None
        except RayError as error:
            self._mourn(error)
        else:
            self._state.idle.append(actor)

    def _listen(self, answers: Any) -> Iterator[tuple[Row, Outcome]]:
        task = self._state.running[answers]
        try:
            told = ray.get(next(answers))
        except StopIteration:
            del self._state.running[answers]
            self._state.idle.append(task.actor)
        except RayError as error:
            del self._state.running[answers]
            ray.kill(task.actor)
            yield from self._take_back(task, error)
            self._mourn(error)
        else:
            for place, outcome in told:
                if outcome is None:
                    task.begun = place
                else:
                    self._deaths_in_a_row = 0
                    yield task.rows.pop(place), outcome

    def _take_back(self, task: _Task, error: RayError) -> Iterator[tuple[Row, Outcome]]:
        """Have what a dead worker left painted by others, but for what killed many."""
        if task.begun in task.rows:
            row = task.rows[task.begun]
            self._deaths[row.job.target] += 1
            if self._deaths[row.job.target] >= MOST_DEATHS:
                del task.rows[task.begun]
                yield row, Outcome(0.0, error=_problem(row, error))
        if task.rows:
            self._state.returned.append(_Chunk(tuple(task.rows.values()), True))

    def _mourn(self, error: RayError) -> None:
        """Replace a dead worker, unless all die."""
        self._deaths_in_a_row += 1
        messages.note(f"A worker died ({_reason(error)}). Another takes its pictures.")
        if self._deaths_in_a_row > MOST_DEATHS * (self._size + 1):
            raise OSError(f"The workers die: {_reason(error)}") from error
        self._start()


def _problem(row: Row, error: RayError) -> str:
    return (
        f"Cannot paint '{row.job.source}': {MOST_DEATHS} workers died of it "
        f"({_reason(error)}). It may take more memory than a machine has."
    )


def _reason(error: RayError) -> str:
    """Return the first sentence of an error of Ray's."""
    text = str(error)
    if isinstance(error, RayActorError) and "No module named" in text:
        text = text[text.rindex("No module named") :]
    return text.strip().splitlines()[0].partition(". ")[0].rstrip(".")
