"""Programs of jobs: started at a low priority, ended with all that they started."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from fast_style import extras, files

# fast-style, by the Python that runs the server.
PROGRAM = (
    sys.executable,
    "-c",
    "from fast_style.command.cli import run; run()",
)
_RECORD = "process.json"
_WINDOWS = sys.platform == "win32"


class Program:
    """A program that runs in a job's folder and prints into its log.

    Args:
        command: The program and its arguments.
        folder: The job's folder.
        log: The file to print to, which grows.
        niceness: Its priority, from 0, the usual one, to 19, the lowest.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, log: Path, *, niceness: int = 0
    ) -> None:
        self._record = folder / _RECORD
        paths = [str(extras.ROOT), os.environ.get("PYTHONPATH", "")]
        with open(log, "ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl+C in the server's terminal is the server's alone. A session of
                # its own would have a share of the processor whatever its priority.
                process_group=None if _WINDOWS else 0,
            )
        process = psutil.Process(self._process.pid)
        _hold_back(process, niceness)
        with files.replacing(self._record, "w") as file:
            id = {"pid": process.pid, "created": process.create_time()}
            file.write(json.dumps(id))

    def wait(self, seconds: float) -> int | None:
        """Return the exit status, below 0 for a signal; None if it still runs."""
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self._record.unlink(missing_ok=True)
        return status

    def interrupt(self, seconds: float) -> None:
        """Let it keep what it has done, as Ctrl+C does, and end it after some time."""
        if not _WINDOWS:
            self._process.send_signal(signal.SIGINT)
            if self.wait(seconds) is not None:
                return
        self.kill()

    def kill(self) -> None:
        """End it at once."""
        _kill(self._process.pid)
        self.wait(60)


def end_orphan(folder: Path) -> None:
    """End the program that a server left in a job's folder when it was killed."""
    with contextlib.suppress(OSError, ValueError, psutil.Error):
        id = json.loads((folder / _RECORD).read_text())
        # The system may have given the number to another process.
        if psutil.Process(id["pid"]).create_time() == id["created"]:
            psutil.wait_procs(_kill(id["pid"]), timeout=10)
    (folder / _RECORD).unlink(missing_ok=True)


def problem(status: int, log: Path) -> str:
    """Return why a program failed, in one line.

    It is the last error in its log, with the one before if there were several; or the
    last line.

    Args:
        status: Its exit status.
        log: The file that it printed to.
    """
    if status < 0:
        name = signal.Signals(-status).name
        return f"Ended by the system ({name}). It may have run out of memory."
    with open(log, "rb") as file:
        file.seek(max(0, os.path.getsize(log) - 4096))
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    errors = [line.partition("error: ")[2] for line in lines if "error: " in line]
    if errors:
        return " ".join(map(str.strip, errors[-2:]))
    return [f"It ended with status {status}.", *lines][-1].strip()


def _hold_back(process: psutil.Process, niceness: int) -> None:
    """Give a process a low priority, and leave a core to the painting."""
    # It may have ended already, and macOS has no affinity.
    with contextlib.suppress(AttributeError, psutil.Error):
        if niceness:
            low = psutil.BELOW_NORMAL_PRIORITY_CLASS if _WINDOWS else niceness
            process.nice(low)
        cores = process.cpu_affinity()
        if len(cores) > 2:
            process.cpu_affinity(cores[1:])


def _kill(pid: int) -> list[psutil.Process]:
    """Kill a process and all that it has started, and return them."""
    family: list[psutil.Process] = []
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        family = [*process.children(recursive=True), process]
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    return family
