"""The frame of a benchmark beside other programs: it prepares, measures and writes."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TextIO

from benchmarks import environments, report
from benchmarks.environments import Environment


class Bench(NamedTuple):
    """Where a benchmark runs.

    Args:
        work_dir: Folder for inputs.
        homes: The environments, by name; "tensorflow" and "fast-style" are among them.
        log: Open file for what the processes write to stderr.
        load: The machine's load at the start.
    """

    work_dir: Path
    homes: Mapping[str, Environment]
    log: TextIO
    load: float


def make(
    measure: Callable[[Bench], str], peers: Iterable[str], options: argparse.Namespace
) -> None:
    """Measure, print the section, and write it.

    Args:
        measure: Function that returns the section.
        peers: Names of the environments to install.
        options: Values of the flags of `script.add_peers`.

    Raises:
        OSError: A program cannot be installed, or stopped.
    """
    began = time.perf_counter()
    load = os.getloadavg()[0]
    if load > 0.3:
        say(f"The machine is busy (load {load:.1f}): the times will be too long.")
    work_dir = Path(options.work_dir).resolve()
    work_dir.mkdir(parents=True, exist_ok=True)
    here = environments.current()
    homes = {"tensorflow": here, "fast-style": here}
    for name in [] if options.alone else peers:
        say(f"Environment of {name}")
        homes[name] = environments.install(name, work_dir / "environments")
    with open(work_dir / "log.txt", "w") as log:
        section = measure(Bench(work_dir, homes, log, load))
    print(section)
    minutes = (time.perf_counter() - began) / 60
    if options.quick or not options.output:
        say(f"Nothing written; {minutes:.1f} minutes.")
    else:
        report.replace_section(options.output, section)
        say(f"Wrote {options.output} after {minutes:.1f} minutes.")


def say(text: str) -> None:
    """Tell the user what happens, beside the section."""
    print(text, file=sys.stderr, flush=True)
