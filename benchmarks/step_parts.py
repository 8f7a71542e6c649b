"""Show where a training step's time goes: its parts, each compiled by itself.

Usage: python -m benchmarks.step_parts SETTINGS THREADS ROUNDS

SETTINGS are those of keras_step.trainer, as JSON. Prints the median seconds of each
part, {part: seconds}, as JSON.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from benchmarks import keras_step
from fast_style.training.trainer import StyleTransferTrainer


def measure(settings: Mapping[str, Any], rounds: int) -> dict[str, float]:
    """Return the median seconds of each part over some rounds, after one more."""
    trainer = keras_step.trainer(**settings)
    batch = np.load(Path(settings["folder"]) / "batch.npy")
    functions = parts(trainer, *keras_step.inputs(batch))
    seconds: dict[str, list[float]] = {part: [] for part in functions}
    for _ in range(rounds + 1):
        for part, run in functions.items():
            began = time.perf_counter()
            run()
            seconds[part].append(time.perf_counter() - began)
    return {part: statistics.median(runs[1:]) for part, runs in seconds.items()}


def parts(
    trainer: StyleTransferTrainer, batch: np.ndarray, weights: np.ndarray
) -> dict[str, Callable[[], object]]:
    """Return a function without arguments for each part; "whole step" is one."""
    variables = [weight.value for weight in trainer.trainable_variables]
    photos = tf.constant(batch)
    stylized = tf.constant(trainer((batch, weights)))

    @tf.function
    def generator() -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            pictures = trainer.generator(photos, training=True)
        return tape.gradient(pictures, variables, output_gradients=stylized)

    @tf.function
    def content() -> dict[str, tf.Tensor]:
        return trainer.objective.content(photos)

    targets = content()

    @tf.function
    def losses() -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(stylized)
            scores = trainer.objective.score(
                trainer.objective.represent(stylized), targets, trainer.style_targets
            )
            trainer.weigh(scores, tf.constant(weights))
            loss = sum(map(tf.reduce_mean, scores.values()))
        return tape.gradient(loss, stylized)

    gradients = generator()

    @tf.function
    def optimizer() -> None:
        trainer.optimizer.apply(gradients, trainer.trainable_variables)

    return {
        "generator, forward and backward": generator,
        "loss network on the result, forward and backward": losses,
        "loss network on the photographs": content,
        "Adam": optimizer,
        "whole step": lambda: trainer.train_on_batch((batch, weights)),
    }


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[2]))
    print(json.dumps(measure(json.loads(sys.argv[1]), int(sys.argv[3]))))
