"""The words and flags of fast-style, as argparse's parsers."""

import argparse
from dataclasses import dataclass
from typing import NoReturn

from fast_style import __version__, color, images, strokes, stylizer
from fast_style.argument_types import number, path, stroke
from fast_style.command import clusters, picture_flags

# Commands that are packages with flags of their own, and the extra that each needs.
PACKAGES = {
    "dataset": ("fast_style.augment", ""),
    "train": ("fast_style.training", "train"),
    "export": ("fast_style.export", "train"),
    "serve": ("fast_style.serve", "serve"),
}
COMMANDS = ("styles", "sheet", "blend", *PACKAGES)


@dataclass(frozen=True)
class Text:
    """What the help says of a command.

    Args:
        words: What the command is given beside flags, as its usage shows it.
        description: What the command does, with examples.
        inputs: What the words mean.
        output: What results are called without --output.
        columns: How many pictures a row has without --columns.
    """

    words: str
    description: str
    inputs: str = ""
    output: str = ""
    columns: str = ""


TEXTS = {
    None: Text(
        words="IN...",
        description="""\
Paint photographs and films in the style of a painting.

  fast-style photo.jpg
  fast-style clip.mp4 -o painted.mp4
  fast-style holiday/ -o painted/ --style wave --strength 0.8 --keep_color luminance

commands (a picture of such a name is given as ./sheet; each has a --help):
  styles                    list the styles
  sheet PHOTO               a picture in every style, on one sheet
  blend PHOTO STYLE STYLE   a picture in steps from one style to another
  dataset DIR               a copy of a folder of pictures, each in a style at random
  train                     learn styles from paintings
  export                    turn what was learned into files for --model and servers
  serve                     a page in the browser and an interface for programs
""",
        inputs="Picture (JPEG, PNG, WebP, AVIF, TIFF, BMP, GIF and others), film (MP4, "
        "MOV, MKV, WebM and others), folder of them, or - for a picture from stdin.",
        output="photo-STYLE.jpg beside photo.jpg, DIR-STYLE beside a folder DIR",
    ),
    "styles": Text(
        words="",
        description="List a model's styles: name, title, artist, year.",
    ),
    "sheet": Text(
        words="PHOTO",
        description="""\
Paint a picture in every style of a model, on one sheet, the photograph first.

  fast-style sheet photo.jpg
""",
        inputs="Picture, or - for stdin.",
        output="photo-sheet.jpg beside photo.jpg",
        columns="as many as suit the sheet",
    ),
    "blend": Text(
        words="PHOTO STYLE STYLE",
        description="""\
Paint a picture in steps from one style to another, in a strip.

  fast-style blend photo.jpg wave scream
  fast-style blend photo.jpg photo wave --steps 7
""",
        inputs="Picture, or - for stdin; and two styles, of which one may be photo, "
        "the photograph itself.",
        output="photo-STYLE-to-STYLE.jpg beside photo.jpg",
        columns="all of them, or equal rows of up to ten",
    ),
}


