"""Scores trainings by the true VGG16 on photographs they never saw.

python -m benchmarks.quality --content_dir=PHOTOGRAPHS --vgg16_weights=FILE.h5 \\
    REFERENCE_RUN [RUN...]

Each RUN is a finished run directory of train.py; of its styles those are scored that
the reference has. The paintings, their sizes and the weights of the terms are the
reference's, so that all are asked for the same.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
from absl import app, flags
from tqdm import tqdm

from benchmarks import report
from benchmarks.scoring import (
    Objective,
    batches,
    config_of,
    define_flags,
    named,
    painter,
    squares,
)
from fast_style.network import loading
from fast_style.training.trainer import saturation

define_flags()
flags.DEFINE_string("json", None, "JSON file to write: the reference's means by style.")
SINGLE = "runs of one style"


def score(objective, generators, photos):
    """Scores every style of some generators.

    Args:
        objective: Objective.
        generators: {run: Generator}.
        photos: uint8 (N, H, W, 3).

    Returns:
        {run: {style: dict of the means of the weighted terms, their "total", and
        "saturated", the share of values that are 0 or 255}}.
    """
    paths = [
        (run, style, painter(generator))
        for run, generator in generators.items()
        for style in objective.styles
        if style in generator.styles
    ]
    terms, saturated = {}, {}
    for batch in tqdm(batches(photos), unit="batch"):
        content = objective.content(batch)
        for run, style, paint in paths:
            pictures = paint(batch, {style: 1.0})
            found = objective.terms(pictures, content, [style])[0]
            terms.setdefault((run, style), []).append(found)
            share = len(batch) * float(saturation(pictures))
            saturated[run, style] = saturated.get((run, style), 0) + share
    scored = {run: {} for run in generators}
    for (run, style), found in terms.items():
        share = saturated[run, style] / len(photos)
        scored[run][style] = {**named(np.concatenate(found)), "saturated": share}
    return scored


def rows(scored):
    """Rows of the table: every style in every run, then the means over styles."""
    reference = next(iter(scored.values()))
    found = []  # style, run, scores, ratio
    for style, first in reference.items():
        for run, styles in scored.items():
            if style in styles:
                ratio = styles[style]["total"] / first["total"]
                found.append((style, run, styles[style], ratio))
    lines = [_line(*each) for each in found]
    if len(reference) > 1:
        groups = {}
        for _, run, scores, ratio in found:
            group = run if len(scored[run]) > 1 else SINGLE
            groups.setdefault(group, []).append((scores, ratio))
        for group, members in groups.items():
            means = {
                name: np.mean([scores[name] for scores, _ in members])
                for name in members[0][0]
            }
            ratio = np.mean([ratio for _, ratio in members])
            lines.append(_line(f"mean of {len(members)}", group, means, ratio))
    return lines


def _line(style, run, scores, ratio):
    terms = [report.thousands(v) for k, v in scores.items() if k != "saturated"]
    return [style, run, *terms, f"{ratio:.3f}", f"{100 * scores['saturated']:.2f}"]


def main(argv):
    if len(argv) < 2:
        raise ValueError("No run given; give run directories of finished trainings.")
    options = flags.FLAGS
    objective = Objective(config_of(argv[1]), options.vgg16_weights, options.precision)
    photos = squares(options.content_dir, options.image_size, options.photos)
    names = [Path(run).name for run in argv[1:]]
    if len(set(names)) < len(names):
        raise ValueError(f"Two runs of one name: {', '.join(names)}. Rename one.")
    generators = {
        name: loading.load_generator(run)
        for name, run in zip(names, argv[1:], strict=True)
    }
    scored = score(objective, generators, photos)
    header = ["style", "run", "content", "style", "variation", "total", "ratio"]
    section = SECTION.format(
        size=options.image_size,
        photos=len(photos),
        precision=options.precision,
        saturated=100 * float(saturation(photos.astype(np.float32))),
        table=report.table([*header, "saturated, %"], rows(scored)),
    )
    report.publish(section, options.output)
    if options.json:
        kept = {
            style: {name: v for name, v in scores.items() if name != "saturated"}
            for style, scores in scored[names[0]].items()
        }
        Path(options.json).write_text(json.dumps(kept, indent=2) + "\n")


SECTION = """## Losses of every style at {size} px

Weighted terms (thousands), means of {photos} photographs, VGG16 in {precision}; the
total as a multiple of the first run's; and the share of values that are 0 or 255, which
is {saturated:.2f} % in the photographs.

{table}

Made by `python -m benchmarks.quality --content_dir=PHOTOGRAPHS --vgg16_weights=FILE.h5
--image_size={size} RUN...`.
"""


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        app.run(main)
    except (OSError, ValueError) as error:
        sys.exit(f"quality: error: {error}")
