"""A plan, painted by the workers of a cluster."""

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from fast_style import __version__, files
from fast_style.cluster import manifests, report, session
from fast_style.cluster.pool import Pool
from fast_style.cluster.report import Report
from fast_style.cluster.rows import Outcome, Row, Setup
from fast_style.cluster.watching import Watch
from fast_style.command import messages, runs
from fast_style.command.clusters import ClusterOptions
from fast_style.command.jobs import FileOptions, Look
from fast_style.command.planning import Plan
from fast_style.stylizer import Stylizer


@dataclass(frozen=True)
class Order:
    """The pictures of a job, and what all have in common.

    Args:
        rows: Those to paint.
        done: Those whose results exist.
        model: Path of the .tflite file.
        look: How pictures are painted, but for their styles and strengths.
        options: How they are read and written.
        cluster: How the job is spread.
        as_json: Whether to print one JSON object per picture.
    """

    rows: list[Row]
    done: list[Row]
    model: str
    look: Look
    options: FileOptions
    cluster: ClusterOptions
    as_json: bool


def paint(
    plan: Plan,
    stylizer: Stylizer,
    look: Look,
    options: FileOptions,
    *,
    as_json: bool,
    cluster: ClusterOptions,
) -> int:
    """Paint the pictures of a plan on a cluster, as `runs.paint` does in this process.

    Args:
        plan, stylizer, look, options, as_json: As of `runs.paint`. The stylizer tells
            the model alone.
        cluster: How the job is spread.

    Returns:
        How many failed. Each has had its line of error.

    Raises:
        OSError, ValueError, KeyboardInterrupt: As `run` does.
    """
    for text in plan.notes:
        messages.note(text)
    rows, done = ([Row(job, look) for job in jobs] for jobs in (plan.jobs, plan.done))
    return run(Order(rows, done, stylizer.model, look, options, cluster, as_json))


def paint_manifest(
    path: str,
    look: Look,
    options: FileOptions,
    cluster: ClusterOptions,
    *,
    model: str | None,
    painting: str | None,
    as_json: bool,
) -> int:
    """Paint the photographs of a manifest; see `manifests.rows`.

    Args:
        path: The manifest.
        look, options, model, painting, as_json: As of `commands.stylize`.
        cluster: How the job is spread.

    Returns:
        How many failed. Each has had its line of error.

    Raises:
        OSError, ValueError, KeyboardInterrupt: As `manifests.rows` and `run` do.
    """
    if not options.output:
        raise ValueError(f"'{path}' is a list. Give a folder as --output.")
    stylizer = Stylizer(model)
    look = look.for_model(stylizer, painting)
    rows = manifests.rows(path, cluster.path_column, look, stylizer, options)
    left, done = rows, []
    if not options.overwrite:
        left = [row for row in rows if not _is_whole(row)]
        done = [row for row in rows if _is_whole(row)]
    failed = run(Order(left, done, stylizer.model, look, options, cluster, as_json))
    if failed and len(left) > 1:
        messages.error(f"{failed} of {len(left)} failed.")
    return failed


def run(order: Order) -> int:
    """Paint the pictures of an order, tell and report what becomes of each.

    Returns:
        How many failed.

    Raises:
        OSError: There is no cluster, no result can be written, or too many failed.
        ValueError: Results that exist are of other settings, or a machine of the
            cluster is not as this one.
        KeyboardInterrupt: A person stopped the run.
    """
    runs.check_targets([row.job for row in order.rows])
    model = Path(order.model).read_bytes()
    book = Report(_report_path(order), _settings(order, model))
    book.check(order.done)
    if order.as_json:
        runs.report_skipped([row.job for row in order.done])
    setup = Setup(__version__, model, order.options, os.getcwd())
    start, failed = time.perf_counter(), 0
    with ExitStack() as stack:
        if order.rows:
            stack.enter_context(session.connected(order.cluster.cluster))
        book.open()
        stack.callback(book.close, order.done)
        if order.rows:
            failed = _paint(order, setup, book)
    if not order.as_json:
        _say_end(order, failed, time.perf_counter() - start, book.path)
    return failed


def _is_whole(row: Row) -> bool:
    """Return whether a row's result exists."""
    target = row.job.target
    return os.path.isfile(target) and os.path.getsize(target) > 0


def _report_path(order: Order) -> Path:
    targets = [row.job.target for row in (*order.rows, *order.done)]
    if len({os.path.isabs(target) for target in targets}) > 1:
        targets = [os.path.abspath(target) for target in targets]
    folders = {os.path.dirname(target) for target in targets}
    return Path(order.cluster.report or Path(os.path.commonpath(folders), report.NAME))


def _settings(order: Order, model: bytes) -> dict[str, Any]:
    """Return what all results depend on, beside their rows."""
    names = ("fade", "keep_color", "stroke")
    look = {name: getattr(order.look, name) for name in names}
    options = {n: getattr(order.options, n) for n in ("max_size", "quality", "steady")}
    return look | options | {"model": sha256(model).hexdigest()}


def _paint(order: Order, setup: Setup, book: Report) -> int:
    """Paint an order's rows, and return how many fail."""
    rows, cluster = order.rows, order.cluster
    with messages.part_progress("Painting", "picture") as show:
        watch = Watch(len(rows), show)
        most = session.count_processors() // cluster.threads
        pool = Pool(setup, cluster.workers or max(1, most), cluster.threads)
        try:
            for row, outcome in pool.paint(rows):
                book.add(row, outcome)
                watch.add(outcome)
                _tell(row, outcome, order.as_json)
                _check(outcome, watch.failed, cluster.max_failures)
        except BaseException:
            painted = f"{watch.painted} of {len(rows)} pictures are painted."
            messages.note(f"{painted} The same command goes on.")
            raise
    return watch.failed


def _tell(row: Row, outcome: Outcome, as_json: bool) -> None:
    """Print what a person should know of a picture."""
    for text in outcome.notes:
        messages.note(text)
    if outcome.error:
        runs.report_failure(row.job.source, ValueError(outcome.error), as_json)
    elif as_json and outcome.made:
        runs.report_result(row.job, outcome.made, row.look, outcome.seconds)


def _check(outcome: Outcome, failed: int, most: int) -> None:
    """End a job whose other pictures would fail, too."""
    if outcome.ends:
        raise files.Unwritable("No result can be written any more.")
    if failed > most:
        raise OSError(
            f"{failed} pictures failed. The job ends; --max_failures allows {most}."
        )


def _say_end(order: Order, failed: int, seconds: float, path: Path) -> None:
    painted, parts = len(order.rows) - failed, []
    if order.rows:
        rate = f"{painted / seconds:.1f} a second"
        parts.append(f"{painted} painted in {seconds:.1f} s ({rate})")
    if order.done:
        parts.append(f"{len(order.done)} skipped that exist already")
    parts.append(f"{failed} failed")
    messages.say(f"{', '.join(parts)}; report: {path}")
