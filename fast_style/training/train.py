"""A training, from its settings to the saved generator."""

import gc
import time
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import keras
import numpy as np
from absl import logging

from fast_style.fields import SettingError
from fast_style.network import transplant
from fast_style.network.configuration import keras_defaults
from fast_style.training import blends, runs
from fast_style.training.assembly import Assembly, assemble
from fast_style.training.backups import Backup
from fast_style.training.interruption import Interruption
from fast_style.training.monitor import Monitor
from fast_style.training.optimizers import steps_done
from fast_style.training.progress import Progress
from fast_style.training.settings import Settings


def train(
    settings: Settings,
    output_dir: str | PathLike[str],
    *,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    strategy: Any = None,
) -> Path:
    """Train a generator and save it, or go on with a training that was interrupted.

    Args:
        settings: The settings of the training.
        output_dir: The run directory, which is made if it is missing (see runs).
        callbacks: Callbacks of your own for fit(). They are called before the log and
            the backup are written.
        strategy: The tf.distribute.Strategy to train with; None for all GPUs of this
            machine.

    Returns:
        Path of the saved generator.

    Raises:
        OSError: A file, a dataset or weights are missing, or cannot be written.
        ValueError: A setting or a picture does not fit, the run directory holds
            something else or is in use, or the loss became NaN.
        KeyboardInterrupt: Ctrl+C was pressed; its text tells what is kept.
    """
    backup = Backup(Path(output_dir) / "backup", settings.backup_every)
    with runs.reserved(output_dir), keras_defaults():
        try:
            return _train(settings, output_dir, backup, callbacks, strategy)
        except KeyboardInterrupt:
            kept = "Nothing is kept, because no step was done."
            if backup.step:
                kept = (
                    f"Step {backup.step} of {settings.steps} is kept: the same command "
                    "goes on from there."
                )
            raise KeyboardInterrupt(f"stopped. {kept}") from None


def _train(
    settings: Settings,
    output_dir: str | PathLike[str],
    backup: Backup,
    callbacks: Sequence[keras.callbacks.Callback],
    strategy: Any,
) -> Path:
    """Train in a directory that is kept for this training; see `train`."""
    start = backup.step
    _check_steps_done(settings, start)
    earlier = runs.config(output_dir) if start else None
    parts = assemble(settings, start=start, earlier=earlier, strategy=strategy)
    config, content = parts.config(), parts.content
    asked = {**config, "photographs": content.count}
    # The directory is claimed only now, when all settings have proved right.
    runs.claim(output_dir, asked, goes_on=start > 0)
    if start:
        logging.info("Going on from step %d of %d.", start, settings.steps)
        backup.restore(parts.trainer)

    generator = parts.plain_generator()
    monitor = Monitor(
        output_dir,
        generator,
        content.validation,
        parts.term_weights,
        every=settings.log_every,
        steps=settings.steps,
        start=start,
        steps_per_execution=settings.steps_per_execution,
    )
    began = time.perf_counter()
    _fit(parts, backup, [*callbacks, monitor, backup])
    seconds = time.perf_counter() - began
    generator.set_weights(_finite_weights(parts))
    if parts.base is not None and settings.tune == "style":
        generator = transplant.extended(parts.base, generator)
    unreadable = sorted(map(str, content.broken))
    if unreadable:
        logging.warning(
            "%d pictures could not be read and were left out, the first being '%s'. "
            "run.json names them all.",
            len(unreadable),
            unreadable[0],
        )
    pictures = (settings.steps - start) * settings.batch_size
    figures = {
        "photographs": content.count - len(unreadable),
        "unreadable": unreadable,
        "final": monitor.final,
        "balanced_weights": parts.balanced_weights(),
        "seconds": round(seconds, 1),
        "resumed_at": start,
        "images_per_second": round(pictures / seconds, 3),
    }
    return runs.finish(output_dir, generator, config, figures)


def _check_steps_done(settings: Settings, start: int) -> None:
    """Raise a SettingError where steps that run at once would miss the log's steps."""
    if start % settings.steps_per_execution:
        raise SettingError(
            "steps_per_execution",
            f"is {settings.steps_per_execution}, which does not divide the {start} "
            "steps that are done; give a number that does, such as 1.",
        )


def _fit(
    parts: Assembly, backup: Backup, callbacks: Sequence[keras.callbacks.Callback]
) -> None:
    """Train for the steps that are left, each with its own style weights."""
    settings, batches = parts.settings, parts.content.batches
    start, steps, names = backup.step, settings.steps, settings.names
    if start == steps:
        return  # only the result was not saved
    style_weights = blends.draw(
        names, steps * settings.batch_size, blends=settings.blends, seed=settings.seed
    )
    shape = (steps, settings.batch_size, len(names))
    style_weights = style_weights.reshape(shape)[start:]
    logging.info("The first step takes longer than the others.")
    progress = Progress(steps)
    try:
        with Interruption(backup, steps) as interruption:
            parts.trainer.fit(
                blends.paired(batches, style_weights),
                steps_per_epoch=len(style_weights),
                shuffle=False,  # the batches are in the order of the steps
                verbose=0,
                callbacks=[
                    keras.callbacks.TerminateOnNaN(),
                    *callbacks,
                    progress,
                    interruption,
                ],
            )
    except Exception:
        # TensorFlow turns an error of the batches into one of its own, of many lines.
        if failure := getattr(batches, "failure", None):
            raise failure from None
        raise
    finally:
        progress.close()


def _finite_weights(parts: Assembly) -> list[np.ndarray]:
    """Return the trained weights.

    Raises:
        ValueError: The training went wrong. No loss shows what the last step did, so
            the weights are looked at, too.
    """
    weights = parts.trainer.generator.get_weights()
    finite = all(np.isfinite(values).all() for values in weights)
    if parts.trainer.stop_training or not finite:
        gc.collect()  # else TensorFlow's remark on unread batches would come last
        raise ValueError(
            f"The loss became NaN at step {steps_done(parts.trainer)}. Give a lower "
            "learning_rate or style_weight, and another output directory."
        )
    return weights
