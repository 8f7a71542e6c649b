"""The report of a job: a Parquet file with one row for each picture.

While a job runs, its rows go to parts beside the report, so that few are lost with the
command. The parts are joined with the report when the job ends, or the next begins.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fast_style import files
from fast_style.cluster.rows import Outcome, Row
from fast_style.cluster.spool import Spool

NAME = "fast-style-report.parquet"
SCHEMA = pa.schema(
    [
        ("path", pa.string()),  # of the photograph
        ("output", pa.string()),
        ("width", pa.int32()),  # px, of the result
        ("height", pa.int32()),
        ("style", pa.string()),
        ("strength", pa.float64()),
        ("seconds", pa.float64()),  # null where an earlier run was killed
        ("error", pa.string()),  # null where there is none
    ]
)
_ENTRY = ("path", "output", "style", "strength")  # known before it is painted
_PART_ROWS = 10_000
_PART_SECONDS = 10.0
_KEY = b"fast_style"  # of the settings, in the file's metadata


class Report:
    """The report of a job that runs.

    Args:
        path: The file.
        settings: What all results of a report have in common, as JSON has it.
    """

    def __init__(self, path: Path, settings: dict[str, Any]) -> None:
        self.path, self._settings = path, settings
        metadata = {_KEY: json.dumps(settings, sort_keys=True)}
        self._schema = SCHEMA.with_metadata(metadata)
        self._rows: list[dict[str, Any]] = []
        self._parts, self._written = 0, time.monotonic()

    def open(self) -> None:
        """Take in what an ended job has left, and begin.

        Raises:
            OSError: The report cannot be written.
            ValueError: It is no report.
        """
        self._join()
        self._write_part()  # from now on the settings are there

    def check(self, done: Spool) -> None:
        """Refuse results that were made otherwise than they would be now.

        Args:
            done: The rows whose results exist.

        Raises:
            ValueError: The report says so of one, or it is no report.
        """
        wanted = {row.job.target: _entry(row) for row in done}
        reports = [*_parts(self.path), self.path] if done else []
        for path in filter(Path.exists, reports):
            setting = _difference(_settings(path), self._settings)
            for batch in _batches(path):
                for old in batch.select(["error", *_ENTRY]).to_pylist():
                    new = wanted.get(old["output"])
                    if new is None or old.pop("error"):
                        continue
                    if other := setting or _difference(old, new):
                        raise ValueError(
                            f"'{old['output']}' exists already, by '{self.path}' with "
                            f"another {other}. Give --overwrite or another --output."
                        )

    def add(self, row: Row, outcome: Outcome) -> None:
        """Note what became of a row."""
        made = outcome.made
        self._rows.append(
            _entry(row)
            | {
                "width": made and made.width,
                "height": made and made.height,
                "seconds": None if outcome.error else round(outcome.seconds, 3),
                "error": outcome.error or None,
            }
        )
        due = time.monotonic() - self._written > _PART_SECONDS
        if due or len(self._rows) >= _PART_ROWS:
            self._write_part()

    def close(self, done: Spool) -> None:
        """Join all, and add results that no report names.

        Args:
            done: The rows whose results existed before.
        """
        self._write_part()
        self._join()
        if done:
            known = _outputs([self.path])
            outputs = pa.array([row.job.target for row in done], pa.string())
            new = pc.invert(pc.is_in(outputs, value_set=known)).to_pylist()
            self._rows = [
                _entry(r) for r, is_new in zip(done, new, strict=True) if is_new
            ]
            if self._rows:
                self._write_part()
                self._join()

    def _write_part(self) -> None:
        self._parts += 1
        part = self.path.with_name(f".{self.path.name}.{self._parts:06}")
        table = pa.Table.from_pylist(self._rows, self._schema)
        with files.replacing(part, durable=False) as file:
            pq.write_table(table, file)
        self._rows, self._written = [], time.monotonic()

    def _join(self) -> None:
        """Make one file of the report and its parts, which replace its rows."""
        parts = _parts(self.path)
        if not parts:
            return
        schema = pq.read_schema(parts[0])
        with (
            files.replacing(self.path) as file,
            pq.ParquetWriter(file, schema) as writer,
        ):
            if self.path.exists():
                new = _outputs(parts)
                for batch in _batches(self.path):
                    kept = pc.invert(pc.is_in(batch["output"], value_set=new))
                    writer.write_table(batch.filter(kept).cast(schema))
            for part in parts:
                for batch in _batches(part):
                    writer.write_table(batch.cast(schema))
        for part in parts:
            part.unlink()


def _difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Return the first name whose values differ; "" where none do."""
    return next((name for name in [*new, *old] if old.get(name) != new.get(name)), "")


def _entry(row: Row) -> dict[str, Any]:
    styles = row.look.described()["styles"]
    shares = [f"{name}:{share:.3g}" for name, share in styles.items()]
    style = next(iter(styles)) if len(styles) == 1 else ",".join(shares)
    values = (row.job.source, row.job.target, style, row.look.strength)
    return dict(zip(_ENTRY, values, strict=True))


def _parts(path: Path) -> list[Path]:
    """Return the parts of a report, in the order in which they were written."""
    return sorted(path.parent.glob(f".{path.name}.[0-9]*"))


def _settings(path: Path) -> dict[str, Any]:
    try:
        return json.loads((pq.read_schema(path).metadata or {})[_KEY])
    except (pa.ArrowInvalid, KeyError) as error:
        raise ValueError(
            f"'{path}' is no report of fast-style. Give another --report."
        ) from error


def _outputs(paths: list[Path]) -> pa.ChunkedArray:
    tables = [pq.read_table(path, columns=["output"]) for path in paths]
    return pa.concat_tables(tables)["output"]


def _batches(path: Path) -> Iterator[pa.Table]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield pa.Table.from_batches([batch])
