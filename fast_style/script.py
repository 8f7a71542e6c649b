"""How a script such as train.py ends: its exit status, and one line for an error."""

import difflib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fast_style import extras
from fast_style.fields import SettingError

INTERRUPTED = 130  # exit status after Ctrl-C, as a shell gives it


@contextmanager
def one_line_errors(
    program: str, *, extra: str = "train", interrupted: str = "stopped."
) -> Iterator[None]:
    """Exit with one line on stderr where the block fails or is interrupted.

    Args:
        program: What the line calls the script, such as "train.py".
        extra: The extra of the package that the script needs.
        interrupted: What to say after Ctrl-C.

    Raises:
        SystemExit: With status 130 after Ctrl-C, and 1 after an error.
    """
    try:
        yield
    except KeyboardInterrupt:
        print(f"{program}: {interrupted}", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except ImportError as error:
        sys.exit(f"{program}: error: {extras.advice(error, extra)}")
    except SettingError as error:
        sys.exit(f"{program}: error: --{error}")
    except (OSError, ValueError) as error:
        sys.exit(f"{program}: error: {error}")


def flags_parser(flags: Any, command: str) -> Callable[[Sequence[str]], list[str]]:
    """Return a function that reads the flags, for app.run of absl.

    Args:
        flags: The module absl.flags, which scripts alone import.
        command: What a person types to run the script, such as "python train.py".

    Returns:
        A function from the command line to the words that belong to no flag. It
        raises ValueError with one line for a mistake.
    """

    def parse(argv: Sequence[str]) -> list[str]:
        try:
            return flags.FLAGS(argv)
        except SystemExit:
            sys.exit(0)  # absl has printed its help and would exit with 1
        except flags.UnrecognizedFlagError as error:
            raise ValueError(_unknown(error.flagname, flags.FLAGS, command)) from error
        except flags.Error as error:
            problem = " ".join(str(error).split()).rstrip(".")
            raise ValueError(f"{problem}. See {command} --help.") from error

    return parse


def _unknown(name: str, flags: Iterable[str], command: str) -> str:
    """Return what is wrong with a flag that the script does not have."""
    similar = difflib.get_close_matches(name, flags, n=1)
    hint = f"Did you mean --{similar[0]}?" if similar else f"See {command} --help."
    return f"There is no flag --{name}. {hint}"
