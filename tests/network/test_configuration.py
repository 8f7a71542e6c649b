"""The configuration of Keras, which is the same whatever keras.json says."""

import keras

from fast_style.network.configuration import keras_defaults


def test_the_block_computes_in_float32_with_channels_last():
    config = keras.config
    config.set_image_data_format("channels_first")
    config.set_floatx("float16")
    config.set_dtype_policy("float16")
    try:
        with keras_defaults():
            assert config.image_data_format() == "channels_last"
            assert config.floatx() == config.dtype_policy().name == "float32"
        assert config.image_data_format() == "channels_first"
        assert config.floatx() == config.dtype_policy().name == "float16"
    finally:
        config.set_image_data_format("channels_last")
        config.set_floatx("float32")
        config.set_dtype_policy("float32")
