"""The command fast-style: its flags, its help, its errors."""

import os
import sys
import textwrap
import warnings

from absl import flags

from fast_style import __version__, color, images, stylizer
from fast_style.command import commands

_USAGE = {
    None: """\
usage: fast-style IN... [-o OUT] [flags]
       fast-style styles|sheet|blend ...

Paints photographs in the style of a painting. IN is a picture (JPEG, PNG, WebP,
TIFF, BMP, a GIF's first frame), a folder of them, or - for stdin.

  fast-style photo.jpg
  fast-style holiday/ -o painted/ --style wave --strength 0.8 --keep_color luminance

commands (a picture of such a name is given as ./sheet; each has a --help):
  styles                    list the styles
  sheet PHOTO               a picture in every style, on one sheet
  blend PHOTO STYLE STYLE   a picture in steps from one style to another
""",
    "styles": """\
usage: fast-style styles [flags]

Lists a model's styles: name, title, artist, year.
""",
    "sheet": """\
usage: fast-style sheet PHOTO [-o OUT] [flags]

Paints a picture in every style of a model, on one sheet, the photograph first. PHOTO
is a picture, or - for stdin.

  fast-style sheet photo.jpg
""",
    "blend": """\
usage: fast-style blend PHOTO STYLE STYLE [-o OUT] [flags]

Paints a picture in steps from one style to another, in a strip. PHOTO is a picture,
or - for stdin; either STYLE may be photo, the photograph itself.

  fast-style blend photo.jpg wave scream
  fast-style blend photo.jpg photo wave --steps 7
""",
}
COMMANDS = {
    None: commands.stylize,
    "styles": commands.styles,
    "sheet": commands.sheet,
    "blend": commands.blend,
}
_OUTPUT = {
    None: "File, or folder for several pictures (made if missing), or - for stdout. "
    "Left out: photo.jpg becomes photo-STYLE.jpg beside it, a folder DIR becomes "
    "DIR-STYLE, stdin goes to stdout.",
    "sheet": "File, or folder, or - for stdout. Left out: photo.jpg becomes "
    "photo-sheet.jpg beside it, stdin goes to stdout.",
    "blend": "File, or folder, or - for stdout. Left out: photo.jpg becomes "
    "photo-STYLE-to-STYLE.jpg beside it, stdin goes to stdout.",
}


def define_flags(command: str | None = None) -> flags.FlagValues:
    """Gives the flags of a command, None being none, apart from any other program's."""
    values = flags.FlagValues()
    values.set_gnu_getopt()
    if command != "styles":
        _define_painting(values, command)
    flags.DEFINE_string(
        "model",
        None,
        "A .tflite file made by export.py. Left out: the one in the package.",
        flag_values=values,
    )
    what = "array of the styles" if command == "styles" else "object a picture"
    flags.DEFINE_bool(
        "json", False, f"Print one JSON {what} on stdout.", flag_values=values
    )
    flags.DEFINE_bool("help", False, "Show this.", short_name="h", flag_values=values)
    if command is None:
        flags.DEFINE_bool("version", False, "Show the version.", flag_values=values)
    return values


def _define_painting(values: flags.FlagValues, command: str | None) -> None:
    flags.DEFINE_string(
        "output", None, _OUTPUT[command], short_name="o", flag_values=values
    )
    if command is None:
        flags.DEFINE_multi_string(
            "style",
            None,
            "Name of a style of the model, or several with weights: "
            "wave:0.6,scream:0.4. May be given several times, for as many styles. "
            "Left out: the model's first style.",
            flag_values=values,
        )
    else:
        flags.DEFINE_integer(
            "columns",
            None,
            "Pictures in a row. Left out: "
            + (
                "what suits the sheet."
                if command == "sheet"
                else "all of them, or equal rows of up to ten."
            ),
            lower_bound=1,
            flag_values=values,
        )
    if command == "blend":
        flags.DEFINE_integer(
            "steps",
            5,
            "2 to 100. Pictures, with both ends.",
            lower_bound=2,
            upper_bound=100,
            flag_values=values,
        )
    flags.DEFINE_float(
        "strength",
        1.0,
        "0 (the photo) to 1 (the whole effect).",
        lower_bound=0.0,
        upper_bound=1.0,
        flag_values=values,
    )
    flags.DEFINE_enum(
        "fade",
        None,
        stylizer.FADES,
        "How a strength under 1 comes about. network: the network paints less; "
        "pixels: the painted picture over the photo, as through glass. "
        "Left out: network, where the model can.",
        flag_values=values,
    )
    flags.DEFINE_enum(
        "keep_color",
        "none",
        color.KEEP_COLOR,
        "luminance: the photo's colours under the stylised brightness; "
        "histogram: stylised colours moved to the photo's mean and covariance.",
        flag_values=values,
    )
    flags.DEFINE_integer(
        "max_size",
        512 if command else images.DEFAULT_MAX_SIZE,
        "px. A picture with a longer side is made smaller first; 0 keeps any size.",
        lower_bound=0,
        flag_values=values,
    )
    flags.DEFINE_enum(
        "format",
        None,
        [name.lower() for name in images.WRITABLE],
        "Kind of file to write. Left out: what the output's suffix says, "
        "for stdout the input's own.",
        flag_values=values,
    )
    flags.DEFINE_integer(
        "quality",
        95,
        "1 to 100, for JPEG and WebP.",
        lower_bound=1,
        upper_bound=100,
        flag_values=values,
    )
    flags.DEFINE_bool(
        "overwrite", False, "Replace files that exist.", flag_values=values
    )


def help_text(command: str | None = None) -> str:
    """Gives a command's usage and each flag with its range and default."""
    values = define_flags(command)
    lines = [_USAGE[command] + "\nflags:"]
    for flag in dict.fromkeys(values[name] for name in values):
        short = f"-{flag.short_name}, " if flag.short_name else ""
        lines.append(f"  {short}--{flag.name}")
        text = flag.help
        if not (flag.boolean or flag.default is None):
            text += f" Default: {flag.default}."
        lines.append(
            textwrap.fill(text, 80, initial_indent=" " * 6, subsequent_indent=" " * 6)
        )
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    """Runs the command; gives its exit status, 1 if any picture failed."""
    command = argv[1] if argv[1:] and argv[1] in COMMANDS else None
    values = define_flags(command)
    try:
        inputs = values(argv[1:] if command else argv)[1:]
        options = {values[name].name: values[name].value for name in values}
        if options.pop("help"):
            print(help_text(command))
            return 0
        if options.pop("version", False):
            print(f"fast-style {__version__}")
            return 0
        if not command and inputs and inputs[0] in COMMANDS:
            if not os.path.exists(inputs[0]):
                name = inputs[0]
                raise ValueError(f"Give {name} first, as in: fast-style {name} ...")
        if options.get("format"):
            options["format"] = options["format"].upper()
        errors = COMMANDS[command](inputs, **options) or []
    except (flags.Error, ValueError, OSError, MemoryError) as error:
        errors = [error]
    for error in errors:
        _report(error)
    return 1 if errors else 0


def run() -> None:
    """Entry point of the console script."""
    warnings.simplefilter("ignore")  # Pillow's remarks on odd files; errors are told
    try:
        sys.exit(main(sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)


def _report(error: Exception) -> None:
    text = " ".join(str(error).split()) or type(error).__name__
    print(f"fast-style: error: {text}", file=sys.stderr)
