"""What fast-style prints: results on stdout, notes, errors and progress on stderr."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any, TextIO

from fast_style import script
from fast_style.command.reports import Report

_NOTE = "fast-style: note: "
_report: Report | None = None  # of the run of this process


def say(text: str) -> None:
    """Print a line on stdout. Painting goes on when nobody reads it any more."""
    _print(text, sys.stdout)


def note(text: str) -> None:
    """Print in a line on stderr what a person should know."""
    _print(_NOTE + text, sys.stderr)


def notes_in(text: str) -> tuple[str, ...]:
    """Return the notes among printed lines, such as those of another process."""
    lines = text.splitlines()
    return tuple(s.removeprefix(_NOTE) for s in lines if s.startswith(_NOTE))


def error(problem: Exception | str) -> None:
    """Print in a line on stderr what failed."""
    text = " ".join(str(problem).split()) or type(problem).__name__
    _print(f"fast-style: error: {text}", sys.stderr)


def on_terminal() -> bool:
    """Return whether a person sees what is printed on stderr."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def reporting(path: str | None) -> Iterator[None]:
    """Write into a file, inside the block, how far the run is; None for nowhere."""
    global _report
    _report = Report(path) if path else None
    try:
        yield
    finally:
        _report = None


def progress(work: list) -> Iterable:
    """Return a list whose progress is shown on a terminal, if it is worth it.

    Inside `reporting` it is told there.
    """
    if _report:
        return _report.pictures(work, len(work))
    if len(work) == 1 or not on_terminal():
        return work
    from tqdm import tqdm

    return tqdm(work, unit="picture")


@contextmanager
def part_progress(name: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows on a terminal how far a film or a picture is.

    Inside `reporting` it is told there, too.

    It takes the number of parts that are done, and that of all, or 0 if it is unknown.

    Args:
        name: The film or the picture.
        unit: What its parts are called.
    """
    with ExitStack() as stack:
        bars: list[Any] = []

        def show(done: int, count: int) -> None:
            if _report:
                _report.part(done, count, unit)
            if count == 1 or not on_terminal():
                return
            if not bars:  # parts before the first were painted in an earlier run
                from tqdm import tqdm

                bar = tqdm(desc=name, unit=unit, leave=False, initial=done - 1)
                bars.append(stack.enter_context(bar))
            bars[0].total = count or None
            bars[0].update(done - bars[0].n)

        yield show


def _print(text: str, stream: TextIO | None) -> None:
    if stream is None:  # closed, such as by `>&-`
        return
    try:
        with _above_progress(stream):
            print(text, file=stream, flush=True)
    except OSError as problem:
        if stream is sys.stdout and not isinstance(problem, BrokenPipeError):
            raise OSError(f"Cannot write to stdout: {problem.strerror}.") from problem
        script.mute(stream)


def _above_progress(stream: TextIO) -> AbstractContextManager:
    """Make room above the progress, if any is shown."""
    tqdm = sys.modules.get("tqdm")  # loading it takes a third of the start
    return tqdm.tqdm.external_write_mode(stream) if tqdm else nullcontext()
