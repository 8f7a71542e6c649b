"""The photographs and paintings that sets of results are compared by."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import script
from benchmarks.scoring import square
from fast_style import folders, images
from fast_style.argument_types import number, path


class Photo(NamedTuple):
    """A photograph.

    Args:
        name: Its file's name without the suffix.
        pixels: uint8 (size, size, 3), its centre square.
    """

    name: str
    pixels: np.ndarray


def add_arguments(parser: argparse.ArgumentParser, least_size: int) -> None:
    """Add the flags that say which photographs and paintings there are.

    Args:
        parser: The parser.
        least_size: Least size of the photographs in px.
    """
    script.add_content_dir(parser)
    parser.add_argument(
        "--style_dir",
        type=path,
        action="append",
        default=[],
        help="Folder of paintings, each named as its style, such as wave.jpg; may be "
        "given several times.",
    )
    parser.add_argument(
        "--styles", type=script.names, help="Names of styles. Default: all."
    )
    parser.add_argument(
        "--image_size",
        type=number(int, least_size),
        default=512,
        help="Side of the square photographs, in px. Default: %(default)s.",
    )
    parser.add_argument(
        "--photos",
        type=number(int, 1),
        help="Number of photographs, the first ones. Default: all.",
    )
    parser.add_argument(
        "--work_dir",
        type=path,
        default=script.CACHE,
        help="Folder for the peer's environment and pictures. Default: %(default)s.",
    )


def read_photos(folder: str | Path, size: int, count: int | None = None) -> list[Photo]:
    """Return the first photographs of a folder, or all.

    Raises:
        OSError: There are none.
        ValueError: Two have one name.
    """
    files = by_stem(folders.search(folder).pictures[:count])
    if not files:
        raise OSError(f"'{folder}' holds no photographs.")
    return [
        Photo(name, square(images.read(file).pixels, size))
        for name, file in files.items()
    ]


def painting_paths(
    style_dirs: Sequence[str | Path], names: Iterable[str] | None = None
) -> dict[str, Path]:
    """Return the path of each painting by the name of its style.

    Args:
        style_dirs: Folders of paintings.
        names: The styles; None for all.

    Raises:
        OSError: A folder cannot be opened.
        ValueError: Two paintings have one name.
    """
    found = [file for folder in style_dirs for file in folders.search(folder).pictures]
    return by_stem([file for file in found if names is None or file.stem in names])


def by_stem(files: Iterable[Path]) -> dict[str, Path]:
    """Return the paths of files by their names without the suffix.

    Raises:
        ValueError: Two have one name.
    """
    named: dict[str, Path] = {}
    for file in files:
        other = named.setdefault(file.stem, file)
        if other is not file:
            raise ValueError(f"'{other}' and '{file}' have one name. Rename one.")
    return named
