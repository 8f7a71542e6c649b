"""Crops of a TensorFlow dataset of picture files, as steps of its pipeline.

Python reads the files, because an operation of TensorFlow that meets a damaged one ends
the whole pipeline.
"""

import io
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from fast_style import images
from fast_style.content.crops import Plan, cut, reduced

SHUFFLED = 2_000  # pictures that are shuffled among each other


def read(file: bytes, image_size: int) -> np.ndarray | None:
    """Return a picture reduced for its crops; None if its file is damaged."""
    try:
        return reduced(io.BytesIO(file), image_size)
    except (OSError, ValueError):
        return None


def large_enough(
    examples: tf.data.Dataset, image_size: int, broken: set[str]
) -> tf.data.Dataset:
    """Return the examples whose pictures have room for a crop, by their headers alone.

    Args:
        examples: Pairs of the name of a picture and the bytes of its file.
        image_size: Side of the crop, in pixels.
        broken: Takes the names of pictures whose headers cannot be read.
    """

    def has_room(name: bytes, file: bytes) -> bool:
        try:
            return min(images.read_size(io.BytesIO(file))) >= image_size
        except (OSError, ValueError):
            broken.add(name.decode())
            return False

    return examples.filter(
        lambda name, file: tf.ensure_shape(
            tf.numpy_function(has_room, (name, file), tf.bool), ()
        )
    )


def batches(
    examples: tf.data.Dataset,
    plan: Plan,
    reserve: Sequence[np.ndarray],
    broken: set[str],
) -> tf.data.Dataset:
    """Return batches of random crops, uint8 (B, image_size, image_size, 3).

    Args:
        examples: As `large_enough` returns them. They are filtered before they are
            counted into steps, so that a step's batch is always the same.
        plan: How many crops, and of what size. Of the part of other hosts no picture is
            decoded.
        reserve: Pictures, reduced for their crops, that take the place of those that
            cannot be read.
        broken: Takes the names of these.
    """
    side, part = plan.image_size, plan.share.places(plan.batch_size)

    def is_ours(number: tf.Tensor, _: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        place = number % plan.batch_size
        return (place >= part.start) & (place < part.stop)

    def crop(number: int, name: bytes, file: bytes) -> np.ndarray:
        pixels = read(file, side)
        if pixels is None:
            broken.add(name.decode())
            pixels = reserve[number % len(reserve)]
        return cut(pixels, side, np.random.default_rng((plan.seed, 2, number)))

    def step(number: tf.Tensor, example: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        pixels = tf.numpy_function(crop, (number, *example), tf.uint8)
        return tf.ensure_shape(pixels, (side, side, 3))

    return (
        examples.shuffle(SHUFFLED, seed=plan.seed)
        .repeat()
        .enumerate()
        .skip(plan.start * plan.batch_size)
        .filter(is_ours)
        .map(step, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(len(part), drop_remainder=True)
        .take(plan.steps - plan.start)
        .prefetch(tf.data.AUTOTUNE)
    )
