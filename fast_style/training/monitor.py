"""What a training tells of itself: its log, a plot of it, and sample pictures."""

import csv
import shutil
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import keras
import numpy as np

from fast_style import files, images
from fast_style.network.generator import Generator
from fast_style.training.optimizers import steps_done
from fast_style.training.plots import plot
from fast_style.training.settings import Settings

ENTRIES = 50  # that a log has at least, for its plot to show the way


def entry_interval(settings: Settings) -> int:
    """Return the steps between two entries of a training's log.

    It divides the steps between two samples.
    """
    every, least = settings.log_every, settings.steps_per_execution
    at_most = max(1, settings.steps // ENTRIES)
    divisors = [n for n in range(least, every + 1, least) if every % n == 0]
    return max((n for n in divisors if n <= at_most), default=least)


class Means(keras.callbacks.Callback):
    """Begins the means of the terms anew after each entry of the log.

    Every host that takes part in a training must do so.

    Args:
        every: Steps between two entries.
    """

    def __init__(self, every: int) -> None:
        super().__init__()
        self.every = every

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        if steps_done(self.model) % self.every == 0:
            self.model.reset_metrics()


class Monitor(keras.callbacks.Callback):
    """Logs the means of the terms, and stylizes fixed photographs.

    Writes log.csv, losses.png, samples/<step>.png (the photographs above a row of
    results for each style, from before the first step on) and, where TensorFlow is
    installed, the same for TensorBoard.

    Args:
        output_dir: The run directory.
        generator: A built generator that computes as users will see it; it is given
            the trained weights.
        photos: Photographs for the samples, uint8 (N, H, W, 3).
        weights: {term: its weight in the loss}, for the plot.
        every: Steps between two samples.
        entry_every: Steps between two entries of the log; see `entry_interval`.
        steps: Steps of the training.
        start: Steps done before. Entries and samples of later steps are removed.

    Raises:
        ValueError: The log of the steps before is damaged.
    """

    def __init__(
        self,
        output_dir: str | PathLike[str],
        generator: Generator,
        photos: np.ndarray,
        weights: Mapping[str, float],
        *,
        every: int,
        entry_every: int,
        steps: int,
        start: int = 0,
    ) -> None:
        super().__init__()
        self.log = Path(output_dir) / "log.csv"
        self.samples = Path(output_dir) / "samples"
        self.generator = generator
        inputs = keras.Input((None, None, 3)), keras.Input((len(generator.styles),))
        self.stylizer = keras.Model(inputs, generator(*inputs))  # compiled once
        self.photos = photos
        self.weights = weights
        self.every = every
        self.entry_every = entry_every
        self.steps = steps
        self.start = start
        self.entries = self._entries_before() if start else []
        for path in self.samples.glob("*.png"):
            if path.stem.isdigit() and int(path.stem) > start:
                path.unlink()
        self.writer = _summary_writer(Path(output_dir) / "logs")
        for entry in self.entries:
            self._summarise(entry)

    @property
    def final(self) -> dict[str, float]:
        """The mean of each term over the last `every` steps; empty without entries."""
        if not self.entries:
            return {}
        last = [e for e in self.entries if e["step"] > self.steps - self.every]
        means = {name: float(np.mean([e[name] for e in last])) for name in last[-1]}
        rate = last[-1]["learning_rate"]
        return {**means, "step": last[-1]["step"], "learning_rate": rate}

    def on_train_begin(self, logs: Any = None) -> None:
        if not self.start:
            self._sample(0)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        step = steps_done(self.model)
        if self.model.stop_training:
            return
        last = step == self.steps
        if last or step % self.entry_every == 0:
            self._enter(step, logs)
        if last or step % self.every == 0:
            plot(self.entries, self.weights, self.log.with_name("losses.png"))
            self._sample(step)

    def _enter(self, step: int, losses: Mapping[str, float]) -> None:
        """Write an entry of the log."""
        rate = self.model.optimizer.rate_at(step)
        self.entries.append({"step": step, **losses, "learning_rate": rate})
        with files.replacing(self.log, "w", newline="") as file:
            writer = csv.DictWriter(file, list(self.entries[-1]))
            writer.writeheader()
            writer.writerows(self.entries)
        self._summarise(self.entries[-1])

    def _sample(self, step: int) -> None:
        """Write the photographs above their results."""
        self.generator.set_weights(self.model.generator.get_weights())
        strips = [self.photos]
        for style_weights in self.generator.rows.one_hot():
            batch_weights = np.repeat(style_weights[None], len(self.photos), axis=0)
            stylized = self.stylizer.predict_on_batch((self.photos, batch_weights))
            # A training that went wrong has no pixels to show: they become black.
            strips.append(np.nan_to_num(stylized).round().astype(np.uint8))
        rows = [np.concatenate(strip, axis=1) for strip in strips]
        pixels = np.concatenate(rows)
        images.write(images.Picture(pixels), self.samples / f"{step:08d}.png")
        if self.writer is not None:
            import tensorflow as tf

            with self.writer.as_default(step):
                tf.summary.image("photographs and results", pixels[None])
            self.writer.flush()

    def _summarise(self, entry: Mapping[str, float]) -> None:
        if self.writer is None:
            return
        import tensorflow as tf

        with self.writer.as_default(entry["step"]):
            for name, value in entry.items():
                tf.summary.scalar(name, value)
        self.writer.flush()

    def _entries_before(self) -> list[dict[str, Any]]:
        """Return the entries of the log up to the start.

        Raises:
            ValueError: The log is damaged.
        """
        if not self.log.exists():
            return []
        try:
            with open(self.log, newline="") as file:
                entries = [
                    {name: float(value) for name, value in row.items()}
                    for row in csv.DictReader(file)
                ]
            expected = {"loss", *(f"{term}_loss" for term in self.weights)}
            entries = [e | {"step": int(e["step"])} for e in entries]
            entries = [e for e in entries if e["step"] <= self.start]
            if all(expected <= set(entry) for entry in entries):
                return entries
        except (ValueError, TypeError, KeyError, csv.Error):
            pass
        raise ValueError(
            f"The log '{self.log}' is damaged. Remove it: the training then goes on, "
            "and its log begins anew."
        )


def _summary_writer(logs: Path) -> Any:
    """Return TensorBoard's writer for an emptied folder; None without TensorFlow."""
    shutil.rmtree(logs, ignore_errors=True)
    try:
        import tensorflow as tf
    except ImportError:
        return None
    return tf.summary.create_file_writer(str(logs))
