"""A training in a process that has its own backend or devices, for tests.

Usage: python backend_training.py steps|training|jax PHOTOGRAPHS PAINTING FOLDER
"""

import json
import shutil
import sys
from pathlib import Path

import keras
import numpy as np
from loss_networks import small_loss_network

from fast_style.network.generator import Generator
from fast_style.network.loading import load_generator
from fast_style.training import devices
from fast_style.training.optimizers import steps_done
from fast_style.training.settings import Settings
from fast_style.training.train import train
from fast_style.training.trainer import StyleTransferTrainer

PHOTOS = np.random.default_rng(0).integers(0, 256, (4, 21, 30, 3), np.uint8)
PAINTING = np.random.default_rng(1).integers(0, 256, (36, 33, 3), np.uint8)
UNFINISHED = "unfinished"  # what a copied folder is called
STYLE_WEIGHTS = np.float32([[1, 0], [0.7, 0.3], [0.2, 0.8], [1, 0]])


def trainer(replicas=1):
    """Return a compiled trainer whose weights are the same on every backend."""
    made = StyleTransferTrainer(
        Generator(("wave", "photo"), filters=(4, 6, 8), residual_blocks=0),
        small_loss_network(),
        [PAINTING],
        content_layers=("block2_conv1",),
        style_layers=("block1_conv2", "block2_conv1"),
        replicas=replicas,
    )
    made.keep_similarity(np.float32([1]), after=3)
    made((PHOTOS, STYLE_WEIGHTS))
    rng = np.random.default_rng(2)
    weights = made.generator.get_weights()
    made.generator.set_weights([rng.normal(0.02, 0.05, w.shape) for w in weights])
    terms = made.loss_terms()
    weights = {term: 1e4 if term.startswith("style") else 1.0 for term in terms}
    made.compile(
        keras.optimizers.SGD(1e-6),
        loss=terms,
        loss_weights={**weights, "total_variation": 1e-4},
    )
    return made


def two_steps(trainer):
    """Return the logs of a step, how far it brings down the loss, and the balance."""
    inputs = PHOTOS, STYLE_WEIGHTS
    logs = trainer.fit(inputs, batch_size=4, epochs=2, shuffle=False, verbose=0).history
    first = {name: values[0] for name, values in logs.items()}
    balance, seen = (
        float(keras.ops.convert_to_numpy(variable)[0])
        for variable in (trainer.balance, trainer.seen)
    )
    fall = logs["loss"][0] - logs["loss"][1]
    return {"first": first, "fall": fall, "balance": balance, "seen": seen}


def settings(photographs, painting):
    """Return the settings of a small training."""
    return Settings(
        style=painting,
        content_dir=photographs,
        loss_network="compact",
        precision="float32",
        image_size=32,
        batch_size=4,
        steps=6,
        warmup_steps=2,
        filters=(4, 6, 8),
        residual_blocks=0,
        content_layers=("block1_conv1",),
        style_layers=("block1_conv1",),
        style_weight="normal",
        backup_every=2,
        log_every=6,
    )


def mirrored():
    """Return the strategy that mirrors a trainer on two devices."""
    import tensorflow as tf

    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * 2,
    )
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def steps_on_replicas(settings, folder):
    """Do two steps on two devices."""
    strategy = mirrored()
    with strategy.scope():
        made = trainer(strategy.num_replicas_in_sync)
    return {"replicas": strategy.num_replicas_in_sync, **two_steps(made)}


def training_on_replicas(settings, folder):
    """Train on two devices, into the folder itself."""
    train(settings, folder, strategy=mirrored())
    return {}


class Interruption(keras.callbacks.Callback):
    """Copies a training after its third step, and ends it after the last one.

    It keeps the weights of that one, before there is a backup.
    """

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def on_train_batch_end(self, batch, logs=None):
        step = steps_done(self.model)
        if step == 3:
            shutil.copytree(self.folder, f"{self.folder}-{UNFINISHED}")
        if step == 6:
            self.weights = self.model.generator.get_weights()
            raise KeyboardInterrupt


def without_tensorflow(settings, folder):
    """Train to the last step, then again from the backup of the fourth."""
    interruption = Interruption(folder)
    try:
        train(settings, folder, callbacks=[interruption])
    except KeyboardInterrupt:
        weights = load_generator(train(settings, folder)).get_weights()
    pairs = zip(weights, interruption.weights, strict=True)
    difference = max(float(abs(resumed - whole).max()) for resumed, whole in pairs)
    with devices.shared(len(PHOTOS)):
        made = trainer()
        steps = two_steps(made)
    sharding = made.generator.weights[0].value.sharding
    return {"difference": difference, "devices": len(sharding.device_set), **steps}


if __name__ == "__main__":
    kind, photographs, painting, folder = sys.argv[1:]
    kinds = {
        "steps": steps_on_replicas,
        "training": training_on_replicas,
        "jax": without_tensorflow,
    }
    result = kinds[kind](settings(photographs, painting), Path(folder))
    loaded = sys.modules.get("tensorflow") is not None
    print(json.dumps({**result, "tensorflow": loaded}))
