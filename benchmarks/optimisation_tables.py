"""The tables of `direct_optimisation`."""

import math
import statistics
from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks import report
from benchmarks.pixel_optimiser import (
    MILESTONES,
    Record,
    iterations_to_reach,
    mean_curve,
)

STARTS = {
    "noise": "From normal noise of one grey level about VGG16's mean colour",
    "photo": "From the photograph",
}


def start_text(
    start: str,
    totals: Mapping[str, Sequence[float]],
    records: Mapping[str, Sequence[Record]],
    iterations: int,
    network: str,
) -> str:
    """Return the text on the optimisations from one start.

    Args:
        start: A key of STARTS.
        totals: For each style the losses of the network's pictures.
        records: For each style the record of each photograph.
        iterations: The most iterations.
        network: What was timed.
    """
    table, reached = table_of(totals, records)
    flat = [record for group in records.values() for record in group]
    evaluations = sum(record["evaluations"] for record in flat)
    count = sum(len(record["totals"]) - 1 for record in flat)
    return TABLE.format(
        start=STARTS[start],
        reached=_count(reached, iterations),
        table=table,
        seconds=statistics.median(map(_iteration_seconds, flat)),
        evaluations=evaluations / count,
        network=statistics.median(record["network_seconds"] for record in flat),
        timed=network,
    )


def table_of(
    totals: Mapping[str, Sequence[float]], records: Mapping[str, Sequence[Record]]
) -> tuple[str, float]:
    """Return the table of one start.

    Args:
        totals: For each style the losses of the network's pictures.
        records: For each style the record of each photograph.

    Returns:
        The table, and the iteration at which the mean over styles reaches the
        network's.
    """
    curves = {style: mean_curve(records[style]) for style in records}
    longest = max(len(curve) - 1 for curve in curves.values())
    milestones = [count for count in MILESTONES if count <= longest]
    lines, reached, longer = [], [], []
    for style, curve in curves.items():
        counts = [
            iterations_to_reach(record["totals"], total)
            for record, total in zip(records[style], totals[style], strict=True)
        ]
        reached.append(statistics.median(counts))
        longer.append(
            statistics.median(
                count * _iteration_seconds(record) / record["network_seconds"]
                for count, record in zip(counts, records[style], strict=True)
            )
        )
        network = float(np.mean(totals[style]))
        lines.append(
            _line(style, network, curve, (reached[-1], longer[-1]), milestones)
        )
    length = min(len(curve) for curve in curves.values())
    curve = np.mean([curve[:length] for curve in curves.values()], axis=0)
    network = float(np.mean([np.mean(totals[style]) for style in curves]))
    means = float(np.mean(reached)), float(np.mean(longer))
    lines.append(_line(f"mean of {len(curves)}", network, curve, means, milestones))
    ratios = [f"{curve[i] / network:.2f}" if i < length else "-" for i in milestones]
    lines.append(["multiple of the network's", "1.00", *ratios, "", ""])
    header = ["style", "network", *map(str, milestones), "reached at", "longer"]
    return report.table(header, lines), iterations_to_reach(curve, network)


def _line(
    name: str,
    network: float,
    curve: np.ndarray,
    counts: tuple[float, float],
    milestones: Sequence[int],
) -> list[str]:
    reached, longer = counts
    cells = [report.thousands(curve[i]) if i < len(curve) else "-" for i in milestones]
    ends = [_count(reached, len(curve) - 1), _count(longer)]
    return [name, report.thousands(network), *cells, *ends]


def _count(count: float, longest: int | None = None) -> str:
    if math.isfinite(count):
        return f"{count:.0f}"
    return "-" if longest is None else f"> {longest}"


def _iteration_seconds(record: Record) -> float:
    return record["seconds"] / (len(record["totals"]) - 1)


TABLE = """{start} (the mean over the styles reaches the network's at iteration
{reached}):

{table}

An iteration took {seconds:.3f} s and {evaluations:.2f} evaluations of loss and
gradient, the network {network:.4f} s ({timed}).
"""
