"""What happens every so many steps of a training: backups, logs, pictures."""

import csv
import shutil
import zipfile
from pathlib import Path

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure

from fast_style import files, images


class Backup(keras.callbacks.Callback):
    """Saves the generator's and the optimiser's state, each time to a new file.

    The file appears whole or not at all, and the one before it goes only then, so a
    kill at any moment leaves one. Keras' BackupAndRestore writes over its one file and
    takes the frozen loss network along.

    Args:
        directory: Where the files go.
        every: Steps between two backups.
    """

    def __init__(self, directory, every):
        super().__init__()
        self.directory = Path(directory)
        self.every = every

    @property
    def step(self):
        """Step of the newest backup, 0 if there is none."""
        return int(self._files()[-1].stem) if self._files() else 0

    def restore(self, model):
        """Puts the newest backup's state into a built and compiled trainer."""
        path = self._files()[-1]
        try:
            with np.load(path) as state:
                for i, variable in enumerate(_state(model)):
                    variable.assign(state[f"arr_{i}"])
        except (zipfile.BadZipFile, EOFError) as error:
            raise ValueError(
                f"The backup '{path}' is damaged. Remove it to start anew."
            ) from error

    def on_train_batch_end(self, batch, logs=None):
        step = steps_done(self.model)
        if step % self.every or self.model.stop_training:
            return
        state = [ops.convert_to_numpy(variable) for variable in _state(self.model)]
        if not all(np.isfinite(values).all() for values in state):
            return  # the next step's loss will tell
        with files.replacing(self.directory / f"{step:08d}.npz") as file:
            np.savez(file, *state)
        for old in self._files()[:-1]:
            old.unlink()

    def _files(self):
        return sorted(self.directory.glob("*.npz"))


def steps_done(trainer):
    """Steps that a trainer's optimiser has taken, also those of an earlier process."""
    return int(ops.convert_to_numpy(trainer.optimizer.iterations))


def _state(trainer):
    return [*trainer.generator.weights, *trainer.optimizer.variables]


class Monitor(keras.callbacks.Callback):
    """Logs the mean of every term since the last time, and looks at fixed pictures.

    Writes log.csv, losses.png, samples/<step>.png (the photographs above a row
    of results for each style) and, where TensorFlow is installed, the same for
    TensorBoard. What Keras' progress bar shows then starts anew.

    Args:
        output_dir: The run's directory.
        every: Steps between two entries.
        photos: uint8 (N, H, W, 3), shown in every strip.
        generator: A built Generator, which gets the trained weights and shows what a
            user will see: the one in training may save itself work at the borders.
        start: Steps done before; what an interrupted run logged later is dropped.
    """

    def __init__(self, output_dir, every, photos, generator, start=0):
        super().__init__()
        self.log = Path(output_dir) / "log.csv"
        self.samples = Path(output_dir) / "samples"
        self.every = every
        self.photos = photos
        self.generator = generator
        self.rows = [row for row in _read_csv(self.log) if row["step"] <= start]
        for path in self.samples.glob("*.png"):
            if path.stem.isdigit() and int(path.stem) > start:
                path.unlink()
        logs = Path(output_dir) / "logs"
        shutil.rmtree(logs, ignore_errors=True)
        try:
            import tensorflow as tf

            self.writer = tf.summary.create_file_writer(str(logs))
        except ImportError:
            self.writer = None
        for row in self.rows:
            self._summarise(row)

    def on_train_batch_begin(self, batch, logs=None):
        if steps_done(self.model) % self.every == 0:
            self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        step = steps_done(self.model)
        last = batch + 1 == self.params["steps"]
        if (step % self.every and not last) or self.model.stop_training:
            return
        rate = float(ops.convert_to_numpy(self.model.optimizer.learning_rate))
        self.rows.append({"step": step, **logs, "learning_rate": rate})
        with files.replacing(self.log, "w", newline="") as file:
            writer = csv.DictWriter(file, self.rows[-1])
            writer.writeheader()
            writer.writerows(self.rows)
        plot(self.rows, self.log.with_name("losses.png"))

        # Not by predict(), which gives every replica the whole batch.
        self.generator.set_weights(self.model.generator.get_weights())
        shown = [self.photos]
        for weights in np.eye(len(self.generator.styles), dtype=np.float32):
            rows = np.repeat(weights[None], len(self.photos), axis=0)
            stylised = ops.convert_to_numpy(self.generator(self.photos, rows))
            shown.append(stylised.round().astype(np.uint8))
        strip = np.concatenate([np.concatenate(row, axis=1) for row in shown])
        images.write(images.Picture(strip), self.samples / f"{step:08d}.png")
        self._summarise(self.rows[-1], strip)

    def _summarise(self, row, strip=None):
        if self.writer:
            import tensorflow as tf

            with self.writer.as_default(row["step"]):
                for name, value in row.items():
                    tf.summary.scalar(name, value)
                if strip is not None:
                    tf.summary.image("photographs and results", strip[None])
            self.writer.flush()


def plot(rows, path):
    """Draws a log: every loss, and the share of saturated values, over the steps.

    Args:
        rows: Dicts of one entry each, with "step".
        path: Where the PNG goes.
    """
    figure = Figure(figsize=(9, 8), layout="constrained")
    losses, saturation = figure.subplots(2, sharex=True, height_ratios=(3, 1))
    steps = [row["step"] for row in rows]
    for name in rows[-1]:
        values = np.array([row[name] for row in rows])
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


def _read_csv(path):
    if not path.exists():
        return []
    with open(path, newline="") as file:
        return [
            {name: int(v) if name == "step" else float(v) for name, v in row.items()}
            for row in csv.DictReader(file)
        ]
