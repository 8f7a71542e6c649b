"""Follow the losses from one style to another, and from the photograph to a style.

python -m benchmarks.blend_losses --content_dir=PHOTOGRAPHS --vgg16_weights=FILE.h5 \\
    --run=RUN_DIRECTORY --photos=8

Takes some minutes at 256 px.
"""

import argparse
from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from benchmarks import report, script
from benchmarks.scoring import (
    Scorer,
    Stylize,
    add_arguments,
    batches,
    compiled,
    config_of,
    squares,
)
from fast_style import PHOTO
from fast_style.argument_types import path
from fast_style.network import loading

STRENGTHS = np.linspace(0, 1, 11)
WAYS = ("network", "fade")
TERMS = ("content", "style")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    options = _options(arguments)
    config = config_of(options.run)
    scorer = Scorer(config, options.vgg16_weights, options.precision)
    generator = loading.load_generator(options.run)
    if PHOTO not in generator.styles:
        raise ValueError(f"'{options.run}' has no row '{PHOTO}'. Give a gallery.")
    pairs = _pairs(options.pairs, list(scorer.targets))
    stylize = compiled(generator)
    photos = squares(options.content_dir, options.image_size, options.photos)
    values = dict(
        size=options.image_size, photos=len(photos), precision=options.precision
    )
    shares = np.linspace(0, 1, options.steps)
    losses = blend(scorer, stylize, photos, pairs, shares)
    section = BLENDS.format(table=blend_table(losses, pairs, shares), **values)
    report.publish(section, options.output)
    styles = list(scorer.targets)
    losses, error = strengthen(scorer, stylize, photos, styles, STRENGTHS)
    section = STRENGTH.format(
        styles=len(styles),
        psnr=report.decibels(error),
        table=strength_table(losses, STRENGTHS),
        verdicts=verdict_table(losses, styles),
        **values,
    )
    report.publish(section, options.output)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = script.parser(__doc__)
    parser.add_argument(
        "--run", type=path, required=True, help="The gallery's run directory."
    )
    parser.add_argument(
        "--pairs",
        type=script.names,
        default=[],
        help="Styles to blend, as wave:scream,udnie:mosaic. Default: the first with "
        "the second, the third with the fourth, and so on.",
    )
    parser.add_argument(
        "--steps", type=int, default=5, help="Blends of a pair, its ends included."
    )
    add_arguments(parser)
    options = parser.parse_args(arguments)
    if options.steps < 2:
        parser.error(f"--steps is {options.steps}; give 2 or more.")
    return options


