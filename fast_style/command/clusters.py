"""Painting on a cluster: the flags for it, and the call of its wing.

The wing `fast_style.cluster` is loaded by its name, since it knows this package and
needs an extra.
"""

import argparse
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from fast_style import extras
from fast_style.argument_types import number, path
from fast_style.command import commands
from fast_style.command.jobs import STDIO, FileOptions, Look

LISTS = (".txt", ".csv", ".parquet", ".tar")


@dataclass(frozen=True)
class ClusterOptions:
    """How a job is spread over the machines of a cluster.

    Args:
        cluster: Address of a Ray cluster, such as "10.0.0.1:6379" or "auto"; "" starts
            Ray on this machine and ends it.
        workers: Most workers; 0 for one on every `threads` processors there are.
        threads: Processors that each worker is given.
        max_failures: Pictures that may fail before the job is ended.
        report: Path of the report; None for one beside the results.
        path_column: The column of paths in a list.
        image_column: The column of pictures' files in a Parquet file.
    """

    cluster: str = ""
    workers: int = 0
    threads: int = 1
    max_failures: int = 1000
    report: str | None = None
    path_column: str = "path"
    image_column: str = "image"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of a job on a cluster to a parser."""
    group = parser.add_argument_group("on many machines, by Ray (docs/cluster.md)")
    group.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="Paint by the workers of a Ray cluster, and go on where such a job was "
        "ended. The address, given after an equals sign, is HOST:PORT, or auto on one "
        "of its machines. Default: workers on this machine alone.",
    )
    group.add_argument(
        "--workers",
        type=number(int, 1),
        metavar="N",
        help="Most workers. Default: as many as there are processors.",
    )
    group.add_argument(
        "--threads",
        type=number(int, 1),
        metavar="N",
        help="Processors that each worker is given. Default: 1.",
    )
    group.add_argument(
        "--max_failures",
        type=number(int, 1, or_zero=True),
        metavar="N",
        help="End the job when more pictures fail. Default: 1000.",
    )
    group.add_argument(
        "--path_column",
        metavar="NAME",
        help="Column of paths in a list, a CSV or Parquet file given as IN. "
        "Default: path.",
    )
    group.add_argument(
        "--image_column",
        metavar="NAME",
        help="Column of pictures in a Parquet file given as IN. Default: image.",
    )
    group.add_argument(
        "--report",
        type=path,
        metavar="FILE",
        help="Parquet file with a row for each picture. Default: "
        "fast-style-report.parquet among the results.",
    )


def read(options: argparse.Namespace) -> ClusterOptions | None:
    """Return what the flags say of a cluster; None where they ask for none.

    Raises:
        ValueError: A flag needs --cluster.
    """
    names = [field.name for field in fields(ClusterOptions)]
    given = {n: v for n in names if (v := getattr(options, n)) is not None}
    if options.cluster is not None:
        return ClusterOptions(**given)
    if given:
        raise ValueError(f"--{next(iter(given))} needs --cluster. Give both.")
    return None


def stylize(
    words: list[str],
    look: Look,
    files: FileOptions,
    cluster: ClusterOptions,
    *,
    model: str | None,
    painting: str | None,
    as_json: bool,
) -> int:
    """Paint photographs on a cluster, as `commands.stylize` does on this machine.

    Results that exist are left out, unless they are to be replaced: a job that was
    ended goes on.

    Args:
        words: Files and folders, or addresses of such; or lists alone.
        look: How the photographs are painted.
        files: How they are read, and where and how results are written.
        cluster: How the job is spread.
        model, painting, as_json: As of `commands.stylize`.

    Returns:
        How many photographs and folders failed. Each has had its line of error.

    Raises:
        OSError, ValueError: Nothing, or nothing more, can be painted.
    """
    if STDIO in (*words, files.output):
        raise ValueError("With --cluster, give files and folders in place of -.")
    wing = extras.load("fast_style.cluster", "cluster", "Cannot paint on a cluster")
    files = replace(files, skip_existing=not files.overwrite)
    arguments: dict[str, Any] = {
        "model": model,
        "painting": painting,
        "as_json": as_json,
    }
    lists = bool(words) and all(Path(w).suffix.lower() in LISTS for w in words)
    if lists or any("://" in path for path in (*words, files.output or "")):
        return wing.paint_addresses(words, look, files, cluster, **arguments)
    paint = partial(wing.paint, cluster=cluster)
    return commands.stylize(words, look, files, **arguments, paint=paint)
