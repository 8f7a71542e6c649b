"""The scoreboard's figures: a table for people, and a file for programs."""

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks import report
from benchmarks.judging import MEASURES, Scores
from fast_style import files


class Score(NamedTuple):
    """The measures of one picture.

    Args:
        name: Name of the set of results.
        style: Name of the style.
        photo: Name of the photograph.
        scores: See `Judge.score`.
    """

    name: str
    style: str
    photo: str
    scores: Scores


def mean(values: Iterable[Sequence[float]]) -> float | None:
    """Return the mean of all values of some lists; None where there are none."""
    gathered = [value for each in values for value in each]
    return float(np.mean(gathered)) if gathered else None


def by_style(
    scores: Iterable[Score], measure: str
) -> dict[str, dict[str, float | None]]:
    """Return the mean of a measure over the photographs: {set: {style: mean}}."""
    gathered: dict[str, dict[str, list[list[float]]]] = {}
    for score in scores:
        values = gathered.setdefault(score.name, {}).setdefault(score.style, [])
        values.append(score.scores.get(measure, []))
    return {
        name: {style: mean(values) for style, values in styles.items()}
        for name, styles in gathered.items()
    }


def better(
    first: Mapping[str, float | None], other: Mapping[str, float | None], measure: str
) -> tuple[int, int]:
    """Return in how many styles the other set is better, and how many both have.

    Args:
        first: Means of the first set by style.
        other: Means of the other set.
        measure: Name of the measure.
    """
    miss = MEASURES[measure].miss
    pairs = [(first.get(style), value) for style, value in other.items()]
    misses = [(miss(a), miss(b)) for a, b in pairs if a is not None and b is not None]
    return sum(b < a for a, b in misses), len(misses)


def table(scores: Sequence[Score]) -> str:
    """Return the table: a line for each measure, a column for each set.

    A figure is the mean over a set's styles. In the columns after the first follows in
    how many of the common styles the set comes nearer to the right value.
    """
    names = list(dict.fromkeys(score.name for score in scores))
    pictures = [str(sum(score.name == name for score in scores)) for name in names]
    lines = [["pictures", "", *pictures]]
    for measure, meaning in MEASURES.items():
        styles = by_style(scores, measure)
        reference = styles[names[0]]
        cells = []
        for name in names:
            figure = _mean_over_styles(scores, name, measure)
            cell = "-" if figure is None else f"{figure:.{meaning.digits}f}"
            wins, of = better(reference, styles[name], measure)
            cells.append(
                f"{cell} ({wins} of {of})" if name != names[0] and of else cell
            )
        if set(cells) != {"-"}:
            lines.append([meaning.text, _right(meaning.right), *cells])
    return report.table(["measure", "right", *names], lines)


def _mean_over_styles(scores: Sequence[Score], name: str, measure: str) -> float | None:
    return mean(s.scores.get(measure, []) for s in scores if s.name == name)


def _right(value: float) -> str:
    return {float("-inf"): "less", float("inf"): "more"}.get(value, f"{value:g}")


def write_csv(scores: Sequence[Score], path: str | os.PathLike) -> None:
    """Write a line for each picture; of its faces the mean, and their number."""
    with files.replacing(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["set", "style", "photo", *MEASURES, "faces_in_photo"])
        for score in scores:
            values = (mean([score.scores.get(measure, [])]) for measure in MEASURES)
            cells = ["" if value is None else f"{value:.6g}" for value in values]
            count = len(score.scores.get("faces", []))
            writer.writerow([score.name, score.style, score.photo, *cells, count])
