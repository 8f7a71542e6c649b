"""What train, export and the scripts share: reading flags, ending in one line."""

import difflib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from fast_style import extras
from fast_style.fields import SettingError

INTERRUPTED = 130  # exit status after Ctrl-C, as a shell gives it
_FLAGFILE = ("--flagfile", "-flagfile")


@contextmanager
def one_line_errors(
    program: str, *, extra: str = "train", interrupted: str = "stopped."
) -> Iterator[None]:
    """Exit with one line on stderr where the block fails or is interrupted.

    Args:
        program: What a person types to run the program, such as "python train.py".
        extra: The extra of the package that the program needs.
        interrupted: What to say after Ctrl-C, where KeyboardInterrupt has no text.

    Raises:
        SystemExit: With status 130 after Ctrl-C, and 1 after an error. The line has the
            error's text.
    """
    name = program.removeprefix("python ").removeprefix("-m ").split()[0]
    try:
        yield
    except KeyboardInterrupt as interrupt:
        print(f"{name}: {str(interrupt) or interrupted}", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except ImportError as error:
        sys.exit(f"{name}: error: {extras.advice(error, extra)}")
    except SettingError as error:
        sys.exit(f"{name}: error: --{error}")
    except BrokenPipeError:
        mute(sys.stdout)
        sys.exit(1)
    except (OSError, ValueError) as error:
        sys.exit(f"{name}: error: {error}")


def mute(stream: TextIO) -> None:
    """Let go nowhere what is printed, because nobody reads it, as after `| head`.

    Python prints what it still holds of it at the exit.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def read_flags(
    flags: Any,
    define: Callable[[Any], None],
    argv: Sequence[str],
    description: str,
    recipes: Mapping[str, Path] | None = None,
) -> Any:
    """Read the flags of a program, or print its help and exit.

    Args:
        flags: The module absl.flags, which programs alone import.
        define: Function that defines the flags in a FlagValues of absl.
        argv: What a person types to run the program, and then the flags.
        description: What the help says above the flags.
        recipes: Files of flags, by the names that --flagfile takes for them.

    Returns:
        The FlagValues, with those of absl's logging, such as --verbosity.

    Raises:
        ValueError: There is a mistake, in one line.
        SystemExit: The help was asked for.
    """
    program, values = argv[0], flags.FlagValues()
    define(values)
    if {"-h", "--help"} & set(argv):
        _, _, text = (
            values.get_help(include_special_flags=False).strip().partition("\n")
        )
        print(f"{description}\nflags:\n{text}", flush=True)
        sys.exit(0)
    for flag in flags.FLAGS.get_flags_for_module("absl.logging"):
        values[flag.name] = flag
    try:
        words = values([program, *_with_paths(argv[1:], recipes or {})])
    except flags.UnrecognizedFlagError as error:
        raise ValueError(_unknown(error.flagname, values, program)) from error
    except flags.Error as error:
        problem = " ".join(str(error).split()).rstrip(".")
        raise ValueError(f"{problem}. See {program} --help.") from error
    if words[1:]:
        raise ValueError(
            f"'{words[1]}' belongs to no flag. Write --flag=value, each value with its "
            "flag."
        )
    flags.FLAGS.mark_as_parsed()
    return values


def _with_paths(words: Sequence[str], recipes: Mapping[str, Path]) -> Iterator[str]:
    """Return a command line with the path of each recipe in the place of its name."""
    before = ""
    for word in words:
        flag, equals, value = word.partition("=")
        if before in _FLAGFILE:
            word = _flag_file(word, recipes)
        elif equals and flag in _FLAGFILE:
            word = f"{flag}={_flag_file(value, recipes)}"
        yield word
        before = word


def _flag_file(file: str, recipes: Mapping[str, Path]) -> str:
    """Return the path of a file of flags that is given by path or by name."""
    if os.path.isfile(os.path.expanduser(file)):
        return file
    if file in recipes:
        return str(recipes[file])
    names = f", or a recipe: {', '.join(recipes)}" if recipes else ""
    raise ValueError(f"There is no flag file '{file}'. Give its path{names}.")


def _unknown(name: str, flags: Iterable[str], program: str) -> str:
    """Return what is wrong with a flag that the program does not have."""
    similar = difflib.get_close_matches(name, flags, n=1)
    hint = f"Did you mean --{similar[0]}?" if similar else f"See {program} --help."
    return f"There is no flag --{name}. {hint}"
