"""Types of argparse arguments: numbers of a range, and paths."""

import argparse
from collections.abc import Callable

from fast_style import strokes
from fast_style.fields import expanded


def path(text: str) -> str:
    """Return a path from a flag's text; a `type` for `add_argument`.

    Raises:
        argparse.ArgumentTypeError: It is empty.
    """
    if not text:
        raise argparse.ArgumentTypeError("it is empty. Give a path.")
    return expanded(text)


def number(
    kind: type, least: float, most: float = float("inf"), *, or_zero: bool = False
) -> Callable:
    """Return a function that reads a number of a range from a flag's text.

    Args:
        kind: int or float.
        least: The smallest number.
        most: The largest number.
        or_zero: Whether 0 is allowed, too.

    Returns:
        A `type` for `add_argument`; it raises argparse.ArgumentTypeError.
    """

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if or_zero and value == 0:
            return value
        if value is None or not least <= value <= most:
            expected = "a whole number" if kind is int else "a number"
            if most < float("inf"):
                expected += f" from {least} to {most}"
            else:
                expected += f" of at least {least}"
            expected = f"0 or {expected}" if or_zero else expected
            raise argparse.ArgumentTypeError(f"{text!r} is invalid. Give {expected}.")
        return value

    return read


def stroke(text: str) -> float | str:
    """Return the length of strokes from a flag's text; a `type` for `add_argument`.

    Raises:
        argparse.ArgumentTypeError: It is no such length; see `strokes.parse`.
    """
    try:
        return strokes.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
