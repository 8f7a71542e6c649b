"""Who painted the styles that come with the project, and how they were trained.

The package's own is models/catalogue.json, a list with an object a style. A .tflite
file carries title, artist, year and credit of those of its styles that are in it.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from fast_style import files, gallery
from fast_style.styles import Rows

PATH = gallery.CATALOGUE
LOSSES = frozenset({"content", "style", "total_variation", "total"})
_EXPORTED = ("title", "artist", "year", "credit")


@dataclass(frozen=True)
class Style:
    """One style; None is what is not known of it.

    Args:
        name: what the model and the command line call it.
        title, artist: the painting's.
        year: as in "1889", "1884-1886" or "c. 1831".
        credit: why it may be used.
        thumbnail: file name of a sample; see `thumbnails`.
        command: what trained it.
        losses: the training's last ones, by the names of LOSSES.
    """

    name: str
    title: str | None = None
    artist: str | None = None
    year: str | None = None
    credit: str | None = None
    thumbnail: str | None = None
    command: str | None = None
    losses: dict[str, float] | None = None

    def __post_init__(self):
        for field, value in asdict(self).items():
            if field == "losses":
                fits = value is None or isinstance(value, dict) and set(value) == LOSSES
            else:
                fits = isinstance(value, str) or value is None and field != "name"
            if not fits:
                raise ValueError(f"{self.name!r} has {value!r} as its {field}")


def read(path: str | os.PathLike = PATH) -> dict[str, Style]:
    """Reads a catalogue: its styles by name, in their order.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it is no catalogue.
    """
    styles = {}
    try:
        for entry in json.loads(Path(path).read_text("utf-8")):
            style = Style(**entry)
            if style.name in styles:
                raise ValueError(f"{style.name!r} is there twice")
            styles[style.name] = style
    except OSError as error:
        raise OSError(f"Cannot open '{path}': {error.strerror}.") from error
    except (TypeError, ValueError) as error:
        raise ValueError(f"'{path}' is no catalogue of styles: {error}.") from error
    return styles


def write(styles: dict[str, Style], path: str | os.PathLike = PATH) -> None:
    """Writes a catalogue, whole or not at all."""
    entries = [asdict(style) for style in styles.values()]
    with files.replacing(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(entries, indent=2, ensure_ascii=False) + "\n")


def thumbnails(path: str | os.PathLike = PATH) -> Path:
    """Gives the folder of a catalogue's thumbnails."""
    return Path(path).with_name("thumbnails")


def to_metadata(names: list[str]) -> dict[str, dict]:
    """Gives what a .tflite file carries of the styles that the catalogue knows."""
    known = read()
    return {
        name: {field: getattr(known[name], field) for field in _EXPORTED}
        for name in names
        if name in known
    }


def of_model(metadata: dict) -> dict[str, Style]:
    """Gives a model's painted styles by name, in the order of its weights.

    Args:
        metadata: the model's fast_style.json; see `metadata.read`.

    Raises:
        ValueError: it tells of a style what no `Style` can hold.
    """
    told = metadata.get("catalogue", {})
    try:
        return {
            name: Style(
                name, **{field: told.get(name, {}).get(field) for field in _EXPORTED}
            )
            for name in Rows(metadata["styles"]).painted
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"The model's catalogue is broken: {error}.") from error
