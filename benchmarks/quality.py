"""Score trainings by the true VGG16 on photographs that they never saw.

python -m benchmarks.quality --content_dir=PHOTOGRAPHS --vgg16_weights=FILE.h5 \\
    REFERENCE_RUN [RUN...]

Each RUN is a finished run directory of train.py. The paintings, their sizes and the
weights of the terms are those of the first run, so that all runs are judged alike; of
the other runs the styles that the first one has are scored. Takes some minutes for 42
styles and 4 photographs at 256 px.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks import report, script
from benchmarks.scoring import (
    Scorer,
    add_arguments,
    batches,
    compiled,
    config_of,
    means_of,
    squares,
)
from fast_style.argument_types import path
from fast_style.network import loading
from fast_style.network.generator import Generator
from fast_style.perception.losses import saturation

SINGLE = "runs of one style"
Scores = dict[str, dict[str, dict[str, float]]]  # of each run, style and term


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the words and flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument(
        "runs", type=path, nargs="+", metavar="RUN", help="Run directories."
    )
    add_arguments(parser)
    options = parser.parse_args(arguments)
    names = [Path(run).name for run in options.runs]
    if len(set(names)) < len(names):
        raise ValueError(f"Two runs have one name: {', '.join(names)}. Rename one.")
    config = config_of(options.runs[0])
    scorer = Scorer(config, options.vgg16_weights, options.precision)
    photos = squares(options.content_dir, options.image_size, options.photos)
    generators = {
        name: loading.load_generator(run)
        for name, run in zip(names, options.runs, strict=True)
    }
    scores = score(scorer, generators, photos)
    section = SECTION.format(
        size=options.image_size,
        photos=len(photos),
        precision=options.precision,
        saturated=100 * float(saturation(photos.astype(np.float32))),
        table=report.table(HEADER, lines_of(scores)),
    )
    report.publish(section, options.output)


def score(
    scorer: Scorer, generators: Mapping[str, Generator], photos: np.ndarray
) -> Scores:
    """Score every style of some generators.

    Args:
        scorer: The scorer of the first run.
        generators: Generators by the names of their runs.
        photos: uint8 (N, H, W, 3).

    Returns:
        For each run and style the means of the weighted terms, their "total", and
        "saturated", the share of values that are 0 or 255.
    """
    tasks = [
        (run, style, stylize)
        for run, generator in generators.items()
        for stylize in [compiled(generator)]
        for style in scorer.targets
        if style in generator.styles
    ]
    terms: dict[tuple[str, str], list[np.ndarray]] = {}
    saturated: dict[tuple[str, str], float] = {}
    for batch in tqdm(batches(photos), unit="batch"):
        content = scorer.content(batch)
        for run, style, stylize in tasks:
            pictures = stylize(batch, {style: 1.0})
            (batch_terms,) = scorer.score(pictures, content, [style])
            terms.setdefault((run, style), []).append(batch_terms)
            share = len(batch) * float(saturation(pictures))
            saturated[run, style] = saturated.get((run, style), 0) + share
    scores: Scores = {run: {} for run in generators}
    for (run, style), batch_terms in terms.items():
        share = saturated[run, style] / len(photos)
        means = means_of(np.concatenate(batch_terms))
        scores[run][style] = {**means, "saturated": share}
    return scores


def lines_of(scores: Scores) -> list[list[str]]:
    """Return the table's lines: every style in every run, then means over styles."""
    reference = next(iter(scores.values()))
    lines = []
    groups: dict[str, list[dict[str, float]]] = {}
    for style, first in reference.items():
        for run, styles in scores.items():
            if style in styles:
                means = styles[style]
                means = {**means, "ratio": means["total"] / first["total"]}
                lines.append(_line(style, run, means))
                group = run if len(styles) > 1 else SINGLE
                groups.setdefault(group, []).append(means)
    if len(reference) > 1:
        for group, members in groups.items():
            means = {k: float(np.mean([m[k] for m in members])) for k in members[0]}
            lines.append(_line(f"mean of {len(members)}", group, means))
    return lines


def _line(style: str, run: str, means: Mapping[str, float]) -> list[str]:
    *losses, saturated, ratio = means.values()
    cells = [report.thousands(loss) for loss in losses]
    return [style, run, *cells, f"{ratio:.3f}", f"{100 * saturated:.2f}"]


HEADER = ["style", "run", "content", "style", "variation", "repetition", "total"]
HEADER += ["ratio", "saturated, %"]
SECTION = """## Losses of every style at {size} px

Weighted terms in thousands, means of {photos} photographs, VGG16 in {precision}. The
ratio is the total divided by that of the first run. The last column is the share of
values at 0 or 255, which is {saturated:.2f} % in the photographs.

{table}

Made by `python -m benchmarks.quality --content_dir=PHOTOGRAPHS --vgg16_weights=FILE.h5
--image_size={size} RUN...`.
"""


if __name__ == "__main__":
    script.run(main)
