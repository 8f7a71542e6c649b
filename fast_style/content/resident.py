"""Photographs that stay decoded in the memory of a GPU, which cuts its crops itself.

A processor cannot decode and crop as fast as a GPU trains.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import keras
import numpy as np
from keras import ops

from fast_style.content.crops import Crops, FileCrops, Plan, box, shown
from fast_style.fields import SettingError
from fast_style.tensors import Tensor

MOST_PIXELS = 2**31 - 1  # whose places int32 can tell


class BoxBatches(Crops):
    """Batches of the boxes of crops, int32 (B, 5), one for each step left.

    A box is the number of a photograph, then top, left, side and mirrored (see
    crops.Box).

    Args:
        sizes: Height and width of each photograph.
        plan: How many crops, and of what size.
    """

    def __init__(self, sizes: Sequence[tuple[int, int]], plan: Plan) -> None:
        super().__init__(plan, workers=2)
        self.sizes = sizes

    def crop(self, sample: int) -> np.ndarray:
        plan = self.plan
        rng = np.random.default_rng((plan.seed, 2, sample))
        number = shown(sample, len(self.sizes), plan.seed)
        cut = box(*self.sizes[number], plan.image_size, rng)
        return np.array((number, *cut), np.int32)


class ResidentPhotographs(keras.layers.Layer):
    """Photographs in the device's memory.

    Args:
        photographs: uint8 (H, W, 3) each.
        image_size: Side of the crops, in pixels.

    Call arguments:
        boxes: int32 (B, 5), see BoxBatches.

    Returns:
        Crops, float32 (B, image_size, image_size, 3) in 0..255.

    Raises:
        SettingError: They have more pixels than int32 can count.
    """

    def __init__(
        self, photographs: Sequence[np.ndarray], image_size: int, **kwargs: Any
    ) -> None:
        super().__init__(trainable=False, dtype="float32", **kwargs)
        self.image_size = image_size
        shapes = np.array([photograph.shape[:2] for photograph in photographs])
        ends = np.cumsum(shapes.prod(axis=1))
        if ends[-1] > MOST_PIXELS:
            raise SettingError(
                "resident",
                f"is true for photographs of {ends[-1]:,} pixels, and at most "
                f"{MOST_PIXELS:,} can be told apart; give fewer or smaller ones.",
            )
        flat = np.concatenate([photo.reshape(-1, 3) for photo in photographs])
        self.pixels = self._constant(flat, "pixels")
        self.starts = self._constant(np.array([0, *ends[:-1]], np.int32), "starts")
        self.widths = self._constant(shapes[:, 1].astype(np.int32), "widths")

    def _constant(self, values: np.ndarray, name: str) -> keras.Variable:
        variable = self.add_weight(
            values.shape, "zeros", str(values.dtype), trainable=False, name=name
        )
        variable.assign(values)
        return variable

    def call(self, boxes: Tensor) -> Tensor:
        number, top, left, side, mirrored = (boxes[:, i : i + 1] for i in range(5))
        # The centres of the crop's pixels, in pixels of the box, (B, image_size).
        grid = (ops.arange(self.image_size, dtype="float32") + 0.5) / self.image_size
        length = ops.cast(side, "float32")
        places = ops.clip(grid * length - 0.5, 0.0, length - 1)
        low = ops.cast(places, "int32")
        high = ops.minimum(low + 1, side - 1)
        share = places - ops.cast(low, "float32")
        across = [
            left + ops.where(mirrored > 0, side - 1 - place, place)
            for place in (low, high)
        ]
        start = ops.take(self.starts, number)
        width = ops.take(self.widths, number)
        rows = [start + (top + place) * width for place in (low, high)]
        near, far = across
        upper, lower = (
            _mixed(self._at(row, near), self._at(row, far), share[:, None, :])
            for row in rows
        )
        return _mixed(upper, lower, share[:, :, None])

    def _at(self, rows: Tensor, columns: Tensor) -> Tensor:
        """Return the pixels (B, H, W, 3) at places (B, H) and columns (B, W)."""
        places = rows[:, :, None] + columns[:, None, :]
        return ops.cast(ops.take(self.pixels, places, axis=0), "float32")


def _mixed(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    return first + share[..., None] * (second - first)


def load(
    files: FileCrops,
) -> tuple[BoxBatches, ResidentPhotographs]:
    """Decode photographs, those that cannot be read left out.

    Args:
        files: Crops of the same photographs from their files.

    Raises:
        OSError: None can be read.
        SettingError: They have more pixels than int32 can count.
    """
    with ThreadPoolExecutor() as pool:
        decoded = [p for p in pool.map(files.read, files.paths) if p is not None]
    if not decoded:
        raise OSError("No photograph can be read. Give another folder of photographs.")
    sizes = [(len(photo), photo.shape[1]) for photo in decoded]
    return (
        BoxBatches(sizes, files.plan),
        ResidentPhotographs(decoded, files.plan.image_size),
    )
