"""A model's description of itself: fast_style.json, zipped onto the end of a .tflite.

This is TFLite's convention for associated files: the flatbuffer ignores what follows
it, and a zip archive is found from its end. Any unzip shows the file.
"""

import io
import json
import os
import zipfile
from pathlib import Path

from fast_style import checksums
from fast_style.styles import Rows

FILE_NAME = "fast_style.json"
FORMAT = 1


def dumps(metadata: dict) -> str:
    """Return the text of fast_style.json: the metadata and the number of the format."""
    return json.dumps({"format": FORMAT, **metadata}, indent=2) + "\n"


def attach(path: str | os.PathLike, metadata: dict) -> None:
    """Add fast_style.json and a checksum to a .tflite file that has none yet.

    Args:
        path: The .tflite file.
        metadata: "fast_style" (the version), "styles" (names of the rows, in the
            network's order), "catalogue" (title, artist, year and credit by the name of
            a style), "generator" (the generator's settings), "margin" (pixels that it
            adds before and after each side of a picture) and "bytes_per_pixel" (memory
            to paint a pixel of a picture and its margin).
    """
    with zipfile.ZipFile(path, "a") as archive:
        # Without a date, so that a model always gives the same file.
        archive.writestr(zipfile.ZipInfo(FILE_NAME), dumps(metadata))
    Path(path).write_bytes(checksums.seal(Path(path).read_bytes()))


def read(path: str | os.PathLike) -> dict:
    """Return the content of fast_style.json in a .tflite file.

    Args:
        path: The .tflite file.

    Raises:
        OSError: The file cannot be opened.
        ValueError: The file is damaged, or was not made by this project, or by a later
            version of it.
    """
    if os.path.isdir(path):
        raise OSError(f"'{path}' is a folder. {_advice(Path(path))}")
    content = checksums.read(path, "Make it with fast-style export.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            metadata = json.loads(archive.read(FILE_NAME))
        format, styles = metadata["format"], metadata["styles"]
    except Exception:  # zipfile raises errors of many kinds on a damaged archive
        raise ValueError(
            f"'{path}' carries no readable {FILE_NAME}, so the names of its styles are "
            "unknown. Make it with fast-style export."
        ) from None
    if format != FORMAT:
        raise ValueError(
            f"'{path}' has a {FILE_NAME} of format {format}; this version of "
            f"fast_style reads format {FORMAT}. Install a newer fast_style."
        )
    if not (isinstance(styles, list) and Rows(styles).painted):
        raise ValueError(f"'{path}' names no styles in its {FILE_NAME}.")
    return metadata


def _advice(folder: Path) -> str:
    """Return what to give instead of a folder."""
    if files := sorted(folder.glob("*.tflite"), key=os.path.getsize):
        return f"Give a file in it, such as {files[0]}."
    return "Give a .tflite file; fast-style export makes one of a run directory."
