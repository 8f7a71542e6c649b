"""The configuration of Keras that the networks need, whatever the user's own is."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras


@contextmanager
def keras_defaults() -> Iterator[None]:
    """Let Keras compute in float32 with channels last inside the block.

    A person's ~/.keras/keras.json may say otherwise. The networks have their channels
    last, and the losses overflow in float16.
    """
    config = keras.config
    before = config.image_data_format(), config.floatx(), config.dtype_policy()
    config.set_image_data_format("channels_last")
    config.set_floatx("float32")
    config.set_dtype_policy("float32")
    try:
        yield
    finally:
        config.set_image_data_format(before[0])
        config.set_floatx(before[1])
        config.set_dtype_policy(before[2])
