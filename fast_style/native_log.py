"""Silence for what native libraries print as they start, without a setting for it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def off() -> Iterator[None]:
    """Let nothing reach stderr inside the block, not even from native code.

    With the environment's TF_CPP_MIN_LOG_LEVEL=0, TensorFlow's word for "all", it does.
    """
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "0":
        yield
        return
    sys.stderr.flush()
    kept, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)
