"""This project's training step, assembled as train.py does it."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fast_style.training.assembly import assemble
from fast_style.training.settings import Settings
from fast_style.training.trainer import StyleTransferTrainer

STYLE_WEIGHT = 1e6  # about what a training finds for a painting


def trainer(
    folder: str | os.PathLike,
    *,
    preset: str | Sequence[int],
    loss_network: str,
    precision: str,
    jit: bool = False,
) -> StyleTransferTrainer:
    """Return a compiled trainer whose train_on_batch is one step.

    Args:
        folder: Where prepare_training wrote the inputs.
        preset: "light", "full" or three or four numbers of channels.
        loss_network: "vgg16" or "compact".
        precision: "float32" or "bfloat16".
        jit: Whether XLA compiles the step.
    """
    folder = Path(folder)
    settings = Settings(
        style=folder / "style.png",
        content_dir=folder / "photographs",
        image_size=np.load(folder / "batch.npy").shape[1],
        filters=preset,
        style_weight=STYLE_WEIGHT,
        loss_network=loss_network,
        vgg16_weights=folder / "vgg16.weights.h5",
        precision=precision,
        jit=jit,
    )
    return assemble(settings).trainer


def inputs(batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return photographs as the trainer takes them, all in its one style."""
    return batch, np.ones((len(batch), 1), np.float32)
