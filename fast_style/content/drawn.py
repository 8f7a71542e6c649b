"""Crops of drawn pictures, and of the photographs that a package brings along.

Drawing a picture takes as long as about a hundred crops. So a bank of pictures is kept,
and crops are cut from them at any size, turned, mirrored and tinted. Now and then a new
picture takes the place of an old one.
"""

import functools
import importlib.util
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.Image import Resampling, Transpose

from fast_style import images
from fast_style.content import synthetic
from fast_style.content.crops import Crops, Plan

BANK = 16  # pictures to cut from at a time
RENEWAL = 128  # crops after which one of them is replaced
SIDE = 3  # of a picture, in sides of a crop
PHOTOGRAPHS = 0.3  # share of the crops, where there are any
# The sample data of scikit-image that come with the package and are in the public
# domain or CC0, by its documentation.
NAMES = (
    *("astronaut.png", "brick.png", "camera.png", "chelsea.png", "clock_motion.png"),
    *("coffee.png", "grass.png", "gravel.png", "rocket.jpg"),
)
TURNS = (None, *Transpose)


def photographs() -> list[np.ndarray]:
    """Return the photographs in scikit-image, uint8 (H, W, 3); none without it."""
    package = importlib.util.find_spec("skimage")  # importing it is slow
    if package is None or not package.origin:
        return []
    folder = Path(package.origin).parent / "data"
    paths = [folder / name for name in NAMES]
    return [images.read(path).pixels for path in paths if path.exists()]


class DrawnCrops(Crops):
    """Batches of crops of drawn pictures.

    Args:
        plan: How many crops, and of what size.
        photographs: Photographs to cut from, too, as photographs() returns them.
        bank: Drawn pictures to cut from at a time.
        renewal: Crops after which one of them is replaced.
        draw: Draws a picture, as synthetic.draw does.
    """

    def __init__(
        self,
        plan: Plan,
        photographs: Sequence[np.ndarray] = (),
        *,
        bank: int = BANK,
        renewal: int = RENEWAL,
        draw: Callable[[np.random.Generator, int], np.ndarray] = synthetic.draw,
    ) -> None:
        super().__init__(plan, workers=2)
        self.photographs = [Image.fromarray(pixels) for pixels in photographs]
        self.bank = bank
        self.renewal = renewal
        self.draw = draw
        self._lock = threading.Lock()
        self._drawn = functools.lru_cache(bank + 2)(self._draw)

    def crop(self, sample: int) -> np.ndarray:
        side = self.plan.image_size
        rng = np.random.default_rng((self.plan.seed, 4, sample))
        picture, turn = self._choose(rng, sample)
        longest = min(*picture.size, 3.0 * side)
        shortest = min(1.1 * side, longest)
        window = shortest * (longest / shortest) ** rng.random()
        left, top = (rng.uniform(0, length - window) for length in picture.size)
        crop = picture.resize(
            (side, side),
            Resampling.BOX
            if window > 1.5 * side
            else Resampling.BILINEAR,  # BOX is quicker
            box=(left, top, left + window, top + window),
        )
        return np.asarray(_tinted(rng, crop if turn is None else crop.transpose(turn)))

    def _choose(
        self, rng: np.random.Generator, sample: int
    ) -> tuple[Image.Image, Transpose | None]:
        """Return a picture to cut from and how to turn the crop."""
        if self.photographs and rng.random() < PHOTOGRAPHS:
            picture = self.photographs[rng.integers(len(self.photographs))]
            return picture, (None, Transpose.FLIP_LEFT_RIGHT)[rng.integers(2)]
        number = sample // self.renewal + rng.integers(self.bank)
        with self._lock:  # else two threads would draw the same picture
            picture = self._drawn(int(number))
        return picture, TURNS[rng.integers(len(TURNS))]

    def _draw(self, number: int) -> Image.Image:
        rng = np.random.default_rng((self.plan.seed, 3, number))
        return Image.fromarray(self.draw(rng, SIDE * self.plan.image_size))


def _tinted(rng: np.random.Generator, image: Image.Image) -> Image.Image:
    """Return a crop with another saturation, white balance, gamma and contrast.

    Now and then its colour channels are exchanged, too.
    """
    grey = np.full((3, 3), 1 / 3)
    colors = np.eye(3)
    if rng.random() < 0.15:
        colors = colors[rng.permutation(3)]
    matrix = grey + rng.uniform(0.5, 1.5) * (colors - grey)
    matrix *= np.exp(rng.normal(0, 0.06, (3, 1)))
    image = image.convert("RGB", np.pad(matrix, ((0, 0), (0, 1))).ravel().tolist())
    levels = np.linspace(0, 1, 256) ** np.exp(rng.normal(0, 0.3))
    low, high = rng.uniform(-0.06, 0.08), rng.uniform(0.85, 1.06)
    levels = np.clip(255 * (low + (high - low) * levels) + 0.5, 0, 255)
    return image.point(levels.astype(np.uint8).tolist() * 3)
