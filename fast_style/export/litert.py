"""Export to LiteRT: a .tflite file for each precision."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from fast_style import memory, native_log
from fast_style.export.proof import Artefact
from fast_style.runner import Runner
from fast_style.stylizer import Stylizer, count_cores

PRECISIONS = ("float32", "float16", "int8")
MEASURED_SIDE = 768  # px; smaller pictures would count the network's weights too much


def convert(saved_model: Path, precision: str) -> bytes:
    """Convert a SavedModel to the content of a .tflite file.

    Args:
        saved_model: Folder of a SavedModel of `savedmodel.write`.
        precision: One of PRECISIONS, in which the file keeps the weights.
    """
    converter = tf.lite.TFLiteConverter.from_saved_model(
        str(saved_model), signature_keys=["serving_default"]
    )
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    with native_log.off():  # the converter's remarks on its own settings
        return converter.convert()


def bytes_per_pixel(path: Path, rows: int, border: int) -> int:
    """Return how much memory LiteRT takes for a pixel of a picture and its border.

    Args:
        path: A .tflite file.
        rows: Number of its rows.
        border: Pixels that it adds to each side of a picture.
    """
    picture = np.zeros((1, MEASURED_SIDE, MEASURED_SIDE, 3), np.uint8)
    runner = Runner(str(path), count_cores(), border=border, bytes_per_pixel=None)
    memory.trim()
    before, _ = memory.measure()
    runner.run(picture, np.ones((1, rows), np.float32))
    after, _ = memory.measure()
    return round((after - before) / (MEASURED_SIDE + border) ** 2)


def artefact(path: Path, precision: str) -> Artefact:
    """Open a .tflite file by the Stylizer that applies it everywhere else."""
    stylizer = Stylizer(path)

    def stylize(pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        styles = zip(stylizer.rows, weights.tolist(), strict=True)
        return stylizer.stylize(pixels, styles=dict(styles))

    return Artefact(precision, path, stylize)
