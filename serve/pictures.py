"""Pictures that are sent once and then named: kept in memory, never on disk."""

import hashlib
from collections import OrderedDict
from threading import Lock

KEPT_BYTES = 100_000_000  # of all pictures together; one of this server is smaller


class Pictures:
    """Picture files by their SHA-256 sums.

    Where there is no room for a new one, those that were used longest ago go.

    Args:
        most_bytes: Bytes that the files may have together.
    """

    def __init__(self, most_bytes: int) -> None:
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = Lock()

    def keep(self, file: bytes) -> str:
        """Keep a file of at most `most_bytes`; return its SHA-256 sum in hex."""
        name = hashlib.sha256(file).hexdigest()
        with self._lock:
            if name not in self._files:
                self._files[name] = file
                self._bytes += len(file)
            self._files.move_to_end(name)
            while self._bytes > self._most_bytes:
                _, oldest = self._files.popitem(last=False)
                self._bytes -= len(oldest)
        return name

    def get(self, name: str) -> bytes | None:
        """Return the file of a SHA-256 sum, or None if it is not kept (any more)."""
        with self._lock:
            if name in self._files:
                self._files.move_to_end(name)
            return self._files.get(name)
