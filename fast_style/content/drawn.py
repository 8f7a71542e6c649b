"""Crops of drawn pictures, and of photographs that a package brings along, by step.

A picture costs some hundred crops' time to draw, so a bank of them is kept from which
crops are cut at any size, turned, mirrored and tinted, while a new picture takes an
old one's place now and then.
"""

import functools
import importlib.util
import threading
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from fast_style import images
from fast_style.content import synthetic

BANK = 16  # pictures to cut from at a time
RENEWAL = 128  # crops after which one of them is replaced
SIDE = 3  # of a picture, in crops
PHOTOGRAPHS = 0.3  # share of the crops, where there are any
# Of scikit-image's sample data those that come with the package and are in the public
# domain or CC0 by its documentation.
NAMES = (
    *("astronaut.png", "brick.png", "camera.png", "chelsea.png", "clock_motion.png"),
    *("coffee.png", "grass.png", "gravel.png", "rocket.jpg"),
)
TURNS = (None, *Image.Transpose)


def photographs():
    """The photographs in scikit-image, uint8 (H, W, 3) each; [] where it is missing."""
    package = importlib.util.find_spec("skimage")  # found, not imported: that is slow
    if package is None or not package.origin:
        return []
    folder = Path(package.origin).parent / "data"
    paths = [folder / name for name in NAMES]
    return [images.read(path).pixels for path in paths if path.exists()]


class DrawnCrops(keras.utils.PyDataset):
    """Batches of crops; that of a step depends on the seed and the step alone.

    Args:
        image_size: Side of the crops, in pixels.
        batch_size: Crops per step.
        steps: Steps of the whole training.
        start: Steps that have been done before.
        seed: Of the pictures and the crops.
        photographs: As photographs() gives them, to be cut from as well.
    """

    def __init__(self, image_size, batch_size, steps, start, seed, photographs=()):
        super().__init__(workers=2)
        self.image_size = image_size
        self.batch_size = batch_size
        self.steps = steps
        self.start = start
        self.seed = seed
        self.photographs = [Image.fromarray(pixels) for pixels in photographs]
        self._lock = threading.Lock()
        self._drawn = functools.lru_cache(BANK + 2)(self._draw)

    def __len__(self):
        return self.steps - self.start

    def __getitem__(self, index):
        first = (self.start + index) * self.batch_size
        return np.stack([self._crop(first + i) for i in range(self.batch_size)])

    def validation(self, count):
        """Pictures that nothing is cut from: uint8 (count, side, side, 3)."""
        seeds = ((self.seed, 5, i) for i in range(count))
        whole = [
            synthetic.draw(np.random.default_rng(seed), 2 * self.image_size)
            for seed in seeds
        ]
        size = (self.image_size, self.image_size)
        return np.stack([Image.fromarray(p).resize(size, Image.BOX) for p in whole])

    def _draw(self, number):
        rng = np.random.default_rng((self.seed, 3, number))
        return Image.fromarray(synthetic.draw(rng, SIDE * self.image_size))

    def _crop(self, sample):
        rng = np.random.default_rng((self.seed, 4, sample))
        if self.photographs and rng.random() < PHOTOGRAPHS:
            picture = self.photographs[rng.integers(len(self.photographs))]
            turn = rng.choice([None, Image.Transpose.FLIP_LEFT_RIGHT])
        else:
            number = sample // RENEWAL + rng.integers(BANK)
            with self._lock:  # or two threads would draw the same picture
                picture = self._drawn(int(number))
            turn = TURNS[rng.integers(len(TURNS))]
        longest = min(*picture.size, 3.0 * self.image_size)
        shortest = min(1.1 * self.image_size, longest)
        side = shortest * (longest / shortest) ** rng.random()
        left, top = (rng.uniform(0, length - side) for length in picture.size)
        crop = picture.resize(
            (self.image_size, self.image_size),
            Image.BOX if side > 1.5 * self.image_size else Image.BILINEAR,  # quicker
            box=(left, top, left + side, top + side),
        )
        if turn is not None:
            crop = crop.transpose(turn)
        return np.asarray(_tinted(rng, crop))


def _tinted(rng, image):
    """Another saturation, white balance, gamma and contrast; at times other colours."""
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
