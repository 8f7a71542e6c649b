"""Write a stylised copy of a folder of pictures: fast-style dataset IN -o OUT"""

import argparse
import os
import sys
import time

from fast_style.argument_types import number, path
from fast_style.augment.choices import Choices
from fast_style.augment.copies import Maker
from fast_style.augment.orders import Order
from fast_style.command import calls, cli, messages, parsers, picture_flags
from fast_style.fields import SettingError

DESCRIPTION = """\
Write a stylised copy of a folder of pictures, to train other networks on.

  {program} photos/ -o stylised/
  {program} photos/ -o stylised/ --styles wave,scream --strength 0.5,1

Each picture is painted in a style that is drawn for it. Folders within the folder,
which are labels for many programs, stay. OUT also gets the lists manifest.jsonl (what
was drawn for each result) and skipped.jsonl (what could not be read or painted). The
same command goes on after a stop.
"""


def make_parser(program: str) -> argparse.ArgumentParser:
    """Return the parser of the flags.

    Args:
        program: What a person types to run this, for the help.
    """
    parser = parsers.Parser(
        prog=program,
        usage=f"{program} IN -o OUT [flags]",
        description=DESCRIPTION.format(program=program),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", metavar="IN", help="Folder of pictures.")
    parser.add_argument(
        "-o",
        "--output",
        type=path,
        metavar="OUT",
        help="Folder to make or to complete.",
    )
    _add_draws(parser)
    parser.add_argument(
        "--per_image",
        type=number(int, 1),
        default=1,
        metavar="N",
        help="Results of each picture. Default: %(default)s.",
    )
    parser.add_argument(
        "--shard",
        type=shard,
        default=(1, 1),
        metavar="I/N",
        help="Paint the part I of N, from 1/N to N/N, such as one on each machine. "
        "Default: 1/1, all.",
    )
    picture_flags.add_pictures(parser, max_size=0)
    picture_flags.add_model(parser)
    parser.add_argument("-h", "--help", action="help", help="Show this.")
    return parser


def _add_draws(parser: argparse.ArgumentParser) -> None:
    """Add the flags on what may be drawn."""
    parser.add_argument(
        "-s",
        "--styles",
        type=lambda text: text.split(","),
        metavar="NAMES",
        help="Styles to draw from: wave,scream. Default: all of the model.",
    )
    parser.add_argument(
        "--blend",
        type=number(int, 1),
        default=1,
        metavar="N",
        help="Most styles that are mixed in a picture. Default: %(default)s.",
    )
    parser.add_argument(
        "--strength",
        type=strengths,
        default=(1.0, 1.0),
        metavar="X,X",
        help="Lowest and highest strength to draw, 0 (the photo) to 1 (the whole "
        "effect), or one number. Default: 1.",
    )
    parser.add_argument(
        "--seed",
        type=number(int, 0),
        default=0,
        metavar="S",
        help="Another seed draws other styles. Default: %(default)s.",
    )


def strengths(text: str) -> tuple[float, float]:
    """Return a range of strengths from a flag's text; a `type` for `add_argument`.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    try:
        values = [number(float, 0, 1)(part) for part in text.split(",")]
    except argparse.ArgumentTypeError:
        values = []
    if len(values) not in (1, 2) or values != sorted(values):
        raise argparse.ArgumentTypeError(
            f"{text!r} is invalid. Give one number from 0 to 1, or the lowest and the "
            "highest, such as 0.5,1."
        )
    return values[0], values[-1]


def shard(text: str) -> tuple[int, int]:
    """Return a part and the number of parts; a `type` for `add_argument`.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    first, _, last = text.partition("/")
    if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last):
        return int(first), int(last)
    raise argparse.ArgumentTypeError(
        f"{text!r} is invalid. Give a part and the number of parts, from 1/4 to 4/4."
    )


def main(argv: list[str]) -> int:
    """Make the copy, and return how many pictures failed.

    Args:
        argv: What a person types to run this, and then the flags.

    Raises:
        OSError, ValueError: Nothing, or nothing more, can be made.
        SystemExit: Help was asked for.
    """
    options = calls.parse_words(make_parser(argv[0]), argv[1:])
    try:
        maker = Maker(_order(options))
    except SettingError as error:
        raise ValueError(f"--{error}") from error
    for line in maker.copy.notes:
        messages.note(line)
    return _run(maker)


def _order(options: argparse.Namespace) -> Order:
    if len(options.words) != 1 or not options.output:
        raise ValueError("Give a folder and an output: fast-style dataset IN -o OUT.")
    return Order(
        options.words[0],
        options.output,
        Choices(options.styles, options.blend, options.strength, seed=options.seed),
        per_image=options.per_image,
        shard=options.shard,
        max_size=options.max_size,
        format=options.format and options.format.upper(),
        quality=options.quality,
        model=options.model,
    )


def _run(maker: Maker) -> int:
    """Paint, tell of it, and return how many pictures failed."""
    start = time.perf_counter()
    name = os.path.basename(os.path.normpath(maker.order.output))
    try:
        with messages.part_progress(name, "picture") as progress:
            copy = maker.run(progress, messages.error)
    except (KeyboardInterrupt, OSError):
        painted = maker.copy.painted
        messages.note(f"{painted} pictures are painted. The same command goes on.")
        raise
    seconds = time.perf_counter() - start
    parts = [f"{copy.painted} pictures in {seconds:.1f} s"]
    if copy.existed:
        parts.append(f"{copy.existed} skipped that exist already")
    messages.say(", ".join([*parts, str(maker.order.list_of("manifest"))]))
    if copy.problems:
        failed, count = len(copy.problems), len(maker.originals)
        listed = maker.order.list_of("skipped")
        messages.error(f"{failed} of {count} failed; '{listed}' lists them.")
    return len(copy.problems)


if __name__ == "__main__":
    sys.argv.insert(1, "dataset")
    cli.run()
