"""Pictures on their way: brought to a worker's machine, and results taken away."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fast_style.cluster.places import Places, is_remote
from fast_style.cluster.rows import Cell, Member, Row
from fast_style.command.jobs import Job


class Stage:
    """A folder of a worker's machine, where pictures wait to be painted or sent.

    Args:
        places: Where they come from and go to.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        # Workers take the rows of a group in turn, so each reads it once.
        self._column = lru_cache(maxsize=1)(self._read_column)

    @contextmanager
    def brought(self, row: Row) -> Iterator[Job]:
        """Give the job of a row with files of this machine, and send its result.

        Raises:
            OSError, ValueError: A file cannot be read or written.
        """
        comes = row.part is not None or is_remote(row.job.source)
        goes = is_remote(row.job.target)
        if not (comes or goes):
            yield row.job
            return
        with tempfile.TemporaryDirectory(prefix="fast-style-") as folder:
            job = row.job
            if comes:
                source = Path(folder, "photograph").with_suffix(_suffix(job.source))
                job = replace(job, source=str(source))
                self._bring(row, source)
            if goes:
                target = Path(folder, "result").with_suffix(_suffix(job.target))
                job = replace(job, target=str(target))
            yield job
            if goes:
                self._places.put(job.target, row.job.target)

    def _bring(self, row: Row, copy: Path) -> None:
        part = row.part
        if part is None:
            self._places.fetch(row.job.source, copy)
        elif isinstance(part, Member):
            with self._places.open(part.archive) as archive:
                archive.seek(part.offset)
                copy.write_bytes(archive.read(part.size))
        else:
            copy.write_bytes(self._cell(part))

    def _cell(self, cell: Cell) -> bytes:
        value = self._column(cell.table, cell.column, cell.group)[cell.index].as_py()
        content = value.get("bytes") if isinstance(value, dict) else value
        if not isinstance(content, bytes):
            raise ValueError(f"Column '{cell.column}' has no bytes of a picture there.")
        return content

    def _read_column(self, table: str, column: str, group: int) -> pa.ChunkedArray:
        with self._places.open(table) as file, pq.ParquetFile(file) as parquet:
            return parquet.read_row_group(group, columns=[column])[column]


def _suffix(path: str) -> str:
    return Path(path.rpartition("/")[2]).suffix
