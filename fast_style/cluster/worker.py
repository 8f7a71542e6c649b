"""What runs on the machines of a cluster: a process that holds one Stylizer."""

import io
import os
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr
from hashlib import sha256
from pathlib import Path

import ray

from fast_style import __version__, files, images
from fast_style.cluster.places import Places
from fast_style.cluster.rows import Outcome, Row, Setup
from fast_style.cluster.staging import Stage
from fast_style.command import messages, moving, runs
from fast_style.stylizer import Stylizer

Answer = tuple[int, Outcome | None]
_SECONDS = 1.0  # between two answers


class Worker:
    """Paints chunks of a job's rows, one after the other.

    Args:
        setup: What all workers are given.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def open(self) -> None:
        """Load the model.

        Raises:
            OSError, ValueError: This machine cannot take part.
        """
        setup, host = self._setup, socket.gethostname()
        if setup.version != __version__:
            raise ValueError(
                f"'{host}' has fast_style {__version__}, and the command has "
                f"{setup.version}. Install one version everywhere."
            )
        try:
            os.chdir(setup.folder)
        except OSError as error:
            raise OSError(
                f"'{host}' cannot open '{setup.folder}': {error.strerror}. Run the "
                "command in a folder that all machines share."
            ) from error
        # Ray sets OMP_NUM_THREADS, which LiteRT does not heed.
        given = ray.get_runtime_context().get_assigned_resources()
        threads = max(1, int(given.get("CPU", 1)))
        self._stylizer = Stylizer(_write(setup.model), threads)
        self._stage = Stage(Places(setup.queries))

    def paint(self, rows: Sequence[Row], careful: bool) -> Iterator[list[Answer]]:
        """Paint rows, those of one size after another.

        Answers come once a second, for the command may have to read those of thousands
        of workers.

        Args:
            rows: The rows.
            careful: Whether to say which row comes next, because a row of these may
                end this process.

        Yields:
            The places of rows among the rows, and what became of each; and before that,
            if careful, the place with None.
        """
        answers: list[Answer] = []
        told = time.monotonic()
        for place in sorted(range(len(rows)), key=lambda place: _size(rows[place])):
            if careful:
                yield [*answers, (place, None)]
                answers = []
            answers.append((place, self._paint(rows[place])))
            if time.monotonic() - told > _SECONDS:
                yield answers
                answers, told = [], time.monotonic()
        yield answers

    def _paint(self, row: Row) -> Outcome:
        start, made, problem, ends = time.perf_counter(), None, "", False
        job, stylizer, options = row.job, self._stylizer, self._setup.options
        with redirect_stderr(io.StringIO()) as printed:
            try:
                with self._stage.brought(row) as job:
                    made = moving.apply(job, stylizer, row.look, options)
            except Exception as error:  # whatever a library raises
                problem = runs.problem(job.source, error)
                ends = isinstance(error, files.Unwritable)
        seconds = time.perf_counter() - start

        def renamed(text: str) -> str:
            return text.replace(job.source, row.job.source)

        notes = tuple(map(renamed, messages.notes_in(printed.getvalue())))
        return Outcome(seconds, made, renamed(problem), ends, notes)


def _size(row: Row) -> tuple[int, int]:
    """Return a picture's width and height, for LiteRT is quicker where it stays."""
    try:
        return images.read_size(row.job.source)
    except (OSError, ValueError):  # told when it is painted
        return 0, 0


def _write(model: bytes) -> Path:
    """Return the path of a file of a model, which all workers of a machine share."""
    digest = sha256(model).hexdigest()
    path = Path(tempfile.gettempdir(), f"fast-style-{digest}.tflite")
    if not path.exists() or files.fingerprint(path) != digest:
        with files.replacing(path, durable=False) as file:
            file.write(model)
    return path
