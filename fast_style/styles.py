"""Styles as rows of a network's weights, and as people write them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np

from fast_style import PHOTO
from fast_style.color import Moments


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

    def shares(self, styles: Mapping[str, float] | Iterable[str]) -> dict[str, float]:
        """Return the weights that a choice of styles stands for.

        Args:
            styles: Weight of each row by name, at least 0 and of any sum; or a name, or
                names of rows to mix in equal parts.

        Returns:
            The weights above 0 by the name of the row, their sum being 1.

        Raises:
            ValueError: There is no such row, or a weight is out of its range.
        """
        names = (styles,) if isinstance(styles, str) else styles
        names = tuple(names) if isinstance(names, Iterable) else (names,)
        if not all(isinstance(name, str) for name in names):
            raise ValueError(
                f"styles are {styles!r}. Give a name, names, or weights by name."
            )
        weights = dict(
            styles if isinstance(styles, Mapping) else dict.fromkeys(names, 1.0)
        )
        for name, weight in weights.items():
            if name not in self.names:
                raise ValueError(self._unknown(name))
            if not (isinstance(weight, Real) and 0 <= float(weight) < math.inf):
                raise ValueError(
                    f"The weight of style {name!r} is {weight!r}. Give 0 or more."
                )
        total = sum(weights.values())
        if not total:
            raise ValueError("No style has a weight above 0. Give one, such as 1.0.")
        return {name: weight / total for name, weight in weights.items() if weight}

    def _unknown(self, name: str) -> str:
        from difflib import get_close_matches

        similar = get_close_matches(name, self.names, n=5)
        if similar:
            hint = f"Did you mean {', '.join(similar)}?"
        else:
            hint = f"It has {', '.join(self.names)}."
        return f"No style {name!r} in this model. {hint}"


@dataclass(frozen=True)
class Likeness:
    """A blend that makes a photograph like a painting that is no style; see `likeness`.

    Args:
        styles: Weights of the model's styles by name, their sum being 1.
        palette: The painting's colours, to which those of the result are moved.
    """

    styles: dict[str, float]
    palette: Moments


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
