"""The run directory of a training.

run/
  config.json       the settings of the training
  log.csv           every loss term over the steps
  losses.png        the log as a picture
  logs/             the log for TensorBoard
  samples/          photographs and their stylized results over the steps
  backup/           what an interrupted training goes on from; gone when it is finished
  generator.keras   the result
  run.json          the configuration, versions, final losses, time

A directory belongs to a training if its config.json holds "style" and "steps". The
training is finished if the directory holds generator.keras.
"""

import importlib.metadata
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from fast_style import __version__, files
from fast_style.fields import FilePath
from fast_style.network.generator import Generator
from fast_style.network.loading import result_path, save_generator

# Settings that may change when an interrupted training goes on.
_CHANGEABLE = ("data_dir", "download", "backup_every", "log_every")
# What a training overwrites or removes in its directory.
_REPLACED = (
    "backup",
    "logs",
    "samples",
    "log.csv",
    "losses.png",
    "run.json",
    "config.json",
)


def check(output_dir: FilePath) -> None:
    """Check, before any work, that a training may have this directory.

    Raises:
        OSError: Nothing can be written there.
        ValueError: It holds a finished training, or files of something else.
    """
    run = Path(output_dir)
    if result_path(run).exists():
        raise ValueError(
            f"'{run}' holds a finished training. Give another output directory."
        )
    existing = [name for name in _REPLACED if (run / name).exists()]
    if existing and not _is_training(config(run)):
        raise ValueError(
            f"'{run}' holds '{existing[0]}', which no training wrote and which would "
            "be lost. Give another output directory."
        )
    try:
        new = not run.exists()
        run.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=run).close()
        if new:
            run.rmdir()
    except OSError as error:
        raise OSError(
            f"Cannot write in '{run}': {error.strerror}. Give another output directory."
        ) from error


def claim(output_dir: FilePath, asked: Mapping[str, Any]) -> None:
    """Record the configuration of a training in its run directory.

    Args:
        output_dir: The directory, which is made if it is missing.
        asked: What config.json is to hold.

    Raises:
        ValueError: The directory holds backups of another training.
    """
    # Through JSON and back, so that tuples compare equal to the file's lists. A setting
    # that an older version's file lacks was off.
    new = json.loads(json.dumps(asked, default=str))
    before = config(output_dir)
    if before is not None and any(Path(output_dir).glob("backup/*.npz")):
        changes = [
            f"{name} was {before.get(name)!r} and is {value!r}"
            for name, value in new.items()
            if name not in _CHANGEABLE
            and (before[name] != value if name in before else value)
        ]
        if changes:
            raise ValueError(
                f"'{output_dir}' holds another training: {'; '.join(changes)}. Give "
                "the same settings to go on with it, or another output directory."
            )
    _write_json(Path(output_dir) / "config.json", new)


def config(output_dir: FilePath) -> dict[str, Any] | None:
    """Return what a run directory's config.json holds; None where there is none.

    Raises:
        ValueError: The file is damaged.
    """
    path = Path(output_dir) / "config.json"
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(
            f"'{path}' is damaged. Give another output directory."
        ) from error


def recorded(output_dir: FilePath, name: str) -> Any:
    """Return an entry of a run directory's config.json; None where it is missing."""
    return (config(output_dir) or {}).get(name)


def finish(
    output_dir: FilePath,
    generator: Generator,
    asked: Mapping[str, Any],
    figures: Mapping[str, Any],
) -> Path:
    """Save the result of a training, generator.keras last, and remove its backups.

    Args:
        output_dir: The run directory.
        generator: The trained generator.
        asked: As in `claim`.
        figures: What else run.json is to hold.

    Returns:
        Path of generator.keras.
    """
    run = Path(output_dir)
    unfinished = run / "unfinished.keras"
    save_generator(generator, unfinished)
    versions = {"fast-style": __version__}
    for package in ("keras", "tensorflow", "jax", "numpy", "pillow"):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    content = {"versions": versions, "backend": keras.backend.backend(), **figures}
    _write_json(run / "run.json", {"config": asked, **content})
    os.replace(unfinished, result_path(run))
    shutil.rmtree(run / "backup", ignore_errors=True)
    return result_path(run)


def _is_training(config: Any) -> bool:
    return isinstance(config, dict) and {"style", "steps"} <= set(config)


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    with files.replacing(path, "w") as file:
        file.write(json.dumps(content, indent=2, default=str) + "\n")
