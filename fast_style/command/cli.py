"""The command fast-style: its streams, and how it ends."""

import io
import os
import sys
import warnings


def main(argv: list[str]) -> int:
    """Run the command and return its exit status: 1 if anything failed, otherwise 0.

    Args:
        argv: The program's name and what follows it on the command line.

    Raises:
        BrokenPipeError: Nobody reads stdout any more.
        SystemExit: Help or the version was asked for.
    """
    # Imported here, because a person may press Ctrl+C while NumPy is loaded.
    from fast_style.command import calls, messages

    try:
        failed = calls.call(argv[1:])
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (ValueError, OSError, MemoryError) as error:
        messages.error(error)
        return 1
    return 1 if failed else 0


def run() -> None:
    """Run the console script."""
    _stand_in_for_closed_streams()
    # Hide Pillow's warnings; a real fault raises an error.
    warnings.simplefilter("ignore")
    try:
        sys.exit(main(sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        from fast_style import script

        script.mute(sys.stdout)
        sys.exit(1)


def _stand_in_for_closed_streams() -> None:
    """Keep the numbers of closed streams from files that are opened later."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w")
    if isinstance(sys.stdout, io.TextIOWrapper):  # not everywhere in UTF-8
        sys.stdout.reconfigure(errors="backslashreplace")
