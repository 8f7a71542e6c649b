"""Who painted each style, and how the styles of the package were trained.

The package's catalogue is models/catalogue.json, a list of one object per style. A
.tflite file carries title, artist, year, credit and group of those of its styles that
are in that catalogue.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from fast_style import cards, files, gallery
from fast_style.styles import Rows

PATH = gallery.CATALOGUE
GROUPS = ("prints", "ink", "impressionism", "modern", "patterns")
_EXPORTED = ("title", "artist", "year", "credit", "group")


@dataclass(frozen=True)
class Style:
    """A style's entry in a catalogue; None stands for what is not known.

    Args:
        name: Name of the style in the model and on the command line.
        title: Title of the painting.
        artist: Who painted it.
        year: When, such as "1889", "1884-1886" or "c. 1831".
        credit: Why the painting may be used.
        group: One of GROUPS.
        thumbnail: File name of a sample in the folder that `thumbnails` returns.
        painting: File name of a small picture of the painting there.
        command: Command line that trained the style.

    Raises:
        ValueError: A field is of another type.
    """

    name: str
    title: str | None = None
    artist: str | None = None
    year: str | None = None
    credit: str | None = None
    group: str | None = None
    thumbnail: str | None = None
    painting: str | None = None
    command: str | None = None

    def __post_init__(self) -> None:
        for field, value in asdict(self).items():
            valid = isinstance(value, str) or (value is None and field != "name")
            valid &= field != "group" or value in (None, *GROUPS)
            if not valid:
                raise ValueError(f"{self.name!r} has {value!r} as its {field}")

    def card(self, jpeg: bytes | None) -> str:
        """Return the HTML of a picture of the style with its name, title and artist."""
        known = (self.title, self.artist, self.year)
        return cards.card(self.name, ", ".join(filter(None, known)), jpeg)

    def _repr_html_(self) -> str:
        """Return how a notebook shows the style."""
        path = pictures({self.name: self}, "thumbnail").get(self.name)
        return self.card(path.read_bytes() if path else None)


def read(path: str | os.PathLike = PATH) -> dict[str, Style]:
    """Return the styles of a catalogue by name, in the file's order.

    Args:
        path: The catalogue; the package's own by default.

    Raises:
        OSError: The file cannot be opened.
        ValueError: The file is no catalogue.
    """
    styles: dict[str, Style] = {}
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
    """Write a catalogue, whole or not at all.

    Args:
        styles: The styles by name, in the order of the file.
        path: The file to write; the package's own by default.

    Raises:
        OSError: The file cannot be written.
    """
    entries = [asdict(style) for style in styles.values()]
    with files.replacing(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(entries, indent=2, ensure_ascii=False) + "\n")


def thumbnails(path: str | os.PathLike = PATH) -> Path:
    """Return the folder of a catalogue's thumbnails."""
    return Path(path).with_name("thumbnails")


def pictures(styles: Mapping[str, Style], kind: str) -> dict[str, Path]:
    """Return the package's pictures of those of a model's styles that are its own.

    Args:
        styles: Styles by name, as `of_model` returns them.
        kind: "thumbnail" or "painting".
    """
    embedded, folder = read(), thumbnails()
    paths = {}
    for name, style in styles.items():
        file = getattr(embedded[name], kind) if name in embedded else None
        # A style without a title is not the gallery's, though it has the same name.
        if style.title and file and (folder / file).is_file():
            paths[name] = folder / file
    return paths


def to_metadata(names: list[str]) -> dict[str, dict]:
    """Return the entries of the package's catalogue that a .tflite file carries.

    Args:
        names: Names of the styles; those that are not in the catalogue are left out.

    Returns:
        Title, artist, year, credit and group by the name of the style.
    """
    styles = read()
    return {
        name: {field: getattr(styles[name], field) for field in _EXPORTED}
        for name in names
        if name in styles
    }


def of_model(metadata: dict) -> dict[str, Style]:
    """Return a model's painted styles by name, those of the gallery last.

    So the first is a person's own in a model that was trained from the gallery.

    Args:
        metadata: The model's fast_style.json; see `metadata.read`.

    Raises:
        ValueError: An entry has a field of another type than `Style` has.
    """
    entries = metadata.get("catalogue", {})
    try:
        return {
            name: Style(
                name, **{field: entries.get(name, {}).get(field) for field in _EXPORTED}
            )
            for name in sorted(
                Rows(metadata["styles"]).painted, key=lambda name: name in entries
            )
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"The model's catalogue is broken: {error}.") from error
