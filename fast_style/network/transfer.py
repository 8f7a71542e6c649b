"""Weights from one generator to another: to start from a base, to add styles to it."""

import numpy as np
from keras import ops

from fast_style.network.generator import Generator
from fast_style.network.normalization import is_table


def start(generator, base, tune):
    """Gives a new generator the weights of a base.

    A style that the base has keeps its row of each table; that of another is the mean
    of the base's, a blend of all its styles, and the base's own row if it has but one.

    Args:
        generator: A built Generator of the base's settings.
        base: The Generator to start from.
        tune: "all", or "style" to freeze all but the styles' rows and adapters.
    """
    _copy_adapters(base, generator)
    painted = base.rows.painted_indices
    shared = generator.shared_weights, base.shared_weights
    for weight, other in zip(*shared, strict=True):
        table = is_table(weight)
        value = ops.convert_to_numpy(other)
        if table:
            rows = dict(zip(base.styles, value, strict=True))
            mean = value[painted].mean(axis=0)
            value = np.stack([rows.get(name, mean) for name in generator.styles])
        weight.assign(value)
        weight.trainable = table or tune == "all"


def extended(base, generator):
    """Adds styles to a base.

    Args:
        base: A Generator.
        generator: One of more styles that `start` froze, trained.

    Returns:
        A Generator of the base's styles, each as it was to the bit, and the new ones.
    """
    adapted = (*base.adapted, *generator.adapted)
    result = Generator(
        (*base.styles, *generator.styles), **base.architecture, adapted=adapted
    )
    result.build((None, None, None, 3))
    parts = (each.shared_weights for each in (result, base, generator))
    for weight, old, new in zip(*parts, strict=True):
        table = is_table(weight)
        weight.assign(np.concatenate([old.numpy(), new.numpy()]) if table else old)
    _copy_adapters(base, result)
    _copy_adapters(generator, result)
    return result


def _copy_adapters(source, target):
    """Gives the styles that both have adapted the source's adapters."""
    for name in set(source.adapted) & set(target.adapted):
        pairs = target.adapter_weights(name), source.adapter_weights(name)
        for weight, value in zip(*pairs, strict=True):
            weight.assign(ops.convert_to_numpy(value))
