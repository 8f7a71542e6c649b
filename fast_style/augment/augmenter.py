"""Batches of pictures, painted at random."""

import os
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from fast_style import metadata
from fast_style.augment.choices import Choices, Draw
from fast_style.augment.painters import Painters
from fast_style.stylizer import DEFAULT_MODEL, Stylizer

_BITS = 63  # of an index that is drawn


class Augmenter:
    """Paints pictures in random styles, each as its index and a seed say.

    Any number of threads may call it; the pictures are painted by threads of its own.
    It can be pickled, and works in processes that are forked.

    Args:
        choices: What may be drawn.
        model: A .tflite file; None for the model in the package.
        threads: How many pictures are painted at once, with one processor core each;
            None for every core this process may use.

    Attributes:
        choices: What may be drawn.
        styles: Names of the styles that are drawn from.

    Raises:
        OSError: The model cannot be opened.
        ValueError: It lacks a style, or is none of this project.
    """

    def __init__(
        self,
        choices: Choices = Choices(),  # noqa: B008 - it cannot change
        *,
        model: str | os.PathLike | None = None,
        threads: int | None = None,
    ) -> None:
        rows = metadata.read(os.fspath(model or DEFAULT_MODEL))["styles"]
        self.choices = choices
        self.styles = tuple(choices.of(rows))
        self._painters = Painters(model, threads)

    def draw(self, index: int) -> Draw:
        """Return what is drawn for the picture of an index, 0 or more."""
        return self.choices.draw(index, self.styles)

    def __call__(
        self,
        images: np.ndarray,
        indices: int | Sequence[int] | np.ndarray | None = None,
    ) -> np.ndarray:
        """Return pictures painted at random.

        Args:
            images: uint8 (B, H, W, 3), RGB, or one picture (H, W, 3); both sides at
                least 16 px.
            indices: Number of each picture, 0 or more, of shape (B,), or one number;
                None to draw them by Python's `random`, which
                `keras.utils.set_random_seed` and the workers of PyTorch's DataLoader
                seed.

        Returns:
            New pictures of the same shape, uint8.

        Raises:
            ValueError: An argument is not as described.
        """
        if images.dtype != np.uint8 or images.ndim not in (3, 4):
            raise ValueError(
                f"images are {images.dtype} {images.shape}, and uint8 "
                "(batch, height, width, 3) or (height, width, 3) is expected."
            )
        batch = images.reshape(-1, *images.shape[-3:])
        if indices is None:
            indices = [random.getrandbits(_BITS) for _ in batch]
        numbers = np.atleast_1d(indices).tolist()
        if len(numbers) != len(batch):
            raise ValueError(
                f"There are {len(numbers)} indices for {len(batch)} images. Give one "
                "for each."
            )
        painted = np.empty_like(batch)
        draws = map(self.draw, numbers)
        for place, pixels in enumerate(self._painters.map(paint, batch, draws)):
            painted[place] = pixels
        return painted.reshape(images.shape)


def paint(stylizer: Stylizer, pixels: np.ndarray, draw: Draw) -> np.ndarray:
    """Return a picture painted as it was drawn, uint8 (H, W, 3)."""
    look: dict[str, Any] = draw._asdict() if draw.styles else {"strength": 0.0}
    return stylizer.stylize(pixels, **look)
