"""Weights of one generator for another: to start from, or to add styles to."""

from collections.abc import Mapping

import numpy as np
from keras import ops

from fast_style.network.generator import Generator
from fast_style.network.normalization import is_table


def copied(generator: Generator, dtype: str | None = None) -> Generator:
    """Return a copy of a built generator.

    Args:
        generator: A Generator.
        dtype: Keras' dtype policy of the copy, such as "mixed_bfloat16"; None for that
            of the generator.
    """
    config = generator.get_config()
    result = Generator.from_config({**config, "dtype": dtype} if dtype else config)
    result.build((None, None, None, 3))
    result.set_weights(generator.get_weights())
    return result


def start(generator: Generator, base: Generator, tune: str) -> None:
    """Give a new generator the weights of a base.

    A style of the base keeps its row of each table. Any other style gets the mean of
    the rows of the base's painted styles.

    Args:
        generator: A built Generator of the base's architecture.
        base: The Generator to start from.
        tune: "all", or "style" to freeze all weights but the tables and adapters.
    """
    _copy_adapters(base, generator)
    painted = base.rows.painted_indices
    pairs = zip(generator.shared_weights, base.shared_weights, strict=True)
    for weight, base_weight in pairs:
        value = ops.convert_to_numpy(base_weight)
        if is_table(weight):
            rows = dict(zip(base.styles, value, strict=True))
            mean = value[painted].mean(axis=0)
            value = np.stack([rows.get(name, mean) for name in generator.styles])
        weight.assign(value)
        weight.trainable = is_table(weight) or tune == "all"


def extended(base: Generator, generator: Generator) -> Generator:
    """Return a base with the styles of another generator added.

    Args:
        base: A Generator.
        generator: A Generator of other styles, which got the base's weights by `start`
            with tune "style" and was trained.

    Returns:
        A Generator of all styles. Those of the base give the same pictures to the bit.
    """
    result = Generator(
        (*base.styles, *generator.styles),
        **base.architecture,
        adapted=(*base.adapted, *generator.adapted),
    )
    result.build((None, None, None, 3))
    weights = (model.shared_weights for model in (result, base, generator))
    for weight, old, new in zip(*weights, strict=True):
        value = ops.convert_to_numpy(old)
        if is_table(weight):
            value = np.concatenate([value, ops.convert_to_numpy(new)])
        weight.assign(value)
    _copy_adapters(base, result)
    _copy_adapters(generator, result)
    return result


def chosen(generator: Generator, rows: Mapping[str, Mapping[str, float]]) -> Generator:
    """Return a generator whose styles are some of another's, or mixtures of them.

    A mixture may go beyond its parts: twice the row of a style trained gently less that
    of the same style trained strongly is gentler still.

    Args:
        generator: A Generator.
        rows: {name in the result: {name in the generator: share}}, in the order of the
            result; the shares of each sum to one.

    Raises:
        ValueError: The generator lacks a style, or one that is chosen has adapters.
    """
    parts = {part for mixture in rows.values() for part in mixture}
    if missing := sorted(parts - set(generator.styles)):
        raise ValueError(
            f"The model has no style {', '.join(missing)}. It has "
            f"{', '.join(generator.styles)}."
        )
    if adapted := sorted(parts & set(generator.adapted)):
        raise ValueError(f"{', '.join(adapted)} cannot be chosen: it has adapters.")
    shares = np.array(
        [
            [mixture.get(name, 0) for name in generator.styles]
            for mixture in rows.values()
        ]
    )
    result = Generator(tuple(rows), **generator.architecture)
    result.build((None, None, None, 3))
    pairs = zip(result.weights, generator.shared_weights, strict=True)
    for weight, old in pairs:
        value = ops.convert_to_numpy(old)
        weight.assign(shares @ value if is_table(weight) else value)
    return result


def _copy_adapters(source: Generator, target: Generator) -> None:
    """Copy the adapters of the styles that are adapted in both generators."""
    for style in set(source.adapted) & set(target.adapted):
        pairs = zip(
            target.adapter_weights(style), source.adapter_weights(style), strict=True
        )
        for weight, source_weight in pairs:
            weight.assign(ops.convert_to_numpy(source_weight))
