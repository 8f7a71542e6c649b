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

from fast_style.network import transplant
from fast_style.training import blends, runs
from fast_style.training.assembly import Assembly, assemble
from fast_style.training.callbacks import Backup, Monitor, steps_done
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
            something else, or the loss became NaN.
    """
    runs.check(output_dir)
    backup = Backup(Path(output_dir) / "backup", settings.backup_every)
    start = backup.step
    earlier = runs.config(output_dir) if start else None
    parts = assemble(settings, start=start, earlier=earlier, strategy=strategy)
    config, content = parts.config(), parts.content
    # The directory is claimed only now, when all settings have proved right.
    runs.claim(output_dir, {**config, "photographs": content.count})
    if start:
        logging.info("Going on from step %d of %d.", start, settings.steps)
        backup.restore(parts.trainer)

    generator = parts.plain_generator()
    monitor = Monitor(
        output_dir, settings.log_every, content.validation, generator, start
    )
    began = time.perf_counter()
    _fit(parts, start, [*callbacks, monitor, backup])
    seconds = time.perf_counter() - began
    generator.set_weights(_finite_weights(parts))
    if parts.base is not None and settings.tune == "style":
        generator = transplant.extended(parts.base, generator)
    if content.broken:
        logging.warning(
            "%d pictures could not be read and were left out, the first being '%s'.",
            len(content.broken),
            min(content.broken),
        )
    pictures = (settings.steps - start) * settings.batch_size
    figures = {
        "photographs": content.count - len(content.broken),
        "final": monitor.entries[-1],
        "seconds": round(seconds, 1),
        "resumed_at": start,
        "images_per_second": round(pictures / seconds, 3),
    }
    return runs.finish(output_dir, generator, config, figures)


def _fit(
    parts: Assembly, start: int, callbacks: Sequence[keras.callbacks.Callback]
) -> None:
    """Train for the steps that are left, each with its own style weights."""
    settings, batches = parts.settings, parts.content.batches
    steps, names = settings.steps, settings.names
    if start == steps:
        return  # only the result was not saved
    style_weights = blends.draw(
        names, steps * settings.batch_size, blends=settings.blends, seed=settings.seed
    )
    shape = (steps, settings.batch_size, len(names))
    style_weights = style_weights.reshape(shape)[start:]
    try:
        parts.trainer.fit(
            blends.paired(batches, style_weights),
            steps_per_epoch=len(style_weights),
            shuffle=False,  # the batches are in the order of the steps
            callbacks=[keras.callbacks.TerminateOnNaN(), *callbacks],
        )
    except Exception:
        # TensorFlow turns an error of the batches into one of its own, of many lines.
        if failure := getattr(batches, "failure", None):
            raise failure from None
        raise


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
