"""The run directory of a training.

config.json       what the training was asked for
log.csv, logs/    every term over the steps; for TensorBoard
samples/          photographs and their stylised results over the steps
losses.png        the log as a picture
backup/           what a killed training goes on from; gone when it is finished
generator.keras   the result
run.json          the configuration, versions, final losses, time
"""

import importlib.metadata
import json
import os
import shutil
import tempfile
from pathlib import Path

import keras

from fast_style import __version__, files
from fast_style.network.loading import result_path

# What may differ when a training goes on.
_FREE = ("data_dir", "download", "backup_every", "log_every")
# What a training writes over or removes in its directory.
_OWN = ("backup", "logs", "samples", "log.csv", "losses.png", "run.json", "config.json")


def check(output_dir):
    """Finds out, before any work, whether a training may have this directory.

    Raises:
        OSError: Nothing can be written there.
        ValueError: It holds a finished training, or something that is none.
    """
    output_dir = Path(output_dir)
    if result_path(output_dir).exists():
        raise ValueError(
            f"'{output_dir}' holds a finished training. Give another --output_dir."
        )
    there = [name for name in _OWN if (output_dir / name).exists()]
    if there and not _is_training(_config(output_dir)):
        raise ValueError(
            f"'{output_dir}' holds '{there[0]}', which is of no training and would be "
            "lost. Give another --output_dir."
        )
    try:
        new = not output_dir.exists()
        output_dir.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=output_dir).close()
        if new:
            output_dir.rmdir()
    except OSError as error:
        raise OSError(
            f"Cannot write in '{output_dir}': {error.strerror}. Give another "
            "--output_dir."
        ) from error


def claim(output_dir, config):
    """Sets a run directory up, or checks that what it goes on with is this training.

    Args:
        output_dir: The directory, made if it is not there.
        config: dict of what the training is asked for.

    Raises:
        ValueError: It holds another training.
    """
    # Through JSON and back, so that tuples compare equal to what the file holds.
    config = json.loads(json.dumps(config, default=str))
    before = _config(output_dir)
    if before is not None and any(Path(output_dir).glob("backup/*.npz")):
        changed = [
            f"{name} was {before.get(name)!r} and is {value!r}"
            for name, value in config.items()
            if name not in _FREE and before.get(name) != value
        ]
        if changed:
            raise ValueError(
                f"'{output_dir}' holds another training: {'; '.join(changed)}. Give "
                "the same flags to go on with it, or another --output_dir."
            )
    _write_json(Path(output_dir) / "config.json", config)


def recorded(output_dir, name):
    """What a run directory's config.json says of a name; None if it does not."""
    return (_config(output_dir) or {}).get(name)


def finish(output_dir, generator, config, figures):
    """Saves what a training came to, generator.keras last, and drops its backups.

    Args:
        output_dir: The run directory.
        generator: The trained Generator.
        config: As in claim.
        figures: dict of what else run.json tells.

    Returns:
        Path of generator.keras.
    """
    output_dir = Path(output_dir)
    unfinished = output_dir / "unfinished.keras"
    generator.save(unfinished)
    versions = {"fast-style": __version__}
    for package in ("keras", "tensorflow", "jax", "numpy", "pillow"):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    content = {"versions": versions, "backend": keras.backend.backend(), **figures}
    _write_json(output_dir / "run.json", {"config": config, **content})
    os.replace(unfinished, result_path(output_dir))
    shutil.rmtree(output_dir / "backup", ignore_errors=True)
    return result_path(output_dir)


def _config(output_dir):
    """What is in a directory's config.json; None where there is none."""
    path = Path(output_dir) / "config.json"
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(f"'{path}' is damaged. Give another --output_dir.") from error


def _is_training(config):
    return isinstance(config, dict) and {"style", "steps"} <= set(config)


def _write_json(path, content):
    with files.replacing(path, "w") as file:
        file.write(json.dumps(content, indent=2, default=str) + "\n")
