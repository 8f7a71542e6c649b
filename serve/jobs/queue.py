"""The queue: one job after the other, each within its limits."""

import logging
import os
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import process, store
from .kinds import Kind
from .pace import Pace
from .store import Job, Store

LOOK_SECONDS = 1.0  # between two looks at a program's limits and its progress
KEEP_SECONDS = 5.0  # that a program has to keep what it has done
_PLACE = re.compile(rf"(?<![\w.\\/-])({store.INPUT}|{store.OUTPUT})[\\/]")

log = logging.getLogger("serve")


@dataclass(frozen=True)
class Limits:
    """What jobs may take.

    Args:
        jobs: How many may be open, the one that runs included.
        seconds: How long each may run.
        upload: Bytes of the files of each.
        disk: Bytes of all files of all jobs.
        days: How long the files of a job are kept that has ended.
        niceness: Its priority, from 0, the usual one, to 19, the lowest.
    """

    jobs: int
    seconds: float
    upload: int
    disk: int
    days: float
    niceness: int = 19


class Queue:
    """Runs the jobs of a store in a thread, the oldest first.

    Args:
        jobs: The store.
        kinds: The kinds of jobs by name.
        limits: What jobs may take.
        program: fast-style, or what stands in for it.
        look_seconds: Seconds between two looks at a program.
    """

    def __init__(
        self,
        jobs: Store,
        kinds: Mapping[str, Kind],
        limits: Limits,
        *,
        program: Sequence[str] = process.PROGRAM,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self.store, self.kinds, self.limits = jobs, kinds, limits
        self._program, self._look_seconds = tuple(program), look_seconds
        self._running: tuple[Job, process.Program] | None = None
        self._pace: dict[str, Pace] = {}
        self._lock = threading.Lock()
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self) -> None:
        """End what a killed server has left, and go on with its jobs."""
        for job in self.store.jobs(store.RUNNING):
            process.end_orphan(self.store.path(job))
        self._thread.start()

    def stop(self) -> None:
        """Let the job that runs keep what it has done, for the next start."""
        self._stopping.set()
        self._wake.set()
        with self._lock:
            running = self._running
        if running:
            running[1].interrupt(KEEP_SECONDS)
        self._thread.join()
        self.store.close()

    def jobs(self, *states: str) -> list[Job]:
        """Return the jobs in these states, or all, the oldest first.

        Those of kinds that the server does not take now are left for another start.
        """
        return [job for job in self.store.jobs(*states) if job.kind in self.kinds]

    def get(self, id: str) -> Job | None:
        """Return a job of a kind that the server takes, or None."""
        job = self.store.get(id)
        return job if job and job.kind in self.kinds else None

    def wake(self) -> None:
        """Look for a job that may run."""
        self._wake.set()

    def cancel(self, id: str) -> Job | None:
        """End an open job, and return it; None if there is none of this ID."""
        job = self.store.change(id, *store.OPEN, state=store.CANCELLED)
        if job is None:
            return None
        with self._lock:
            running = self._running
        if running and running[0].id == id:
            running[1].kill()
        else:
            self.store.clear(job)
        return job

    def progress(self, job: Job) -> dict[str, Any] | None:
        """Return how far a job is that runs: phase, done, of, unit and seconds_left."""
        if job.state != store.RUNNING:
            return None
        progress = self.kinds[job.kind].progress(self.store.path(job))
        with self._lock:
            pace = self._pace.setdefault(job.id, Pace())
            return {**progress, "seconds_left": pace.left(progress, time.monotonic())}

    def _loop(self) -> None:
        while not self._stopping.is_set():
            waiting = self.jobs(store.RUNNING, store.WAITING)
            waiting.sort(key=lambda job: job.state != store.RUNNING)
            if not waiting:
                self._wake.wait()
                self._wake.clear()
                continue
            job = self.store.change(waiting[0].id, *store.OPEN, state=store.RUNNING)
            if job:
                self._run(job)

    def _run(self, job: Job) -> None:
        try:
            reason = self._work(job)
            if self._is_wanted(job) and not self._stopping.is_set():
                self.kinds[job.kind].finish(job, self.store.path(job), reason)
        except Exception as error:  # the next job can run, whatever this one raised
            log.error("Job %s: %s", job.id, type(error).__name__)
            problem = " ".join(str(error).split()) or type(error).__name__
            reason = self._without_places(job, problem)
        with self._lock:
            self._running = None
            self._pace.pop(job.id, None)
        if self._stopping.is_set() and reason is None:
            return
        state = store.FAILED if reason else store.DONE
        self.store.change(job.id, store.RUNNING, state=state, reason=reason)
        ended = self.store.get(job.id)
        if ended:
            self.store.clear(ended, store.OUTPUT)

    def _work(self, job: Job) -> str | None:
        """Run a job's programs; return why it failed, and None if it did not."""
        folder = self.store.path(job)
        deadline = time.monotonic() + self.limits.seconds
        for words in self.kinds[job.kind].steps(job, folder):
            if self._stopping.is_set() or not self._is_wanted(job):
                return None
            program = process.Program(
                [*self._program, *words],
                folder,
                folder / store.LOG,
                niceness=self.limits.niceness,
            )
            with self._lock:
                self._running = job, program
            if self._stopping.is_set() or not self._is_wanted(job):  # just now
                program.kill()
            if reason := self._watch(job, program, deadline):
                return reason
        return None

    def _watch(self, job: Job, program: process.Program, deadline: float) -> str | None:
        """Wait for the end of a program; return why it failed."""
        while (status := program.wait(self._look_seconds)) is None:
            self.progress(job)
            if time.monotonic() > deadline:
                program.kill()
                minutes = self.limits.seconds / 60
                return f"It took longer than {minutes:g} minutes (--jobs_minutes)."
            if self.store.size() > self.limits.disk:
                program.kill()
                return "The jobs take all the disk that they may (--jobs_disk)."
        if status == 0 or self._stopping.is_set() or not self._is_wanted(job):
            return None
        problem = process.problem(status, self.store.path(job, store.LOG))
        return self._without_places(job, problem)

    def _without_places(self, job: Job, problem: str) -> str:
        """Return it as a client knows its files: by their names, not where they lie."""
        return _PLACE.sub("", problem.replace(f"{self.store.path(job)}{os.sep}", ""))

    def _is_wanted(self, job: Job) -> bool:
        current = self.store.get(job.id)
        return current is not None and current.state == store.RUNNING
