"""Frozen loss networks, and the loss terms that compare what they see.

Nothing in this file loads Keras, so that settings can name what is here.
"""

from collections.abc import Iterable, Mapping

from fast_style.tensors import Tensor

LOSS_NETWORKS = ("vgg16", "compact")
# The layers that Johnson et al. (2016) compare.
CONTENT_LAYERS = ("block3_conv3",)
STYLE_LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")
KINDS = ("content", "style", "total_variation", "repetition")  # of loss terms


def term_names(kind: str, layers: Iterable[str]) -> list[str]:
    """Return the names of the "content" or "style" terms, one for each layer."""
    return [f"{kind}_{layer}" for layer in layers]


def kind_sums(
    terms: Mapping[str, Tensor], weights: Mapping[str, float]
) -> dict[str, Tensor]:
    """Return the weighted sums of the terms of each kind.

    Args:
        terms: {term: (B,)}.
        weights: {term: weight}; terms without a weight are left out.

    Returns:
        {kind: (B,)}, 0 for a kind without terms.
    """
    sums: dict[str, Tensor] = dict.fromkeys(KINDS, 0.0)
    for term, weight in weights.items():
        kind = next(kind for kind in KINDS if term.startswith(kind))
        sums[kind] = sums[kind] + weight * terms[term]
    return sums
