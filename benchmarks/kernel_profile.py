"""Where LiteRT's time goes, kernel by kernel, as Linux' perf samples it."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from benchmarks import measuring, report
from benchmarks.measuring import System
from benchmarks.script import ROOT

RUNS = 8
SHOWN = 14  # kernels


def text(systems: Sequence[System], picture: Path, threads: int, log: TextIO) -> str:
    """Return a subsection with the kernels that take most of each system's time.

    Args:
        systems: Systems of LiteRT.
        picture: Path of an .npy file, uint8 (H, W, 3).
        threads: Processor threads.
        log: Open file for stderr.

    Returns:
        Markdown, which says so where perf is missing or not allowed.
    """
    parts = ["### Where the time goes", f"Picture: {picture.name}."]
    for system in systems:
        command = system.command(threads)
        lines = _kernels(command, picture, log) if shutil.which("perf") else []
        parts.append(
            f"{system.label}:\n\n" + report.table(["kernel", "share of time"], lines)
            if lines
            else f"{system.label}: not profiled, `perf record` does not work here."
        )
    return "\n\n".join(parts)


def _kernels(command: Sequence[str], picture: Path, log: TextIO) -> list[list[str]]:
    """Return the table's lines for a worker that stylizes a picture a few times."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "perf.data")
        record = ["perf", "record", "-e", "cpu-clock", "-F", "500", "-o", data, "--"]
        subprocess.run(
            [*record, *command],
            input=(json.dumps({"picture": str(picture)}) + "\n") * RUNS,
            stdout=log,
            stderr=log,
            text=True,
            env=measuring.environment(),
            cwd=ROOT,
        )
        listing = subprocess.run(
            ["perf", "report", "-i", data, "--stdio", "--sort", "symbol"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    line = r"^ +([\d.]+)% +\[[.k]\] (.+?)(?:  .*)?$"  # share, kind, name, more columns
    shares = re.findall(line, listing.stdout, re.MULTILINE)
    return [[f"`{name[:60]}`", f"{share} %"] for share, name in shares[:SHOWN]]
