"""How far a training is: one line in a terminal, a few lines in a log file."""

import time
from collections.abc import Mapping

import keras
from absl import logging
from tqdm import tqdm

from fast_style.training.optimizers import steps_done

LINES = 50  # in a log file


class Progress(keras.callbacks.Callback):
    """Tells the steps, the time that is left and the loss.

    It begins after the first step, in which the step is compiled: with that one, the
    time that is left would be many times too long.

    Args:
        steps: Steps of the training.
    """

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps
        self.every = max(1, steps // LINES)
        self.bar: tqdm | None = None
        self.told = 0  # times `every`

    def on_train_batch_end(
        self, batch: int, logs: Mapping[str, float] | None = None
    ) -> None:
        step = steps_done(self.model)
        loss = f"{(logs or {}).get('loss', float('nan')):.4g}"
        if self.bar is None:
            self.began, self.first = time.perf_counter(), step
            self.bar = tqdm(
                total=self.steps,
                initial=step,
                unit="step",
                dynamic_ncols=True,
                disable=None,  # where there is no terminal
            )
        else:
            self.bar.update(step - self.bar.n)
        self.bar.set_postfix_str(f"loss {loss}", refresh=False)
        # Several steps may have been taken since the last call.
        told, self.told = self.told, step // self.every
        if self.bar.disable and step > self.first and self.told > told:
            seconds = (time.perf_counter() - self.began) / (step - self.first)
            left = tqdm.format_interval(seconds * (self.steps - step))
            logging.info(
                "Step %d of %d, %s left, loss %s.", step, self.steps, left, loss
            )

    def close(self) -> None:
        """End the line, so that others may follow it."""
        if self.bar is not None:
            self.bar.close()
