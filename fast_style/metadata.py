"""What a .tflite file knows about itself: fast_style.json, zipped onto its end.

TFLite's convention for associated files: the flatbuffer ignores what follows it, and a
zip archive is found from the end. Any unzip shows the file.
"""

import json
import os
import zipfile

from fast_style.styles import Rows

FILE_NAME = "fast_style.json"
FORMAT = 1


def dumps(metadata: dict) -> str:
    """Gives the text of fast_style.json, the format number added."""
    return json.dumps({"format": FORMAT, **metadata}, indent=2) + "\n"


def attach(path: str | os.PathLike, metadata: dict) -> None:
    """Adds fast_style.json to a .tflite file that has none yet.

    Args:
        path: the .tflite file.
        metadata: "fast_style" (version), "styles" (names in the order of the weights),
            "catalogue" (title, artist, year and credit of those that have them, by
            name) and "generator" (its settings).
    """
    with zipfile.ZipFile(path, "a") as archive:
        # Of no date, so that the same model gives the same file.
        archive.writestr(zipfile.ZipInfo(FILE_NAME), dumps(metadata))


def read(path: str | os.PathLike) -> dict:
    """Reads fast_style.json from a .tflite file.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it was not made by this project, or by a later version of it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            metadata = json.loads(archive.read(FILE_NAME))
        format, styles = metadata["format"], metadata["styles"]
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        raise ValueError(
            f"'{path}' carries no readable {FILE_NAME}, so the names of its styles are "
            "unknown. Make it with export.py."
        ) from None
    except OSError as error:
        raise OSError(f"Cannot open '{path}': {error.strerror}.") from error
    if format != FORMAT:
        raise ValueError(
            f"'{path}' has {FILE_NAME} of format {format}, and this version of "
            f"fast_style reads format {FORMAT}. Install a newer fast_style."
        )
    if not (isinstance(styles, list) and Rows(styles).painted):
        raise ValueError(f"'{path}' names no styles in its {FILE_NAME}.")
    return metadata
