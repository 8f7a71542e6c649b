"""The files in the package: the embedded gallery and what belongs to it."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from fast_style.trained import result_path

MODELS = Path(__file__).parent / "models"
MODEL = MODELS / "gallery.tflite"  # applies the styles
GENERATOR = MODELS / "gallery.keras"  # trainings start from it
COMPACT_WEIGHTS = MODELS / "vgg16_compact.npz"
PAINTINGS = MODELS / "paintings.npz"  # how the network sees them; see likeness
CATALOGUE = MODELS / "catalogue.json"
SAMPLE = MODELS / "sample.jpg"  # a photograph to try styles on


def trainable_models(folder: Path = MODELS) -> dict[str, Path]:
    """Return the embedded generators that a training can start from, by name."""
    return {path.stem: path for path in sorted(folder.glob("*.keras"))}


def generator_path(model: str | os.PathLike[str], models: Path = MODELS) -> Path:
    """Return the path of a trained generator that is given by name or path.

    Args:
        model: Name of an embedded model, or path of a .keras file or of a run
            directory. `gallery` is a name, `./gallery` a path.
        models: Folder of the embedded models.

    Returns:
        Absolute path of a .keras file, which may be missing.
    """
    if path := trainable_models(models).get(str(model)):
        return path
    path = Path(model).absolute()
    return result_path(path) if path.is_dir() else path


def recipes() -> dict[str, Path]:
    """Return the files of flags that a training can be given, by name."""
    package = Path(__file__).parent
    inside = package / "flags"  # beside the package in a copy of the repository
    folder = inside if inside.is_dir() else package.parent / "flags"
    return {path.stem: path for path in sorted(folder.glob("*.flags"))}


def own_styles(generator: Any, embedded: Any) -> list[str]:
    """Return the names of a generator's styles that are the embedded gallery's.

    Any style may have the name of one in the gallery. So each row of the
    normalisation's tables is compared, to the bit.

    Args:
        generator: A Generator.
        embedded: The Generator of the gallery.
    """
    if generator.architecture != embedded.architecture:
        return []
    tables = [
        (np.asarray(table), np.asarray(embedded_table))
        for table, embedded_table in zip(generator.tables, embedded.tables, strict=True)
    ]
    embedded_rows = {name: row for row, name in enumerate(embedded.styles)}
    return [
        name
        for row, name in enumerate(generator.styles)
        if name in embedded_rows
        and all(
            np.array_equal(table[row], embedded_table[embedded_rows[name]])
            for table, embedded_table in tables
        )
    ]
