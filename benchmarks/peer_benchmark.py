"""The frame of a benchmark: what it needs, its section of a document, how long."""

import os
import sys
import time
from pathlib import Path

from benchmarks import environments, report


def make(measure, peers, *, work_dir, quick, output):
    """Measures something, prints the section on it and writes it.

    Args:
        measure: Function of the work folder, the environments by name, an open log
            and the machine's load; gives the section.
        peers: Names of the environments that it needs beside TensorFlow's.
        work_dir: Folder for environments and models; made if missing.
        quick: Write nothing.
        output: Path of the Markdown file.

    Raises:
        OSError: Something cannot be installed, or a system stopped.
    """
    started = time.perf_counter()
    load = os.getloadavg()[0]
    if load > 0.3:
        say(f"The machine is busy (load {load:.1f}): the times will be too long.")
    work_dir = Path(work_dir).resolve()
    work_dir.mkdir(parents=True, exist_ok=True)
    homes = {"tensorflow": environments.Caller()}
    for name in peers:
        say(f"Environment of {name}")
        homes[name] = environments.Environment(name, work_dir / "environments")
    with open(work_dir / "log.txt", "w") as log:
        section = measure(work_dir, homes, log, load)
    print(section)
    minutes = (time.perf_counter() - started) / 60
    if quick:
        say(f"Nothing written, as --quick says; {minutes:.1f} minutes.")
    else:
        report.replace_section(output, section)
        say(f"Wrote {output} after {minutes:.1f} minutes.")


def say(text):
    print(text, file=sys.stderr, flush=True)
