"""How much each loss term counts, and style weights that fit the paintings."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fast_style.fields import SettingError
from fast_style.perception import kind_sums, term_names

if TYPE_CHECKING:
    from fast_style.training.paintings import Painting
    from fast_style.training.trainer import StyleTransferTrainer

# The presets of the style weight: the style terms' ratio to the content terms at the
# start. A number's effect depends on the painting: a weight of 5 for Hokusai's wave
# does as much as 2 for a busy painting and 20 for a hazy one.
START_RATIOS = {"gentle": 6.4, "normal": 16.0, "strong": 40.0}
START_RATIOS["auto"] = START_RATIOS["normal"]
# How much of the photograph a preset leaves: the cosine between the features of result
# and photograph at the first content layer. The balance moves until it is met.
SIMILARITIES = {"gentle": 0.62, "normal": 0.52, "strong": 0.42}
SIMILARITIES["auto"] = SIMILARITIES["normal"]
# The cosine falls by this each time that a style's weight is multiplied by e.
SIMILARITY_SLOPE = 0.19
# Factors of layers that have another than 1.
LAYER_FACTORS = {"content": {"block2_conv2": 0.3}, "style": {"block4_conv3": 0.5}}
MID_GREY = 127.5


def check_layers(
    kind: str, layers: Sequence[str], factors: Sequence[float] | None
) -> None:
    """Raise a SettingError unless there are layers, each once, with their factors.

    Args:
        kind: "content" or "style".
        layers: Names of the layers.
        factors: One factor for each layer; None for those of LAYER_FACTORS.
    """
    if not layers or len(set(layers)) < len(layers):
        raise SettingError(
            f"{kind}_layers",
            f"is '{','.join(layers)}'; give one layer or more, each once.",
        )
    if factors is not None and len(factors) != len(layers):
        raise SettingError(
            f"{kind}_layer_weights",
            f"has {len(factors)} numbers for {len(layers)} layers; give one for each "
            "layer.",
        )


def term_weights(
    kind: str,
    weight: float,
    layers: Sequence[str],
    factors: Sequence[float] | None = None,
) -> dict[str, float]:
    """Return the weights of the terms of a kind, one for each layer.

    Args:
        kind: "content" or "style".
        weight: Weight of the whole kind.
        layers: Names of the layers.
        factors: One factor for each layer; None for those of LAYER_FACTORS.

    Returns:
        {term: weight times factor}.
    """
    factors = factors or [LAYER_FACTORS[kind].get(layer, 1.0) for layer in layers]
    terms = term_names(kind, layers)
    return {term: weight * factor for term, factor in zip(terms, factors, strict=True)}


def style_weights(
    style_weight: float | str,
    paintings: Sequence["Painting"],
    trainer: "StyleTransferTrainer",
    content: Any,
    weights: Mapping[str, float],
) -> dict[str, float]:
    """Return the weight of each style.

    Args:
        style_weight: A number, or the name of a preset.
        paintings: The painting of each style, with a factor on its weight.
        trainer: The trainer of the styles.
        content: The ContentPictures of the training; a preset uses a sample of them.
        weights: See `balanced`.

    Returns:
        {name: weight}.
    """
    if isinstance(style_weight, str):
        values = balanced(style_weight, trainer, content.sample(), weights)
    else:
        values = [style_weight] * len(paintings)
    return {
        painting.name: value * painting.weight
        for painting, value in zip(paintings, values, strict=True)
    }


def similarities(
    style_weight: float | str, paintings: Sequence["Painting"]
) -> np.ndarray | None:
    """Return the similarity that each style is to keep; None where a number is given.

    Args:
        style_weight: A number, or the name of a preset.
        paintings: The painting of each style, with a factor on its weight, which moves
            the similarity accordingly.

    Returns:
        float32 (paintings,).
    """
    if not isinstance(style_weight, str):
        return None
    factors = [painting.weight for painting in paintings]
    kept = SIMILARITIES[style_weight] - SIMILARITY_SLOPE * np.log(factors)
    return np.clip(kept, 0.05, 0.95).astype(np.float32)


def balanced(
    preset: str,
    trainer: "StyleTransferTrainer",
    photos: Sequence[np.ndarray],
    weights: Mapping[str, float],
) -> list[float]:
    """Return style weights that start each style term at a preset's ratio.

    The ratio is that of the style terms to the content terms. Both are scored for a
    picture of flat mid-grey, which is about what an untrained generator makes of every
    photograph.

    Args:
        preset: A key of START_RATIOS.
        trainer: The trainer of the styles.
        photos: Batches of photographs, each uint8 (B, H, W, 3).
        weights: {term: weight} of the content terms and, for a style weight of 1, of
            the style terms.

    Returns:
        A style weight for each painting, to three digits.

    Raises:
        SettingError: The content terms, or the style terms of a painting, are zero.
    """
    objective = trainer.objective
    # As many as the photographs of a batch, so that the network is compiled once.
    grey = objective.measured(np.full(photos[0].shape, MID_GREY, np.float32))
    contents = []
    for batch in photos:
        scores = objective.score(grey, objective.measured(batch).content, grey.style)
        contents.append(np.mean(kind_sums(scores, weights)["content"]))
    style = trainer.style_sums(grey.style, weights)
    content = np.mean(contents)
    if not (content > 0 and (style > 0).all()):
        raise SettingError(
            "style_weight",
            f"is '{preset}', which sets the style terms by the content terms, and at "
            f"the start they are {style.min():.3g} and {content:.3g}; give a number "
            "instead.",
        )
    return [float(f"{START_RATIOS[preset] * content / term:.3g}") for term in style]
