"""Augmentation: pictures painted at random, for the training of other networks.

`Augmenter` paints batches of NumPy's, `RandomStyle` is a layer of Keras,
`StyleTransform` and `StylizedDataset` serve PyTorch. What is drawn for a picture, by
`Choices`, follows from a seed and an index alone.

Keras is loaded when `RandomStyle` is first asked for; PyTorch is not needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from fast_style.augment.augmenter import Augmenter
from fast_style.augment.choices import Choices, Draw
from fast_style.augment.items import StyleTransform, StylizedDataset

if TYPE_CHECKING:
    from fast_style.augment.layer import RandomStyle

__all__ = [
    "Augmenter",
    "Choices",
    "Draw",
    "RandomStyle",
    "StyleTransform",
    "StylizedDataset",
]


def __getattr__(name: str) -> Any:
    if name == "RandomStyle":
        return import_module("fast_style.augment.layer").RandomStyle
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
