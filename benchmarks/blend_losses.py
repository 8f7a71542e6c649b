"""Follows the losses from one style to another, and from the photograph to a style.

python -m benchmarks.blend_losses --content_dir=PHOTOGRAPHS --vgg16_weights=FILE.h5 \\
    --run=RUN_DIRECTORY --photos=8
"""

import os
import sys

import numpy as np
import tensorflow as tf
from absl import app, flags
from tqdm import tqdm

from benchmarks import report
from benchmarks.scoring import (
    Objective,
    batches,
    config_of,
    define_flags,
    painter,
    squares,
)
from fast_style import PHOTO
from fast_style.network import loading

STRENGTHS = np.linspace(0, 1, 11)

define_flags()
flags.DEFINE_string("run", None, "The gallery's run directory.", required=True)
flags.DEFINE_list(
    "pairs",
    None,
    "Styles to blend, as wave:scream,udnie:mosaic. Default: each two that follow.",
)
flags.DEFINE_integer("steps", 5, "Blends of a pair, its ends included.", lower_bound=2)


def blended(objective, paint, photos, pairs, shares):
    """Style terms of both ends along the blends of pairs.

    Args:
        objective: Objective.
        paint: What scoring.painter gives.
        photos: uint8 (N, H, W, 3).
        pairs: list of (style, style).
        shares: Of the second style, each in 0..1.

    Returns:
        float (pairs, 2, shares), means of the photographs.
    """
    sums = np.zeros((len(pairs), 2, len(shares)))
    for batch in tqdm(batches(photos), unit="batch"):
        content = objective.content(batch)
        for i, pair in enumerate(pairs):
            for k, share in enumerate(shares):
                weights = dict(zip(pair, (1 - share, share), strict=True))
                terms = objective.terms(paint(batch, weights), content, pair)
                sums[i, :, k] += terms[:, :, 1].sum(axis=1)
    return sums / len(photos)


def strengthened(objective, paint, photos, styles, strengths):
    """Content and style terms along the strength, in the network and by pixels.

    Args:
        objective, paint, photos: As in `blended`.
        styles: Names.
        strengths: Each in 0..1; the network's share of the style, the rest being
            PHOTO, or the share of the stylised picture over the photograph.

    Returns:
        float (styles, 2, 2, strengths), network first and content first; and the mean
        square by which the network's pictures at strength 0 differ from photographs.
    """
    sums = np.zeros((len(styles), 2, 2, len(strengths)))
    errors = []
    for batch in tqdm(batches(photos), unit="batch"):
        content = objective.content(batch)
        errors.append(np.mean((paint(batch, {PHOTO: 1.0}) - batch) ** 2, (1, 2, 3)))
        for i, style in enumerate(styles):
            full = paint(batch, {style: 1.0})
            for k, strength in enumerate(strengths):
                network = paint(batch, {style: strength, PHOTO: 1 - strength})
                faded = batch + tf.cast(strength, tf.float32) * (full - batch)
                for way, pictures in enumerate((network, faded)):
                    terms = objective.terms(pictures, content, [style])[0]
                    sums[i, way, :, k] += terms[:, :2].sum(axis=0)
    return sums / len(photos), np.mean(np.concatenate(errors))


def monotone(values, rising):
    """Whether values only rise, or else only fall: "yes" or "no"."""
    steps = np.diff(values) if rising else -np.diff(values)
    return "yes" if (steps >= 0).all() else "no"


def blend_section(objective, paint, photos, options):
    """The section on pairs of styles."""
    styles = list(objective.styles)
    given = [tuple(pair.split(":")) for pair in options.pairs or []]
    pairs = given or list(zip(styles[::2], styles[1::2], strict=False))
    for pair in pairs:
        if len(pair) != 2 or set(pair) - set(styles):
            raise ValueError(
                f"--pairs has '{':'.join(pair)}'; give two of {', '.join(styles)}."
            )
    shares = np.linspace(0, 1, options.steps)
    losses = blended(objective, paint, photos, pairs, shares)
    lines = [
        [" to ".join(pair) if i == 0 else "", style]
        + [report.thousands(value) for value in losses[k, i]]
        + [monotone(losses[k, i], rising=i == 0)]
        for k, pair in enumerate(pairs)
        for i, style in enumerate(pair)
    ]
    header = ["blend", "style term of", *(f"{share:.3g}" for share in shares)]
    return BLENDS.format(
        size=options.image_size,
        photos=len(photos),
        precision=options.precision,
        table=report.table([*header, "monotone"], lines),
    )


def strength_section(objective, paint, photos, options):
    """The section on the strength."""
    styles = list(objective.styles)
    losses, error = strengthened(objective, paint, photos, styles, STRENGTHS)
    means = losses.mean(axis=0)  # (2, 2, strengths)
    steps = [
        [f"{strength:.1f}", *(report.thousands(v) for v in means[:, :, k].ravel())]
        for k, strength in enumerate(STRENGTHS)
    ]
    verdicts = [
        [style]
        + [
            monotone(values, rising)
            for way in losses[i]
            for values, rising in zip(way, (True, False), strict=True)
        ]
        for i, style in enumerate(styles)
    ]
    columns = [f"{term}, {way}" for way in WAYS for term in ("content", "style")]
    return STRENGTH.format(
        size=options.image_size,
        photos=len(photos),
        styles=len(styles),
        precision=options.precision,
        psnr=report.decibels(error),
        table=report.table(["strength", *columns], steps),
        verdicts=report.table(["style", *columns], verdicts),
    )


def main(argv):
    del argv
    options = flags.FLAGS
    objective = Objective(
        config_of(options.run), options.vgg16_weights, options.precision
    )
    generator = loading.load_generator(options.run)
    if PHOTO not in generator.styles:
        raise ValueError(f"'{options.run}' has no style '{PHOTO}'. Give a gallery.")
    paint = painter(generator)
    photos = squares(options.content_dir, options.image_size, options.photos)
    for section in (blend_section, strength_section):
        report.publish(section(objective, paint, photos, options), options.output)


WAYS = ("network", "fade")
BLENDS = """## Between two styles at {size} px

Style term (thousands) of both styles, by the share of the second in the network's
weights, and whether the first's only rises and the second's only falls: means of
{photos} photographs, VGG16 in {precision}.

{table}

Made by `python -m benchmarks.blend_losses --content_dir=PHOTOGRAPHS
--vgg16_weights=FILE.h5 --run=RUN --image_size={size} --photos={photos}`, as is the
next section.
"""
STRENGTH = """## From the photograph to a style at {size} px

Content and style term (thousands) by the strength, in the network (the rest of the
weight is the photograph's) and as a fade of pixels from the photograph to the stylised
picture: means of {photos} photographs and {styles} styles, VGG16 in {precision}. PSNR
of the network's pictures at strength 0 to the photographs, in dB: {psnr}.

{table}

Whether the content term only rises and the style term only falls, style by style:

{verdicts}
"""


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        app.run(main)
    except (OSError, ValueError) as error:
        sys.exit(f"blend_losses: error: {error}")
