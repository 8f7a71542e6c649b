"""Styles as rows of a network's weights, and as people write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fast_style import PHOTO


@dataclass(frozen=True)
class Rows:
    """The rows of a network's style weights: painted styles and, in some, the photo.

    The row "photo" is the photograph itself: its weight is the photograph's share of
    the result, and no painting belongs to it.

    Args:
        names: Names of the rows, in the network's order.
    """

    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def painted(self) -> tuple[str, ...]:
        """Names of the painted styles, in the network's order."""
        return tuple(name for name in self.names if name != PHOTO)

    @property
    def painted_indices(self) -> list[int]:
        """Indices of the painted styles among the rows."""
        return [index for index, name in enumerate(self.names) if name != PHOTO]

    @property
    def photo_index(self) -> int | None:
        """Index of the photograph's row; None where there is none."""
        return list(self.names).index(PHOTO) if PHOTO in self.names else None

    def one_hot(self) -> np.ndarray:
        """Return the weights of each row alone: float32 (rows, rows)."""
        return np.eye(len(self.names), dtype=np.float32)

    def weights(self, styles: Mapping[str, float]) -> np.ndarray:
        """Return the weight of each row, 0 where `styles` has none: float32 (rows,)."""
        return np.array([styles.get(name, 0.0) for name in self.names], np.float32)


def parse(text: str | None) -> dict[str, float] | None:
    """Return the weights in a text such as "wave" or "wave:0.6,scream:0.4".

    Args:
        text: Names with commas between them. A weight may follow a name after a colon;
            it is 1 by default. None stands for no choice.

    Returns:
        The weight of each style by name; None where `text` is None.

    Raises:
        ValueError: A name is there twice, or a weight is no number.
    """
    if text is None:
        return None
    styles: dict[str, float] = {}
    for part in text.split(","):
        name, colon, weight = part.partition(":")
        name = name.strip()
        if name in styles:
            raise ValueError(f"Style {name!r} is there twice. Give each style once.")
        try:
            styles[name] = float(weight) if colon else 1.0
        except ValueError:
            raise ValueError(
                f"{part.strip()!r} has no number after the colon. "
                "Give styles like wave:0.6,scream:0.4."
            ) from None
    return styles
