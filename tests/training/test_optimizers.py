"""The optimiser of a training."""

import keras
import numpy as np
import pytest
from generators import made

from fast_style.network.normalization import is_table
from fast_style.training.optimizers import TABLES_RATE, adam


def rates(optimizer, steps):
    """The learning rates at some steps."""
    values = []
    for step in steps:
        optimizer.iterations.assign(step)
        values.append(float(optimizer.learning_rate))
    return np.array(values)


def test_learning_rate_rises_and_falls_as_a_cosine():
    optimizer = adam(0.5, steps=110, warmup_steps=10)
    first, half, highest, middle, last = rates(optimizer, [0, 5, 10, 60, 110])
    assert first == pytest.approx(0.05)
    assert half == pytest.approx((0.05 + 0.5) / 2)
    assert highest == pytest.approx(0.5)
    assert middle == pytest.approx(0.5 * (1 + 0.02) / 2)
    assert last == pytest.approx(0.5 * 0.02)


def test_learning_rate_rises_over_half_of_the_steps_at_most():
    optimizer = adam(0.5, steps=10, warmup_steps=100)
    assert rates(optimizer, [5]) == pytest.approx(0.5)
    assert rates(optimizer, [4, 6]).max() < 0.5


def test_tables_learn_faster_than_shared_weights():
    generator = made(("wave", "scream"), 0.1, filters=(4, 6, 8), residual_blocks=0)
    optimizer = adam(1e-3, steps=4, warmup_steps=0)
    before = generator.get_weights()
    variables = generator.trainable_variables
    gradients = [keras.ops.ones_like(variable) for variable in variables]
    optimizer.apply(gradients, variables)
    for old, weight in zip(before, generator.weights, strict=True):
        rate = 1e-3 * (TABLES_RATE if is_table(weight) else 1)
        np.testing.assert_allclose(old - np.asarray(weight), rate, rtol=1e-2)
