"""A plan, painted by the workers of a cluster."""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from fast_style import __version__, fields, files
from fast_style.cluster import lists, report, session, sources
from fast_style.cluster.places import Places, is_remote
from fast_style.cluster.pool import Pool
from fast_style.cluster.report import Report
from fast_style.cluster.rows import Outcome, Row, Setup
from fast_style.cluster.spool import Spool
from fast_style.cluster.watching import Watch
from fast_style.command import messages, runs
from fast_style.command.clusters import LISTS, ClusterOptions
from fast_style.command.jobs import FileOptions, Job, Look
from fast_style.command.planning import Photos, Plan
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
        places: Where they are read and written.
        as_json: Whether to print one JSON object per picture.
    """

    rows: Spool
    done: Spool
    model: str
    look: Look
    options: FileOptions
    cluster: ClusterOptions
    places: Places
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
    rows = _spooled(Row(job, look) for job in plan.jobs)
    done = _spooled(Row(job, look) for job in plan.done)
    order = Order(rows, done, stylizer.model, look, options, cluster, Places(), as_json)
    return run(order)


def paint_addresses(
    words: list[str],
    look: Look,
    options: FileOptions,
    cluster: ClusterOptions,
    *,
    model: str | None,
    painting: str | None,
    as_json: bool,
) -> int:
    """Paint photographs from or to addresses such as s3://bucket/photos, or of lists.

    Args:
        words: Paths or addresses of pictures and folders, or of lists alone; see
            `lists.Reader`.
        look, options, model, painting, as_json: As of `commands.stylize`.
        cluster: How the job is spread.

    Returns:
        How many failed. Each has had its line of error.

    Raises:
        OSError, ValueError, KeyboardInterrupt: As `lists.Reader.rows` and `run` do.
    """
    if not options.output:
        raise ValueError("Lists and addresses need a folder as --output.")
    places = Places()
    words = [fields.expanded(places.without_query(word)) for word in words]
    output = places.without_query(options.output)
    output = output if is_remote(output) else str(Path(output))
    options = replace(options, output=output)
    stylizer = Stylizer(model)
    look = look.for_model(stylizer, painting)
    photos = Photos(into_folder=True)
    if all(Path(word).suffix.lower() in LISTS for word in words):
        rows = lists.Reader(places, cluster, options).rows(words, look, stylizer)
    else:
        photos = sources.find(words, options, places)
        jobs = sources.jobs(photos, options, places)
        rows = _spooled(Row(job, look) for job in jobs)
    for text in photos.notes:
        messages.note(text)
    for path, error in photos.errors.items():
        runs.report_failure(path, error, as_json)
    left, done = _split(rows, options, places)
    order = Order(left, done, stylizer.model, look, options, cluster, places, as_json)
    failed = len(photos.errors) + (run(order) if rows else 0)
    count = len(photos.errors) + len(left)
    if failed and count > 1:
        messages.error(f"{failed} of {count} failed.")
    return failed


def _spooled(rows: Iterable[Row]) -> Spool:
    spool = Spool()
    for row in rows:
        spool.add(row)
    return spool


def _split(
    rows: Iterable[Row], options: FileOptions, places: Places
) -> tuple[Spool, Spool]:
    """Return the rows to paint, and those whose results exist and are kept."""
    left, done, sizes = Spool(), Spool(), dict[str, int]()
    if not options.overwrite:
        sizes = places.sizes(options.output or "", missing=True)
    for row in rows:
        (done if sizes.get(row.job.target) else left).add(row)
    return left, done


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
    _check_targets(order)
    model = Path(order.model).read_bytes()
    path = _report_path(order)
    setup = Setup(__version__, model, order.options, os.getcwd(), order.places.queries)
    start, failed = time.perf_counter(), 0
    with ExitStack() as stack:
        copy = stack.enter_context(_copied(path, order.places))
        book = Report(copy, _settings(order, model))
        book.check(order.done)
        if order.as_json:
            runs.report_skipped(row.job for row in order.done)
        if order.rows:
            stack.enter_context(session.connected(order.cluster.cluster))
        book.open()
        stack.callback(book.close, order.done)
        if order.rows:
            failed = _paint(order, setup, book)
    if not order.as_json:
        _say_end(order, failed, time.perf_counter() - start, path)
    return failed


def _check_targets(order: Order) -> None:
    """Check that results can be written, before they are painted."""
    folders: dict[str, Job] = {}
    for row in order.rows:
        folders.setdefault(os.path.dirname(row.job.target), row.job)
    runs.check_targets([job for job in folders.values() if not is_remote(job.target)])
    if order.rows and is_remote(order.options.output or ""):
        order.places.check_writable(order.options.output or "")


def _report_path(order: Order) -> str:
    if order.cluster.report:
        return order.cluster.report
    if is_remote(order.options.output or ""):
        return f"{(order.options.output or '').rstrip('/')}/{report.NAME}"
    rows = chain(order.rows, order.done)
    folders = {os.path.dirname(row.job.target) for row in rows}
    if len({os.path.isabs(folder) for folder in folders}) > 1:
        folders = {os.path.abspath(folder) for folder in folders}
    return os.path.join(os.path.commonpath(folders), report.NAME)


@contextmanager
def _copied(path: str, places: Places) -> Iterator[Path]:
    """Give a file of this machine for one at an address, which it replaces at last."""
    if not is_remote(path):
        yield Path(path)
        return
    with tempfile.TemporaryDirectory(prefix="fast-style-") as folder:
        copy = Path(folder, report.NAME)
        if places.is_file(path):
            places.fetch(path, copy)
        try:
            yield copy
        finally:
            if copy.exists():
                places.put(copy, path)


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


def _say_end(order: Order, failed: int, seconds: float, path: str) -> None:
    painted, parts = len(order.rows) - failed, []
    if order.rows:
        rate = f"{painted / seconds:.1f} a second"
        parts.append(f"{painted} painted in {seconds:.1f} s ({rate})")
    if order.done:
        parts.append(f"{len(order.done)} skipped that exist already")
    parts.append(f"{failed} failed")
    messages.say(f"{', '.join(parts)}; report: {path}")
