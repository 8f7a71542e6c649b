"""Export to a SavedModel: pictures as arrays, or as the bytes of their files."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from fast_style import MIN_SIZE, predictions
from fast_style.export import pictures
from fast_style.export.proof import Artefact
from fast_style.network import tiles as network
from fast_style.network.generator import Generator

JPEG_QUALITY = 95
WARM_UP = "tf_serving_warmup_requests"  # what TF Serving calls the file
WARM_UP_SIZE = 256  # px


def write(generator: Generator, directory: Path, *, takes_files: bool = True) -> None:
    """Write a generator as a SavedModel with four signatures.

    All take `style_weights`, float32 (B, rows), of any positive sum. The signature
    serving_default takes `images`, uint8 (B, H, W, 3), and returns `stylized_images`.
    The signature stylize_bytes takes `image_bytes`, the content of (B,) files of any
    sizes, and returns `stylized_bytes`, JPEG files.

    The other two paint pictures of any size by tiles, for one row of weights. The
    signature statistics takes `windows`, uint8 (B, H, W, 3), and returns `statistics`,
    float32 (1, 1, 1, N). The signature stylize_tile takes `tiles`, uint8 (B, H, W, 3),
    and `statistics`, and returns `stylized_tiles` without the border; see
    `network.tiles`.

    Args:
        generator: The generator.
        directory: The folder to make.
        takes_files: Whether it is to have stylize_bytes.
    """
    weights_spec = tf.TensorSpec(
        (None, len(generator.styles)), tf.float32, "style_weights"
    )
    specs = {
        name: tf.TensorSpec((None, None, None, 3), tf.uint8, name)
        for name in ("images", "windows", "tiles")
    }
    specs["image_bytes"] = tf.TensorSpec((None,), tf.string, "image_bytes")
    statistics_spec = tf.TensorSpec(
        (1, 1, 1, network.count(generator)), tf.float32, "statistics"
    )
    serve_arrays = arrays_endpoint(generator)
    statistics, stylize_tile = _tile_endpoints(generator)
    endpoints = [
        ("serving_default", serve_arrays, [specs["images"], weights_spec]),
        ("statistics", statistics, [specs["windows"], weights_spec]),
        ("stylize_tile", stylize_tile, [specs["tiles"], weights_spec, statistics_spec]),
    ]
    if takes_files:
        inputs = [specs["image_bytes"], weights_spec]
        endpoints.append(("stylize_bytes", _bytes_endpoint(generator), inputs))
    archive = keras.export.ExportArchive()
    for name, function, inputs in endpoints:
        archive.add_endpoint(name, function, input_signature=inputs)
    archive.write_out(str(directory), verbose=False)


def _shares(style_weights: tf.Tensor) -> tf.Tensor:
    """Return style weights of which each row sums to one."""
    total = tf.reduce_sum(style_weights, axis=1, keepdims=True)
    tf.debugging.assert_positive(total, "style_weights must sum to more than 0.")
    return style_weights / total


def _levels(pixels: tf.Tensor) -> tf.Tensor:
    """Return float pixels in whole grey levels."""
    # The cast drops the fraction, so half a level more rounds to the nearest.
    return tf.cast(pixels + 0.5, tf.uint8)


def _tile_endpoints(generator: Generator) -> tuple[Callable, Callable]:
    """Return the functions of the signatures that see parts of pictures."""

    def statistics(windows: tf.Tensor, style_weights: tf.Tensor) -> dict:
        values = network.measure(generator, windows, _shares(style_weights))
        return {"statistics": values}

    def stylize_tile(
        tiles: tf.Tensor, style_weights: tf.Tensor, statistics: tf.Tensor
    ) -> dict:
        pixels = network.paint(generator, tiles, _shares(style_weights), statistics)
        return {"stylized_tiles": _levels(pixels)}

    return statistics, stylize_tile


def arrays_endpoint(generator: Generator) -> Callable:
    """Return the function of the signature that takes pictures as arrays."""

    def serve_arrays(images: tf.Tensor, style_weights: tf.Tensor) -> dict:
        return {"stylized_images": _levels(generator(images, _shares(style_weights)))}

    return serve_arrays


def _bytes_endpoint(generator: Generator) -> Callable:
    """Return the function of the signature that takes the bytes of files."""
    serve_arrays = arrays_endpoint(generator)

    def serve_file(arguments: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        encoded, weights = arguments
        image = pictures.decode(encoded)
        tf.debugging.assert_greater_equal(
            tf.reduce_min(tf.shape(image)[:2]),
            MIN_SIZE,
            f"A picture is under {MIN_SIZE} px wide or high.",
        )
        pixels = serve_arrays(image[None], weights[None])["stylized_images"][0]
        return tf.io.encode_jpeg(
            pixels, "rgb", quality=JPEG_QUALITY, chroma_downsampling=False
        )

    def serve_bytes(image_bytes: tf.Tensor, style_weights: tf.Tensor) -> dict:
        encoded = tf.map_fn(
            serve_file, (image_bytes, style_weights), fn_output_signature=tf.string
        )
        return {"stylized_bytes": encoded}

    return serve_bytes


def write_warm_up(path: Path, rows: int) -> None:
    """Write the requests that TF Serving runs before it takes others.

    The first call of a signature takes longer than all after it.

    Args:
        path: The file to write, `assets.extra/tf_serving_warmup_requests`.
        rows: Style weights of a request.
    """
    grey = np.full((1, WARM_UP_SIZE, WARM_UP_SIZE, 3), 128, np.uint8)
    weights = np.ones((1, rows), np.float32)
    file = tf.io.encode_jpeg(grey[0]).numpy()
    with tf.io.TFRecordWriter(str(path)) as writer:
        for signature, name, value in (
            ("serving_default", "images", grey),
            ("stylize_bytes", "image_bytes", [file]),
        ):
            inputs = {name: value, "style_weights": weights}
            writer.write(predictions.warm_up(signature, inputs))


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
