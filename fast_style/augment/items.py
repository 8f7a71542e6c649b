"""Pictures of datasets, painted one by one: for PyTorch, which is not needed here."""

import os
from typing import Any, Protocol

import numpy as np
from PIL import Image

from fast_style.augment.augmenter import Augmenter
from fast_style.augment.choices import Choices


class MapDataset(Protocol):
    """What PyTorch calls a map-style dataset."""

    def __len__(self) -> int: ...

    def __getitem__(self, position: int, /) -> Any: ...


class StyleTransform:
    """Paints a picture in a random style: a transform of a dataset of torchvision.

    Which one is drawn by Python's `random`, which PyTorch seeds in each worker of a
    DataLoader. Take `StylizedDataset` for draws that depend on no worker.

    Args:
        choices: What may be drawn.
        model: A .tflite file; None for the model in the package.
    """

    def __init__(
        self,
        choices: Choices = Choices(),  # noqa: B008 - it cannot change
        *,
        model: str | os.PathLike | None = None,
    ) -> None:
        self._augmenter = Augmenter(choices, model=model)

    def __call__(self, picture: Any, index: int | None = None) -> Any:
        """Return a picture painted.

        Args:
            picture: One of Pillow's, or uint8 (H, W, 3).
            index: Its number, 0 or more; None to draw one.

        Returns:
            A picture of the same kind, in RGB.

        Raises:
            ValueError: The picture is of another kind.
        """
        if isinstance(picture, Image.Image):
            pixels = np.array(picture.convert("RGB"))
            return Image.fromarray(self._augmenter(pixels, index))
        if isinstance(picture, np.ndarray):
            return self._augmenter(picture, index)
        raise ValueError(
            f"A {type(picture).__name__} is no picture. Give one of Pillow's or uint8 "
            "(height, width, 3), and make tensors of it afterwards."
        )


class StylizedDataset:
    """A dataset whose pictures are painted at random; labels stay.

    It has the length and the items of a map-style dataset, which is all that a
    DataLoader of PyTorch needs. What is drawn depends on the seed, the item's number
    and the epoch, not on the workers or the order.

    Args:
        dataset: Its items are pictures, or tuples that begin with one; see
            `StyleTransform`.
        choices: What may be drawn.
        transform: Called with the painted picture, such as ToTensor(); None to return
            the picture.
        model: A .tflite file; None for the model in the package.
    """

    def __init__(
        self,
        dataset: MapDataset,
        choices: Choices = Choices(),  # noqa: B008 - it cannot change
        *,
        transform: Any = None,
        model: str | os.PathLike | None = None,
    ) -> None:
        self._dataset, self._transform = dataset, transform
        self._paint, self._epoch = StyleTransform(choices, model=model), 0

    def set_epoch(self, epoch: int) -> None:
        """Draw anew, as in a DistributedSampler of PyTorch; `epoch` is 0 or more.

        Workers of a DataLoader with persistent_workers do not hear of it.
        """
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._dataset)

    def __getitem__(self, position: int) -> Any:
        if not -len(self) <= position < len(self):
            raise IndexError(f"There is no item {position} among {len(self)}.")
        position = int(position) % len(self)
        item = self._dataset[position]
        first, *others = item if isinstance(item, tuple | list) else (item,)
        painted = self._paint(first, self._epoch * len(self) + position)
        if self._transform:
            painted = self._transform(painted)
        return (painted, *others) if isinstance(item, tuple | list) else painted
