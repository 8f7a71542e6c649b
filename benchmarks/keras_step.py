"""This project's training step, put together as fast_style.training does."""

from pathlib import Path

import keras
import numpy as np

from fast_style import loss_networks
from fast_style.generator import Generator
from fast_style.trainer import StyleTransferTrainer

CONTENT_LAYERS = ("block3_conv3",)
STYLE_LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")
WEIGHTS = {"content": 1.0, "style": 5.0, "total": 1e-6}


def trainer(folder, *, preset, loss_network, precision, jit=False):
    """A compiled trainer whose train_on_batch is one step.

    Args:
        folder: Where prepare_training.py wrote the inputs.
        preset: "light" or "full".
        loss_network: "vgg16" or "compact".
        precision: "float32" or "bfloat16".
        jit: Whether XLA compiles the step.
    """
    folder = Path(folder)
    layers = [*CONTENT_LAYERS, *STYLE_LAYERS]
    if loss_network == "compact":
        weights = folder / "compact.npz"
        network = loss_networks.compact(layers, precision, weights)
    else:
        network = loss_networks.vgg16(layers, folder / "vgg16.weights.h5", precision)
    policy = "mixed_bfloat16" if precision == "bfloat16" else "float32"
    model = StyleTransferTrainer(
        Generator(filters=preset, mirror="features", dtype=policy),
        network,
        np.load(folder / "style.npy"),
        content_layers=CONTENT_LAYERS,
        style_layers=STYLE_LAYERS,
    )
    model(np.load(folder / "batch.npy"))
    terms = model.loss_terms()
    schedule = keras.optimizers.schedules.CosineDecay(
        1e-5, decay_steps=39900, alpha=0.02, warmup_target=1e-3, warmup_steps=100
    )
    model.compile(
        keras.optimizers.Adam(schedule),
        loss=terms,
        loss_weights={name: WEIGHTS[name.split("_")[0]] for name in terms},
        jit_compile=jit,
    )
    model.optimizer.build(model.trainable_variables)
    return model
