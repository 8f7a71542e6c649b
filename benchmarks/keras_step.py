"""This project's training step, put together as fast_style.training does."""

from pathlib import Path

import numpy as np

from fast_style.network.generator import Generator
from fast_style.network.precision import policy
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS, objective
from fast_style.training.trainer import StyleTransferTrainer, compile_trainer

WEIGHTS = {"content": 1.0, "style": 5.0, "total": 1e-6}


def trainer(folder, *, preset, loss_network, precision, jit=False):
    """A compiled trainer whose train_on_batch is one step.

    Args:
        folder: Where prepare_training wrote the inputs.
        preset: "light" or "full".
        loss_network: "vgg16" or "compact".
        precision: "float32" or "bfloat16".
        jit: Whether XLA compiles the step.
    """
    folder = Path(folder)
    layers = [*CONTENT_LAYERS, *STYLE_LAYERS]
    network = objective.loss_network(
        loss_network,
        layers,
        vgg16_weights=folder / "vgg16.weights.h5",
        dtype=precision,
    )
    model = StyleTransferTrainer(
        Generator(filters=preset, mirror="features", dtype=policy(precision)),
        network,
        [np.load(folder / "style.npy")],
    )
    model(inputs(np.load(folder / "batch.npy")))
    weights = {name: WEIGHTS[name.split("_")[0]] for name in model.loss_terms()}
    compile_trainer(
        model, weights, steps=40000, learning_rate=1e-3, warmup_steps=100, jit=jit
    )
    return model


def inputs(batch):
    """A batch of photographs as the trainer takes it, all in the one style."""
    return batch, np.ones((len(batch), 1), np.float32)
