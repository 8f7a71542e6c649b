"""Scores an export's LiteRT files beside each other, style by style.

python -m benchmarks.artefacts --content_dir=PHOTOGRAPHS --vgg16_weights=FILE.h5 \\
    --run=RUN_DIRECTORY --export_dir=EXPORT_DIRECTORY
"""

import os
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
from absl import app, flags
from tqdm import tqdm

from benchmarks import report
from benchmarks.scoring import Objective, config_of, define_flags, named, squares
from fast_style.stylizer import Stylizer

PRECISIONS = ("float32", "float16", "int8")  # the first is the others' measure

define_flags()
flags.DEFINE_string("run", None, "The gallery's run directory.", required=True)
flags.DEFINE_string("export_dir", None, "What export.py made of it.", required=True)


def score(objective, stylizers, photos):
    """Scores every style in every file.

    Args:
        objective: Objective.
        stylizers: {precision: Stylizer}.
        photos: uint8 (N, H, W, 3).

    Returns:
        {style: {precision: dict of the means of the weighted terms, their "total", and
        of "error" and "ssim", against the first precision's pictures}}.
    """
    terms, likeness = {}, {}
    for photo in tqdm(photos, unit="photograph"):
        content = objective.content(photo[None])
        for style in objective.styles:
            first = None
            for precision, stylizer in stylizers.items():
                picture = stylizer.stylize(photo, styles=style)
                first = picture if first is None else first
                found = objective.terms(picture[None], content, [style])[0]
                terms.setdefault((style, precision), []).append(found)
                likeness.setdefault((style, precision), []).append(
                    compared(first, picture)
                )
    scored = {style: {} for style in objective.styles}
    for (style, precision), found in terms.items():
        error, ssim = np.mean(likeness[style, precision], axis=0)
        alike = {"error": error, "ssim": ssim}
        scored[style][precision] = {**named(np.concatenate(found)), **alike}
    return scored


def compared(first, second):
    """Mean square of the differences of two uint8 pictures, and their SSIM."""
    error = np.mean((first.astype(np.float32) - second) ** 2)
    return error, float(tf.image.ssim(first, second, max_val=255))


def rows(scored):
    """Rows of the table by style, and of that of the means over styles."""
    first, *others = PRECISIONS
    lines = []
    for style, files in scored.items():
        total = files[first]["total"]
        line = [style, report.thousands(total)]
        for precision in others:
            found = files[precision]
            line += [f"{found['total'] / total:.4f}", report.decibels(found["error"])]
            line.append(f"{found['ssim']:.4f}")
        lines.append(line)
    means = {
        precision: {
            name: np.mean([files[precision][name] for files in scored.values()])
            for name in next(iter(scored.values()))[precision]
        }
        for precision in PRECISIONS
    }
    summary = []
    for precision, found in means.items():
        losses = [report.thousands(v) for k, v in found.items() if k not in ALIKE]
        ratio = f"{found['total'] / means[first]['total']:.4f}"
        alike = [report.decibels(found["error"]), f"{found['ssim']:.4f}"]
        summary.append([precision, *losses, ratio, *alike])
    return lines, summary


def main(argv):
    del argv
    options = flags.FLAGS
    objective = Objective(
        config_of(options.run), options.vgg16_weights, options.precision
    )
    stylizers = {
        precision: Stylizer(Path(options.export_dir, f"fast_style_{precision}.tflite"))
        for precision in PRECISIONS
    }
    photos = squares(options.content_dir, options.image_size, options.photos)
    lines, summary = rows(score(objective, stylizers, photos))
    header = ["style", f"{PRECISIONS[0]}, total"]
    for precision in PRECISIONS[1:]:
        header += [f"{precision}, ratio", "PSNR, dB", "SSIM"]
    terms = ["content", "style", "variation", "total", "ratio", "PSNR, dB", "SSIM"]
    section = SECTION.format(
        size=options.image_size,
        photos=len(photos),
        first=PRECISIONS[0],
        precision=options.precision,
        styles=len(lines),
        summary=report.table(["mean of the styles", *terms], summary),
        table=report.table(header, lines),
    )
    report.publish(section, options.output)


ALIKE = ("error", "ssim")
SECTION = """## The LiteRT files at {size} px

Weighted terms (thousands) of the pictures that the files of one export make of {photos}
photographs in {styles} styles, VGG16 in {precision}; the total as a multiple of
{first}'s; PSNR (of the mean squared error) and SSIM against its pictures.

{summary}

{table}

Made by `python -m benchmarks.artefacts --content_dir=PHOTOGRAPHS
--vgg16_weights=FILE.h5 --run=RUN --export_dir=EXPORT --image_size={size}`.
"""


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        app.run(main)
    except (OSError, ValueError) as error:
        sys.exit(f"artefacts: error: {error}")
