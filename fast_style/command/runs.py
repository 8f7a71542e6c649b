"""Runs over many photographs: what fails is told, and the others are painted."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from json import dumps

from fast_style import MIN_SIZE, files, kinds, memory
from fast_style.command import jobs, messages, moving
from fast_style.command.jobs import STDIO, FileOptions, Job, Look
from fast_style.command.moving import Made
from fast_style.command.planning import Plan
from fast_style.stylizer import Stylizer


def paint(
    plan: Plan, stylizer: Stylizer, look: Look, options: FileOptions, *, as_json: bool
) -> int:
    """Paint the pictures of a plan, and print the result of each.

    Args:
        plan: The pictures.
        stylizer: Paints them.
        look: How they are painted.
        options: How they are read and written.
        as_json: Whether to print one JSON object per picture.

    Returns:
        How many failed. Each has had its line of error.

    Raises:
        files.Unwritable: No result can be written any more.
        KeyboardInterrupt: A person stopped the run.
    """
    for text in plan.notes:
        messages.note(text)
    check_targets(plan.jobs)
    if as_json:
        report_skipped(plan.done)
    if len(plan.jobs) == 1:
        jobs.prepare(plan.jobs[0], stylizer, options)
    failed, begin = 0, time.perf_counter()
    for number, job in enumerate(messages.progress(plan.jobs)):
        start = time.perf_counter()
        try:
            result = moving.apply(job, stylizer, look, options)
        except (KeyboardInterrupt, files.Unwritable):
            _report_end(number - failed, plan, options)
            raise
        except Exception as error:  # whatever a library raises, others can be painted
            report_failure(job.source, error, as_json)
            failed += 1
        else:
            if as_json:
                seconds = time.perf_counter() - start
                report_result(job, result, look, seconds)
    if not as_json:
        _report_success(plan, failed, time.perf_counter() - begin)
    return failed


def check_targets(planned: list[Job]) -> None:
    """Check that results can be written, before they are painted.

    Raises:
        files.Unwritable: One cannot.
    """
    targets = {os.path.dirname(job.target): job.target for job in reversed(planned)}
    for target in targets.values():
        if target != STDIO:
            files.check_writable(target)
        elif sys.stdout is None:
            raise files.Unwritable("Cannot write to stdout: it is closed.")


def report_result(job: Job, result: Made, look: Look, seconds: float) -> None:
    """Print the JSON object of a result."""
    line = {"input": job.source, **description(job, result, seconds)}
    messages.say(dumps(line | look.described()))


def report_skipped(done: Iterable[Job]) -> None:
    """Print the JSON object of each result that existed."""
    for job in done:
        line = {"input": job.source, "output": job.target, "skipped": True}
        messages.say(dumps(line))


def description(job: Job, result: Made, seconds: float) -> dict:
    """Return what JSON says of a result.

    Args:
        job: Where it is written.
        result: What it is.
        seconds: What the work on it took.
    """
    facts = {key: value for key, value in asdict(result).items() if value is not None}
    return {"output": job.target, **facts, "seconds": round(seconds, 3)}


@contextmanager
def one_line_errors(path: str) -> Iterator[None]:
    """Raise whatever a block raises as a ValueError that names a photograph."""
    try:
        yield
    except Exception as error:
        raise ValueError(problem(path, error)) from error


def report_failure(path: str, error: Exception, as_json: bool) -> None:
    """Print what failed, and why."""
    text = problem(path, error)
    messages.error(text)
    if as_json:
        messages.say(dumps({"input": path, "error": text}))


def problem(path: str, error: Exception) -> str:
    """Return why a photograph was not painted, in one line.

    Args:
        path: The photograph's.
        error: What was raised.
    """
    text = " ".join(str(error).split())
    if isinstance(error, memory.Shortage):
        if error.longest >= MIN_SIZE:
            text = f"{error.problem} Give --max_size {error.longest} or less."
        return f"Cannot paint '{path}': {text}"
    if isinstance(error, OSError | ValueError):  # these name it
        return text
    reason = f"{type(error).__name__}: {text}".rstrip(": ")
    return f"Cannot paint '{path}' ({reason})."


def _report_end(painted: int, plan: Plan, options: FileOptions) -> None:
    """Print how far a run has come that ends before its time."""
    if len(plan.jobs) > 1:
        advice = " The same command with --skip_existing goes on."
        if options.overwrite:
            advice = ""
        messages.note(f"{painted} of {len(plan.jobs)} pictures are painted.{advice}")


def _report_success(plan: Plan, failed: int, seconds: float) -> None:
    count, targets = len(plan.jobs) - failed, [job.target for job in plan.jobs]
    parts = []
    if count and STDIO not in targets:
        kind = "file" if any(kinds.is_film(name) for name in targets) else "picture"
        pictures = f"{count} {kind}{'s' * (count > 1)}"
        result = targets[0] if len(targets) == 1 else pictures
        parts.append(f"{result} in {seconds:.1f} s")
    if plan.done:
        parts.append(f"{len(plan.done)} skipped that exist already")
    if parts:
        messages.say(", ".join(parts))
