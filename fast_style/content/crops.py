"""Random crops: how many, of what size, and batches that repeat for the same seed.

The batch of a step depends on the seed and the step alone, so that a training that was
interrupted goes on with the pictures that it would have seen, on any number of hosts.
"""

import copy
import dataclasses
import functools
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

import keras
import numpy as np

from fast_style import images

# The short side of a picture is reduced to this many sides of a crop. A crop then shows
# most of the picture, at varying places.
RESIZE = 9 / 8
# Of the crops, this share shows its picture enlarged, up to twice. Faces are then as
# large as in the pictures that people bring, which are larger than a crop.
CLOSER = 0.5


class Share(NamedTuple):
    """The part of every batch that a host prepares: one of several equal ones.

    Args:
        host: Which of the hosts it is, from 0.
        hosts: How many share a batch.
    """

    host: int = 0
    hosts: int = 1

    def places(self, batch_size: int) -> range:
        """Return the places of the part in a batch."""
        size = batch_size // self.hosts
        return range(self.host * size, (self.host + 1) * size)


@dataclass(frozen=True)
class Plan:
    """The crops of a training.

    Args:
        image_size: Side of the square crops, in pixels.
        batch_size: Crops per step, of all hosts.
        steps: Steps of the whole training.
        start: Steps done before.
        seed: Seed of the order, the crops and the flips.
        share: The part of this host.
    """

    image_size: int = 256
    batch_size: int = 4
    steps: int = 40000
    start: int = 0
    seed: int = 0
    share: Share = Share()

    def whole(self) -> "Plan":
        """Return this plan from its first step on, with the parts of all hosts."""
        return dataclasses.replace(self, share=Share(), start=0)


def reduced(source: Path | BinaryIO, image_size: int) -> np.ndarray:
    """Read a picture, reduced for its crops: uint8 (H, W, 3).

    Args:
        source: A path, or a file open for reading bytes.
        image_size: Side of the crops, in pixels.

    Raises:
        OSError, ValueError: As images.read does.
    """
    size = images.read_size(source)
    longer = math.ceil(RESIZE * image_size * max(size) / min(size))
    return images.read(source, max_size=longer).pixels


class Box(NamedTuple):
    """Where a square crop lies in its picture, in px, and whether it is mirrored."""

    top: int
    left: int
    side: int
    mirrored: bool


def box(height: int, width: int, image_size: int, rng: np.random.Generator) -> Box:
    """Return the box of a random crop, mirrored in half of the cases.

    Args:
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.
        image_size: Side of the crop, in pixels. A box may be smaller; what is in it is
            then enlarged.
        rng: Random numbers.
    """
    side = image_size
    if rng.random() < CLOSER:
        side = int(rng.integers(image_size // 2, image_size + 1))
    top, left = (int(rng.integers(length - side + 1)) for length in (height, width))
    return Box(top, left, side, bool(rng.random() < 0.5))


def cut(pixels: np.ndarray, image_size: int, rng: np.random.Generator) -> np.ndarray:
    """Return a random crop, uint8 (image_size, image_size, 3); see `box`.

    Args:
        pixels: A picture, uint8 (H, W, 3).
        image_size: Side of the crop, in pixels.
        rng: Random numbers.
    """
    height, width = pixels.shape[:2]
    top, left, side, mirrored = box(height, width, image_size, rng)
    crop = pixels[top : top + side, left : left + side]
    if side < image_size:
        crop = images.resize_short_side(crop, image_size)
    return crop[:, ::-1] if mirrored else crop


class Crops(keras.utils.PyDataset):
    """Batches of crops, uint8 (B, image_size, image_size, 3), one for each step left.

    Where several hosts share the batches, B is the size of this one's part.

    Subclasses say in `crop` what the crop of a sample is.

    Args:
        plan: How many crops, and of what size.
        workers: Threads that prepare batches in fit().
    """

    def __init__(self, plan: Plan, workers: int) -> None:
        super().__init__(workers=workers)
        self.plan = plan

    def __len__(self) -> int:
        return self.plan.steps - self.plan.start

    def __getitem__(self, index: int) -> np.ndarray:
        size = self.plan.batch_size
        first = (self.plan.start + index) * size
        return np.stack([self.crop(first + i) for i in self.plan.share.places(size)])

    def whole(self) -> Self:
        """Return the batches from the first step on, with the parts of all hosts."""
        batches = copy.copy(self)
        batches.plan = self.plan.whole()
        return batches

    def crop(self, sample: int) -> np.ndarray:
        """Return a crop, uint8 (image_size, image_size, 3).

        Args:
            sample: Its number among the crops of the whole training.
        """
        raise NotImplementedError


@functools.lru_cache(2)
def _order(count: int, seed: int, epoch: int) -> np.ndarray:
    return np.random.default_rng((seed, 1, epoch)).permutation(count)


def shown(sample: int, count: int, seed: int) -> int:
    """Return the number of the picture that a sample is cut from.

    Args:
        sample: Its number among the crops of the whole training.
        count: Number of the pictures, which come in a new order in each pass.
        seed: Decides the order.
    """
    epoch, position = divmod(sample, count)
    return int(_order(count, seed, epoch)[position])


class FileCrops(Crops):
    """Crops of picture files, which are shown in a new order in each pass.

    A file that cannot be read is replaced by another, chosen at random.

    Args:
        paths: The files.
        plan: How many crops, and of what size.

    Attributes:
        broken: Paths that could not be read so far.
        failure: The error that ended the batches; None while they last.
    """

    def __init__(self, paths: Sequence[Path], plan: Plan) -> None:
        super().__init__(plan, workers=min(8, os.cpu_count() or 1))
        self.paths = paths
        self.broken: set[Path] = set()
        self.failure: OSError | None = None

    def crop(self, sample: int) -> np.ndarray:
        rng = np.random.default_rng((self.plan.seed, 2, sample))
        number = shown(sample, len(self.paths), self.plan.seed)
        while (pixels := self.read(self.paths[number])) is None:
            if self.broken.issuperset(self.paths):
                self.failure = OSError(
                    "No picture to train on can be read any more, the last being "
                    f"'{self.paths[number]}'. Is its folder still there?"
                )
                raise self.failure
            number = int(rng.integers(len(self.paths)))
        return cut(pixels, self.plan.image_size, rng)

    def read(self, path: Path) -> np.ndarray | None:
        """Return a picture reduced for its crops; None if it cannot be read."""
        try:
            return reduced(path, self.plan.image_size)
        except (OSError, ValueError):
            self.broken.add(path)
            return None
