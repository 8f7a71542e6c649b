"""The command fast-style: from its command line to its exit status."""

import argparse
import io
import os
import re
import sys
import warnings
from importlib import import_module
from importlib.util import find_spec

from fast_style import extras
from fast_style.command import commands, messages, parsers
from fast_style.command.jobs import FileOptions, Look
from fast_style.styles import parse


def main(argv: list[str]) -> int:
    """Run the command and return its exit status: 1 if anything failed, otherwise 0.

    Args:
        argv: The program's name and what follows it on the command line.

    Raises:
        BrokenPipeError: Nobody reads stdout any more.
        SystemExit: Help or the version was asked for.
    """
    command = argv[1] if argv[1:] and argv[1] in parsers.COMMANDS else None
    words = argv[2:] if command else argv[1:]
    try:
        if command in parsers.PACKAGES:
            return _run_package(command, words)
        failed = _run(command, _parse(command, words))
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
    except BrokenPipeError:  # such as with `| head`, which needs no error
        # Python writes what it still holds of stdout at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
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


def _parse(command: str | None, words: list[str]) -> argparse.Namespace:
    """Return the flags' values, and as `words` all that is no flag."""
    end = words.index("--") if "--" in words else len(words)
    parser = parsers.make_parser(command)
    flags = [_with_underscores(word) for word in words[:end]]
    options, unknown = parser.parse_known_intermixed_args(flags)
    if unknown:
        from difflib import get_close_matches

        flag = unknown[0].partition("=")[0]
        flags_of_help = re.findall(r"--\w+", parser.format_help())
        similar = get_close_matches(flag, flags_of_help, n=1)
        hint = f"Did you mean {similar[0]}?" if similar else "See --help."
        raise ValueError(f"{parser.prog} has no flag {flag}. {hint}")
    options.words += words[end + 1 :]
    return options


def _with_underscores(word: str) -> str:
    """Return a flag such as --max-size as it is defined, --max_size."""
    if not word.startswith("--"):
        return word
    name, equals, value = word[2:].partition("=")
    return f"--{name.replace('-', '_')}{equals}{value}"


def _run(command: str | None, options: argparse.Namespace) -> int:
    """Run a command and return how many photographs failed."""
    if command == "styles":
        _styles(options)
    elif command == "sheet":
        _sheet(options)
    elif command == "blend":
        _blend(options)
    elif options.print_completion:
        from fast_style.command import completion

        print(completion.script(options.print_completion))
    else:
        return _stylize(options)
    return 0


def _stylize(options: argparse.Namespace) -> int:
    words = options.words
    if words and not os.path.exists(words[0]):
        _check_command(words[0])
    look = _look(options, ",".join(options.style) if options.style else None)
    return commands.stylize(
        words, look, _file_options(options), model=options.model, as_json=options.json
    )


def _check_command(word: str) -> None:
    """Refuse a missing photograph that is a command in the wrong place or misspelt."""
    from difflib import get_close_matches

    if word in parsers.COMMANDS:
        raise ValueError(f"Give {word} first, as in: fast-style {word} ...")
    if word == "help":
        raise ValueError("Cannot open 'help'. Did you mean fast-style --help?")
    similar = get_close_matches(word, parsers.COMMANDS, n=1, cutoff=0.7)
    if similar and word.isalpha():
        raise ValueError(f"Cannot open '{word}'. Did you mean fast-style {similar[0]}?")


def _styles(options: argparse.Namespace) -> None:
    if options.words:
        word = options.words[0]
        raise ValueError(f"'{word}' is no flag. Give flags alone after styles.")
    commands.styles(model=options.model, as_json=options.json)


def _sheet(options: argparse.Namespace) -> None:
    if len(options.words) != 1:
        raise ValueError("Give one picture: fast-style sheet PHOTO.")
    commands.sheet(
        options.words[0],
        _look(options),
        _file_options(options),
        model=options.model,
        columns=options.columns,
        as_json=options.json,
    )


def _blend(options: argparse.Namespace) -> None:
    if len(options.words) != 3 or options.words[1] == options.words[2]:
        raise ValueError(
            "Give a picture and two different styles; one may be photo: "
            "fast-style blend PHOTO STYLE STYLE."
        )
    photo, first, second = options.words
    commands.blend(
        photo,
        (first, second),
        _look(options),
        _file_options(options),
        steps=options.steps,
        model=options.model,
        columns=options.columns,
        as_json=options.json,
    )


def _look(options: argparse.Namespace, styles: str | None = None) -> Look:
    return Look(parse(styles), options.strength, options.fade, options.keep_color)


def _file_options(options: argparse.Namespace) -> FileOptions:
    return FileOptions(
        max_size=options.max_size,
        output=options.output,
        format=options.format and options.format.upper(),
        quality=options.quality,
        overwrite=options.overwrite,
        skip_existing=options.skip_existing,
    )


def _run_package(command: str, flags: list[str]) -> int:
    """Run a package whose `__main__` has the command's flags."""
    package, extra = parsers.PACKAGES[command]
    if not find_spec(package):  # the server of a checkout lies beside fast_style
        package = command
    try:
        program = import_module(f"{package}.__main__")
    except ImportError as error:
        raise OSError(extras.advice(error, extra)) from error
    return program.main([f"fast-style {command}", *flags])
