"""Export to LiteRT: a .tflite file for each precision."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from fast_style.export.proof import Artefact
from fast_style.stylizer import Stylizer

PRECISIONS = ("float32", "float16", "int8")


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
    return converter.convert()


def artefact(path: Path, precision: str) -> Artefact:
    """Open a .tflite file by the Stylizer that applies it everywhere else."""
    stylizer = Stylizer(path)

    def stylize(pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        styles = zip(stylizer.rows, weights.tolist(), strict=True)
        return stylizer.stylize(pixels, styles=dict(styles))

    return Artefact(precision, path, stylize)
