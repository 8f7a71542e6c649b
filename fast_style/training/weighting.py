"""How much each term of the loss counts, and a style weight that fits the painting."""

import math

import numpy as np
from keras import ops

from fast_style.perception.loss_networks import centred
from fast_style.perception.losses import distances, gram_matrix

# The style term's share of the content term at the start. A number's effect depends on
# the painting: what a weight of 5 is to Hokusai's wave, 2 is to a busy painting and 20
# to a hazy one.
SHARES = {"gentle": 6.4, "normal": 16.0, "strong": 40.0}
SHARES["auto"] = SHARES["normal"]


def check(style_weight):
    """Raises a ValueError unless this is a number of 0 or more, or a preset's name."""
    if isinstance(style_weight, str):
        fits = style_weight in SHARES
    else:
        fits = math.isfinite(style_weight) and style_weight >= 0
    if not fits:
        raise ValueError(
            f"--style_weight is {style_weight}; give a number of 0 or more, or one of "
            f"{', '.join(SHARES)}."
        )


def check_number(name, value):
    """Raises a ValueError unless an argument is a number of 0 or more."""
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"--{name} is {value}; give a number of 0 or more.")


def of_layers(term, weight, layers, factors=None):
    """Gives the weights of a term's layers.

    Args:
        term: "content" or "style".
        weight: Of the whole term.
        layers: Names.
        factors: One for each; None for 1.

    Returns:
        {"<term>_<layer>": weight times factor}.
    """
    factors = factors or [1.0] * len(layers)
    if not layers or len(factors) != len(layers):
        raise ValueError(
            f"{len(layers)} {term} layers and {len(factors)} weights for them; give "
            "one or more layers and one weight for each."
        )
    if len(set(layers)) < len(layers):
        raise ValueError(f"--{term}_layers is {','.join(layers)}; give each once.")
    for factor in factors:
        check_number(f"{term}_layer_weights", factor)
    return {
        f"{term}_{layer}": weight * factor
        for layer, factor in zip(layers, factors, strict=True)
    }


def of_styles(style_weight, styles, trainer, content, weights):
    """Gives each style its own weight.

    Args:
        style_weight: A number, or a preset's name.
        styles: A paintings.Painting of each.
        trainer: The StyleTransferTrainer of them.
        content: ContentPictures, a sample of which a preset looks at.
        weights: As in `balanced`.

    Returns:
        {name: weight}.
    """
    found = [style_weight] * len(styles)
    if isinstance(style_weight, str):
        found = balanced(style_weight, trainer, content.sample(), weights)
    return {
        style.name: weight * style.weight
        for style, weight in zip(styles, found, strict=True)
    }


def balanced(preset, trainer, photos, weights):
    """Finds the style weights that give each style its share of the content at first.

    Both terms are taken at flat mid-grey, which is about what an untrained generator
    makes of every photograph.

    Args:
        preset: A key of SHARES.
        trainer: A StyleTransferTrainer.
        photos: Batches of photographs, each uint8 (B, H, W, 3).
        weights: {term: weight}, of_layers' of the content and, for a style weight of 1,
            of the style.

    Returns:
        List of a style weight for each painting, to three digits.

    Raises:
        ValueError: One of the terms is zero.
    """
    network = trainer.loss_network
    grey = np.full((1, *photos[0].shape[1:]), 127.5, np.float32)
    start = network(centred(grey))
    content = 0.0
    for batch in photos:
        features = trainer.photo_network(centred(batch))
        for layer in trainer.content_layers:
            mean = float(ops.mean(distances(features[layer], start[layer])))
            content += weights[f"content_{layer}"] * mean / len(photos)
    style = sum(
        weights[f"style_{layer}"]
        * distances(trainer.style_targets[layer], gram_matrix(start[layer]))
        for layer in trainer.style_layers
    )
    style = ops.convert_to_numpy(style)
    if not (content > 0 and (style > 0).all()):
        raise ValueError(
            f"--style_weight={preset} sets the style beside the content, and at the "
            f"start they are {style.min():.3g} and {content:.3g}; give a number "
            "instead."
        )
    return [float(f"{SHARES[preset] * content / each:.3g}") for each in style]
