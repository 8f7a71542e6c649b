"""The command fast-style: from its command line to its exit status."""

import argparse
import os
import re
import sys
import warnings
from importlib import import_module
from importlib.util import find_spec

from fast_style import extras
from fast_style.command import commands, parsers
from fast_style.command.jobs import Files, Look
from fast_style.styles import parse


def main(argv: list[str]) -> int:
    """Run the command and return its exit status: 1 if anything failed, otherwise 0.

    Args:
        argv: The program's name and what follows it on the command line.

    Raises:
        SystemExit: Only help was asked for.
    """
    command = argv[1] if argv[1:] and argv[1] in parsers.COMMANDS else None
    words = argv[2:] if command else argv[1:]
    try:
        if command == "serve":
            return _serve(words)
        failures = _run(command, _parse(command, words))
    except (ValueError, OSError, MemoryError) as error:
        failures = [error]
    for failure in failures:
        text = " ".join(str(failure).split()) or type(failure).__name__
        print(f"fast-style: error: {text}", file=sys.stderr)
    return 1 if failures else 0


def run() -> None:
    """Run the console script."""
    # Pillow warns of odd files. Whatever is wrong with one is an error of its own.
    warnings.simplefilter("ignore")
    try:
        sys.exit(main(sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)


def _parse(command: str | None, words: list[str]) -> argparse.Namespace:
    """Return the flags' values, and as `words` all that is no flag."""
    end = words.index("--") if "--" in words else len(words)
    parser = parsers.make_parser(command)
    flags = [_with_underscores(word) for word in words[:end]]
    options, unknown = parser.parse_known_intermixed_args(flags)
    if unknown:
        from difflib import get_close_matches

        flag = unknown[0].partition("=")[0]
        known = re.findall(r"--\w+", parser.format_help())
        similar = get_close_matches(flag, known, n=1)
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


def _run(command: str | None, options: argparse.Namespace) -> list[Exception]:
    """Run a command and return the errors of single photographs."""
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
    return []


def _stylize(options: argparse.Namespace) -> list[Exception]:
    words = options.words
    if words and words[0] in parsers.COMMANDS and not os.path.exists(words[0]):
        name = words[0]
        raise ValueError(f"Give {name} first, as in: fast-style {name} ...")
    look = _look(options, ",".join(options.style) if options.style else None)
    return commands.stylize(
        words, look, _files(options), model=options.model, as_json=options.json
    )


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
        _files(options),
        model=options.model,
        columns=options.columns,
        as_json=options.json,
    )


def _blend(options: argparse.Namespace) -> None:
    if len(options.words) != 3 or options.words[1] == options.words[2]:
        raise ValueError(
            "Give a picture and two styles, or one and photo: "
            "fast-style blend PHOTO STYLE STYLE."
        )
    photo, first, second = options.words
    commands.blend(
        photo,
        (first, second),
        _look(options),
        _files(options),
        steps=options.steps,
        model=options.model,
        columns=options.columns,
        as_json=options.json,
    )


def _look(options: argparse.Namespace, styles: str | None = None) -> Look:
    return Look(parse(styles), options.strength, options.fade, options.keep_color)


def _files(options: argparse.Namespace) -> Files:
    return Files(
        max_size=options.max_size,
        output=options.output,
        format=options.format and options.format.upper(),
        quality=options.quality,
        overwrite=options.overwrite,
    )


def _serve(flags: list[str]) -> int:
    """Run the server: fast_style.serve if installed, else serve/ of the checkout."""
    package = "fast_style.serve" if find_spec("fast_style.serve") else "serve"
    try:
        server = import_module(f"{package}.__main__")
    except ImportError as error:
        raise OSError(extras.advice(error, "serve")) from error
    return server.main(["fast-style serve", *flags])
