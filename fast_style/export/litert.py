"""Export to LiteRT: a .tflite file for each precision."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from fast_style import memory, native_log
from fast_style.export import proof
from fast_style.export.proof import Artefact
from fast_style.painting import STATISTICS, TILE
from fast_style.runner import WHOLE, Runner, count_cores
from fast_style.stylizer import Stylizer

SIGNATURES = [WHOLE, STATISTICS, TILE]
MEASURED_SIDE = 768  # px; smaller pictures would count the network's weights too much


def convert(saved_model: Path, precision: str) -> bytes:
    """Convert a SavedModel to the content of a .tflite file.

    Args:
        saved_model: Folder of a SavedModel of `savedmodel.write`.
        precision: One of wanted.PRECISIONS, in which the file keeps the weights.
    """
    converter = tf.lite.TFLiteConverter.from_saved_model(
        str(saved_model), signature_keys=SIGNATURES
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
        border: Pixels that it adds to the length of each side.
    """
    picture = np.zeros((1, MEASURED_SIDE, MEASURED_SIDE, 3), np.uint8)
    runner = Runner(str(path), count_cores(), border=border, bytes_per_pixel=None)
    memory.trim()
    before, _ = memory.measure()
    runner.run(images=picture, style_weights=np.ones((1, rows), np.float32))
    after, _ = memory.measure()
    return round((after - before) / (MEASURED_SIDE + border) ** 2)


def artefacts(path: Path, precision: str) -> list[Artefact]:
    """Open a .tflite file by the Stylizer that applies it everywhere else.

    Returns:
        The file on whole pictures, and by tiles if it can.
    """
    stylizer = Stylizer(path)

    def stylize(pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        styles = dict(zip(stylizer.rows, weights.tolist(), strict=True))
        return stylizer.stylize(pixels, styles=styles)

    def stylize_tiles(pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        statistics = stylizer.painter.measure(pixels, weights[None])
        out = np.empty_like(pixels)
        return stylizer.painter.paint_tiles(pixels, weights[None], statistics, out=out)

    forms = [Artefact(precision, path, stylize)]
    if stylizer.painter.paints_tiles:
        tiles = Artefact(f"{precision} tiles", path, stylize_tiles, proof.one_tile)
        forms.append(tiles)
    return forms
