"""Where LiteRT's time goes, by processor kernel, as Linux' perf sees it."""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks import measuring, report

RUNS = 8
SHOWN = 14  # kernels


def text(systems, picture, *, threads, log):
    """A subsection on every system: the kernels that take most of its time.

    Args:
        systems: list of measuring.System, of LiteRT.
        picture: Path of an .npy file, uint8 (H, W, 3).
        threads: Processor threads.
        log: Open file for stderr.

    Returns:
        Markdown; where perf is missing or not allowed, a line that says so.
    """
    parts = ["### Where the time goes", f"Picture: {Path(picture).name}."]
    for system in systems:
        rows = _kernels(system, picture, threads, log) if shutil.which("perf") else []
        parts.append(
            f"{system.label}:\n\n" + report.table(["kernel", "share of time"], rows)
            if rows
            else f"{system.label}: not profiled, `perf record` does not work here."
        )
    return "\n\n".join(parts)


def _kernels(system, picture, threads, log):
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "perf.data")
        record = ["perf", "record", "-e", "cpu-clock", "-F", "500", "-o", data, "--"]
        subprocess.run(
            record + system.command(threads),
            input=(json.dumps({"picture": str(picture)}) + "\n") * RUNS,
            stdout=log,
            stderr=log,
            text=True,
            env=measuring.environment(),
            cwd=measuring.ROOT,
        )
        shown = subprocess.run(
            ["perf", "report", "-i", data, "--stdio", "--sort", "symbol"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    line = r"^ +([\d.]+)% +\[[.k]\] (.+?)(?:  .*)?$"  # share, kind, name, more columns
    found = re.findall(line, shown.stdout, re.MULTILINE)
    return [[f"`{name[:60]}`", f"{share} %"] for share, name in found[:SHOWN]]