def _pairs(texts: Sequence[str], styles: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the pairs of styles that --pairs names, or else neighbours."""
    pairs = [tuple(text.split(":")) for text in texts]
    for pair in pairs:
        if len(pair) != 2 or set(pair) - set(styles):
            raise ValueError(
                f"--pairs has '{':'.join(pair)}'; give two of {', '.join(styles)}."
            )
    return pairs or list(zip(styles[::2], styles[1::2], strict=False))


def blend(
    scorer: Scorer,
    stylize: Stylize,
    photos: np.ndarray,
    pairs: Sequence[tuple[str, ...]],
    shares: np.ndarray,
) -> np.ndarray:
    """Return the style terms of both styles along the blends of pairs.

    Args:
        scorer: The scorer of the training.
        stylize: What scoring.compiled returns.
        photos: uint8 (N, H, W, 3).
        pairs: Two names each.
        shares: Shares of the second style, in 0..1.

    Returns:
        (pairs, 2, shares), means over the photographs.
    """
    sums = np.zeros((len(pairs), 2, len(shares)))
    for batch in tqdm(batches(photos), unit="batch"):
        content = scorer.content(batch)
        for i, pair in enumerate(pairs):
            for k, share in enumerate(shares):
                weights = dict(zip(pair, (1 - share, share), strict=True))
                terms = scorer.score(stylize(batch, weights), content, pair)
                sums[i, :, k] += terms[:, :, 1].sum(axis=1)
    return sums / len(photos)


def strengthen(
    scorer: Scorer,
    stylize: Stylize,
    photos: np.ndarray,
    styles: Sequence[str],
    strengths: np.ndarray,
) -> tuple[np.ndarray, float]:
    """Return content and style terms along the strength, in the network and by pixels.

    Args:
        scorer: The scorer of the training.
        stylize: What scoring.compiled returns.
        photos: uint8 (N, H, W, 3).
        styles: Names.
        strengths: Each in 0..1: in the network the share of the style, with the rest
            for PHOTO; by pixels the share of the stylized picture over the photograph.

    Returns:
        (styles, WAYS, TERMS, strengths), means over the photographs; and the mean
        squared difference of the network's pictures at strength 0 from photographs.
    """
    sums = np.zeros((len(styles), len(WAYS), len(TERMS), len(strengths)))
    errors = []
    for batch in tqdm(batches(photos), unit="batch"):
        content = scorer.content(batch)
        errors.append(np.mean((stylize(batch, {PHOTO: 1.0}) - batch) ** 2, (1, 2, 3)))
        for i, style in enumerate(styles):
            full = stylize(batch, {style: 1.0})
            for k, strength in enumerate(strengths):
                network = stylize(batch, {style: strength, PHOTO: 1 - strength})
                faded = batch + tf.cast(strength, tf.float32) * (full - batch)
                for way, pictures in enumerate((network, faded)):
                    (terms,) = scorer.score(pictures, content, [style])
                    sums[i, way, :, k] += terms[:, :2].sum(axis=0)
    return sums / len(photos), float(np.mean(np.concatenate(errors)))


def monotone(losses: np.ndarray, rising: bool) -> str:
    """Return "yes" where losses only rise, or else only fall; otherwise "no"."""
    steps = np.diff(losses) if rising else -np.diff(losses)
    return "yes" if (steps >= 0).all() else "no"


def blend_table(
    losses: np.ndarray, pairs: Sequence[tuple[str, ...]], shares: np.ndarray
) -> str:
    """Return the table of what `blend` returned."""
    lines = [
        [" to ".join(pair) if i == 0 else "", style]
        + [report.thousands(loss) for loss in losses[k, i]]
        + [monotone(losses[k, i], rising=i == 0)]
        for k, pair in enumerate(pairs)
        for i, style in enumerate(pair)
    ]
    header = ["blend", "style term of", *(f"{share:.3g}" for share in shares)]
    return report.table([*header, "monotone"], lines)


def strength_table(losses: np.ndarray, strengths: np.ndarray) -> str:
    """Return the table of the means over styles of what `strengthen` returned."""
    means = losses.mean(axis=0)
    lines = [
        [f"{strength:.1f}", *(report.thousands(v) for v in means[:, :, k].ravel())]
        for k, strength in enumerate(strengths)
    ]
    return report.table(["strength", *_columns()], lines)


def verdict_table(losses: np.ndarray, styles: Sequence[str]) -> str:
    """Return the table that says of every style whether its terms are monotone."""
    lines = [
        [style]
        + [
            monotone(losses[i, way, term], rising=TERMS[term] == "content")
            for way in range(len(WAYS))
            for term in range(len(TERMS))
        ]
        for i, style in enumerate(styles)
    ]
    return report.table(["style", *_columns()], lines)


def _columns() -> list[str]:
    return [f"{term}, {way}" for way in WAYS for term in TERMS]


BLENDS = """## Between two styles at {size} px

The style term, in thousands, of both styles over the share of the second style in the
network's weights. The last column says whether the first style's term only rises and
the second's only falls. Means of {photos} photographs, VGG16 in {precision}.

{table}

Made by `python -m benchmarks.blend_losses --content_dir=PHOTOGRAPHS
--vgg16_weights=FILE.h5 --run=RUN --image_size={size} --photos={photos}`, as is the
next section.
"""
STRENGTH = """## From the photograph to a style at {size} px

Content and style terms, in thousands, over the strength: in the network, where the
photograph's row has the rest of the weight, and as a fade of pixels from the photograph
to the stylized picture. Means of {photos} photographs and {styles} styles, VGG16 in
{precision}. PSNR of the network's pictures at strength 0 against the photographs, in
dB: {psnr}.

{table}

Whether the content term only rises and the style term only falls, style by style:

{verdicts}
"""


if __name__ == "__main__":
    script.run(main)
