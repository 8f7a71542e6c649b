"""A distillation, from its settings to the file of the compact network.

The work directory holds config.json, the settings, and the checkpoints that an
interrupted distillation goes on from.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from absl import logging

from fast_style import files, folders, images
from fast_style.content import sources
from fast_style.distillation.compression import RANKS, closed_form
from fast_style.distillation.crops import Crops
from fast_style.distillation.distiller import Distiller
from fast_style.distillation.settings import Settings
from fast_style.network.configuration import keras_defaults
from fast_style.network.precision import policy
from fast_style.perception import STYLE_LAYERS
from fast_style.perception.compact import low_rank_vgg16, save_compact
from fast_style.perception.vgg16 import CHANNELS, vgg16

LOG_EVERY = 50  # steps


@keras_defaults()
def make_compact(
    settings: Settings,
    output: str | PathLike[str],
    work_dir: str | PathLike[str],
    *,
    ranks: Mapping[str, int] = RANKS,
    on_step: Callable[[int], None] = lambda step: None,
) -> None:
    """Make the compact loss network, or go on where a distillation was interrupted.

    Args:
        settings: The settings of the distillation.
        output: Path of the .npz file to write.
        work_dir: Directory of the checkpoints, which is made if it is missing.
        ranks: {layer: rank} of the layers to compress (see compression.closed_form).
        on_step: Called after each step and its backup with the number of steps done.

    Raises:
        OSError: A folder or VGG16's weights cannot be found.
        ValueError: The directory holds another distillation.
    """
    _claim(Path(work_dir), settings)
    keras.utils.set_random_seed(settings.seed)
    paintings = {
        path.stem: images.resize_short_side(
            images.read(path).pixels, settings.painting_size
        )
        for path in folders.search(settings.style_dir).pictures
    }
    photos = sources.from_folder(
        settings.content_dir,
        image_size=8 * settings.image_size // 5,
        batch_size=settings.batch_size,
        steps=settings.steps + settings.regression_batches,
        seed=settings.seed,
    ).batches
    crops = Crops(photos, list(paintings.values()), settings.image_size)
    network = low_rank_vgg16(ranks, policy(settings.precision))
    vgg = vgg16(STYLE_LAYERS, settings.vgg16_weights, settings.precision)
    distiller = Distiller(network, vgg, paintings, crops, settings)
    manager = tf.train.CheckpointManager(distiller.checkpoint, str(work_dir), 2)
    if manager.latest_checkpoint:
        manager.restore_or_initialize()
        logging.info("Going on from step %d.", int(distiller.step))
    else:
        network.set_weights(_closed_form_weights(settings, crops, ranks))
        manager.save()
    _train(distiller, manager, settings, on_step)
    save_compact(network, output)


def _claim(work_dir: Path, settings: Settings) -> None:
    """Write the settings to the work directory, unless it holds them already.

    Raises:
        ValueError: It holds other ones.
    """
    path, config = work_dir / "config.json", settings.to_json()
    if not path.exists():
        with files.replacing(path, "w", encoding="utf-8") as file:
            json.dump(config, file, indent=2)
    elif json.loads(path.read_text("utf-8")) != config:
        raise ValueError(
            f"'{work_dir}' holds another distillation. Give the same settings to go on "
            "with it, or another work directory."
        )


def _closed_form_weights(
    settings: Settings, crops: Crops, ranks: Mapping[str, int]
) -> list[np.ndarray]:
    """Return the weights that a distillation starts from."""
    pictures: list[np.ndarray] = []
    for step in range(settings.steps, settings.steps + settings.regression_batches):
        pictures += crops.draw(step, np.random.default_rng((settings.seed, step)))
    network = closed_form(
        vgg16(CHANNELS, settings.vgg16_weights),
        np.concatenate(pictures),
        ranks,
        settings.positions,
    )
    return network.get_weights()


def _train(
    distiller: Distiller,
    manager: tf.train.CheckpointManager,
    settings: Settings,
    on_step: Callable[[int], None],
) -> None:
    """Train for the steps that are left, with backups and a log."""
    start, steps = int(distiller.step), settings.steps
    began, recent = time.perf_counter(), []
    for step in range(start + 1, steps + 1):
        recent.append(distiller.train_step())
        if step % settings.backup_every == 0 or step == steps:
            manager.save()
        if step % LOG_EVERY == 0 or step in (1, 10, steps):
            pace = (time.perf_counter() - began) / (step - start)
            _log(step, steps, pace * (steps - step), recent)
            recent = []
        on_step(step)


def _log(
    step: int, steps: int, seconds: float, recent: Sequence[Mapping[str, float]]
) -> None:
    """Log the means of the recent losses and the time to go."""
    means = {name: np.mean([losses[name] for losses in recent]) for name in recent[0]}
    text = ", ".join(f"{name} {value:.4g}" for name, value in means.items())
    logging.info("%d/%d, %.0f min to go: %s", step, steps, seconds / 60, text)
