"""Fields of settings: each states its help and limits. SettingError refuses the rest.

ValueError
  SettingError    a setting has a value that it may not have
"""

import dataclasses
import math
import numbers
import os
from collections.abc import Sequence
from os import PathLike
from typing import Any

FilePath = str | PathLike[str]


def expanded(path: str) -> str:
    """Return a path with the home folder for `~`, as a shell has it.

    A shell leaves it alone in --flag=~/photos. A file of that very name comes first.
    """
    return path if os.path.lexists(path) else os.path.expanduser(path)


class SettingError(ValueError):
    """A setting has a value that it may not have.

    Args:
        argument: Name of the setting.
        problem: What is wrong and how to mend it; it follows the name.
    """

    def __init__(self, argument: str, problem: str) -> None:
        super().__init__(f"{argument} {problem}")
        self.argument = argument


def setting(
    default: Any,
    help: str,
    *,
    least: float | None = None,
    most: float | None = None,
    choices: Sequence[str] = (),
    expected: str = "",
) -> Any:
    """Return a field of a dataclass of settings.

    Args:
        default: Its default; dataclasses.MISSING where it must be given.
        help: What it means.
        least: The lowest number that it, or each of its items, may be.
        most: The highest number that it may be.
        choices: The words that it may be.
        expected: The limits in words, where those of `allowed` do not say it all.
    """
    limits = {"least": least, "most": most, "choices": tuple(choices)}
    metadata = {"help": help, "expected": expected, **limits}
    return dataclasses.field(default=default, metadata=metadata)


def allowed(field: dataclasses.Field) -> str:
    """Return what a setting may be, in words; "" where everything is allowed."""
    if expected := field.metadata["expected"]:
        return expected
    least, most, choices = _limits(field)
    if choices:
        return f"one of {', '.join(choices)}"
    if most is not None:
        return f"a number from {least:g} to {most:g}"
    return "" if least is None else f"{least:g} or more"


def check(field: dataclasses.Field, value: Any) -> None:
    """Check a value of a setting against its limits.

    Raises:
        SettingError: It is outside them.
    """
    least, most, choices = _limits(field)
    if value is None and field.default is None:
        return
    if isinstance(value, str):
        fits = value in choices if choices else least is None
    elif least is None:
        fits = not choices
    else:
        items = value if isinstance(value, Sequence) else [value]
        fits = all(_is_number(field, item, least, most) for item in items)
    if not fits:
        shown = f"'{value}'" if isinstance(value, str) else value
        raise SettingError(field.name, f"is {shown}; give {allowed(field)}.")


def _limits(field: dataclasses.Field) -> tuple[Any, Any, Any]:
    return tuple(field.metadata[name] for name in ("least", "most", "choices"))


def _is_number(
    field: dataclasses.Field, value: Any, least: float, most: float | None
) -> bool:
    whole = field.type in (int, int | None)
    if not isinstance(value, numbers.Integral if whole else numbers.Real):
        return False
    number = float(value)
    return (
        math.isfinite(number) and least <= number and (most is None or number <= most)
    )
