"""Large tensors: what reads and writes them lets other threads have their turn."""

import json
import threading
import time

import numpy as np
import pytest

from serve import tensors

PICTURE = np.arange(300 * 300 * 3, dtype=np.uint8).reshape(300, 300, 3)
CONTENT = {"images": [PICTURE.tolist()], "style_weights": [[0, 1, 0]]}
BODY = json.dumps({"inputs": CONTENT}).encode()
HALVES = {**CONTENT, "images": [(PICTURE / 2).tolist()]}
FLOATS = json.dumps({"inputs": HALVES}).encode()
SMALL = json.dumps(
    {"inputs": {"images": [[[[1] * 3] * 16] * 16], "style_weights": [[0, 1, 0]]}}
).encode()


def longest_hold(function):
    """Return for which share of a function's time no other thread runs at most."""
    times, over = [], threading.Event()

    def watch():
        while not over.is_set():
            times.append(time.perf_counter())
            time.sleep(0.0001)

    thread = threading.Thread(target=watch)
    thread.start()
    start = time.perf_counter()
    function()
    end = time.perf_counter()
    over.set()
    thread.join()
    during = [start, *(moment for moment in times if start < moment < end), end]
    return max(np.diff(during)) / (end - start)


def read_floats():
    with pytest.raises(ValueError, match="images is not an array of numbers"):
        tensors.loads(FLOATS, 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "function",
    [
        lambda: tensors.loads(BODY, 3),
        lambda: tensors.dumps(tensors.loads(SMALL, 3), [PICTURE]),
        read_floats,
    ],
    ids=["read", "write", "read floats"],
)
def test_other_threads_have_turns(function):
    # The best of some, because a busy machine stops threads, too.
    assert min(longest_hold(function) for _ in range(5)) < 0.4


def test_large_tensors_come_and_go_unchanged():
    request = tensors.loads(BODY, 3)
    np.testing.assert_array_equal(request.pictures, [PICTURE])
    content = json.loads(tensors.dumps(request, [PICTURE, PICTURE + 1]))
    np.testing.assert_array_equal(content["outputs"], [PICTURE, PICTURE + 1])
