"""A training with other hosts, in a process of its own that a light one watches.

Where a host is lost, JAX ends the processes of all others, in many lines and without a
word of Python. Here the process that was started stays, and says it in one.
"""

import contextlib
import multiprocessing
import os
import re
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any

from absl import logging

from fast_style import native_log, script
from fast_style.training.hosts import Hosts

LOST = 75  # exit status of a process that lost another host; EX_TEMPFAIL of sysexits.h
JOINED = "joined"
# What errors begin with by which JAX tells that a host is lost. Some are ValueErrors.
_OF_OTHERS = re.compile(
    "(ABORTED|CANCELLED|DEADLINE_EXCEEDED|INTERNAL|UNAVAILABLE|UNKNOWN): "
)


def run(program: str, hosts: Hosts, train: Callable[..., None], *arguments: Any) -> int:
    """Join the hosts and train in a new process; return its exit status.

    Args:
        program: What a person types to run the program.
        hosts: All hosts of the training, and which this is.
        train: The function that trains, which a new process can import.
        *arguments: Its arguments.

    Raises:
        OSError: Not all hosts were there in time, or one was lost.
    """
    context = multiprocessing.get_context("spawn")
    news, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=_host, args=(sender, program, hosts, train, arguments)
    )
    process.start()
    sender.close()

    def interrupt(number: int, frame: FrameType | None) -> None:
        os.kill(process.pid or 0, number)

    with _handled(signal.SIGINT, interrupt):
        process.join()
    status = process.exitcode
    if status in (LOST, -signal.SIGABRT):
        raise OSError(_lost(hosts, list(_received(news))))
    if status is None or status < 0:
        raise OSError(f"The training was ended by signal {-(status or 0)}.")
    return status


def _received(news: Connection) -> Iterator[str]:
    with contextlib.suppress(EOFError):
        while True:
            yield news.recv()


def _lost(hosts: Hosts, news: list[str]) -> str:
    """Return what became of hosts, by what a training told before it ended."""
    if JOINED in news:
        reason = "".join(f" ({line})" for line in news if line != JOINED)
        return (
            f"Another host of this training has ended or cannot be reached{reason}; "
            "see what it said. The same command on every host goes on from the last "
            "backup."
        )
    return (
        f"The {hosts.hosts} hosts did not come together at '{hosts.coordinator}' in "
        f"{hosts.host_timeout} s. Give every host the same coordinator and hosts, each "
        "its own host_index, and start them all; host_timeout waits longer."
    )


@contextlib.contextmanager
def _handled(number: int, handler: Callable[..., None]) -> Iterator[None]:
    """Have a function handle a signal inside the block."""
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


def _host(
    news: Connection,
    program: str,
    hosts: Hosts,
    train: Callable[..., None],
    arguments: tuple[Any, ...],
) -> None:
    """Train, and end this process without waiting for other hosts where it fails."""
    os.setpgrp()  # Ctrl+C in a terminal reaches the watching process alone
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Locks as in any other process; those of a spawned one are missed where it ends.
    multiprocessing.set_start_method(None, force=True)
    native_log.off_from_now_on()
    logging.get_absl_handler().python_handler.setStream(sys.stderr)
    status: Any = 0
    try:
        with script.one_line_errors(program, extra="train-jax"):
            import jax

            try:
                hosts.join()
                news.send(JOINED)
                train(*arguments)
                jax.distributed.shutdown()
            except (jax.errors.JaxRuntimeError, ValueError) as error:
                if not _OF_OTHERS.match(str(error)):
                    raise
                news.send(str(error).splitlines()[0])
                status = LOST
    except SystemExit as stop:
        status = stop.code
    except BaseException:
        traceback.print_exc()
        status = 1
    if isinstance(status, str):
        print(status, file=sys.stderr)
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(LOST)
