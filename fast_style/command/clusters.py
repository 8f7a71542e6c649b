"""Painting on a cluster: the flags for it, and the call of its wing.

The wing `fast_style.cluster` is loaded by its name, since it knows this package and
needs an extra.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial

from fast_style import extras
from fast_style.argument_types import number, path
from fast_style.command.jobs import STDIO, FileOptions


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
    """

    cluster: str = ""
    workers: int = 0
    threads: int = 1
    max_failures: int = 1000
    report: str | None = None


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


def prepare(
    words: list[str], files: FileOptions, cluster: ClusterOptions
) -> tuple[FileOptions, Callable[..., int]]:
    """Return the options of files of a job on a cluster, and what paints its plan.

    Results that exist are left out, unless they are to be replaced: a job that was
    ended goes on.

    Args:
        words: What is to be painted.
        files: What the flags say of files.
        cluster: What they say of the cluster.

    Raises:
        OSError: The extra is not installed.
        ValueError: A picture is to come from or go to a pipe.
    """
    if STDIO in (*words, files.output):
        raise ValueError("With --cluster, give files and folders in place of -.")
    wing = extras.load("fast_style.cluster", "cluster", "Cannot paint on a cluster")
    files = replace(files, skip_existing=not files.overwrite)
    return files, partial(wing.paint, cluster=cluster)
