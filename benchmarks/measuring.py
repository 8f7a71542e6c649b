"""Measure fairly: every system once in each round, in an order that changes."""

import json
import os
import random
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from benchmarks.script import ROOT

REST = 0.05  # s, in which the threads of the last system stop waiting for work


class System(NamedTuple):
    """A system to measure in a process that stays.

    Args:
        label: Its name in the tables.
        python: Interpreter of its environment.
        kind: A key of worker.SYSTEMS.
        model: Path of its model, "-" for a peer's own; for a training step its
            settings as JSON.
        preset: "light" or "full": the generator beside which it is measured.
        largest: Grey levels by which it may differ from Keras; None skips the check.
    """

    label: str
    python: str
    kind: str
    model: str
    preset: str
    largest: float | None = None

    def command(self, threads: int) -> list[str]:
        """Return the command of its process."""
        worker = ["-m", "benchmarks.worker"]
        return [self.python, *worker, self.kind, self.model, str(threads)]


class Command(NamedTuple):
    """A command to measure from its start to its end."""

    label: str
    arguments: list[str]


class Usage(NamedTuple):
    """What a run took.

    Args:
        seconds: By the clock.
        megabytes: The most memory of its process.
        processor: Seconds of all cores together; 0 of a whole command.
    """

    seconds: float
    megabytes: float
    processor: float = 0.0


class Worker:
    """A system's process: loaded once, idle between its turns.

    Args:
        system: The system.
        threads: Processor threads that it may use.
        log: Open file for what it writes to stderr.
    """

    def __init__(self, system: System, threads: int, log: TextIO) -> None:
        self.system = system
        self._log = log
        self._process = subprocess.Popen(
            system.command(threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment(),
            cwd=ROOT,
        )

    def read(self) -> dict[str, Any]:
        """Return its next answer.

        Raises:
            OSError: The process ended.
        """
        line = self._process.stdout.readline()
        if not line:
            raise OSError(
                f"{self.system.label} stopped with status {self._process.wait()}. "
                f"Its messages are in '{self._log.name}'."
            )
        return json.loads(line)

    def run(self, **request: str) -> dict[str, Any]:
        """Send a request, and return the answer (see worker.py)."""
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self.read()

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def environment() -> dict[str, str]:
    """Return the variables of a process that sees no packages but its own."""
    left_out = ("PYTHONPATH", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    values = {name: os.environ[name] for name in os.environ if name not in left_out}
    tensorflow = {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "1"}
    return {**values, **tensorflow, "KERAS_BACKEND": "tensorflow"}


def output(command: Sequence[str], log: TextIO) -> str:
    """Run a command to its end, and return what it printed.

    Args:
        command: Its words.
        log: Open file for its stderr.

    Raises:
        OSError: The command failed.
    """
    process = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=environment(),
        cwd=ROOT,
    )
    if process.returncode:
        raise OSError(f"{shlex.join(command[:4])} failed. See '{log.name}'.")
    return process.stdout


def in_process(
    systems: Sequence[System],
    picture: Path,
    *,
    rounds: int,
    threads: int,
    log: TextIO,
    expected: Path | None = None,
    advance: Callable[[], object],
) -> tuple[dict[str, Usage], dict[str, str]]:
    """Run every system in turn on one picture, each in a process that stays.

    Args:
        systems: The systems.
        picture: Path of an .npy file, uint8 (H, W, 3).
        rounds: Number of timed runs of each, after one to warm up.
        threads: Processor threads of each.
        log: Open file for their stderr.
        expected: Path of Keras' picture (.npy); None skips the comparison.
        advance: Function to call after every run.

    Returns:
        For each label the medians of the seconds and the most memory; and the versions
        of the packages.

    Raises:
        OSError: A system stopped.
        ValueError: A picture differs too much from Keras'.
    """
    usages: dict[str, list[Usage]] = {system.label: [] for system in systems}
    versions: dict[str, str] = {}
    workers: list[Worker] = []
    try:
        for system in systems:
            worker = Worker(system, threads, log)
            workers.append(worker)
            versions |= worker.read()
            _warm_up(worker, picture, expected)
            advance()
        for _ in range(rounds):
            for worker in random.sample(workers, len(workers)):
                time.sleep(REST)
                answer = worker.run(picture=str(picture))
                usage = Usage(**answer)
                usages[worker.system.label].append(usage)
                advance()
    finally:
        for worker in workers:
            worker.close()
    return {label: _median(runs) for label, runs in usages.items()}, versions


def whole_commands(
    commands: Sequence[Command],
    *,
    rounds: int,
    log: TextIO,
    advance: Callable[[], object],
) -> dict[str, Usage]:
    """Run every command in turn.

    Returns:
        For each label the median of the seconds and the most memory of any run.

    Raises:
        OSError: A command failed.
    """
    usages: dict[str, list[Usage]] = {command.label: [] for command in commands}
    for number in range(rounds + 1):
        for command in random.sample(commands, len(commands)):
            time.sleep(REST)
            usage = _run(command, log)
            if number:  # the first round fills the disk cache
                usages[command.label].append(usage)
            advance()
    return {label: _median(runs) for label, runs in usages.items()}


def _warm_up(worker: Worker, picture: Path, expected: Path | None) -> None:
    """Run a system once; compare its picture with Keras' if there is one."""
    system = worker.system
    request = {"picture": str(picture)}
    if expected is None or system.largest is None:
        worker.run(**request)
        return
    largest = worker.run(**request, expected=str(expected))["largest"]
    if not largest <= system.largest:
        raise ValueError(
            f"{system.label} differs from Keras by {largest:.0f} grey levels; "
            f"{system.largest} are allowed."
        )


def _median(runs: Sequence[Usage]) -> Usage:
    return Usage(
        statistics.median(usage.seconds for usage in runs),
        max(usage.megabytes for usage in runs),
        statistics.median(usage.processor for usage in runs),
    )


def _run(command: Command, log: TextIO) -> Usage:
    launcher = [sys.executable, "-m", "benchmarks.command_usage"]
    run = subprocess.run(
        [*launcher, *command.arguments],
        stdout=subprocess.PIPE,
        stderr=log,
        env=environment(),
        cwd=ROOT,
    )
    if run.returncode:
        raise OSError(
            f"{command.label} ended with status {run.returncode}. "
            f"Its messages are in '{log.name}'."
        )
    return Usage(**json.loads(run.stdout))
