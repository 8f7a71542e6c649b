"""Which precision a machine computes faster in."""

import functools
import time
from collections.abc import Mapping

import keras
import numpy as np

from fast_style import native_log

# bfloat16 must take less than this share of float32's time to be worth its rounding:
# some processors have its instructions but are slower with them.
WORTH = 0.8


def policy(precision: str) -> str:
    """Return Keras' dtype policy for training in "float32" or "bfloat16"."""
    return "mixed_bfloat16" if precision == "bfloat16" else "float32"


@functools.cache
def faster_precision() -> str:
    """Return "bfloat16" if this machine is clearly faster in it, else "float32".

    GPUs are faster in bfloat16, which their matrix units are made for. On a processor,
    JAX computes bfloat16 in float32, and under TensorFlow a few convolutions are timed,
    which takes about two seconds.
    """
    devices = keras.distribution.list_devices()
    if not all(device.startswith("cpu") for device in devices):
        return "bfloat16"
    if keras.backend.backend() == "jax":
        return "float32"
    with native_log.off():  # oneDNN's word on processors without AVX-512
        seconds = convolution_seconds()
    return worthwhile_precision(seconds)


def worthwhile_precision(seconds: Mapping[str, float]) -> str:
    """Return the precision to train in.

    Args:
        seconds: The time that the same work takes in "float32" and in "bfloat16".
    """
    faster = seconds["bfloat16"] < WORTH * seconds["float32"]
    return "bfloat16" if faster else "float32"


def convolution_seconds(size: int = 128, channels: int = 64) -> dict[str, float]:
    """Return the time that a few convolutions take in each precision.

    Args:
        size: Side of the four square pictures of a batch, in pixels.
        channels: Channels of each convolution. The defaults are those of VGG16's first
            block.

    Returns:
        {precision: seconds}, the shortest of several runs.
    """
    pictures = np.zeros((4, size, size, channels), np.float32)
    models = {}
    for precision in ("float32", "bfloat16"):
        convolutions = [
            keras.layers.Conv2D(channels, 3, padding="same", dtype=precision)
            for _ in range(3)
        ]
        pool = keras.layers.GlobalAveragePooling2D()
        models[precision] = keras.Sequential([*convolutions, pool])
        models[precision].predict_on_batch(pictures)  # compiles
    shortest = dict.fromkeys(models, np.inf)
    for _ in range(5):
        # In turns, so that other work on the machine slows both.
        for precision, model in models.items():
            began = time.perf_counter()
            model.predict_on_batch(pictures)
            taken = time.perf_counter() - began
            shortest[precision] = min(shortest[precision], taken)
    return shortest
