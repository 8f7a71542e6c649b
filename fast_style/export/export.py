"""Turn a trained generator into the files that are served and shipped.

An export's directory:
    1/                      SavedModel for TF Serving; the folder's name is its version
    fast_style_*.tflite     LiteRT in float32, float16 and int8
    fast_style.json         styles and architecture; every artefact holds a copy
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from fast_style import __version__, catalogue, gallery, images, metadata
from fast_style.export import folders, litert, proof, savedmodel
from fast_style.network import loading
from fast_style.network.configuration import keras_defaults
from fast_style.network.generator import Generator


@keras_defaults()
def export(
    model: str | os.PathLike,
    output_dir: str | os.PathLike,
    *,
    photo: str | os.PathLike,
    overwrite: bool = False,
    only: str | None = None,
    sizes: Sequence[tuple[int, int]] = proof.SIZES,
    tolerances: Mapping[str, proof.Tolerance] = proof.TOLERANCES,
) -> list[proof.Result]:
    """Write a generator's SavedModel and .tflite files, and prove every one.

    Args:
        model: Run directory of a training, or path of a .keras file.
        output_dir: Directory to make.
        photo: Path of the photograph that every artefact is compared on.
        overwrite: Whether to replace an earlier export.
        only: The precision of the one .tflite file to write, which is quicker; None
            writes all of them, and the SavedModel.
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
    pixels = images.read(photo).pixels
    try:
        with folders.replacing(output_dir) as folder:
            artefacts = _write(generator, folder, only)
            results = proof.prove(
                generator, artefacts, pixels, sizes=sizes, tolerances=tolerances
            )
    except (OSError, tf.errors.OpError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise OSError(f"Cannot write '{output_dir}': {reason}.") from error
    return results


def _write(
    generator: Generator, directory: Path, only: str | None
) -> list[proof.Artefact]:
    """Write the files of an export into a directory, and open its artefacts."""
    description = _description(generator)
    saved_model = directory / "1"
    savedmodel.write(generator, saved_model)
    # TF Serving and the SavedModel tools leave assets.extra to its maker.
    for folder in (directory, saved_model / "assets.extra"):
        folder.mkdir(exist_ok=True)
        (folder / metadata.FILE_NAME).write_text(metadata.dumps(description))
    artefacts = [] if only else savedmodel.artefacts(saved_model)
    margin = sum(generator.geometry.margin)
    for precision in [only] if only else litert.PRECISIONS:
        path = directory / f"fast_style_{precision}.tflite"
        path.write_bytes(litert.convert(saved_model, precision))
        needs = litert.bytes_per_pixel(path, len(generator.styles), margin)
        metadata.attach(path, {**description, "bytes_per_pixel": needs})
        artefacts += litert.artefacts(path, precision)
    if only:
        shutil.rmtree(saved_model)
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
