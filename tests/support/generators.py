"""Generators for tests."""

import numpy as np

# Of the generators that `save` makes.
SETTINGS = dict(filters=(4, 6, 8), residual_blocks=1, upsampling="transposed")


def small_generator(rows):
    """A small generator whose rows tell from one another."""
    import keras

    from fast_style.network.generator import Generator

    keras.utils.set_random_seed(0)
    generator = Generator(rows, filters=(4, 6, 8), residual_blocks=1)
    generator.build((None, None, None, 3))
    rng = np.random.default_rng(0)
    for weight in generator.weights:
        if weight.name in ("gamma", "beta"):
            weight.assign(weight + rng.normal(0, 0.3, weight.shape))
    generator.pixels.kernel.assign(4 * generator.pixels.kernel)
    return generator


def save(path, styles=("wave", "kiss"), **settings):
    """Saves a generator with weights that are no initial ones; returns it."""
    from fast_style.network.generator import Generator

    generator = Generator(styles, **{**SETTINGS, **settings})
    generator.build((None, None, None, 3))
    rng = np.random.default_rng(0)
    for weight in generator.weights:
        noise = rng.normal(0, 0.05, weight.shape).astype(np.float32)
        weight.assign(weight + noise)
    generator.save(path)
    return generator
