"""Crops of a TensorFlow dataset of JPEG or PNG files, as steps of its pipeline."""

import tensorflow as tf

from fast_style.content.crops import RESIZE, Plan

SHUFFLED = 2_000  # pictures that are shuffled among each other


def large_enough(encoded: tf.Tensor, image_size: int) -> tf.Tensor:
    """Return whether a file's picture has room for a crop, by its header alone.

    Args:
        encoded: Bytes of a JPEG or PNG file; TFDS keeps no others.
        image_size: Side of the crop, in pixels.
    """
    shape = tf.cond(
        tf.io.is_jpeg(encoded),
        lambda: tf.io.extract_jpeg_shape(encoded)[:2],
        lambda: tf.io.decode_raw(  # width and height in the header of a PNG file
            tf.strings.substr(encoded, 16, 8), tf.int32, little_endian=False
        ),
    )
    return tf.reduce_min(shape) >= image_size


def reduced(encoded: tf.Tensor, image_size: int) -> tf.Tensor:
    """Return the picture of a file, reduced for its crops: uint8 (H, W, 3).

    Args:
        encoded: Bytes of a JPEG or PNG file.
        image_size: Side of the crops, in pixels.
    """
    image = tf.io.decode_image(encoded, channels=3, expand_animations=False)
    shape = tf.shape(image)[:2]
    short = tf.cast(tf.reduce_min(shape), tf.float32)
    scale = tf.minimum(1.0, RESIZE * image_size / short)
    size = tf.cast(tf.round(tf.cast(shape, tf.float32) * scale), tf.int32)
    return tf.cast(tf.round(tf.image.resize(image, size, "area")), tf.uint8)


def batches(files: tf.data.Dataset, plan: Plan) -> tf.data.Dataset:
    """Return batches of random crops, uint8 (B, image_size, image_size, 3).

    Args:
        files: Bytes of files whose pictures are large enough. They are filtered before
            they are counted into steps, so that a step's batch is always the same.
        plan: How many crops, and of what size.
    """

    def crop(index: tf.Tensor, encoded: tf.Tensor) -> tf.Tensor:
        seeds = tf.stack([tf.cast(plan.seed, tf.int64), index])
        image = reduced(encoded, plan.image_size)
        shape = (plan.image_size, plan.image_size, 3)
        image = tf.image.stateless_random_crop(image, shape, seeds)
        return tf.image.stateless_random_flip_left_right(image, seeds)

    return (
        files.shuffle(SHUFFLED, seed=plan.seed)
        .repeat()
        .enumerate()
        .skip(plan.start * plan.batch_size)
        .map(crop, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(plan.batch_size, drop_remainder=True)
        .take(plan.steps - plan.start)
        .prefetch(tf.data.AUTOTUNE)
    )
