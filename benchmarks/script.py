"""The command line of a benchmark: python -m benchmarks.NAME"""

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from fast_style.argument_types import path

ROOT = Path(__file__).resolve().parents[1]
PHOTO = ROOT / "examples" / "astronaut.jpg"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
CACHE = Path.home() / ".cache" / "fast_style_bench"


def parser(description: str) -> argparse.ArgumentParser:
    """Return a parser whose help is a module's docstring."""
    return argparse.ArgumentParser(
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_output(
    parser: argparse.ArgumentParser, default: Path | str | None = None
) -> None:
    """Add the flag --output."""
    text = "Markdown file in which to replace the section, or to add it."
    if default:
        text += " Default: %(default)s; '' writes nothing."
    parser.add_argument("--output", type=path, default=default, help=text)


def add_content_dir(parser: argparse.ArgumentParser) -> None:
    """Add the flag --content_dir."""
    parser.add_argument(
        "--content_dir", type=path, required=True, help="Folder of photographs."
    )


def add_photo(parser: argparse.ArgumentParser) -> None:
    """Add the flag --photo."""
    text = "Photograph, brought to every size. Default: %(default)s."
    parser.add_argument("--photo", type=path, default=PHOTO, help=text)


def add_vgg16_weights(parser: argparse.ArgumentParser) -> None:
    """Add the flag --vgg16_weights."""
    parser.add_argument(
        "--vgg16_weights",
        type=path,
        default="imagenet",
        help="Path of Keras' weights of VGG16 (.h5). Default: download them.",
    )


def add_peers(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the benchmarks that measure other programs, too."""
    parser.add_argument(
        "--work_dir",
        type=path,
        default=CACHE,
        help="Folder for the peers' environments and the inputs, kept for the next run."
        " Default: %(default)s.",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="Take a small picture and few runs, and write nothing: to see that all "
        "works.",
    )
    parser.add_argument(
        "--alone",
        action="store_true",
        help="Measure this project alone, by this Python; install nothing.",
    )
    add_output(parser, DOCUMENT)


def names(text: str) -> list[str]:
    """Return the names of a flag's value, between commas."""
    return text.split(",")


def run(main: Callable[[], None]) -> None:
    """Run a benchmark; say in one line what its user can mend."""
    try:
        main()
    except (OSError, ValueError, ImportError, subprocess.SubprocessError) as error:
        sys.exit(f"{Path(sys.argv[0]).stem}: error: {error}")
