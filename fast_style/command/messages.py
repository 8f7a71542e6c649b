"""What fast-style prints: results on stdout, notes, errors and progress on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TextIO

from fast_style import script


def say(text: str) -> None:
    """Print a line on stdout. Painting goes on when nobody reads it any more."""
    _print(text, sys.stdout)


def note(text: str) -> None:
    """Print in a line on stderr what a person should know."""
    _print(f"fast-style: note: {text}", sys.stderr)


def error(problem: Exception | str) -> None:
    """Print in a line on stderr what failed."""
    text = " ".join(str(problem).split()) or type(problem).__name__
    _print(f"fast-style: error: {text}", sys.stderr)


def progress(work: list) -> list:
    """Return a list whose progress is shown on a terminal, if it is worth it."""
    if len(work) == 1 or not sys.stderr.isatty():
        return work
    from tqdm import tqdm

    return tqdm(work, unit="picture")


@contextmanager
def frame_progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows on a terminal how far a film is.

    It takes the number of frames that are done, and that of all, or 0.
    """
    if not sys.stderr.isatty():
        yield lambda done, count: None
        return
    from tqdm import tqdm

    with tqdm(desc=name, unit="frame", leave=False) as bar:

        def show(done: int, count: int) -> None:
            if not bar.n:  # the others were painted in an earlier run
                bar.initial = bar.n = done - 1
            bar.total = count or None
            bar.update(done - bar.n)

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
