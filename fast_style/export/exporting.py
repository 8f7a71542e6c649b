"""Turns a trained generator into what is served and shipped, and proves each file.

An export's directory:
    1/                      SavedModel, for TF Serving (the directory is the version)
    fast_style_*.tflite     LiteRT: float32, float16, int8
    fast_style.json         styles and generator; also inside every artefact
"""

import shutil
import time
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from fast_style import MIN_SIZE, __version__, catalogue, gallery, images, metadata
from fast_style.network import loading
from fast_style.stylizer import Stylizer

JPEG_QUALITY = 95
# (width, height) in px: odd, no multiples of the stride, neither square nor alike
CHECK_SIZES = ((203, 135), (301, 403))


class Tolerance(NamedTuple):
    """How far an artefact may be from Keras.

    Args:
        largest: Grey levels, at any value.
        psnr: Decibels, at least.
    """

    largest: float
    psnr: float


TOLERANCES = {
    "SavedModel": Tolerance(1, 30),
    "SavedModel bytes": Tolerance(255, 30),  # the JPEG's own loss
    "float32": Tolerance(1, 30),
    "float16": Tolerance(3, 30),
    "int8": Tolerance(255, 30),
}


class Row(NamedTuple):
    """One line of the table: an artefact, run on one size and compared with Keras.

    Args:
        artefact: Its name, a key of TOLERANCES.
        megabytes: Its size on disk.
        width, height: The picture's, in pixels.
        largest, mean: Differences in grey levels; of the styles the worst's.
        psnr: Peak signal-to-noise ratio, in decibels; of the styles the worst's.
        milliseconds: A second run's time, mean of the styles.
    """

    artefact: str
    megabytes: float
    width: int
    height: int
    largest: float
    mean: float
    psnr: float
    milliseconds: float


