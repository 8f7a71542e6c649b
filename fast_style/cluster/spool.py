"""Rows that lie on the disk, for a list may have more than fit into memory."""

import pickle
import tempfile
import weakref
from collections.abc import Iterator

from fast_style.cluster.rows import Row

_ROWS = 1000  # that are written and read at once


class Spool:
    """Rows in their order, to which others may be added until they are read."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._waiting: list[Row] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        self._write()
        place = 0
        while place < self._file.seek(0, 2):
            self._file.seek(place)
            rows = pickle.load(self._file)
            place = self._file.tell()
            yield from rows

    def add(self, row: Row) -> None:
        """Add a row at the end."""
        self._count += 1
        self._waiting.append(row)
        if len(self._waiting) >= _ROWS:
            self._write()

    def _write(self) -> None:
        if self._waiting:
            self._file.seek(0, 2)
            pickle.dump(self._waiting, self._file)
            self._waiting = []
