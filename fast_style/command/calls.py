"""From the words of a command line to the call of a command."""

import argparse
import os
import re
from importlib import import_module
from importlib.util import find_spec

from fast_style import extras
from fast_style.command import clusters, commands, messages, moving, parsers
from fast_style.command.jobs import FileOptions, Look
from fast_style.styles import parse


def call(words: list[str]) -> int:
    """Run the command that words ask for, and return 0 if nothing failed.

    Args:
        words: What follows the program's name on the command line.

    Raises:
        OSError, ValueError: The words are wrong, or nothing can be painted.
        SystemExit: Help or the version was asked for.
    """
    command = words[0] if words and words[0] in parsers.COMMANDS else None
    if command:
        words = words[1:]
    if command in parsers.PACKAGES:
        return _run_package(command, words)
    return _run(command, parse_words(parsers.make_parser(command), words))


def parse_words(
    parser: argparse.ArgumentParser, words: list[str]
) -> argparse.Namespace:
    """Return the flags' values, and as `words` all that is no flag.

    Args:
        parser: Has the flags, and an argument `words`.
        words: What follows the command on its line.

    Raises:
        ValueError: There is a mistake, in one line.
        SystemExit: Help or the version was asked for.
    """
    end = words.index("--") if "--" in words else len(words)
    flags = [_with_underscores(word) for word in words[:end]]
    options, unknown = parser.parse_known_intermixed_args(flags)
    if unknown:
        from difflib import get_close_matches

        flag = unknown[0].partition("=")[0]
        flags_of_help = re.findall(r"--\w+", parser.format_help())
        similar = get_close_matches(flag, flags_of_help, n=1)
        hint = f"Did you mean {similar[0]}?" if similar else "See --help."
        if os.path.exists(unknown[0]):  # such as by *.jpg
            hint = f"Give the picture as ./{unknown[0]}."
        raise ValueError(f"{parser.prog} has no flag {flag}. {hint}")
    options.words += words[end + 1 :]
    return options


def _with_underscores(word: str) -> str:
    """Return a flag such as --max-size as it is defined, --max_size."""
    if not word.startswith("--"):
        return word
    name, equals, value = word[2:].partition("=")
    if name == "cluster":  # its value is left out, not the next word
        equals = "="
    return f"--{name.replace('-', '_')}{equals}{value}"


def _run(command: str | None, options: argparse.Namespace) -> int:
    """Run a command of this package and return how many photographs failed."""
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
    if options.camera is not None:
        return _camera(options, look)
    files, cluster = _file_options(options), clusters.read(options)
    arguments = {
        "model": options.model,
        "painting": options.painting,
        "as_json": options.json,
    }
    with messages.reporting(options.progress):
        if cluster:
            return clusters.stylize(words, look, files, cluster, **arguments)
        return commands.stylize(words, look, files, **arguments)


def _camera(options: argparse.Namespace, look: Look) -> int:
    if options.words or options.cluster is not None:
        raise ValueError("Give --camera alone, without pictures or a cluster.")
    files = _file_options(options)
    moving.run_camera(
        options.camera,
        look,
        files,
        model=options.model,
        painting=options.painting,
        as_json=options.json,
    )
    return 0


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
    with messages.reporting(options.progress):
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
    return Look(
        parse(styles),
        options.strength,
        options.fade,
        options.keep_color,
        options.stroke,
    )


def _file_options(options: argparse.Namespace) -> FileOptions:
    return FileOptions(
        max_size=options.max_size,
        output=options.output,
        format=options.format and options.format.upper(),
        quality=options.quality,
        depth=options.depth,
        overwrite=options.overwrite,
        skip_existing=options.skip_existing or options.resume,
        resume=options.resume,
        steady=options.steady,
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
