"""Callbacks of a training: backups, log entries and sample pictures."""

import csv
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from fast_style import files, images
from fast_style.network.generator import Generator


class Backup(keras.callbacks.Callback):
    """Saves the generator's and the optimiser's state, each time to a new file.

    The file appears whole or not at all, and only then is the one before it removed,
    so a kill at any moment leaves one. Keras' BackupAndRestore overwrites its only
    file, and saves the frozen loss network, too.

    Args:
        directory: Folder of the files.
        every: Steps between two backups.
    """

    def __init__(self, directory: str | PathLike[str], every: int) -> None:
        super().__init__()
        self.directory = Path(directory)
        self.every = every

    @property
    def step(self) -> int:
        """Step of the newest backup, 0 if there is none."""
        return int(self._files()[-1].stem) if self._files() else 0

    def restore(self, trainer: keras.Model) -> None:
        """Restore the newest backup's state into a built and compiled trainer.

        Raises:
            ValueError: The file is damaged.
        """
        path = self._files()[-1]
        try:
            with open(path, "rb") as file, np.load(file) as state:
                for i, variable in enumerate(_state(trainer)):
                    variable.assign(state[f"arr_{i}"])
        except (zipfile.BadZipFile, EOFError) as error:
            raise ValueError(
                f"The backup '{path}' is damaged. Remove it to start anew."
            ) from error

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        step = steps_done(self.model)
        if step % self.every or self.model.stop_training:
            return
        state = [ops.convert_to_numpy(variable) for variable in _state(self.model)]
        if not all(np.isfinite(values).all() for values in state):
            return  # the loss of the next step ends the training
        with files.replacing(self.directory / f"{step:08d}.npz") as file:
            np.savez(file, *state)
        for old in self._files()[:-1]:
            old.unlink()

    def _files(self) -> list[Path]:
        return sorted(self.directory.glob("*.npz"))


def steps_done(trainer: keras.Model) -> int:
    """Return the steps that a trainer has taken, those before a restart included."""
    return int(ops.convert_to_numpy(trainer.optimizer.iterations))


def _state(trainer: keras.Model) -> list[Any]:
    return [*trainer.generator.weights, *trainer.optimizer.variables]


class Monitor(keras.callbacks.Callback):
    """Logs the mean of each term since the last entry, and stylizes fixed photographs.

    Writes log.csv, losses.png, samples/<step>.png (the photographs above a row of
    results for each style) and, where TensorFlow is installed, the same for
    TensorBoard. Each entry also starts the means of Keras' progress bar anew.

    Args:
        output_dir: The run directory.
        every: Steps between two entries.
        photos: Photographs for the samples, uint8 (N, H, W, 3).
        generator: A built generator that computes as users will see it; it is given
            the trained weights.
        start: Steps done before. Entries and samples of later steps are removed.
    """

    def __init__(
        self,
        output_dir: str | PathLike[str],
        every: int,
        photos: np.ndarray,
        generator: Generator,
        start: int = 0,
    ) -> None:
        super().__init__()
        self.log = Path(output_dir) / "log.csv"
        self.samples = Path(output_dir) / "samples"
        self.every = every
        self.photos = photos
        self.generator = generator
        self.entries = [e for e in _read_log(self.log) if e["step"] <= start]
        for path in self.samples.glob("*.png"):
            if path.stem.isdigit() and int(path.stem) > start:
                path.unlink()
        self.writer = _summary_writer(Path(output_dir) / "logs")
        for entry in self.entries:
            self._summarise(entry)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        if steps_done(self.model) % self.every == 0:
            self.model.reset_metrics()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        step = steps_done(self.model)
        last = batch + 1 == self.params["steps"]
        if (step % self.every and not last) or self.model.stop_training:
            return
        rate = float(ops.convert_to_numpy(self.model.optimizer.learning_rate))
        self.entries.append({"step": step, **logs, "learning_rate": rate})
        with files.replacing(self.log, "w", newline="") as file:
            writer = csv.DictWriter(file, list(self.entries[-1]))
            writer.writeheader()
            writer.writerows(self.entries)
        plot(self.entries, self.log.with_name("losses.png"))
        strip = self._strip()
        images.write(images.Picture(strip), self.samples / f"{step:08d}.png")
        self._summarise(self.entries[-1], strip)

    def _strip(self) -> np.ndarray:
        """Return the photographs above their results: uint8 (H', W', 3)."""
        # Not by predict(), which would give each replica the whole batch.
        self.generator.set_weights(self.model.generator.get_weights())
        strips = [self.photos]
        for style_weights in self.generator.rows.one_hot():
            batch_weights = np.repeat(style_weights[None], len(self.photos), axis=0)
            stylized = ops.convert_to_numpy(self.generator(self.photos, batch_weights))
            # A training that went wrong has no pixels to show: they become black.
            strips.append(np.nan_to_num(stylized).round().astype(np.uint8))
        return np.concatenate([np.concatenate(strip, axis=1) for strip in strips])

    def _summarise(
        self, entry: Mapping[str, float], strip: np.ndarray | None = None
    ) -> None:
        if self.writer is None:
            return
        import tensorflow as tf

        with self.writer.as_default(entry["step"]):
            for name, value in entry.items():
                tf.summary.scalar(name, value)
            if strip is not None:
                tf.summary.image("photographs and results", strip[None])
        self.writer.flush()


def _summary_writer(logs: Path) -> Any:
    """Return TensorBoard's writer for an emptied folder; None without TensorFlow."""
    shutil.rmtree(logs, ignore_errors=True)
    try:
        import tensorflow as tf
    except ImportError:
        return None
    return tf.summary.create_file_writer(str(logs))


def plot(entries: Sequence[Mapping[str, float]], path: str | PathLike[str]) -> None:
    """Draw a log: the losses and the share of saturated values over the steps.

    Args:
        entries: The losses and shares of each entry by name, and its "step".
        path: Path of the PNG file.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 8), layout="constrained")
    losses, saturation = figure.subplots(2, sharex=True, height_ratios=(3, 1))
    steps = [entry["step"] for entry in entries]
    for name in entries[-1]:
        values = np.array([entry[name] for entry in entries])
        if name.endswith("loss"):
            losses.plot(steps, values, label=name)
        elif name.endswith("saturated"):
            saturation.plot(steps, 100 * values, label=name)
    losses.set(ylabel="loss (mean since the last entry)", yscale="log")
    saturation.set(xlabel="step", ylabel="% of values at 0 or 255")
    for axes in (losses, saturation):
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    figure.savefig(path)


def _read_log(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with open(path, newline="") as file:
        return [
            {
                name: int(value) if name == "step" else float(value)
                for name, value in row.items()
            }
            for row in csv.DictReader(file)
        ]
