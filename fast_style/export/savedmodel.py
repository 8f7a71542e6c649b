"""Export to a SavedModel: pictures as arrays, or as the bytes of their files."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from fast_style import MIN_SIZE
from fast_style.export import pictures
from fast_style.export.proof import Artefact
from fast_style.network.generator import Generator

JPEG_QUALITY = 95


def write(generator: Generator, directory: Path) -> None:
    """Write a generator as a SavedModel with two signatures.

    Both take `style_weights`, float32 (B, rows), of any positive sum. The signature
    serving_default takes `images`, uint8 (B, H, W, 3), and returns `stylized_images`.
    The signature stylize_bytes takes `image_bytes`, the content of (B,) files of any
    sizes, and returns `stylized_bytes`, JPEG files.

    Args:
        generator: The generator.
        directory: The folder to make.
    """
    serve_arrays, serve_bytes = _endpoints(generator)
    weights_spec = tf.TensorSpec(
        (None, len(generator.styles)), tf.float32, "style_weights"
    )
    images_spec = tf.TensorSpec((None, None, None, 3), tf.uint8, "images")
    bytes_spec = tf.TensorSpec((None,), tf.string, "image_bytes")
    archive = keras.export.ExportArchive()
    archive.add_endpoint(
        "serving_default", serve_arrays, input_signature=[images_spec, weights_spec]
    )
    archive.add_endpoint(
        "stylize_bytes", serve_bytes, input_signature=[bytes_spec, weights_spec]
    )
    archive.write_out(str(directory), verbose=False)


def _endpoints(generator: Generator) -> tuple[Callable, Callable]:
    """Return the functions of the two signatures."""

    def stylize(images: tf.Tensor, style_weights: tf.Tensor) -> tf.Tensor:
        total = tf.reduce_sum(style_weights, axis=1, keepdims=True)
        tf.debugging.assert_positive(total, "style_weights must sum to more than 0.")
        pixels = generator(images, style_weights / total)
        # The cast drops the fraction, so half a level more rounds to the nearest.
        return tf.cast(pixels + 0.5, tf.uint8)

    def serve_arrays(images: tf.Tensor, style_weights: tf.Tensor) -> dict:
        return {"stylized_images": stylize(images, style_weights)}

    def serve_file(arguments: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        encoded, weights = arguments
        image = pictures.decode(encoded)
        tf.debugging.assert_greater_equal(
            tf.reduce_min(tf.shape(image)[:2]),
            MIN_SIZE,
            f"A picture is under {MIN_SIZE} px wide or high.",
        )
        pixels = stylize(image[None], weights[None])[0]
        return tf.io.encode_jpeg(
            pixels, "rgb", quality=JPEG_QUALITY, chroma_downsampling=False
        )

    def serve_bytes(image_bytes: tf.Tensor, style_weights: tf.Tensor) -> dict:
        encoded = tf.map_fn(
            serve_file, (image_bytes, style_weights), fn_output_signature=tf.string
        )
        return {"stylized_bytes": encoded}

    return serve_arrays, serve_bytes


def artefacts(directory: Path) -> list[Artefact]:
    """Open a SavedModel of `write`: one artefact for each of its signatures."""
    signatures = tf.saved_model.load(str(directory)).signatures

    def stylize_array(pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        outputs = signatures["serving_default"](
            images=tf.constant(pixels[None]), style_weights=tf.constant(weights[None])
        )
        return outputs["stylized_images"][0].numpy()

    def stylize_file(pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        outputs = signatures["stylize_bytes"](
            image_bytes=tf.io.encode_png(pixels)[None],
            style_weights=tf.constant(weights[None]),
        )
        return tf.io.decode_jpeg(outputs["stylized_bytes"][0]).numpy()

    return [
        Artefact("SavedModel", directory, stylize_array),
        Artefact("SavedModel bytes", directory, stylize_file),
    ]
