"""The steps of a distillation, which goes on where it was interrupted.

The work directory holds config.json, the settings, and the checkpoints that an
interrupted distillation goes on from.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf
from absl import logging

from fast_style import files
from fast_style.distillation.settings import Settings

CONFIG = "config.json"
LOG_EVERY = 50  # steps
WARMUP = 50  # steps over which the learning rate rises


class Distillation(Protocol):
    """What is trained step by step.

    Attributes:
        checkpoint: All that a distillation goes on from, `step` among it.
        step: Number of steps done, which `train_step` raises by one.
    """

    checkpoint: tf.train.Checkpoint
    step: tf.Variable

    def train_step(self) -> dict[str, float]:
        """Train for a step and return its figures."""
        ...

    def told(self, means: Mapping[str, float]) -> str:
        """Return the figures of some steps, of which these are the means, in words."""
        ...


def check(
    work_dir: str | PathLike[str], settings: Settings, output: str | PathLike[str]
) -> None:
    """Check that a distillation may begin or go on in a work directory.

    Args:
        work_dir: The directory, which may be missing.
        settings: The settings of the distillation.
        output: The file that the distillation is to write.

    Raises:
        OSError: The file cannot be written.
        ValueError: The directory holds other settings.
    """
    files.check_writable(output)
    path = Path(work_dir) / CONFIG
    if path.exists() and json.loads(path.read_text("utf-8")) != settings.to_json():
        raise ValueError(
            f"'{work_dir}' holds another distillation. Give the same settings to go on "
            "with it, or another work directory."
        )


def adam(settings: Settings) -> keras.optimizers.Optimizer:
    """Return Adam, whose learning rate rises at first and then falls as a cosine."""
    schedule = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate / WARMUP,
        max(1, settings.steps - WARMUP),
        warmup_target=settings.learning_rate,
        warmup_steps=WARMUP,
    )
    return keras.optimizers.Adam(schedule)


def train(
    distillation: Distillation,
    settings: Settings,
    work_dir: str | PathLike[str],
    *,
    start: Callable[[], None] = lambda: None,
    on_step: Callable[[int], None] = lambda step: None,
) -> None:
    """Train for the steps that are left, with backups and a log.

    Args:
        distillation: What is trained.
        settings: Its settings, which are written to the directory.
        work_dir: Directory of the backups, which is made if it is missing.
        start: Called before the first step, unless a backup is gone on from.
        on_step: Called after each step and its backup with the number of steps done.

    Raises:
        OSError: The directory cannot be written.
    """
    manager = tf.train.CheckpointManager(distillation.checkpoint, str(work_dir), 2)
    if manager.latest_checkpoint:
        manager.restore_or_initialize()
        logging.info("Going on from step %d.", int(distillation.step))
    else:
        with files.replacing(Path(work_dir) / CONFIG, "w", encoding="utf-8") as file:
            json.dump(settings.to_json(), file, indent=2)
        start()
        manager.save()
    first, steps = int(distillation.step), settings.steps
    began, recent = time.perf_counter(), []
    for step in range(first + 1, steps + 1):
        recent.append(distillation.train_step())
        if step % settings.backup_every == 0 or step == steps:
            manager.save()
        if step % LOG_EVERY == 0 or step in (1, 10, steps):
            pace = (time.perf_counter() - began) / (step - first)
            text = distillation.told(_means(recent))
            minutes = pace * (steps - step) / 60
            logging.info("%d/%d, %.0f min to go: %s", step, steps, minutes, text)
            recent = []
        on_step(step)


def _means(figures: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each figure of some steps."""
    return {name: float(np.mean([f[name] for f in figures])) for name in figures[0]}
