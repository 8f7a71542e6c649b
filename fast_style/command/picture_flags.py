"""Flags of several commands: how pictures are read and written, and the model."""

import argparse

from fast_style import MIN_SIZE, images
from fast_style.argument_types import number, path


def add_pictures(parser: argparse.ArgumentParser, max_size: int) -> None:
    """Add the flags on how pictures are read and written; `max_size` is a default."""
    parser.add_argument(
        "--max_size",
        type=number(int, MIN_SIZE, or_zero=True),
        default=max_size,
        metavar="PX",
        help="A picture with a longer side is made smaller first; 0 keeps any size. "
        "Default: %(default)s.",
    )
    parser.add_argument(
        "--format",
        choices=[name.lower() for name in images.WRITABLE],
        help="Kind of file to write. Default: by the output's suffix, or as the input.",
    )
    parser.add_argument(
        "--quality",
        type=number(int, 1, 100),
        default=95,
        metavar="N",
        help="1 to 100, for JPEG, WebP, AVIF and films. Default: %(default)s.",
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the flag --model."""
    parser.add_argument(
        "--model",
        type=path,
        metavar="FILE",
        help="A .tflite file of fast-style export. Default: the one in the package.",
    )
