"""Which precision a machine computes faster in."""

import functools
import time

import keras
import numpy as np

PRECISIONS = ("auto", "float32", "bfloat16")
# How much faster bfloat16 must be to be worth its rounding: some processors that
# have its instructions are slower with them than without.
WORTH = 0.8


def check_precision(precision):
    """Raises a ValueError unless this is one of PRECISIONS."""
    if precision not in PRECISIONS:
        raise ValueError(
            f"--precision is '{precision}'; give one of {', '.join(PRECISIONS)}."
        )


def policy(precision):
    """Keras' dtype policy of a network trained in "float32" or "bfloat16"."""
    return "mixed_bfloat16" if precision == "bfloat16" else "float32"


@functools.cache
def faster_precision():
    """ "bfloat16" if convolutions are clearly faster in it here, else "float32".

    GPUs are: their matrix units are made for it. On a processor JAX's compiler turns
    bfloat16 into float32; under TensorFlow a few convolutions like VGG16's are timed,
    which takes about two seconds.
    """
    devices = keras.distribution.list_devices()
    if not all(device.startswith("cpu") for device in devices):
        return "bfloat16"
    if keras.backend.backend() == "jax":
        return "float32"
    pictures = np.zeros((4, 128, 128, 64), np.float32)
    models = {}
    for precision in ("float32", "bfloat16"):
        convolutions = [
            keras.layers.Conv2D(64, 3, padding="same", dtype=precision)
            for _ in range(3)
        ]
        pool = keras.layers.GlobalAveragePooling2D()
        models[precision] = keras.Sequential([*convolutions, pool])
        models[precision].predict_on_batch(pictures)  # compiles
    # In turns, and the best of several: other work on the machine hits both.
    best = dict.fromkeys(models, np.inf)
    for _ in range(5):
        for precision, model in models.items():
            began = time.perf_counter()
            model.predict_on_batch(pictures)
            best[precision] = min(best[precision], time.perf_counter() - began)
    faster = best["bfloat16"] < WORTH * best["float32"]
    return "bfloat16" if faster else "float32"
