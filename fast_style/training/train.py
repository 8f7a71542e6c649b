"""A training, from its settings to the saved generator."""

import contextlib
import gc
import time
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import keras
import numpy as np
from absl import logging

from fast_style import images
from fast_style.content.sources import ContentPictures
from fast_style.fields import SettingError
from fast_style.network import transplant
from fast_style.network.configuration import keras_defaults
from fast_style.network.generator import Generator
from fast_style.trained import result_path
from fast_style.training import blends, devices, runs
from fast_style.training.assembly import Assembly, assemble
from fast_style.training.backups import Backup
from fast_style.training.interruption import Interruption
from fast_style.training.monitor import Means, Monitor, entry_interval
from fast_style.training.optimizers import steps_done
from fast_style.training.progress import Progress
from fast_style.training.settings import Settings

SAMPLE_SIZE = 384  # px, longer side of the photograph of the setting `sample`


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
        strategy: The tf.distribute.Strategy to train with; None for all devices (see
            devices).

    Returns:
        Path of the saved generator. Of several hosts the first one alone writes files.

    Raises:
        OSError: A file, a dataset or weights are missing, or cannot be written.
        ValueError: A setting or a picture does not fit, the run directory holds
            something else or is in use, or the loss became NaN.
        KeyboardInterrupt: Ctrl+C was pressed; its text tells what is kept.
    """
    backup = Backup(Path(output_dir) / "backup", settings.backup_every)
    first = devices.is_first_host()
    reserved = runs.reserved(output_dir) if first else contextlib.nullcontext()
    with reserved, keras_defaults():
        try:
            return _train(settings, output_dir, backup, callbacks, strategy)
        except KeyboardInterrupt:
            kept = "Nothing is kept, because no step was done."
            if not first:
                kept = "The first host tells what is kept."
            elif backup.step:
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
    start, earlier = devices.from_first(_done_before(output_dir, backup))
    _check_steps_done(settings, start)
    parts = assemble(settings, start=start, earlier=earlier, strategy=strategy)
    config, content = parts.config(), parts.content
    first = devices.is_first_host()
    if first:
        asked = {**config, "photographs": content.count}
        # The directory is claimed only now, when all settings have proved right.
        runs.claim(output_dir, asked, goes_on=start > 0)
    if start:
        logging.info("Going on from step %d of %d.", start, settings.steps)
        backup.restore(parts.trainer)

    generator = parts.plain_generator()
    means = Means(entry_interval(settings))
    monitors = [_monitor(parts, generator, output_dir)] if first else []
    began = time.perf_counter()
    _fit(parts, backup, [*callbacks, means, *monitors, backup])
    seconds = time.perf_counter() - began
    generator.set_weights(_finite_weights(parts))
    unreadable = _unreadable(content)
    if not first:
        return result_path(output_dir)
    if parts.base is not None and settings.tune == "style":
        generator = transplant.extended(parts.base, generator)
    pictures = (settings.steps - start) * settings.batch_size
    figures = {
        "photographs": content.count - len(unreadable),
        "unreadable": unreadable,
        "final": monitors[0].final,
        "balanced_weights": parts.balanced_weights(),
        "seconds": round(seconds, 1),
        "resumed_at": start,
        "images_per_second": round(pictures / seconds, 3),
    }
    return runs.finish(output_dir, generator, config, figures)


def _monitor(
    parts: Assembly, generator: Generator, output_dir: str | PathLike[str]
) -> Monitor:
    """Return what writes the log and the samples of a training."""
    settings = parts.settings
    return Monitor(
        output_dir,
        generator,
        _samples(parts),
        parts.term_weights,
        every=settings.log_every,
        entry_every=entry_interval(settings),
        steps=settings.steps,
        start=parts.start,
    )


def _samples(parts: Assembly) -> np.ndarray:
    """Return the photographs that are painted on the way, uint8 (N, H, W, 3)."""
    path = parts.settings.sample
    if path is None:
        return parts.content.validation
    return images.read(path, max_size=SAMPLE_SIZE).pixels[None]


def _unreadable(content: ContentPictures) -> list[str]:
    """Return what could not be read on any host, with a warning where there is some."""
    broken = sorted(map(str, content.broken))
    unreadable = sorted(set().union(*devices.from_all(broken)))
    if unreadable:
        logging.warning(
            "%d pictures could not be read and were left out, the first being '%s'. "
            "run.json names them all.",
            len(unreadable),
            unreadable[0],
        )
    return unreadable


def _done_before(
    output_dir: str | PathLike[str], backup: Backup
) -> tuple[int, dict[str, Any] | None]:
    """Return the steps done before, and what config.json holds of them."""
    return backup.step, runs.config(output_dir) if backup.step else None


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
    start, steps, names = parts.start, settings.steps, settings.names
    if start == steps:
        return  # only the result was not saved
    style_weights = blends.draw(
        names, steps * settings.batch_size, blends=settings.blends, seed=settings.seed
    )
    shape = (steps, settings.batch_size, len(names))
    part = devices.share().places(settings.batch_size)
    style_weights = style_weights.reshape(shape)[start:, part]
    logging.info("The first step takes longer than the others.")
    progress = Progress(steps)
    try:
        with (
            devices.shared(settings.batch_size),
            Interruption(backup, steps) as interruption,
        ):
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
