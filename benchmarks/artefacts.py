"""Score the LiteRT files of an export beside each other, style by style.

python -m benchmarks.artefacts --content_dir=PHOTOGRAPHS --vgg16_weights=FILE.h5 \\
    --run=RUN_DIRECTORY --export_dir=EXPORT_DIRECTORY

Takes some minutes for 42 styles and 4 photographs at 256 px.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from benchmarks import report, script
from benchmarks.scoring import Scorer, add_arguments, config_of, means_of, squares
from fast_style.argument_types import path
from fast_style.stylizer import Stylizer

PRECISIONS = ("float32", "float16", "int8")  # the others are compared with the first
LIKENESS = ("error", "ssim")
Scores = dict[str, dict[str, dict[str, float]]]  # of each style, precision and term


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument(
        "--run", type=path, required=True, help="The gallery's run directory."
    )
    parser.add_argument(
        "--export_dir", type=path, required=True, help="Its export by export.py."
    )
    add_arguments(parser)
    options = parser.parse_args(arguments)
    config = config_of(options.run)
    scorer = Scorer(config, options.vgg16_weights, options.precision)
    stylizers = {
        precision: Stylizer(Path(options.export_dir, f"fast_style_{precision}.tflite"))
        for precision in PRECISIONS
    }
    photos = squares(options.content_dir, options.image_size, options.photos)
    scores = score(scorer, stylizers, photos)
    section = SECTION.format(
        size=options.image_size,
        photos=len(photos),
        first=PRECISIONS[0],
        precision=options.precision,
        styles=len(scores),
        summary=summary_of(scores),
        table=table_of(scores),
    )
    report.publish(section, options.output)


def score(
    scorer: Scorer, stylizers: Mapping[str, Stylizer], photos: np.ndarray
) -> Scores:
    """Score every style in every file.

    Args:
        scorer: The scorer of the training.
        stylizers: Stylizers by their precisions.
        photos: uint8 (N, H, W, 3).

    Returns:
        For each style and precision the means of the weighted terms and their "total";
        and "error" and "ssim" against the pictures of the first precision.
    """
    terms: dict[tuple[str, str], list[np.ndarray]] = {}
    likeness: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for photo in tqdm(photos, unit="photograph"):
        content = scorer.content(photo[None].astype(np.float32))
        for style in scorer.targets:
            pictures = {
                precision: stylizer.stylize(photo, styles=style)
                for precision, stylizer in stylizers.items()
            }
            for precision, picture in pictures.items():
                (picture_terms,) = scorer.score(picture[None], content, [style])
                alike = compare(pictures[PRECISIONS[0]], picture)
                terms.setdefault((style, precision), []).append(picture_terms)
                likeness.setdefault((style, precision), []).append(alike)
    scores: Scores = {style: {} for style in scorer.targets}
    for (style, precision), picture_terms in terms.items():
        means = np.mean(likeness[style, precision], axis=0).tolist()
        likeness_means = dict(zip(LIKENESS, means, strict=True))
        term_means = means_of(np.concatenate(picture_terms))
        scores[style][precision] = {**term_means, **likeness_means}
    return scores


def compare(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Return the mean squared difference of two uint8 pictures, and their SSIM."""
    error = np.mean((first.astype(np.float32) - second) ** 2)
    return float(error), float(tf.image.ssim(first, second, max_val=255))


def table_of(scores: Scores) -> str:
    """Return the table of all styles."""
    first, *others = PRECISIONS
    header = ["style", f"{first}, total"]
    for precision in others:
        header += [f"{precision}, ratio", "PSNR, dB", "SSIM"]
    lines = []
    for style, files in scores.items():
        cells = [style, report.thousands(files[first]["total"])]
        for precision in others:
            cells += _likeness(files[precision], files[first])
        lines.append(cells)
    return report.table(header, lines)


def summary_of(scores: Scores) -> str:
    """Return the table of the means over the styles."""
    means = {}
    for precision in PRECISIONS:
        files = [files[precision] for files in scores.values()]
        means[precision] = {
            term: float(np.mean([file[term] for file in files])) for term in files[0]
        }
    lines = []
    for precision, terms in means.items():
        losses = [report.thousands(v) for k, v in terms.items() if k not in LIKENESS]
        likeness = _likeness(terms, means[PRECISIONS[0]])
        lines.append([precision, *losses, *likeness])
    header = ["content", "style", "variation", "repetition", "total", "ratio"]
    header += ["PSNR, dB", "SSIM"]
    return report.table(["mean of the styles", *header], lines)


def _likeness(terms: Mapping[str, float], unit: Mapping[str, float]) -> list[str]:
    ratio = terms["total"] / unit["total"]
    decibels = report.decibels(terms["error"])
    return [f"{ratio:.4f}", decibels, f"{terms['ssim']:.4f}"]


SECTION = """## The LiteRT files at {size} px

Weighted terms, in thousands, of the pictures that the files of one export make of
{photos} photographs in {styles} styles, VGG16 in {precision}. The ratio is the total
divided by that of {first}. PSNR (of the mean squared error) and SSIM compare with the
pictures of {first}.

{summary}

{table}

Made by `python -m benchmarks.artefacts --content_dir=PHOTOGRAPHS
--vgg16_weights=FILE.h5 --run=RUN --export_dir=EXPORT --image_size={size}`.
"""


if __name__ == "__main__":
    script.run(main)
