"""The files of jobs, in which their whole state is: a server that starts goes on.

FOLDER/
  .lock             held by the server that runs the jobs
  token             the word that clients must know
  ID/               a job; the IDs sort by time
    job.json        what is asked for, and the state
    input/          the files that were sent
    log.txt         what its programs print
    process.json    the program that runs
    ...             what the programs make
    output/         the results
  models/ID/        what a training made; see `trained`
"""

import contextlib
import json
import os
import re
import secrets
import shutil
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import RLock
from typing import Any

from filelock import FileLock, Timeout

from fast_style import files

SENDING, WAITING, RUNNING = "sending", "waiting", "running"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
OPEN = (SENDING, WAITING, RUNNING)
ENDED = (DONE, FAILED, CANCELLED)
INPUT, OUTPUT, LOG = "input", "output", "log.txt"
_ID = re.compile(r"[0-9a-f]{16}-[0-9a-f]{16}")
_RECORD = "job.json"


@dataclass(frozen=True)
class File:
    """A file that a job is given.

    Args:
        name: Its name in the job's folder `input`, and no path.
        size: Its bytes.
    """

    name: str
    size: int


@dataclass(frozen=True)
class Job:
    """What is asked for, and what has become of it.

    Args:
        id: Its folder's name.
        kind: Name of its kind; see `kinds`.
        settings: What is asked for, as its kind has checked it.
        files: The files that it is given.
        model: The .tflite file that it paints with; a training's base is the .keras
            file of that.
        state: One of OPEN or ENDED.
        reason: Why it failed, in one line.
        changed: When it came into its state, in seconds since 1970.
    """

    id: str
    kind: str
    settings: dict[str, Any]
    files: tuple[File, ...]
    model: str
    state: str = SENDING
    reason: str | None = None
    changed: float = field(default_factory=time.time)

    @property
    def created(self) -> float:
        """When it was asked for, in seconds since 1970."""
        return int(self.id.partition("-")[0], 16) / 1e9


class Store:
    """The jobs in a folder.

    Args:
        folder: The folder, which is made if it is missing.

    Raises:
        OSError: It cannot be written, or another server has it.
    """

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder).absolute()
        self._lock = RLock()
        self._claim = FileLock(self.folder / ".lock", timeout=0)
        files.check_writable(self.folder / _RECORD)
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._claim.acquire()
        except Timeout:
            raise OSError(
                f"Another server runs the jobs in '{folder}'. Give another folder as "
                "--jobs."
            ) from None

    def close(self) -> None:
        """Leave the folder to another server."""
        self._claim.release()

    def new(self, **asked: Any) -> Job:
        """Keep a new job, whose files are to come; see `Job` for what is asked."""
        id = f"{time.time_ns():016x}-{secrets.token_hex(8)}"
        job = Job(id, **asked)
        (self.path(job) / INPUT).mkdir(parents=True)
        self._write(job)
        return job

    def path(self, job: Job, *names: str) -> Path:
        """Return a job's folder, or a path in it."""
        return self.folder.joinpath(job.id, *names)

    def get(self, id: str) -> Job | None:
        """Return a job, or None if there is none of this ID."""
        if not _ID.fullmatch(id):
            return None
        try:
            content = json.loads((self.folder / id / _RECORD).read_text("utf-8"))
        except (OSError, ValueError):  # just removed, or damaged
            return None
        sent = tuple(File(**file) for file in content.pop("files"))
        return Job(**content, files=sent)

    def jobs(self, *states: str) -> list[Job]:
        """Return the jobs in these states, or all, the oldest first."""
        names = sorted(path.name for path in self.folder.iterdir())
        found = [job for name in names if (job := self.get(name))]
        return [job for job in found if not states or job.state in states]

    def change(self, id: str, *states: str, **changes: Any) -> Job | None:
        """Change a job that is in one of these states, and return it; else None."""
        with self._lock:
            job = self.get(id)
            if job is None or job.state not in states:
                return None
            job = replace(job, **changes, changed=time.time())
            self._write(job)
            return job

    def received(self, job: Job, file: File) -> int:
        """Return how many bytes of a file have come."""
        path = self.path(job, INPUT, file.name)
        return path.stat().st_size if path.exists() else 0

    def append(self, job: Job, file: File, offset: int, content: bytes) -> int:
        """Add bytes to a file, and return how many of it have come.

        Args:
            job: The job.
            file: One of its files.
            offset: How many bytes are there already; others are not added.
            content: The bytes.

        Raises:
            ValueError: They are more than was announced.
            OSError: They cannot be written.
        """
        with self._lock:
            received = self.received(job, file)
            if offset != received:
                return received
            if received + len(content) > file.size:
                raise ValueError(
                    f"'{file.name}' has {file.size} bytes by its announcement, and "
                    f"{received + len(content)} came. Announce it anew."
                )
            with open(self.path(job, INPUT, file.name), "ab") as target:
                target.write(content)
            return received + len(content)

    def has_all(self, job: Job) -> bool:
        """Return whether all files of a job have come."""
        return all(self.received(job, file) == file.size for file in job.files)

    def remove(self, job: Job) -> None:
        """Remove a job with all its files."""
        (self.path(job) / _RECORD).unlink(missing_ok=True)
        shutil.rmtree(self.path(job), ignore_errors=True)

    def clear(self, job: Job, *kept: str) -> None:
        """Remove a job's files, but for its record, its log and the named ones."""
        for path in self.path(job).iterdir():
            if path.name in (_RECORD, LOG, *kept):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def size(self) -> int:
        """Return the bytes of all files in the folder."""
        total = 0
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with contextlib.suppress(OSError):  # just removed
                    total += os.path.getsize(os.path.join(folder, name))
        return total

    def _write(self, job: Job) -> None:
        with files.replacing(self.path(job, _RECORD), "w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(job), indent=2) + "\n")
