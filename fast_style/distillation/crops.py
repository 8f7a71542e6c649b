"""The pictures that a distillation sees in each step."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

PAINTING_CROPS = 2  # of each step


class Crops:
    """Square crops of photographs and paintings.

    Args:
        photos: Batches of photographs, uint8 (B, S, S, 3), one for each step.
        paintings: Paintings, each uint8 (H, W, 3).
        size: Side of the crops in pixels, at most S and the sides of the paintings.
    """

    def __init__(
        self,
        photos: Sequence[np.ndarray],
        paintings: Sequence[np.ndarray],
        size: int,
    ) -> None:
        self.photos = photos
        self.paintings = paintings
        self.size = size

    def draw(
        self, step: int, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the crops of a step.

        Args:
            step: Step, which decides the photographs.
            rng: Decides the rest.

        Returns:
            Crops of the step's photographs, uint8 (B, size, size, 3), and of
            paintings, uint8 (PAINTING_CROPS, size, size, 3).
        """
        photos = self._of_photos(self.photos[step], rng)
        paintings = [self._of_painting(rng) for _ in range(PAINTING_CROPS)]
        return photos, np.stack(paintings)

    def _of_photos(self, photos: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return half of the photographs shrunk, and half cut down, to the size."""
        room = photos.shape[1] - self.size + 1
        top, left = rng.integers(room, size=2)
        cut = photos[1::2, top : top + self.size, left : left + self.size]
        return np.concatenate([self._shrunk(photos[::2]), cut])

    def _of_painting(self, rng: np.random.Generator) -> np.ndarray:
        """Return a square of one to two times the size, shrunk to the size."""
        painting = self.paintings[int(rng.integers(len(self.paintings)))]
        height, width = painting.shape[:2]
        side = rng.integers(self.size, min(height, width, 2 * self.size) + 1)
        top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
        return self._shrunk(painting[top : top + side, left : left + side])

    def _shrunk(self, pictures: np.ndarray) -> np.ndarray:
        """Return square pictures at the size, each pixel a mean of an area."""
        size = (self.size, self.size)
        return tf.image.resize(pictures, size, "area").numpy().astype(np.uint8)
