"""Generators for tests."""

import keras
import numpy as np

from fast_style.network.generator import Generator

# The architecture of the generators that `save` makes.
SETTINGS = dict(filters=(4, 6, 8), residual_blocks=1, upsampling="transposed")

TINY = {"filters": (4, 6, 8), "residual_blocks": 1}
EIGHTH = {"filters": (4, 5, 6, 8), "residual_blocks": 1}  # has a third stride, a skip
# Has no features at full resolution.
HALF = {"filters": (0, 5, 6, 8), "residual_blocks": 1}
SHAPES = [TINY, EIGHTH, HALF]


def pictures(height, width, number=1):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (number, height, width, 3)).astype(np.float32)


def randomised(generator):
    """Build a generator and give it random weights of the usual size."""
    generator.build((None, None, None, 3))
    rng = np.random.default_rng(1)
    for weight in generator.weights:
        deviation = 0.3 if len(weight.shape) == 2 else 0.05
        value = rng.normal(0, deviation, weight.shape)
        weight.assign(value + (weight.name == "gamma"))
    return generator


def without_statistics(generator):
    """Leave out a built generator's normalisation, which sees the whole picture."""
    for block in generator.blocks:
        inner = getattr(block, "first", None), getattr(block, "second", None), block
        for layer in inner:
            if hasattr(layer, "normalization"):
                layer.normalization.call = lambda inputs, *_, **__: inputs
    return generator


def made(styles, deviation, **settings):
    """Return a built generator whose weights have normal noise added."""
    generator = Generator(styles, **settings)
    generator.build((None, None, None, 3))
    rng = np.random.default_rng(0)
    for weight in generator.weights:
        noise = rng.normal(0, deviation, weight.shape).astype(np.float32)
        weight.assign(weight + noise)
    return generator


def small_generator(rows):
    """Return a small generator of the gallery's kind; its rows' pictures differ."""
    keras.utils.set_random_seed(0)
    generator = Generator(rows, filters=(0, 5, 6, 8), residual_blocks=0)
    generator.build((None, None, None, 3))
    rng = np.random.default_rng(0)
    for table in generator.tables:
        table.assign(table + rng.normal(0, 0.3, table.shape))
    generator.pixels.kernel.assign(4 * generator.pixels.kernel)
    return generator


def save(path, styles=("wave", "kiss"), **settings):
    """Save a generator whose weights are no initial ones, and return it."""
    generator = made(styles, 0.05, **{**SETTINGS, **settings})
    generator.save(path)
    return generator
