"""Turn a trained generator into the files that are served and shipped.

An export's directory:
    1/                      SavedModel for TF Serving; the folder's name is its version
    fast_style_*.tflite     LiteRT in float32, float16 and int8, and for phones' GPUs
    fast_style_*.onnx       ONNX, if asked
    phones.md               how to use what is for phones' GPUs
    fast_style.json         styles and architecture; every artefact holds a copy
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from fast_style import __version__, catalogue, extras, gallery, images, metadata
from fast_style.export import folders, litert, phones, proof, savedmodel
from fast_style.export.wanted import NOTHING, PRECISIONS, Wanted, places
from fast_style.network import loading
from fast_style.network import phones as network_phones
from fast_style.network.configuration import keras_defaults
from fast_style.network.generator import Generator

MEASURED_SIDE = 128  # px, of the picture on which features are measured


@keras_defaults()
def export(
    model: str | os.PathLike,
    output_dir: str | os.PathLike,
    *,
    photo: str | os.PathLike,
    overwrite: bool = False,
    wanted: Wanted = NOTHING,
    sizes: Sequence[tuple[int, int]] = proof.SIZES,
    tolerances: Mapping[str, proof.Tolerance] = proof.TOLERANCES,
) -> list[proof.Result]:
    """Write a generator's SavedModel and .tflite files, and prove every one.

    Args:
        model: Run directory of a training, or path of a .keras file.
        output_dir: Directory to make.
        photo: Path of the photograph that every artefact is compared on.
        overwrite: Whether to replace an earlier export.
        wanted: What it is to hold, and which styles are compared alone.
        sizes: See `proof.prove`.
        tolerances: See `proof.prove`.

    Returns:
        How near every artefact comes to Keras at every size.

    Raises:
        OSError: A file is missing or cannot be written.
        ValueError: The model is not a generator, output_dir may not be replaced, or
            an artefact differs too much from Keras. Then nothing is left behind.
    """
    folders.check(output_dir, overwrite)
    generator = loading.load_generator(model)
    places(generator.styles, wanted.proves)  # before minutes of work
    pixels = images.read(photo).pixels
    try:
        with folders.replacing(output_dir) as folder:
            description = _description(generator)
            artefacts = _write(generator, folder, description, wanted.only)
            artefacts += _write_wanted(generator, folder, description, wanted, pixels)
            results = proof.prove(
                *(generator, artefacts, pixels),
                alone=wanted.proves,
                sizes=sizes,
                tolerances=tolerances,
            )
    except (OSError, tf.errors.OpError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise OSError(f"Cannot write '{output_dir}': {reason}.") from error
    return results


def _write(
    generator: Generator,
    directory: Path,
    description: Mapping[str, Any],
    only: str | None,
) -> list[proof.Artefact]:
    """Write the files of an export into a directory, and open its artefacts."""
    saved_model = directory / "1"
    savedmodel.write(generator, saved_model, takes_files=not only)
    # TF Serving and the SavedModel tools leave assets.extra to its maker.
    for folder in (directory, saved_model / "assets.extra"):
        folder.mkdir(exist_ok=True)
        (folder / metadata.FILE_NAME).write_text(metadata.dumps(dict(description)))
    warm_up = saved_model / "assets.extra" / savedmodel.WARM_UP
    savedmodel.write_warm_up(warm_up, len(generator.styles))
    artefacts = [] if only else savedmodel.artefacts(saved_model)
    margin = sum(generator.geometry.margin)
    for precision in [only] if only else PRECISIONS:
        path = directory / f"fast_style_{precision}.tflite"
        path.write_bytes(litert.convert(saved_model, precision))
        needs = litert.bytes_per_pixel(path, len(generator.styles), margin)
        metadata.attach(path, {**description, "bytes_per_pixel": needs})
        artefacts += litert.artefacts(path, precision)
    if only:
        shutil.rmtree(saved_model)
    return artefacts


def _write_wanted(
    generator: Generator,
    folder: Path,
    description: Mapping[str, Any],
    wanted: Wanted,
    photo: np.ndarray,
) -> list[proof.Artefact]:
    """Write what else is wanted into a directory, and open it."""
    artefacts: list[proof.Artefact] = []
    fitting = generator
    if wanted.onnx or wanted.phones:
        rows = generator.rows.one_hot()
        small = images.resize_short_side(photo, MEASURED_SIDE)
        small = small[:MEASURED_SIDE, :MEASURED_SIDE].astype(np.float32)
        copies = np.repeat(small[None], len(rows), axis=0)
        fitting = network_phones.in_float16(generator, copies, rows)
    if wanted.onnx or wanted.bakes:
        onnx = extras.load("fast_style.export.onnx", "onnx", "Cannot write ONNX")
        common = folder, description, wanted.opset
        if wanted.onnx:
            artefacts += onnx.write(generator, fitting, *common)
        artefacts += [onnx.bake(generator, bake, *common) for bake in wanted.bakes]
    if wanted.phones:
        (folder / phones.GUIDE).write_text(phones.guide(generator, wanted.phones))
        artefacts += [
            phones.write(fitting, size, folder, description) for size in wanted.phones
        ]
    return artefacts


def _description(generator: Generator) -> dict[str, Any]:
    """Return the content of a generator's fast_style.json."""
    embedded = loading.load_generator(gallery.GENERATOR)
    return {
        "fast_style": __version__,
        "styles": list(generator.styles),
        "catalogue": catalogue.to_metadata(gallery.own_styles(generator, embedded)),
        "generator": {**generator.architecture, "adapted": generator.adapted},
        "margin": generator.geometry.margin,
    }
