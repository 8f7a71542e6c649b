"""Types of argparse arguments that state the range they take."""

import argparse
from collections.abc import Callable


def number(kind: type, least: float, most: float = float("inf")) -> Callable:
    """Return a function that reads a number of a range from a flag's text.

    Args:
        kind: int or float.
        least: The smallest number.
        most: The largest number.

    Returns:
        A `type` for `add_argument`; it raises argparse.ArgumentTypeError.
    """

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            name = "a whole number" if kind is int else "a number"
            limits = (
                f"from {least} to {most}"
                if most < float("inf")
                else f"of at least {least}"
            )
            raise argparse.ArgumentTypeError(f"{text!r} is not {name} {limits}")
        return value

    return read
