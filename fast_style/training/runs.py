"""The run directory of a training.

run/
  config.json       the settings of the training
  log.csv           every loss term over the steps
  losses.png        the log as a picture
  logs/             the log for TensorBoard
  samples/          photographs and their stylized results over the steps
  backup/           what an interrupted training goes on from; gone when it is finished
  .lock             held by the training that is under way
  generator.keras   the result
  run.json          the configuration, versions, final losses and style weights, time

A directory belongs to a training if its config.json holds "style" and "steps". The
training is finished if the directory holds generator.keras.
"""

import importlib.metadata
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from absl import logging
from filelock import FileLock, Timeout

from fast_style import __version__, files
from fast_style.fields import FilePath
from fast_style.trained import result_path

if TYPE_CHECKING:
    from fast_style.network.generator import Generator

# Settings that may change when an interrupted training goes on: those that do not
# change the result, and paths of files whose fingerprints are compared.
_CHANGEABLE = (
    *("data_dir", "download", "backup_every", "log_every", "base_model"),
    *("resident", "steps_per_execution", "sample"),
)
_PHOTOGRAPHS = ("content_dir", "photographs")  # may change, with a warning
LOCK = ".lock"
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


@contextmanager
def reserved(output_dir: FilePath) -> Iterator[None]:
    """Keep a run directory for one training, inside the block.

    The lock is the system's: that of a process that was killed is gone, too. A
    directory that is new and stays empty is removed again.

    Raises:
        OSError: Nothing can be written there.
        ValueError: It holds a finished training, a training that is under way, or
            files of something else.
    """
    run = Path(output_dir)
    check(run)
    new, lock = not run.exists(), FileLock(run / LOCK, timeout=0)
    try:
        run.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=run).close()
        lock.acquire()
    except Timeout:
        raise ValueError(
            f"Another training is under way in '{run}'. Wait for its end, or give "
            "another output directory."
        ) from None
    except OSError as error:
        raise OSError(
            f"Cannot write in '{run}': {error.strerror}. Give another output directory."
        ) from error
    try:
        check(run)  # another training may have ended just now
        yield
    finally:
        lock.release()
        if new and [path.name for path in run.iterdir()] == [LOCK]:
            (run / LOCK).unlink()
            run.rmdir()


def check(output_dir: FilePath) -> None:
    """Check that a training may have this directory.

    Raises:
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


def claim(output_dir: FilePath, asked: Mapping[str, Any], *, goes_on: bool) -> None:
    """Record the configuration of a training in its run directory.

    Args:
        output_dir: The directory.
        asked: What config.json is to hold.
        goes_on: Whether the training goes on from a backup in the directory. A warning
            then tells whether the photographs have changed.

    Raises:
        ValueError: The backup is another training's.
    """
    # Through JSON and back, so that tuples compare equal to the file's lists.
    new = json.loads(json.dumps(asked, default=str))
    before = (config(output_dir) if goes_on else None) or new
    changes = _changes(before, new)
    others = [text for name, text in changes.items() if name not in _PHOTOGRAPHS]
    if others:
        raise ValueError(
            f"'{output_dir}' holds another training: {'; '.join(others)}. Give "
            "the same settings to go on with it, or another output directory."
        )
    if changes:
        logging.warning(
            "The photographs have changed: %s. The training goes on with those of now.",
            "; ".join(changes.values()),
        )
    _write_json(Path(output_dir) / "config.json", new)


def _changes(before: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Return what has changed of a configuration, by the names of the settings.

    A setting that an older version's file lacks was off.
    """
    changes = {}
    for name, value in new.items():
        old = before.get(name)
        if name == "style" and old is not None:
            old, value = _described(old), _described(value)
        if name not in _CHANGEABLE and (old != value if name in before else value):
            changes[name] = f"{name} was {old!r} and is {value!r}"
    return changes


def _described(styles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of styles without the paintings' paths."""
    return [
        {name: value for name, value in style.items() if name != "path"}
        for style in styles
    ]


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
    generator: "Generator",
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
    # Imported here so that a wrong directory is told without loading Keras.
    import keras

    from fast_style.network.loading import save_generator

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
