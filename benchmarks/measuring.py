"""Taking times fairly: every system once per round, in an order that changes."""

import json
import os
import random
import shlex
import statistics
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import memory

ROOT = Path(__file__).resolve().parents[1]
CHECK_SIZE = 256  # px; where pictures are compared with Keras'
REST = 0.05  # s; lets the threads of the one before stop waiting for work


class System(NamedTuple):
    """One thing to measure.

    Args:
        label: Its name in the tables.
        python: Interpreter of its environment.
        kind: A key of worker.SYSTEMS.
        model: Path of its model, "-" for the peer's own; for a training step what
            it is made of, as JSON.
        preset: "light" or "full": what it is measured beside.
        largest: Grey levels it may differ from Keras; None is not compared.
    """

    label: str
    python: str
    kind: str
    model: str
    preset: str
    largest: float | None = None

    def command(self, threads):
        worker = ["-m", "benchmarks.worker"]
        return [self.python, *worker, self.kind, self.model, str(threads)]


class Command(NamedTuple):
    """One whole command to measure, from its start to its end."""

    label: str
    arguments: list[str]


class Usage(NamedTuple):
    """What a run took: seconds by the clock, most memory of its process in MB."""

    seconds: float
    megabytes: float


class Worker:
    """A system's process: loaded once, idle between its turns.

    Args:
        system: System.
        threads: Processor threads it may use.
        log: Open file for what it writes to stderr.

    Raises:
        OSError: The process ended.
    """

    def __init__(self, system, threads, log):
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

    def read(self):
        line = self._process.stdout.readline()
        if not line:
            raise OSError(
                f"{self.system.label} stopped with status {self._process.wait()}. "
                f"'{self._log.name}' holds what it said."
            )
        return json.loads(line)

    def run(self, **request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self.read()

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def environment():
    """The environment of a process that must see its own packages only."""
    left_out = ("PYTHONPATH", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    values = {name: os.environ[name] for name in os.environ if name not in left_out}
    tensorflow = {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "1"}
    return {**values, **tensorflow, "KERAS_BACKEND": "tensorflow"}


def output(command, log):
    """What a script prints that imports the fast_style that lies here.

    Args:
        command: list of its words.
        log: Open file for its stderr.

    Raises:
        OSError: It failed.
    """
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=environment(),
        cwd=ROOT,
    )
    if done.returncode:
        raise OSError(f"{shlex.join(command[1:3])} failed. See '{log.name}'.")
    return done.stdout


def in_process(systems, picture, *, rounds, threads, log, expected, advance):
    """Runs every system in turn on one picture, in a process that stays.

    Args:
        systems: list of System.
        picture: Path of an .npy file, uint8 (H, W, 3).
        rounds: Timed runs of each, after one that is not.
        threads: Processor threads of each.
        log: Open file for their stderr.
        expected: Path of Keras' picture (.npy), or None not to compare.
        advance: Called after every run.

    Returns:
        Label to Usage: the median of the seconds, the most memory; package to
        version.

    Raises:
        OSError: A system stopped.
        ValueError: A picture differs too much from Keras'.
    """
    usages = {system.label: [] for system in systems}
    versions = {}
    workers = []
    try:
        for system in systems:
            workers.append(Worker(system, threads, log))
            versions |= workers[-1].read()
            request = {"picture": str(picture)}
            if expected and system.largest is not None:
                request["expected"] = str(expected)
            largest = workers[-1].run(**request).get("largest", 0)
            if "expected" in request and not largest <= system.largest:
                raise ValueError(
                    f"{system.label} differs from Keras by {largest:.0f} grey levels; "
                    f"{system.largest} are allowed."
                )
            advance()
        for _ in range(rounds):
            for worker in random.sample(workers, len(workers)):
                time.sleep(REST)
                answer = worker.run(picture=str(picture))
                usage = Usage(answer["seconds"], answer["megabytes"])
                usages[worker.system.label].append(usage)
                advance()
    finally:
        for worker in workers:
            worker.close()
    return {label: _median(taken) for label, taken in usages.items()}, versions


def whole_commands(commands, *, rounds, log, advance):
    """Runs every command in turn, from a process small enough not to be counted.

    Returns:
        Label to Usage: the median of the seconds, the most memory of any run.

    Raises:
        OSError: A command failed.
    """
    taken = {command.label: [] for command in commands}
    for number in range(rounds + 1):
        for command in random.sample(commands, len(commands)):
            time.sleep(REST)
            usage = _run(command, log)
            if number:  # the first fills the disk cache
                taken[command.label].append(usage)
            advance()
    return {label: _median(usages) for label, usages in taken.items()}


def _median(usages):
    return Usage(
        statistics.median(usage.seconds for usage in usages),
        max(usage.megabytes for usage in usages),
    )


def _run(command, log):
    start = time.perf_counter()
    process = subprocess.Popen(
        command.arguments, stdout=log, stderr=log, env=environment(), cwd=ROOT
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise OSError(
            f"{command.label} ended with status {process.returncode}. "
            f"'{log.name}' holds what it said."
        )
    return Usage(seconds, memory.peak_megabytes(usage))
