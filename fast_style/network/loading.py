"""Trained generators from files."""

import os
import tempfile
from pathlib import Path

import keras

from fast_style import __version__, checksums, files, trained
from fast_style.network.generator import Generator


def save_generator(generator: Generator, path: str | os.PathLike) -> None:
    """Write a generator to a .keras file, with a checksum, whole or not at all.

    Raises:
        OSError: The file cannot be written. The old file, if any, is unchanged.
    """
    with tempfile.TemporaryDirectory() as folder:
        unsealed = Path(folder) / "generator.keras"
        generator.save(unsealed)
        content = unsealed.read_bytes()
    with files.replacing(path) as file:
        file.write(checksums.seal(content))


def load_generator(model: str | os.PathLike) -> Generator:
    """Load a trained generator.

    Args:
        model: Path of a run directory whose training is finished, or of a .keras file.

    Raises:
        OSError: There is no such file.
        ValueError: The file is damaged, or holds no generator of this version of
            fast_style.
    """
    path = trained.find(model)
    try:
        generator = keras.saving.load_model(path, compile=False)
    except Exception as error:  # zipfile, json and Keras raise errors of their own
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ValueError(
            f"Cannot load '{path}' with fast_style {__version__} ({reason[:120]}). "
            "Give a run directory or a .keras file of this version's training."
        ) from error
    if not isinstance(generator, Generator):
        raise ValueError(
            f"'{path}' holds no generator of this package but a "
            f"{type(generator).__name__}. Give a run directory or its generator.keras."
        )
    return generator
