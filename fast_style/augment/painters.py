"""Threads that paint, each by a Stylizer of its own."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from fast_style.runner import count_cores
from fast_style.stylizer import Stylizer

Result = TypeVar("Result")


class Painters:
    """Threads that paint a picture each, with one processor core for each.

    In batches a picture takes as long. The threads start at the first picture, and
    again in a process that was forked from this one. Any thread may call `map`; copies
    and pickles have threads of their own.

    Args:
        model: A .tflite file; None for the model in the package.
        threads: How many paint at once; None for every core this process may use.
    """

    def __init__(
        self, model: str | os.PathLike | None = None, threads: int | None = None
    ) -> None:
        self._model, self._threads = model, threads
        self._pools: dict[int, ThreadPoolExecutor] = {}  # by process
        self._own = threading.local()

    def map(
        self, function: Callable[..., Result], *arguments: Iterable[Any]
    ) -> Iterator[Result]:
        """Give what a function returns, in order.

        Args:
            function: Called with a Stylizer and one item of each of the arguments.
            *arguments: As of the built-in `map`.
        """
        process = os.getpid()
        if process not in self._pools:
            pool = ThreadPoolExecutor(self._threads or count_cores())
            self._pools.setdefault(process, pool)  # another thread may be quicker
        return self._pools[process].map(
            lambda *items: function(self._stylizer(), *items), *arguments
        )

    def close(self) -> None:
        """Wait for what is being painted; leave out what waits for it."""
        if pool := self._pools.pop(os.getpid(), None):
            pool.shutdown(cancel_futures=True)

    def _stylizer(self) -> Stylizer:
        """Return the Stylizer of this thread."""
        if not hasattr(self._own, "stylizer"):
            self._own.stylizer = Stylizer(self._model, num_threads=1)
        return self._own.stylizer

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._model, self._threads)
