"""What is drawn for each picture: styles, their shares, and a strength."""

import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fast_style.fields import SettingError
from fast_style.styles import Rows

_DIGITS = 4  # of shares and strengths, so that they are the same on every machine
_FRACTION = 53  # bits of a float64


class Draw(NamedTuple):
    """How one picture is painted: arguments of `Stylizer.stylize`.

    Args:
        styles: Weight of each style by name; none where the picture stays as it is.
        strength: 0 to 1.
    """

    styles: dict[str, float]
    strength: float


@dataclass(frozen=True)
class Choices:
    """What may be drawn for a picture.

    A draw follows from the seed and the picture's index alone, on every machine. So
    neither the order of the pictures nor the number of workers changes it.

    Args:
        styles: Names of the model's styles to draw from; None for all of them.
        blend: Most styles that are mixed in a picture, 1 or more. How many is drawn,
            and their shares are.
        strength: The lowest and the highest strength, 0 to 1.
        probability: Share of the pictures that are painted at all, 0 to 1.
        seed: 0 or more.

    Raises:
        SettingError: A value is out of its range.
    """

    styles: Sequence[str] | None = None
    blend: int = 1
    strength: Sequence[float] = (1.0, 1.0)
    probability: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        styles = self.styles
        if isinstance(styles, str) or (styles is not None and not styles):
            raise SettingError("styles", f"is {styles!r}. Give names in a list.")
        for name, least in (("blend", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, numbers.Integral) or value < least:
                problem = f"is {value!r}. Give a whole number of at least {least}."
                raise SettingError(name, problem)
        strength = tuple(self.strength) if _is_pair(self.strength) else None
        if strength is None or not 0 <= strength[0] <= strength[1] <= 1:
            problem = f"is {self.strength!r}. Give the lowest and the highest, 0 to 1."
            raise SettingError("strength", problem)
        if not 0 <= self.probability <= 1:
            problem = f"is {self.probability!r}. Give a number from 0 to 1."
            raise SettingError("probability", problem)

    def of(self, rows: Sequence[str]) -> list[str]:
        """Return the styles to draw from.

        Args:
            rows: Names of the rows of the model's network.

        Raises:
            ValueError: A style is not in the model, or `blend` asks for more than there
                are.
        """
        known = Rows(rows)
        names = list(known.painted if self.styles is None else self.styles)
        known.shares(names)
        if self.blend > len(set(names)):
            problem = f"is {self.blend}, and there are {len(set(names))} styles."
            raise SettingError("blend", f"{problem} Give fewer, or more styles.")
        return names

    def draw(self, index: int, names: Sequence[str]) -> Draw:
        """Return what is drawn for a picture.

        Args:
            index: The picture's number, 0 or more; for other draws in another epoch,
                add the number of pictures.
            names: The styles to draw from, of `of`.

        Raises:
            ValueError: The index is negative.
        """
        if index < 0:
            raise ValueError(f"index is {index}. Give 0 or more.")
        # NumPy keeps what a SeedSequence gives the same in all its versions.
        sequence = np.random.SeedSequence(self.seed, spawn_key=(int(index),))
        state = sequence.generate_state(3 + 2 * self.blend, np.uint64)
        whether, count, strength, *others = (
            (state >> np.uint64(64 - _FRACTION)) / 2.0**_FRACTION
        ).tolist()
        if whether >= self.probability:
            return Draw({}, 0.0)
        left, amounts = list(names), {}
        for _ in range(1 + int(count * self.blend)):
            name = left.pop(int(others.pop() * len(left)))
            amounts[name] = -math.log1p(-others.pop())
        # Amounts of this distribution give every mixture the same chance.
        total = sum(amounts.values())
        shares = {name: round(a / total, _DIGITS) for name, a in amounts.items()}
        low, high = self.strength
        return Draw(shares, round(low + strength * (high - low), _DIGITS))


def _is_pair(value: object) -> bool:
    return isinstance(value, Sequence) and len(value) == 2
