"""A plan, painted by the workers of a cluster."""

import os
import time
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

from fast_style import __version__, files
from fast_style.cluster import report, session
from fast_style.cluster.pool import Pool
from fast_style.cluster.report import Report
from fast_style.cluster.rows import Outcome, Row, Setup
from fast_style.cluster.watching import Watch
from fast_style.command import messages, runs
from fast_style.command.clusters import ClusterOptions
from fast_style.command.jobs import FileOptions, Look
from fast_style.command.planning import Plan
from fast_style.stylizer import Stylizer


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
        OSError: There is no cluster, no result can be written, or too many failed.
        ValueError: The results that exist are of other settings.
        KeyboardInterrupt: A person stopped the run.
    """
    for text in plan.notes:
        messages.note(text)
    runs.check_targets(plan.jobs)
    model = Path(stylizer.model).read_bytes()
    book = Report(_report_path(plan, cluster), _settings(look, options, model))
    _check_results(plan, book)
    if as_json:
        runs.report_skipped(plan.done)
    setup = Setup(__version__, model, options, os.getcwd())
    start, failed = time.perf_counter(), 0
    with ExitStack() as stack:
        if plan.jobs:
            stack.enter_context(session.connected(cluster.cluster))
        book.open()
        stack.callback(book.close, [Row(job, look) for job in plan.done])
        if plan.jobs:
            rows = [Row(job, look) for job in plan.jobs]
            failed = _paint(rows, setup, book, cluster, as_json=as_json)
    if not as_json:
        _say_end(plan, failed, time.perf_counter() - start, book.path)
    return failed


def _report_path(plan: Plan, cluster: ClusterOptions) -> Path:
    targets = [job.target for job in (*plan.jobs, *plan.done)]
    if len({os.path.isabs(target) for target in targets}) > 1:
        targets = [os.path.abspath(target) for target in targets]
    folders = {os.path.dirname(target) for target in targets}
    return Path(cluster.report or Path(os.path.commonpath(folders), report.NAME))


def _settings(look: Look, options: FileOptions, model: bytes) -> dict[str, Any]:
    """Return what results depend on, beside their photographs."""
    return look.described() | {
        "max_size": options.max_size,
        "quality": options.quality,
        "steady": options.steady,
        "model": sha256(model).hexdigest(),
    }


def _check_results(plan: Plan, book: Report) -> None:
    """Refuse to leave out results that were made otherwise."""
    if plan.done and (setting := book.differing()):
        raise ValueError(
            f"'{plan.done[0].target}' exists already, and by '{book.path}' it was made "
            f"with another {setting}. Give --overwrite or another --output."
        )


def _paint(
    rows: list[Row],
    setup: Setup,
    book: Report,
    cluster: ClusterOptions,
    *,
    as_json: bool,
) -> int:
    """Paint rows, tell and report what becomes of each, and return how many fail."""
    with messages.part_progress("Painting", "picture") as show:
        watch = Watch(len(rows), show)
        most = session.count_processors() // cluster.threads
        pool = Pool(setup, cluster.workers or max(1, most), cluster.threads)
        try:
            for row, outcome in pool.paint(rows):
                book.add(row, outcome)
                watch.add(outcome)
                _tell(row, outcome, as_json)
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


def _say_end(plan: Plan, failed: int, seconds: float, path: Path) -> None:
    painted = len(plan.jobs) - failed
    parts = []
    if plan.jobs:
        rate = f"{painted / seconds:.1f} a second"
        parts.append(f"{painted} painted in {seconds:.1f} s ({rate})")
    if plan.done:
        parts.append(f"{len(plan.done)} skipped that exist already")
    parts.append(f"{failed} failed")
    messages.say(f"{', '.join(parts)}; report: {path}")
