"""The distillation that keeps faces, from its settings to the generator's file."""

import functools
import json
from collections.abc import Callable
from os import PathLike
from pathlib import Path

from fast_style import PHOTO, files, gallery, native_log
from fast_style.content import faces
from fast_style.distillation import loop, portraits
from fast_style.distillation.face_distiller import FaceDistiller
from fast_style.distillation.portraits import Detector, Portraits
from fast_style.distillation.settings import FaceSettings
from fast_style.fields import SettingError
from fast_style.network import transplant
from fast_style.network.configuration import keras_defaults
from fast_style.network.loading import load_generator, save_generator


@keras_defaults()
def keep_faces(
    settings: FaceSettings,
    output: str | PathLike[str],
    work_dir: str | PathLike[str],
    *,
    detector: Detector | None = None,
    on_step: Callable[[int], None] = lambda step: None,
) -> None:
    """Make a generator gentle on faces, or go on where that was interrupted.

    Args:
        settings: The settings of the distillation.
        output: Path of the .keras file to write.
        work_dir: Directory of the checkpoints, which is made if it is missing.
        detector: Finds the faces of a picture; None for BlazeFace.
        on_step: Called after each step and its backup with the number of steps done.

    Raises:
        OSError: A file or folder cannot be found, or no file be written.
        ValueError: The generator has no row "photo", the photographs do not serve, or
            the directory holds another distillation.
    """
    if Path(output).suffix != ".keras":
        raise SettingError("output", f"is '{output}'; give a path that ends in .keras.")
    loop.check(work_dir, settings, output)
    generator = load_generator(gallery.generator_path(settings.model))
    if generator.rows.photo_index is None:
        raise SettingError(
            "model",
            f"is '{settings.model}', which has no row '{PHOTO}' to paint faces more "
            "gently by; give one that was trained with the photograph.",
        )
    record = Path(work_dir) / "faces.json"
    if record.exists():
        found = json.loads(record.read_text("utf-8"))
    else:
        detector = detector or _blazeface(settings.face_detector)
        found = portraits.look(settings.content_dir, detector)
    distiller = FaceDistiller(generator, Portraits(found, settings), settings)

    def start() -> None:
        with files.replacing(record, "w", encoding="utf-8") as file:
            json.dump(found, file)

    loop.train(distiller, settings, work_dir, start=start, on_step=on_step)
    save_generator(transplant.copied(distiller.student, "float32"), output)


def _blazeface(path: str | PathLike[str]) -> Detector:
    with native_log.off():  # LiteRT's word on what runs it
        network = faces.open_network(path)
    return functools.partial(faces.find, network)
