"""Painting after a picture that no network was trained on: a blend of what it knows.

The statistics by which the network normalises a picture describe its texture: how much
each feature varies in it. The package holds those of the gallery's paintings. The blend
of them that is most like another painting's gives the weights of the styles, and the
painting itself gives the colours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fast_style import PHOTO, arrays, color, gallery, images
from fast_style.styles import Likeness

SIDE = 384  # px, short side at which a painting is described
CONTRAST, GREY = 45.0, 128.0  # deviation and mean to which its brightness is brought
LEAST_WEIGHT = 0.02  # of a style; less is not seen
_ROUNDS = 3000  # of projected gradient descent


def of(stylizer: Any, painting: Any) -> Likeness:
    """Return what makes a photograph like a painting, without a training.

    Args:
        stylizer: A Stylizer of the package's model, or of one that has all its styles.
        painting: As the photograph of `Stylizer.stylize`: a path, pixels and so on.

    Raises:
        OSError: The painting's file cannot be opened.
        ValueError: It is no picture, or the stylizer has another model.
    """
    known = Descriptions.read(gallery.PAINTINGS)
    # A style with a title is the gallery's own, to the bit.
    own = {name for name, style in stylizer.catalogue.items() if style.title}
    if not own.issuperset(known.names):
        raise ValueError(
            f"'{stylizer.model}' does not tell what its paintings look like. Take the "
            "model in the package, or train the painting with fast-style train."
        )
    pixels = arrays.photograph(painting)
    weights = known.weigh(describe(pixels, stylizer.statistics))
    return Likeness(weights, color.moments(pixels))


@dataclass(frozen=True)
class Descriptions:
    """Descriptions of paintings.

    Args:
        names: Names of their styles.
        values: float (paintings, N); see `describe`.
    """

    names: tuple[str, ...]
    values: np.ndarray

    @classmethod
    def read(cls, path: Path) -> "Descriptions":
        """Read a file that `write` made."""
        with np.load(path) as file:
            return cls(tuple(file["names"].tolist()), file["values"].astype(np.float32))

    def write(self, path: Path) -> None:
        """Write an .npz file, in half precision."""
        values = self.values.astype(np.float16)
        np.savez_compressed(path, names=np.array(self.names), values=values)

    def weigh(self, description: np.ndarray) -> dict[str, float]:
        """Return the blend that is most like another painting.

        It has the least squared distance of all with weights of at least 0, each value
        measured by its deviation between the paintings.

        Args:
            description: The other painting's, (N,).

        Returns:
            The weights of at least LEAST_WEIGHT by name, their sum being 1.
        """
        mean = self.values.mean(0)
        deviation = self.values.std(0)
        varied = deviation > 0
        matrix = ((self.values - mean)[:, varied] / deviation[varied]).T  # (N, M)
        goal = (description - mean)[varied] / deviation[varied]
        products, projections = matrix.T @ matrix, matrix.T @ goal
        step = 1 / np.linalg.norm(products, 2)
        weights = np.full(len(self.names), 1 / len(self.names))
        for _ in range(_ROUNDS):
            weights = _on_simplex(weights - step * (products @ weights - projections))
        weights[weights < LEAST_WEIGHT] = 0
        weights /= weights.sum()
        pairs = zip(self.names, weights.tolist(), strict=True)
        return {name: weight for name, weight in pairs if weight}


def describe(painting: np.ndarray, measure: Callable[..., np.ndarray]) -> np.ndarray:
    """Return what the network sees of a painting's texture.

    Its colours are left out: the palette has them.

    Args:
        painting: uint8 (H, W, 3).
        measure: The method `statistics` of a Stylizer.

    Returns:
        float32 (N,).
    """
    small = images.resize_short_side(painting, SIDE)
    grey = color.luma(small)
    grey = (grey - grey.mean()) * CONTRAST / max(grey.std(), 1.0) + GREY
    levels = np.rint(grey.clip(0, 255)).astype(np.uint8)
    return measure(np.stack([levels] * 3, -1), styles=PHOTO).ravel()[3:]


def _on_simplex(values: np.ndarray) -> np.ndarray:
    """Return the nearest weights of at least 0 whose sum is 1.

    Reference:
        Duchi et al. 2008, "Efficient Projections onto the l1-Ball".
    """
    falling = np.sort(values)[::-1]
    excess = (np.cumsum(falling) - 1) / np.arange(1, len(values) + 1)
    return np.maximum(values - excess[falling > excess][-1], 0)
