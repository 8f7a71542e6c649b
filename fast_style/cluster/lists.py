"""Lists of photographs, with styles and strengths of their own.

A list is a manifest, which names files, or holds the pictures' files itself: a Parquet
file with a column of them, or an archive of a WebDataset.
"""

import csv
import io
import tarfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fast_style import fields, images, kinds
from fast_style.cluster import sources
from fast_style.cluster.places import Places
from fast_style.cluster.rows import Cell, Member, Row
from fast_style.cluster.spool import Spool
from fast_style.command import naming
from fast_style.command.clusters import ClusterOptions
from fast_style.command.jobs import FileOptions, Job, Look
from fast_style.command.planning import Photo
from fast_style.styles import parse
from fast_style.stylizer import Stylizer

RANDOM = "random"  # the style that a row's seed chooses
_KINDS = {"path": str, "output": str, "style": str, "strength": float, "seed": int}


@dataclass(frozen=True)
class Reader:
    """Reads lists.

    Args:
        places: Where they lie, and what they name.
        cluster: Names their columns.
        options: Where and how results are written.
    """

    places: Places
    cluster: ClusterOptions
    options: FileOptions

    def rows(self, words: list[str], look: Look, stylizer: Stylizer) -> Spool:
        """Return the pictures that lists ask for.

        Args:
            words: Paths or addresses of the lists.
            look: How rows are painted that do not say it.
            stylizer: Knows the styles.

        Raises:
            OSError: A list cannot be opened.
            ValueError: One is damaged or lacks a column, a row is wrong, or two rows
                have one result.
        """
        looks, planned = _Looks(look, stylizer), Spool()
        marks = array("q")  # of results; eight bytes each, for there may be many
        for word in words:
            for number, values in enumerate(self._read(word), 1):
                try:
                    row = self._row(word, number, values, looks)
                    naming.check([row.job])
                except ValueError as error:
                    raise ValueError(f"'{word}', row {number}: {error}") from error
                marks.append(_mark(row))
                planned.add(row)
        if not planned:
            raise ValueError(f"No pictures in '{words[0]}'.")
        ordered = np.sort(np.frombuffer(marks, np.int64))
        _check_distinct(planned, ordered[1:][ordered[1:] == ordered[:-1]])
        return planned

    def _read(self, word: str) -> Iterator[dict[str, Any]]:
        """Yield a list's rows, as mappings of what is not empty in them."""
        try:
            with self.places.open(word) as file:
                yield from _READERS[Path(word).suffix.lower()](self, word, file)
        except (
            UnicodeDecodeError,
            csv.Error,
            tarfile.TarError,
            pa.ArrowException,
        ) as error:
            raise ValueError(
                f"Cannot read '{word}': it is damaged ({error})."
            ) from error

    def _row(
        self, word: str, number: int, values: dict[str, Any], looks: "_Looks"
    ) -> Row:
        typed = _typed(values)
        part, path = values.get("part"), typed.get("path")
        if part is None:
            if path is None:
                raise ValueError(f"it has no {self.cluster.path_column}.")
            source, name = fields.expanded(path), typed.get("output")
        else:
            source = f"{word}:{path or number}"
            name = typed.get("output") or self._name(word, number, path)
        if name is None:
            job = sources.job_of(Photo(source), self.options, self.places)
        else:
            job = Job(source, _within(self.options.output or "", name))
        return Row(job, looks.of(typed), part)

    def _name(self, word: str, number: int, path: str | None) -> str:
        """Return the name of the result of a picture that is no file of its own."""
        plain = path or f"{PurePosixPath(word).stem}-{number:06}"
        renamed = naming.renamed(Path(plain), "", self.options.format, False)
        return renamed.as_posix()

    def _lines(self, word: str, file: BinaryIO) -> Iterator[dict[str, Any]]:
        for line in io.TextIOWrapper(file, encoding="utf-8"):
            if text := line.rstrip("\r\n"):
                yield {"path": text}

    def _csv(self, word: str, file: BinaryIO) -> Iterator[dict[str, Any]]:
        column = self.cluster.path_column
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        reader = csv.DictReader(text)
        names = list(reader.fieldnames or [])
        if column not in names:
            raise ValueError(_lacks(word, f"'{column}'", names, "--path_column"))
        for values in reader:
            yield values | {"path": values[column]}

    def _parquet(self, word: str, file: BinaryIO) -> Iterator[dict[str, Any]]:
        path, image = self.cluster.path_column, self.cluster.image_column
        with pq.ParquetFile(file) as parquet:
            names = parquet.schema_arrow.names
            if not {path, image} & set(names):
                columns = f"'{path}' and no column '{image}'"
                flags = "--path_column or --image_column"
                raise ValueError(_lacks(word, columns, names, flags))
            wanted = [name for name in names if name in {path, *_KINDS}]
            for group in range(parquet.num_row_groups):
                index = 0
                for batch in parquet.iter_batches(row_groups=[group], columns=wanted):
                    for values in _listed(batch):
                        values["path"] = values.get(path)
                        if image in names:
                            values["part"] = Cell(word, image, group, index)
                        index += 1
                        yield values

    def _archive(self, word: str, file: BinaryIO) -> Iterator[dict[str, Any]]:
        stem = PurePosixPath(word).stem
        with tarfile.open(fileobj=file, mode="r:") as archive:
            for member in archive:
                suffix = PurePosixPath(member.name).suffix.lower()
                if member.isfile() and suffix in kinds.IMAGE_SUFFIXES:
                    name = self._name(word, 0, member.name)
                    yield {
                        "path": member.name,
                        "output": f"{stem}/{name}",
                        "part": Member(word, member.offset_data, member.size),
                    }


