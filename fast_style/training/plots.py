"""The picture of a training's log."""

import itertools
from collections.abc import Mapping, Sequence
from os import PathLike

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatterSciNotation

from fast_style.perception import KINDS

_COLORS = dict(
    zip(KINDS, ("tab:blue", "tab:red", "tab:green", "tab:orange"), strict=True)
)
_STYLES = ("-", "--", "-.", ":")


def plot(
    entries: Sequence[Mapping[str, float]],
    weights: Mapping[str, float],
    path: str | PathLike[str],
) -> None:
    """Draw a log: the loss with its weighted terms, and the share of saturated values.

    Args:
        entries: The losses and shares of each entry by name, and its "step".
        weights: {term: its weight in the loss}.
        path: Path of the PNG file.
    """
    figure = Figure(figsize=(9, 8), layout="constrained")
    losses, saturation = figure.subplots(2, sharex=True, height_ratios=(3, 1))
    _plot_losses(losses, entries, weights)
    _plot_saturation(saturation, entries)
    for axes in (losses, saturation):
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    figure.savefig(path)


def _plot_losses(
    axes: Axes, entries: Sequence[Mapping[str, float]], weights: Mapping[str, float]
) -> None:
    """Plot each term as it counts in the loss, those of a kind in one colour.

    Terms that stay under a thousandth of the loss are left out: they count nothing.
    """
    steps = [entry["step"] for entry in entries]
    losses = np.array([entry["loss"] for entry in entries])
    axes.plot(steps, losses, "black", linewidth=2, label="loss, the sum")
    for kind, color in _COLORS.items():
        terms = [term for term in weights if term.startswith(kind)]
        for term, style in zip(terms, itertools.cycle(_STYLES), strict=False):
            values = np.array([entry[f"{term}_loss"] for entry in entries])
            values *= weights[term]
            if values.max() >= losses.min() / 1000:
                label = term.replace("_", " ")
                axes.plot(steps, values, style, color=color, label=label)
    axes.set(ylabel="weighted term of the loss", yscale="log")
    axes.yaxis.set_minor_formatter(LogFormatterSciNotation(minor_thresholds=(2, 1)))


def _plot_saturation(axes: Axes, entries: Sequence[Mapping[str, float]]) -> None:
    steps = [entry["step"] for entry in entries]
    for name, label in (("saturated", "results"), ("photos_saturated", "photographs")):
        axes.plot(steps, [100 * entry[name] for entry in entries], label=label)
    axes.set(xlabel="step", ylabel="% of values at 0 or 255")
    axes.set_ylim(bottom=0)
