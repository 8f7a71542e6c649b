"""Backups, which an interrupted training goes on from."""

from os import PathLike
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from fast_style import files
from fast_style.training import devices
from fast_style.training.optimizers import steps_done


class Backup(keras.callbacks.Callback):
    """Saves the state of generator, balance and optimiser, each time to a new file.

    The file appears whole or not at all, and only then is the one before it removed,
    so a kill at any moment leaves one. Keras' BackupAndRestore overwrites its only
    file, and saves the frozen loss network, too. Of several hosts the first one alone
    reads and writes files.

    Args:
        directory: Folder of the files. Others than <step>.npz are not looked at.
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
            OSError: The file cannot be opened.
            ValueError: The file is damaged. The trainer is unchanged.
        """
        variables = _state(trainer)
        values = _values(variables)
        if devices.is_first_host():
            read = zip(self._read(variables), values, strict=True)
            values = [value.astype(like.dtype) for value, like in read]
        values = devices.arrays_from_first(values)
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)

    def _read(self, variables: list[Any]) -> list[np.ndarray]:
        """Return the newest backup's values of variables; see `restore`."""
        path = self._files()[-1]
        try:
            with open(path, "rb") as file, np.load(file) as state:
                values = [state[name] for name in _names(variables)]
            shapes = [tuple(variable.shape) for variable in variables]
            damaged = [value.shape for value in values] != shapes or not all(
                np.isfinite(value).all() for value in values
            )
        except OSError:
            raise
        except Exception:  # NumPy raises nearly anything on a damaged file
            damaged = True
        if damaged:
            raise ValueError(
                f"The backup '{path}' is damaged. Remove it to start anew."
            ) from None
        return values

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if steps_done(self.model) % self.every == 0:
            self.save()

    def save(self) -> None:
        """Save the state, unless it is saved already or has gone wrong."""
        step = steps_done(self.model)
        gone_wrong = self.model.stop_training
        if gone_wrong or not devices.is_first_host() or step == self.step:
            return
        state = _values(_state(self.model))
        if not all(np.isfinite(values).all() for values in state):
            return  # the loss of the next step ends the training
        with files.replacing(self.directory / f"{step:08d}.npz") as file:
            np.savez(file, *state)
        for old in self._files()[:-1]:
            old.unlink()

    def _files(self) -> list[Path]:
        paths = self.directory.glob("*.npz")
        numbered = [path for path in paths if path.stem.isdecimal()]
        return sorted(numbered, key=lambda path: int(path.stem))


def _state(trainer: keras.Model) -> list[Any]:
    balance = trainer.balance, trainer.seen
    return [*trainer.generator.weights, *balance, *trainer.optimizer.variables]


def _values(variables: list[Any]) -> list[np.ndarray]:
    return [ops.convert_to_numpy(variable) for variable in variables]


def _names(variables: list[Any]) -> list[str]:
    """Return the names that np.savez gives to arrays without a name."""
    return [f"arr_{i}" for i in range(len(variables))]
