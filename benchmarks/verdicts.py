"""Judges' choices between two sets of pictures, and what they amount to."""

import csv
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import scipy.stats

from benchmarks import report

CHOICES = ("left", "right", "tie")
FEWEST_JUDGES = 3
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Pair:
    """What a page shows.

    Args:
        page: Number of the page, as in its file's name.
        photo: Name of the photograph.
        first: Style of the first set's picture.
        second: Style of the second set's.
        left: Index of the set that is on the left, 0 or 1.
    """

    page: str
    photo: str
    first: str
    second: str
    left: int


class Key(NamedTuple):
    """What the pages of a panel show.

    Args:
        sets: Names of the first set and the second.
        seed: What shuffled the sides.
        pairs: A Pair for each page.
    """

    sets: tuple[str, str]
    seed: int
    pairs: list[Pair]


class Verdict(NamedTuple):
    """What a judge says of a page.

    Args:
        winner: Index of the chosen set; None for a tie.
        remark: Why, or "".
    """

    winner: int | None
    remark: str


Verdicts = dict[str, Verdict]  # of one judge, by page


def as_json(key: Key) -> dict[str, Any]:
    """Return a key as a JSON file holds it."""
    return {**key._asdict(), "pairs": [asdict(pair) for pair in key.pairs]}


def read_key(path: str | os.PathLike) -> Key:
    """Read the key of a panel.

    Raises:
        OSError: The file cannot be opened.
        ValueError: The file is no key.
    """
    text = Path(path).read_text("utf-8")
    try:
        values = json.loads(text)
        first, second = values["sets"]
        pairs = [Pair(**pair) for pair in values["pairs"]]
        return Key((first, second), values["seed"], pairs)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"'{path}' is no key of a panel ({error!r}). Give the file that "
            "'python -m benchmarks.panel pages --key' wrote."
        ) from error


def read(path: str | os.PathLike, key: Key) -> Verdicts:
    """Read what one judge has chosen.

    Args:
        path: CSV file of lines PAGE,CHOICE[,REMARK], with or without a heading.
        key: What the pages show.

    Raises:
        OSError: The file cannot be opened.
        ValueError: A line is malformed, or a page is unknown, missing or there twice.
    """
    lefts = {pair.page: pair.left for pair in key.pairs}
    verdicts: Verdicts = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for number, cells in enumerate(csv.reader(file), start=1):
            cells = [cell.strip() for cell in cells]
            if not any(cells) or (number == 1 and cells[0].lower() == "page"):
                continue
            page, choice, *remarks = [*cells, ""][: max(2, len(cells))]
            page, choice = page.removesuffix(".png").zfill(3), choice.lower()
            problem = None
            if page not in lefts:
                problem = f"there is no page {page!r}"
            elif page in verdicts:
                problem = f"page {page} is there twice"
            elif choice not in CHOICES:
                problem = f"{choice!r} is none of {', '.join(CHOICES)}"
            if problem:
                raise ValueError(
                    f"'{path}', line {number}: {problem}. Write lines such as "
                    "001,left or 001,right,a remark."
                )
            left = lefts[page]
            winner = {"left": left, "right": 1 - left}.get(choice)
            verdicts[page] = Verdict(winner, ",".join(remarks))
    if missing := [page for page in lefts if page not in verdicts]:
        raise ValueError(f"'{path}' says nothing of page {', '.join(missing)}.")
    return verdicts


def interval(wins: int, count: int) -> tuple[float, float]:
    """Return the exact binomial interval of a share, at 95 %.

    Args:
        wins: How often.
        count: Of how many.

    Returns:
        The lowest and the highest share that agree with it; 0 and 1 for no count.

    Reference:
        Clopper and Pearson 1934.
    """
    if not count:
        return 0.0, 1.0
    result = scipy.stats.binomtest(wins, count).proportion_ci(CONFIDENCE, "exact")
    return float(result.low), float(result.high)


def majority(verdicts: Sequence[Verdict]) -> int | None:
    """Return the set that most judges chose on a page; None where none leads."""
    counts = Counter(verdict.winner for verdict in verdicts)
    lead = counts[0] - counts[1]
    return None if lead == 0 else int(lead < 0)


def section(key: Key, judgements: Sequence[Verdicts]) -> str:
    """Return what some judges say, as a section of a document.

    Args:
        key: What the pages show.
        judgements: The verdicts of each judge.
    """
    pages = {p.page: [judge[p.page] for judge in judgements] for p in key.pairs}
    rows = [(f"judge {i}", list(j.values())) for i, j in enumerate(judgements, start=1)]
    lines = [_line(text, [v.winner for v in verdicts]) for text, verdicts in rows]
    everything = [v.winner for verdicts in pages.values() for v in verdicts]
    majorities = {page: majority(verdicts) for page, verdicts in pages.items()}
    lines.append(_line("all verdicts", everything))
    lines.append(_line("pages, by majority", list(majorities.values())))
    few = len(judgements) < FEWEST_JUDGES
    return SECTION.format(
        first=key.sets[0],
        second=key.sets[1],
        pages=len(pages),
        judges=len(judgements),
        note=f" At least {FEWEST_JUDGES} are wanted." if few else "",
        left=_left_share(key, judgements),
        table=report.table(["", *key.sets, "tie", "first's share", "95 %"], lines),
        losers=_losers(key, pages, majorities),
    )


def _line(text: str, winners: Sequence[int | None]) -> list[str]:
    """Return a line of the table; ties are left out of the share."""
    first, second = winners.count(0), winners.count(1)
    low, high = interval(first, first + second)
    share = f"{100 * first / (first + second):.0f} %" if first + second else "-"
    counts = [str(first), str(second), str(winners.count(None))]
    return [text, *counts, share, f"{100 * low:.0f} to {100 * high:.0f} %"]


def _left_share(key: Key, judgements: Sequence[Verdicts]) -> str:
    """Return how often the left picture was chosen, and where it should be half."""
    chosen = [
        judge[pair.page].winner == pair.left
        for judge in judgements
        for pair in key.pairs
        if judge[pair.page].winner is not None
    ]
    return f"{sum(chosen)} of {len(chosen)}"


def _losers(
    key: Key, pages: dict[str, list[Verdict]], majorities: dict[str, int | None]
) -> str:
    """Return a line for each page that the first set lost, with the remarks."""
    lines = []
    for pair in key.pairs:
        if majorities[pair.page] == 1:
            remarks = "; ".join(v.remark for v in pages[pair.page] if v.remark)
            lines.append([pair.page, pair.photo, pair.first, pair.second, remarks])
    if not lines:
        return "It lost none.\n"
    header = ["page", "photograph", "style", "other's style", "remarks"]
    return report.table(header, lines) + "\n"


SECTION = """## A blind panel: {first} and {second}

{judges} judgements of {pages} pages, each with a picture of both sets, whose names and
sides the judges did not know.{note} The share is that of the decided verdicts, with its
exact binomial interval. Verdicts on one page are not independent, so the interval of
the pages counts. The picture on the left was chosen in {left} decided verdicts.

{table}

Pages that {first} lost:

{losers}
Made by `python -m benchmarks.panel tally --key=KEY JUDGEMENTS...`.
"""
