"""Where trained generators lie: in run directories, and in files of their own."""

import os
from pathlib import Path

from fast_style import checksums


def result_path(run: str | os.PathLike) -> Path:
    """Return the path of the finished generator in a run directory."""
    return Path(run) / "generator.keras"


def find(model: str | os.PathLike) -> Path:
    """Return the path of a trained generator's .keras file, which is whole.

    Args:
        model: Path of a run directory whose training is finished, or of a .keras file.

    Raises:
        OSError: There is no such file.
        ValueError: It is damaged.
    """
    path = Path(model)
    if path.is_dir():
        path = result_path(path)
    if not path.is_file():
        raise OSError(
            f"Cannot find '{path}'. Give a run directory whose training is finished, "
            "or a .keras file."
        )
    checksums.read(path, "Give a run directory or a .keras file of a training.")
    return path
