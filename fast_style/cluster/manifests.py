"""Manifests: lists of photographs, with styles and strengths of their own."""

import csv
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fast_style import fields, images, kinds
from fast_style.cluster.rows import Row
from fast_style.command import moving, naming, planning
from fast_style.command.jobs import FileOptions, Job, Look
from fast_style.command.planning import Photo
from fast_style.styles import parse
from fast_style.stylizer import Stylizer

RANDOM = "random"  # the style that a row's seed chooses
_KINDS = {"path": str, "output": str, "style": str, "strength": float, "seed": int}


def read(path: str, column: str) -> Iterator[dict[str, Any]]:
    """Return the rows of a manifest, a mapping each with the columns that it has.

    Args:
        path: A text file of one path a line, or a CSV or Parquet file.
        column: The column of paths; each comes as "path".

    Raises:
        OSError: The file cannot be opened.
        ValueError: It is damaged, or has no such column.
    """
    try:
        yield from _READERS[Path(path).suffix.lower()](path, column)
    except (UnicodeDecodeError, csv.Error, pa.ArrowException) as error:
        raise ValueError(f"Cannot read '{path}': it is damaged ({error}).") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else error
        raise OSError(f"Cannot open '{path}': {reason}.") from error


def rows(
    path: str, column: str, look: Look, stylizer: Stylizer, options: FileOptions
) -> list[Row]:
    """Return the pictures that a manifest asks for.

    Args:
        path, column: As of `read`.
        look: How rows are painted that do not say it.
        stylizer: Knows the styles.
        options: Where and how results are written.

    Raises:
        OSError: The manifest cannot be opened.
        ValueError: A row is wrong, or two have one result.
    """
    looks = _Looks(look, stylizer)
    planned: list[Row] = []
    owners: dict[str, int] = {}
    for number, values in enumerate(read(path, column), 1):
        try:
            row = Row(_job(values, options), looks.of(values))
        except ValueError as error:
            raise ValueError(f"'{path}', row {number}: {error}") from error
        other = owners.setdefault(naming.key(row.job.target), number)
        if other != number:
            raise ValueError(
                f"'{path}', rows {other} and {number} have one result, "
                f"'{row.job.target}'. Give them names in a column output."
            )
        planned.append(row)
    if not planned:
        raise ValueError(f"No pictures in '{path}'.")
    naming.check([row.job for row in planned])
    return planned


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


def _job(values: dict[str, Any], options: FileOptions) -> Job:
    """Return where a row is read and written."""
    source = fields.expanded(values["path"])
    name = values.get("output")
    if name is None:
        return planning.job_of(
            Photo(source), options, label="", moves=moving.moves(source)
        )
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ValueError(f"output is '{name}'. Give a name within --output.")
    if not kinds.is_film(name):
        images.format_of(name)
    return Job(source, str(Path(options.output or "", name)))


def _lines(path: str, column: str) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8") as file:
        for line in file:
            if text := line.rstrip("\r\n"):
                yield {"path": text}


def _csv(path: str, column: str) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        _check(path, column, reader.fieldnames or [])
        for number, values in enumerate(reader, 1):
            yield _typed(path, number, column, values)


def _parquet(path: str, column: str) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        _check(path, column, names)
        wanted = [name for name in names if name in {column, *_KINDS}]
        number = 0
        for batch in file.iter_batches(columns=wanted):
            for values in batch.to_pylist():
                number += 1
                yield _typed(path, number, column, values)


_READERS = {".txt": _lines, ".csv": _csv, ".parquet": _parquet}


def _check(path: str, column: str, names: Any) -> None:
    if column not in names:
        raise ValueError(
            f"'{path}' has no column '{column}'; it has {', '.join(names) or 'none'}. "
            "Give --path_column, or such a column."
        )


def _typed(
    path: str, number: int, column: str, values: dict[str, Any]
) -> dict[str, Any]:
    """Return a row's values in their types, without those that are empty."""
    typed = {}
    for name, kind in _KINDS.items():
        value = values.get(column if name == "path" else name)
        if value in (None, ""):
            if name == "path":
                raise ValueError(f"'{path}', row {number} has no {column}.")
            continue
        try:
            typed[name] = kind(value)
        except (TypeError, ValueError):
            problem = f"'{path}', row {number}: {name} is {value!r}."
            raise ValueError(f"{problem} Give a number.") from None
    return typed
