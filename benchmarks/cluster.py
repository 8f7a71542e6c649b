"""Measure jobs on a cluster: python -m benchmarks.cluster

The plain command, one worker and two paint the same photographs by turns, on this
machine. Then lists of more and more rows show what the command's own memory does. Their
pictures have 16 px and a strength of 0, since the rows are what counts. Needs the extra
cluster and two idle cores, and takes half an hour.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from benchmarks import report, script
from benchmarks.cluster_faults import PROGRAM, cut
from fast_style.argument_types import number
from fast_style.runner import count_cores

TITLE = "## On a cluster"
ROWS = (1_000, 10_000, 100_000)
_REST = 1.0  # s between two looks at the processes
_WAYS = {
    "plain command": [],
    "one worker": ["--cluster", "--workers=1"],
    "two workers": ["--cluster", "--workers=2"],
}


@dataclass(frozen=True)
class Run:
    """What a command took.

    Args:
        seconds: From its start to its end.
        rate: Results a second, from the first to the last.
        processor: Seconds of processor of all its processes.
        painting: Those of the processes that paint, with their start.
        first: Seconds to the first result.
        command: Most memory of the command's process, MB (proportional set size).
        worker: Most memory of a worker, MB; 0 without workers.
    """

    seconds: float
    rate: float
    processor: float
    painting: float
    first: float
    command: float
    worker: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    script.add_photo(parser)
    for name, default, text in (
        ("count", 500, "Photographs, cut out of one."),
        ("side", 512, "Their longest side in px."),
        ("rounds", 3, "How often each way takes its turn."),
        ("rows", ROWS[-1], "Most rows of a list."),
    ):
        parser.add_argument(
            f"--{name}",
            type=number(int, 1),
            default=default,
            help=f"{text} Default: %(default)s.",
        )
    script.add_output(parser)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cut(options.photo, folder / "photographs", options.count, options.side)
        turns: dict[str, list[Run]] = {way: [] for way in _WAYS}
        for turn in range(options.rounds):
            for way, words in _WAYS.items():
                turns[way].append(run(folder, ["photographs", *words], f"{turn}{way}"))
        lists = {n: run_list(folder, n) for n in ROWS if n <= options.rows}
    report.publish(section(options.count, options.side, turns, lists), options.output)


def run(folder: Path, words: Sequence[str], output: str) -> Run:
    """Run the command in a folder, and look at its processes meanwhile.

    Raises:
        OSError: The command failed.
    """
    begin = time.time()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words, "-o", output],
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    watch = _Watch(process.pid)
    while process.poll() is None:
        watch.look()
        time.sleep(_REST)
    seconds = time.time() - begin
    if process.returncode:
        raise OSError(f"The command ended with {process.returncode}.")
    results = [p for p in (folder / output).rglob("*") if p.suffix in (".jpg", ".bmp")]
    times = sorted(path.stat().st_mtime for path in results)
    rate = (len(times) - 1) / (times[-1] - times[0])
    first = times[0] - begin
    return Run(
        seconds,
        rate,
        watch.processor,
        watch.painting,
        first,
        watch.command,
        watch.worker,
    )


def run_list(folder: Path, rows: int) -> Run:
    """Run the command on a list of so many rows."""
    Image.fromarray(np.zeros((16, 16, 3), np.uint8)).save(folder / "small.bmp")
    lines = [f"small.bmp,{number_ // 1000}/{number_}.bmp" for number_ in range(rows)]
    (folder / "list.csv").write_text("\n".join(["path,output", *lines]))
    words = ["list.csv", "--strength=0", "--cluster"]
    return run(folder, words, f"list{rows}")


class _Watch:
    """What a process and those that it has started take."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._seconds: dict[int, float] = {}
        self._workers: set[int] = set()
        self.command = self.worker = 0.0

    @property
    def processor(self) -> float:
        """Seconds of processor of all of them."""
        return sum(self._seconds.values())

    @property
    def painting(self) -> float:
        """Seconds of processor of those that paint."""
        painters = self._workers or {self._process.pid}
        return sum(self._seconds[pid] for pid in painters)

    def look(self) -> None:
        """Note what they have taken until now."""
        try:
            processes = [self._process, *self._process.children(recursive=True)]
        except psutil.Error:
            return
        for process in processes:
            try:
                times = process.cpu_times()
                self._seconds[process.pid] = times.user + times.system
                if process is self._process:
                    self.command = max(self.command, _megabytes(process))
                elif process.cmdline()[:1] == ["ray::Worker.paint"]:
                    self._workers.add(process.pid)
                    self.worker = max(self.worker, _megabytes(process))
            except psutil.Error:  # it has ended
                continue


def _megabytes(process: psutil.Process) -> float:
    """Return a process' memory, where what several share is divided among them."""
    info = process.memory_full_info()
    return getattr(info, "pss", info.uss) / 1e6


def section(
    count: int, side: int, turns: dict[str, list[Run]], lists: dict[int, Run]
) -> str:
    """Return the section of the document."""
    ways = {way: _median(runs) for way, runs in turns.items()}
    plain = ways["plain command"]
    lines = [
        [
            way,
            f"{r.rate:.2f} ({r.rate / plain.rate:.2f})",
            f"{r.seconds:.1f}",
            f"{r.processor:.0f}",
            f"{r.painting:.0f}",
            f"{r.first:.1f}",
            f"{r.command:.0f}",
            f"{r.worker:.0f}" if r.worker else "-",
        ]
        for way, r in ways.items()
    ]
    header = ["way", "pictures a second", "s", "s of processor", "of it painting"]
    header += ["s to the first", "command, MB", "a worker, MB"]
    rows = [
        [f"{n:,}", f"{r.command:.0f}", f"{r.rate:.0f}", f"{r.processor:.0f}"]
        for n, r in lists.items()
    ]
    text = (
        f"{count} photographs of up to {side} px, cut out of one, JPEG to JPEG; median "
        f"of {len(turns['plain command'])}\nturns. Pictures a second are counted from "
        "the first result to the last; in brackets the share\nof the plain command's. "
        "Memory is the most that was seen, once a second."
    )
    counts = report.table(
        ["rows", "command, MB", "rows a second", "s of processor"], rows
    )
    parts = [TITLE, report.machine(count_cores()), text, report.table(header, lines)]
    parts += ["Lists of rows of 16 px and a strength of 0:", counts]
    return "\n\n".join(parts)


def _median(runs: Sequence[Run]) -> Run:
    names = vars(runs[0])
    values = {n: statistics.median(getattr(r, n) for r in runs) for n in names}
    return Run(**values)


if __name__ == "__main__":
    script.run(main)
