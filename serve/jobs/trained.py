"""The models that trainings made: each has all styles before it, and one more.

models/ID/
  fast_style_int8.tflite   paints
  generator.keras          the next training starts from it
  painting.jpg             a small picture of the painting
  style.json               {"name": the new style's name}
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from fast_style import files, images

MODEL, GENERATOR = "fast_style_int8.tflite", "generator.keras"
PAINTING, RECORD = "painting.jpg", "style.json"
THUMBNAIL = 160  # px, short side


class Trained:
    """The models in a folder; the latest paints.

    Args:
        folder: The folder.
        base: What the first training starts from, as `fast-style train --base_model`
            takes it.
        model: The .tflite file that paints before; None for the embedded one.
    """

    def __init__(self, folder: Path, *, base: str, model: str | None) -> None:
        self._folder, self._base, self._model = folder, base, model
        self.use: Callable[[str], object] = lambda model: None
        self.names: Callable[[], Iterable[str]] = lambda: ()

    @property
    def model(self) -> str | None:
        """The .tflite file that paints; None for the embedded one."""
        latest = self._latest()
        return str(latest / MODEL) if latest else self._model

    @property
    def base(self) -> str:
        """What the next training starts from."""
        latest = self._latest()
        return str(latest / GENERATOR) if latest else self._base

    def model_of(self, id: str) -> Path | None:
        """Return the .tflite file that a job made; None if it made none."""
        path = self._folder / id / MODEL
        return path if path.is_file() else None

    def thumbnails(self) -> dict[str, Path]:
        """Return the small pictures of the paintings by the names of their styles."""
        return {
            json.loads((path / RECORD).read_text("utf-8"))["name"]: path / PAINTING
            for path in self._all()
        }

    def add(
        self, id: str, name: str, *, generator: Path, model: Path, painting: Path
    ) -> None:
        """Keep what a training made, and paint with it from now on.

        Args:
            id: The job's ID.
            name: Name of the new style.
            generator: The .keras file.
            model: The .tflite file.
            painting: The picture that the style was learned from.
        """
        new = self._folder / files.temporary_name()
        new.mkdir(parents=True)
        try:
            shutil.copyfile(generator, new / GENERATOR)
            shutil.copyfile(model, new / MODEL)
            whole = images.read(painting, max_size=4 * THUMBNAIL, min_size=THUMBNAIL)
            pixels = images.resize_short_side(whole.pixels, THUMBNAIL)
            images.write(images.Picture(pixels), new / PAINTING)
            (new / RECORD).write_text(json.dumps({"name": name}) + "\n", "utf-8")
            if not self.model_of(id):  # a server that was killed may have got so far
                os.replace(new, self._folder / id)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        self.use(str(self._folder / id / MODEL))

    def _all(self) -> list[Path]:
        paths = sorted(self._folder.glob("[!.]*")) if self._folder.is_dir() else []
        return [path for path in paths if (path / RECORD).is_file()]

    def _latest(self) -> Path | None:
        return next(reversed(self._all()), None)
