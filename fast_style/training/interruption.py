"""What Ctrl+C does in a training: the step ends, its state is kept, then it stops."""

import contextlib
import os
import signal
import threading
from types import TracebackType
from typing import Any, Self

import keras

from fast_style.training.backups import Backup
from fast_style.training.optimizers import steps_done

NOTE = b"\nStopping after this step. Press Ctrl+C again to stop at once.\n"


class Interruption(keras.callbacks.Callback):
    """Raises KeyboardInterrupt after the step in which Ctrl+C was pressed.

    The first step takes long and there is nothing to lose: it is raised at once.

    Python's own handler raises it wherever Python is at that moment. Where that is a
    function which the garbage collector calls, as JAX has one, Python drops it and the
    training goes on. A second Ctrl+C ends the process.

    As a context manager it handles the signal, in the main thread alone and only where
    nobody else does.

    Args:
        backup: Saves the state before the training stops; of several hosts, the first
            one's.
        steps: Steps of the training. After the last one it is not interrupted.
    """

    def __init__(self, backup: Backup, steps: int) -> None:
        super().__init__()
        self.backup = backup
        self.steps = steps
        self.asked = False
        self._begun = False
        self._handles = False

    def __enter__(self) -> Self:
        self._handles = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )
        if self._handles:
            signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handles:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._begun = True
        if self.asked and steps_done(self.model) < self.steps:
            self.backup.save()
            raise KeyboardInterrupt

    def _press(self, number: int, frame: Any) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if not self._begun:
            raise KeyboardInterrupt
        with contextlib.suppress(OSError):  # stderr may be closed
            os.write(2, NOTE)  # print() must not be called while it is at work
