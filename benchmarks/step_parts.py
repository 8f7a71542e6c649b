"""Where a training step's time goes: its parts, compiled each by itself.

Usage: python -m benchmarks.step_parts SETTINGS THREADS ROUNDS

prints {part: seconds} as JSON.

The settings are those of keras_step.trainer, as JSON; what is told is the median.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import tensorflow as tf

from benchmarks import keras_step


def parts(trainer, inputs):
    """{part: function without arguments}; "whole step" is one of them."""
    variables = [weight.value for weight in trainer.trainable_variables]
    photos = tf.constant(inputs[0])
    stylised = tf.constant(trainer(inputs))

    @tf.function
    def generator():
        with tf.GradientTape() as tape:
            result = trainer.generator(photos, training=True)
        return tape.gradient(result, variables, output_gradients=stylised)

    @tf.function
    def content():
        return trainer.objective.content(photos)

    wanted = content()

    @tf.function
    def losses():
        with tf.GradientTape() as tape:
            tape.watch(stylised)
            scores = trainer.objective.score(
                trainer.objective.represent(stylised), wanted, trainer.style_targets
            )
            loss = sum(map(tf.reduce_mean, scores.values()))
        return tape.gradient(loss, stylised)

    gradients = generator()

    @tf.function
    def optimiser():
        trainer.optimizer.apply(gradients, trainer.trainable_variables)

    return {
        "generator, forward and backward": generator,
        "loss network on the result, forward and backward": losses,
        "loss network on the photographs": content,
        "Adam": optimiser,
        "whole step": lambda: trainer.train_on_batch(inputs),
    }


def main(settings, threads, rounds):
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    trainer = keras_step.trainer(**settings)
    batch = np.load(Path(settings["folder"]) / "batch.npy")
    functions = parts(trainer, keras_step.inputs(batch))
    taken = {name: [] for name in functions}
    for number in range(rounds + 1):
        for name, run in functions.items():
            began = time.perf_counter()
            run()
            if number:  # the first compiles
                taken[name].append(time.perf_counter() - began)
    print(json.dumps({name: statistics.median(s) for name, s in taken.items()}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
