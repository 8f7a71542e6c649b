"""Ray: found by its address, or started and ended on this machine."""

import io
import logging
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any, TextIO, cast

import ray

from fast_style.runner import count_cores

_QUIET: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
_SECONDS = 10  # that a machine has to answer


@contextmanager
def connected(address: str) -> Iterator[None]:
    """Connect with a cluster until the end of the block.

    Where this process is connected already, nothing is done.

    Args:
        address: As of `ClusterOptions`.

    Raises:
        OSError: There is no cluster.
        ValueError: It has another version of Ray or of Python, or the address is none.
    """
    if ray.is_initialized():
        yield
    elif not address:
        with started(count_cores()):
            yield
    else:
        _check(address)
        with _ended():
            _join(address)
            yield


@contextmanager
def started(processors: int) -> Iterator[None]:
    """Start Ray on this machine, and end it after the block.

    Args:
        processors: How many it may use.

    Raises:
        OSError: It does not start, such as on a machine that is too busy.
    """
    # Otherwise Ray tells its makers of each start.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    with _ended():
        try:
            ray.init("local", num_cpus=processors, include_dashboard=False, **_QUIET)
        except Exception as error:  # Ray raises no kind of its own
            raise OSError(f"Cannot start Ray on this machine: {error}") from error
        yield


@contextmanager
def _ended() -> Iterator[None]:
    # Ray prints on stdout what becomes of machines, where results belong.
    with redirect_stdout(cast(TextIO, _OfThisThread(sys.stdout))):
        try:
            yield
        finally:
            with redirect_stdout(io.StringIO()):  # what it has kept back
                ray.shutdown()


class _OfThisThread:
    """A stream without what other threads print."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._thread = stream, threading.get_ident()

    def write(self, text: str) -> int:
        own = threading.get_ident() == self._thread
        return self._stream.write(text) if own else len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def count_processors() -> int:
    """Return how many processors the cluster has now."""
    return int(ray.cluster_resources().get("CPU", 0))


def _join(address: str) -> None:
    try:
        ray.init(address, **_QUIET)
    except RuntimeError as error:  # another version
        raise ValueError(f"Cannot use the cluster at '{address}': {error}") from error
    except ConnectionError as error:
        problem = f"There is no Ray cluster at '{address}'."
        raise OSError(f"{problem} Start one with: ray start --head") from error
    except Exception as error:  # Ray raises no kind of its own
        raise OSError(f"Cannot join the cluster at '{address}': {error}") from error


def _check(address: str) -> None:
    """Refuse an address at which nothing answers, for Ray would wait for minutes."""
    if address == "auto":
        return
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdecimal():
        raise ValueError(
            f"'{address}' is no address of a Ray cluster. Give --cluster=HOST:PORT, "
            "such as 10.0.0.1:6379, or --cluster=auto."
        )
    try:
        socket.create_connection((host, int(port)), _SECONDS).close()
    except OSError as error:
        raise OSError(
            f"Cannot reach a Ray cluster at '{address}': {error.strerror or error}."
        ) from error