_READERS = {
    ".txt": Reader._lines,
    ".csv": Reader._csv,
    ".parquet": Reader._parquet,
    ".tar": Reader._archive,
}


class _Looks:
    """How rows are painted; equal rows share one look."""

    def __init__(self, look: Look, stylizer: Stylizer) -> None:
        self._look, self._stylizer = look, stylizer
        self._make = cache(self._make_one)

    def of(self, values: dict[str, Any]) -> Look:
        """Return how a row is painted.

        Raises:
            ValueError: The model has no such style, or a value is out of its range.
        """
        style, seed = values.get("style"), values.get("seed")
        if style == RANDOM:
            if seed is None:
                raise ValueError("the style is 'random'. Give a number as seed.")
            names = self._stylizer.styles
            style = names[np.random.default_rng(seed).integers(len(names))]
        return self._make(style, values.get("strength"))

    def _make_one(self, style: str | None, strength: float | None) -> Look:
        look = self._look
        if style is not None:
            look = replace(look, styles=self._stylizer.weights(parse(style)))
        if strength is not None:
            if not 0 <= strength <= 1:
                raise ValueError(f"strength is {strength}. Give a number from 0 to 1.")
            look = replace(look, strength=strength)
        return look


def _mark(row: Row) -> int:
    """Return a number that rows with one result share, and few others."""
    return hash(naming.folded(row.job.target))


def _check_distinct(rows: Spool, marks: np.ndarray) -> None:
    """Refuse rows with one result.

    Args:
        rows: The rows.
        marks: Marks that several have.
    """
    suspects, owners = set(marks.tolist()), dict[str, Row]()
    for row in rows if suspects else ():
        if _mark(row) in suspects:
            owner = owners.setdefault(naming.folded(row.job.target), row)
            if owner is not row:
                raise ValueError(
                    f"'{owner.job.source}' and '{row.job.source}' have one result, "
                    f"'{row.job.target}'. Give names in a column output."
                )


def _within(folder: str, name: str) -> str:
    """Return the path of a result in the output folder."""
    if name.startswith("/") or ".." in PurePosixPath(name).parts:
        raise ValueError(f"its result is '{name}'. Give a name within --output.")
    if not kinds.is_film(name):
        images.format_of(name)
    return f"{folder.rstrip('/')}/{PurePosixPath(name)}"


def _lacks(word: str, column: str, names: list[str], flags: str) -> str:
    return (
        f"'{word}' has no column {column}; it has {', '.join(names) or 'none'}. "
        f"Give {flags}, or such a column."
    )


def _listed(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Return a batch's rows, of which there may be no column but many."""
    return batch.to_pylist() if batch.num_columns else [{} for _ in range(len(batch))]


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values in their types, without those that are empty."""
    typed: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        value = values.get(name)
        if value in (None, ""):
            continue
        try:
            typed[name] = kind(value)
        except (TypeError, ValueError):
            raise ValueError(f"{name} is {value!r}. Give a number.") from None
    return typed