class Parser(argparse.ArgumentParser):
    """A parser that raises its errors instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        message = message.replace("expected one argument", "it has no value. Give one")
        raise ValueError(message.rstrip(".") + ".")


def make_parser(command: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of a command.

    Args:
        command: "styles", "sheet" or "blend"; None for painting, which has no word.
    """
    text = TEXTS[command]
    name = f"fast-style {command}" if command else "fast-style"
    output = "[-o OUT] " if text.output else ""
    words = f"{text.words} " if text.words else ""
    usage = f"{name} {words}{output}[flags]"
    if not command:
        usage += f"\n       fast-style {'|'.join(COMMANDS)} ..."
    parser = Parser(
        prog=name,
        usage=usage,
        description=text.description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    inputs = text.inputs or argparse.SUPPRESS
    parser.add_argument("words", nargs="*", metavar=text.words, help=inputs)
    add_flags(parser, command)
    return parser


def add_flags(parser: argparse.ArgumentParser, command: str | None) -> None:
    """Add a command's flags to a parser; `command` is as of `make_parser`."""
    if command != "styles":
        _add_output(parser, command)
        _add_look(parser, command)
        picture_flags.add_pictures(parser, 512 if command else images.DEFAULT_MAX_SIZE)
        _add_existing(parser, command)
    if command in (None, "sheet"):
        parser.add_argument(
            "--progress",
            type=path,
            metavar="FILE",
            help="Write into a file, as a line of JSON, how far it is. Default: not.",
        )
    if command is None:
        clusters.add_flags(parser)
    picture_flags.add_model(parser)
    content = "array of the styles" if command == "styles" else "object a picture"
    parser.add_argument(
        "--json", action="store_true", help=f"Print one JSON {content} on stdout."
    )
    parser.add_argument("-h", "--help", action="help", help="Show this.")
    if command is None:
        parser.add_argument(
            "--version",
            action="version",
            version=f"fast-style {__version__}",
            help="Show the version.",
        )
        parser.add_argument(
            "--print_completion",
            choices=("bash", "zsh", "tcsh"),
            help="Print a script that makes this shell complete words and flags.",
        )


def _add_output(parser: argparse.ArgumentParser, command: str | None) -> None:
    text = TEXTS[command]
    parser.add_argument(
        "-o",
        "--output",
        type=path,
        metavar="OUT",
        help="File, folder (made if missing), or - for stdout. Default: "
        f"{text.output}, stdout for stdin.",
    )
    if not command:
        parser.add_argument(
            "--camera",
            nargs="?",
            const="",
            metavar="SOURCE",
            help="Paint a camera, an address or a film while it runs, in a window or "
            "into OUT. Default: the first camera.",
        )
    if text.columns:
        parser.add_argument(
            "--columns",
            type=number(int, 1),
            metavar="N",
            help=f"Pictures in a row. Default: {text.columns}.",
        )
    if command == "blend":
        parser.add_argument(
            "--steps",
            type=number(int, 2, 100),
            default=5,
            metavar="N",
            help="2 to 100 pictures, with both ends. Default: %(default)s.",
        )


def _add_existing(parser: argparse.ArgumentParser, command: str | None) -> None:
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument(
        "--overwrite", action="store_true", help="Replace files that exist."
    )
    if command is None:
        existing.add_argument(
            "--skip_existing",
            action="store_true",
            help="Leave out photographs whose results exist: go on after a stop.",
        )
        existing.add_argument(
            "--resume",
            action="store_true",
            help="The same, and go on within a film that was begun.",
        )
        parser.add_argument(
            "--depth",
            type=int,
            choices=(8, 16),
            default=8,
            help="16: PNG and TIFF of 16 bits, of photographs that have them. The "
            "network paints 8; what stays of the photograph keeps 16. "
            "Default: %(default)s.",
        )
        parser.add_argument(
            "--nosteady",
            dest="steady",
            action="store_false",
            help="Paint each frame of a film by itself: its strokes flicker.",
        )
    else:
        parser.set_defaults(skip_existing=False, resume=False, steady=True, depth=8)


def _add_look(parser: argparse.ArgumentParser, command: str | None) -> None:
    if command is None:
        styles = parser.add_mutually_exclusive_group()
        styles.add_argument(
            "-s",
            "--style",
            action="append",
            metavar="NAME",
            help="Style of the model, or several with weights: wave:0.6,scream:0.4. "
            "Give it several times for a blend. Default: the first that fast-style "
            "styles lists.",
        )
        styles.add_argument(
            "--painting",
            type=path,
            metavar="FILE",
            help="A picture to paint like, at once: by the blend of the gallery's "
            "styles that is most like it, in its colours.",
        )
    parser.add_argument(
        "--strength",
        type=number(float, 0, 1),
        default=1.0,
        metavar="X",
        help="0 (the photo) to 1 (the whole effect). Default: %(default)s.",
    )
    parser.add_argument(
        "--fade",
        choices=stylizer.FADES,
        help="How a strength under 1 comes about. network: the network paints less; "
        "pixels: the painted picture is laid over the photo with that opacity. "
        "Default: network, where the model can.",
    )
    parser.add_argument(
        "--keep_color",
        choices=color.KEEP_COLOR,
        default="none",
        help="luminance: the photo's colours under the stylized brightness; "
        "histogram: stylized colours moved to the photo's mean and covariance. "
        "Default: %(default)s.",
    )
    parser.add_argument(
        "--stroke",
        type=stroke,
        default=1.0,
        metavar="X",
        help=f"Length of the strokes: 1 to {strokes.LONGEST:g} times the network's "
        f"own; or {strokes.AUTO}, as long against the picture as at "
        f"{strokes.AUTO_SIZE} px, for large pictures. Default: %(default)g.",
    )
