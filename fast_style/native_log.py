"""Silence for what native libraries print, without a setting for it."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_stderr = threading.RLock()  # held while another file has its number


@contextmanager
def off() -> Iterator[None]:
    """Let nothing reach stderr inside the block, not even from native code.

    With the environment's TF_CPP_MIN_LOG_LEVEL=0, TensorFlow's word for "all", it does.
    """
    if _wanted():
        yield
        return
    with _stderr:
        kept = _taken(sys.stderr, 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def off_from_now_on() -> None:
    """Let nothing but Python's own sys.stdout and sys.stderr reach these any more.

    With TF_CPP_MIN_LOG_LEVEL=0 in the environment, everything does.
    """
    if not _wanted():
        sys.stdout = os.fdopen(_taken(sys.stdout, 1), "w")
        sys.stderr = os.fdopen(_taken(sys.stderr, 2), "w", buffering=1)


def _wanted() -> bool:
    return os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "0"


def _taken(stream: TextIO, number: int) -> int:
    """Send what is written to a file's number nowhere; return one for where it went."""
    stream.flush()
    kept, null = os.dup(number), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
    return kept
