"""Adam for generators: the tables of the styles learn faster than shared weights."""

from typing import Any

import keras
from keras import ops

from fast_style.network.normalization import is_table

# A style's rows get gradients from its own pictures alone and have far to go. With 14
# styles in a generator, the loss of the first 75 steps was 1.32e6 at this factor and
# 1.49e6 without.
TABLES_RATE = 5.0
FINAL_RATE = 0.02  # share of the learning rate that is left at the end


class GeneratorAdam(keras.optimizers.Adam):
    """Adam with TABLES_RATE times the learning rate for the tables.

    Args:
        schedule: The learning rate of all other weights over the steps.
    """

    def __init__(
        self, schedule: keras.optimizers.schedules.LearningRateSchedule, **options: Any
    ) -> None:
        super().__init__(schedule, **options)
        self.schedule = schedule

    def rate_at(self, step: int) -> float:
        """Return the learning rate after a number of steps.

        Unlike Keras' `learning_rate`, it needs no variable, with which a host must not
        compute by itself.
        """
        return float(ops.convert_to_numpy(self.schedule(step)))

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        if is_table(variable):
            learning_rate = learning_rate * TABLES_RATE
        super().update_step(gradient, variable, learning_rate)


def adam(learning_rate: float, *, steps: int, warmup_steps: int) -> GeneratorAdam:
    """Return the optimiser of a training.

    Its learning rate rises from zero and then falls as a cosine. At the full rate,
    first steps would drive pixels into the flat ends of the generator's tanh.

    Args:
        learning_rate: The highest learning rate of the shared weights.
        steps: Steps of the training.
        warmup_steps: Steps of the rise, which takes half of all steps at most.
    """
    warmup_steps = min(warmup_steps, steps // 2)
    schedule = keras.optimizers.schedules.CosineDecay(
        learning_rate / max(1, warmup_steps),
        decay_steps=max(1, steps - warmup_steps),
        alpha=FINAL_RATE,
        warmup_target=learning_rate,
        warmup_steps=warmup_steps,
    )
    return GeneratorAdam(schedule, name="adam")


def steps_done(trainer: keras.Model) -> int:
    """Return the steps that a trainer has taken, those before a restart included."""
    return int(ops.convert_to_numpy(trainer.optimizer.iterations))