def export(model, output_dir, *, photo):
    """Writes the SavedModel and the .tflite files of a generator, and checks them all.

    Args:
        model: A run directory of train.py, or a .keras file.
        output_dir: Directory to make.
        photo: Path of a photograph to compare on.

    Returns:
        list of Row.

    Raises:
        OSError: Something is missing or cannot be written.
        ValueError: The model is not a generator, output_dir is there already, or an
            artefact differs too much from Keras. Nothing is left behind then.
    """
    model, output_dir = Path(model), Path(output_dir)
    if output_dir.exists():
        raise ValueError(f"'{output_dir}' is there already. Give a new --output_dir.")
    generator = loading.load_generator(model)
    photo = images.read(photo).pixels
    unfinished = output_dir.with_name(output_dir.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True)
        rows = _write_and_check(generator, unfinished, photo)
        unfinished.rename(output_dir)
    except (OSError, tf.errors.OpError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise OSError(f"Cannot write '{output_dir}': {reason}.") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return rows


def table(rows):
    """The rows as text, one line each, with a header."""
    lines = ["artefact           MB     picture   largest  mean   PSNR dB    ms"]
    lines += [
        f"{row.artefact:17} {row.megabytes:5.2f} {row.width:5d}x{row.height:<5d} "
        f"{row.largest:7.0f} {row.mean:6.3f} {row.psnr:8.1f} {row.milliseconds:6.0f}"
        for row in rows
    ]
    return "\n".join(lines)


def _write_and_check(generator, directory, photo):
    embedded = loading.load_generator(gallery.GENERATOR)
    known = {
        "fast_style": __version__,
        "styles": list(generator.styles),
        "catalogue": catalogue.to_metadata(gallery.own_styles(generator, embedded)),
        "generator": {
            name: value
            for name, value in generator.get_config().items()
            if name in ("filters", "residual_blocks", "upsampling", "adapted")
        },
    }
    saved_model = directory / "1"
    _write_saved_model(generator, saved_model)
    # TF Serving and the SavedModel tools leave assets.extra to whoever made it.
    for path in (directory, saved_model / "assets.extra"):
        path.mkdir(exist_ok=True)
        (path / metadata.FILE_NAME).write_text(metadata.dumps(known))

    artefacts = _open_saved_model(saved_model)
    for precision in ("float32", "float16", "int8"):
        path = directory / f"fast_style_{precision}.tflite"
        path.write_bytes(_convert(saved_model, precision))
        metadata.attach(path, known)
        artefacts[precision] = (path, _open_tflite(path))

    rows = []
    for number, (width, height) in enumerate(CHECK_SIZES):
        pixels = images.resize_short_side(photo, max(width, height))[:height, :width]
        found = {name: [] for name in artefacts}
        for weights in _weightings(len(generator.styles), number):
            batch = pixels[None].astype(np.float32)
            expected = np.asarray(generator(batch, weights[None]))[0]
            for name, (_, run) in artefacts.items():
                found[name].append(_compare(name, run, pixels, weights, expected))
        for name, (path, _) in artefacts.items():
            largest, mean, psnr, milliseconds = zip(*found[name], strict=True)
            rows.append(
                Row(
                    artefact=name,
                    megabytes=_megabytes(path),
                    width=width,
                    height=height,
                    largest=max(largest),
                    mean=max(mean),
                    psnr=min(psnr),
                    milliseconds=np.mean(milliseconds),
                )
            )
    for row in rows:
        limit = TOLERANCES[row.artefact]
        if not (row.largest <= limit.largest and row.psnr >= limit.psnr):
            raise ValueError(
                f"{row.artefact} differs from Keras by up to {row.largest:.0f} grey "
                f"levels, PSNR {row.psnr:.1f} dB; {limit.largest:.0f} and "
                f"{limit.psnr:.0f} dB are allowed. Nothing was exported.\n{table(rows)}"
            )
    return rows


def _write_saved_model(generator, directory):
    styles = len(generator.styles)
    weights_spec = tf.TensorSpec((None, styles), tf.float32, "style_weights")

    def stylize(images, style_weights):
        total = tf.reduce_sum(style_weights, axis=1, keepdims=True)
        tf.debugging.assert_positive(total, "style_weights must sum to more than 0.")
        pixels = generator(images, style_weights / total)
        # Casting cuts the fraction off; half a level more rounds to the nearest.
        return tf.cast(pixels + 0.5, tf.uint8)

    def serve_arrays(images, style_weights):
        return {"stylized_images": stylize(images, style_weights)}

    def serve_bytes(image_bytes, style_weights):
        def one(arguments):
            encoded, weights = arguments
            image = tf.io.decode_image(encoded, channels=3, expand_animations=False)
            tf.debugging.assert_greater_equal(
                tf.reduce_min(tf.shape(image)[:2]),
                MIN_SIZE,
                f"A picture is under {MIN_SIZE} px wide or high.",
            )
            pixels = stylize(image[None], weights[None])[0]
            return tf.io.encode_jpeg(
                pixels, "rgb", quality=JPEG_QUALITY, chroma_downsampling=False
            )

        encoded = tf.map_fn(
            one, (image_bytes, style_weights), fn_output_signature=tf.string
        )
        return {"stylized_bytes": encoded}

    archive = keras.export.ExportArchive()
    images_spec = tf.TensorSpec((None, None, None, 3), tf.uint8, "images")
    archive.add_endpoint(
        "serving_default", serve_arrays, input_signature=[images_spec, weights_spec]
    )
    bytes_spec = tf.TensorSpec((None,), tf.string, "image_bytes")
    archive.add_endpoint(
        "stylize_bytes", serve_bytes, input_signature=[bytes_spec, weights_spec]
    )
    archive.write_out(str(directory), verbose=False)


def _convert(saved_model, precision):
    converter = tf.lite.TFLiteConverter.from_saved_model(
        str(saved_model), signature_keys=["serving_default"]
    )
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    return converter.convert()


def _open_saved_model(directory):
    signatures = tf.saved_model.load(str(directory)).signatures

    def run_arrays(pixels, weights):
        outputs = signatures["serving_default"](
            images=tf.constant(pixels[None]), style_weights=tf.constant(weights[None])
        )
        return outputs["stylized_images"][0].numpy()

    def run_bytes(pixels, weights):
        outputs = signatures["stylize_bytes"](
            image_bytes=tf.io.encode_png(pixels)[None],
            style_weights=tf.constant(weights[None]),
        )
        return tf.io.decode_jpeg(outputs["stylized_bytes"][0]).numpy()

    return {
        "SavedModel": (directory, run_arrays),
        "SavedModel bytes": (directory, run_bytes),
    }


def _open_tflite(path):
    stylizer = Stylizer(path)

    def run(pixels, weights):
        styles = zip(stylizer.rows, weights.tolist(), strict=True)
        return stylizer.stylize(pixels, styles=dict(styles))

    return run


def _weightings(styles, number):
    """The blend of all styles, and those of them whose turn it is at the nth size."""
    rows = np.eye(styles, dtype=np.float32)
    blend = np.full((1, styles), 1 / styles, np.float32)
    return np.unique(np.concatenate([blend, rows[number :: len(CHECK_SIZES)]]), axis=0)


def _compare(name, run, pixels, weights, expected):
    """Largest and mean difference, PSNR, and a second run's milliseconds."""
    result = run(pixels, weights)
    began = time.perf_counter()
    run(pixels, weights)
    seconds = time.perf_counter() - began
    if result.shape != pixels.shape:
        raise ValueError(
            f"{name} made {result.shape} of {pixels.shape}. Nothing was exported."
        )
    difference = np.abs(result.astype(np.float64) - np.rint(expected))
    error = np.mean(np.square(difference))
    psnr = 10 * np.log10(255**2 / max(error, 1e-9))
    return float(difference.max()), float(difference.mean()), psnr, 1000 * seconds


def _megabytes(path):
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
