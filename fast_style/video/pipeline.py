"""Steps of work on one item after the other, done at once, each in its own thread."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

AHEAD = 4  # items that are in work or done, and not given yet; bounds the memory

_END: Any = object()  # in the place of an item, after the last


def run(
    items: Iterable[Any], steps: Sequence[Callable[[Any], Any]]
) -> Generator[tuple[Any, Any]]:
    """Yield each item with what the steps, one after the other, make of it, in order.

    While one step works on an item, the step before works on the next, and so does
    what reads the items. An error is raised in the place of the item that it struck.

    Args:
        items: Read no further than `AHEAD`.
        steps: The first takes an item, each other what the one before returned. Each
            gets them in order, and never two at once.
    """
    source, waiting = iter(items), deque[tuple[Future, Future]]()
    with ExitStack() as stack:
        reader, *workers = [stack.enter_context(_thread()) for _ in (source, *steps)]
        while True:
            item = result = reader.submit(next, source, _END)
            for worker, step in zip(workers, steps, strict=True):
                result = worker.submit(_after, result, step)
            waiting.append((item, result))
            if len(waiting) == AHEAD:
                item, result = waiting.popleft()
                if item.result() is _END:
                    return
                yield item.result(), result.result()


@contextmanager
def _thread() -> Iterator[ThreadPoolExecutor]:
    """Give a thread that ends after what it is doing."""
    thread = ThreadPoolExecutor(1)
    try:
        yield thread
    finally:
        thread.shutdown(cancel_futures=True)


def _after(earlier: Future, step: Callable[[Any], Any]) -> Any:
    """Return what a step makes of what the step before returns."""
    item = earlier.result()
    return item if item is _END else step(item)
