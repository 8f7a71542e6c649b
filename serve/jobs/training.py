"""Jobs that learn a style from a painting and add it to the model that paints."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fast_style import PHOTO, extras, folders, images
from fast_style import trained as trainings

from .kinds import check_names, choice
from .sending import picture_size
from .store import INPUT, Job
from .trained import MODEL, Trained

NEEDED = ("keras", "tensorflow", "absl", "matplotlib", "filelock")  # of [train]
RUN, EXPORT = "run", "export"
PRECISION = "int8"  # the smallest and fastest
LEAST_SIDE = 64  # px, of a painting
SAMPLE_STEPS = 20  # between two samples
LONGEST_NAME = 40
# Flags of fast-style train. A larger painting has larger strokes against the crops.
BRUSHES: dict[str, dict[str, str]] = {
    "medium": {},
    "fine": {"style_size": "320"},
    "bold": {"style_size": "800"},
}
STRENGTHS = ("gentle", "normal", "strong")  # the first is the default


@dataclass(frozen=True)
class Recipe:
    """How styles are trained.

    Args:
        flags: A recipe of fast-style train, by its name or path.
        photos: Folder of photographs; None leaves them to the recipe.
    """

    flags: str
    photos: str | None


class Training:
    """Learns a style: of the files the first is the painting.

    A second file is a photograph, which is painted on the way for its owner to see.

    Args:
        recipe: How styles are trained.
        models: Keeps what was trained.
        waiting: Returns the names of the styles that other jobs will train.
    """

    def __init__(
        self,
        recipe: Recipe,
        models: Trained,
        waiting: Callable[[], Iterable[str]],
    ) -> None:
        self._recipe, self._models, self._waiting = recipe, models, waiting

    def check(self, asked: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
        """Return the name, the brush and the strength; see `Kind.check`."""
        check_names(asked, ("name", "brush", "strength"))
        if len(names) not in (1, 2):
            raise ValueError(
                "A training takes a painting, and a photograph to paint on the way. "
                f"Give one file or two, not {len(names)}."
            )
        wanted = asked.get("name") or Path(names[0]).stem
        if not isinstance(wanted, str):
            raise ValueError(f"name is {wanted!r}. Give a text.")
        return {
            "name": self._free_name(wanted),
            "brush": choice(asked, "brush", list(BRUSHES)),
            "strength": choice(asked, "strength", STRENGTHS),
        }

    def check_files(self, paths: Sequence[Path]) -> None:
        """Raise a ValueError for a painting that is none; see `Kind.check_files`."""
        (width, height), *_ = map(picture_size, paths)
        if min(width, height) < LEAST_SIDE:
            raise ValueError(
                f"The painting is {width} x {height} px. Give one of at least "
                f"{LEAST_SIDE} x {LEAST_SIDE} px."
            )

    def steps(self, job: Job, folder: Path) -> Iterator[list[str]]:
        """Yield the words of fast-style train and export; see `Kind.steps`."""
        if not trainings.result_path(folder / RUN).exists():
            yield self._train(job)
        places = [f"--model={RUN}", f"--output_dir={EXPORT}", "--overwrite"]
        # The others' rows are as they were; a blend of all is compared, too.
        yield [
            *("export", *places, f"--only={PRECISION}"),
            f"--prove={job.settings['name']}",
        ]

    def _train(self, job: Job) -> list[str]:
        paths = [f"{INPUT}/{file.name}" for file in job.files]
        flags = {
            "flagfile": self._recipe.flags,
            "style": f"{paths[0]},name={job.settings['name']}",
            "base_model": self._models.base,
            "tune": "style",
            "style_weight": job.settings["strength"],
            "log_every": str(SAMPLE_STEPS),
            "output_dir": RUN,
            **BRUSHES[job.settings["brush"]],
        }
        if self._recipe.photos:
            flags["content_dir"] = self._recipe.photos
        if paths[1:]:
            flags["sample"] = paths[1]
        return ["train", *(f"--{name}={value}" for name, value in flags.items())]

    def progress(self, folder: Path) -> dict[str, Any]:
        """Return the steps that the training's log has; see `Kind.progress`."""
        unit = {"unit": "step"}
        if trainings.result_path(folder / RUN).exists():
            return {"phase": "proving", "done": 0, "of": 0, **unit}
        try:
            steps = json.loads((folder / RUN / "config.json").read_text())["steps"]
        except (OSError, ValueError, KeyError):
            return {"phase": "starting", "done": 0, "of": 0, **unit}
        try:
            with open(folder / RUN / "log.csv", newline="") as file:
                done = [int(row["step"]) for row in csv.DictReader(file)]
        except (OSError, ValueError, KeyError):
            done = []
        return {"phase": "training", "done": max(done, default=0), "of": steps, **unit}

    def sample(self, folder: Path) -> images.Picture | None:
        """Return the photograph as the training paints it now; None before that."""
        paths = sorted((folder / RUN / "samples").glob("[0-9]*.png"))
        if not paths:
            return None
        pixels = images.read(paths[-1]).pixels
        return images.Picture(pixels[pixels.shape[0] // 2 :])

    def finish(self, job: Job, folder: Path, reason: str | None) -> None:
        """Let the server paint with the new style; see `Kind.finish`."""
        if reason is None:
            self._models.add(
                job.id,
                job.settings["name"],
                generator=trainings.result_path(folder / RUN),
                model=folder / EXPORT / MODEL,
                painting=folder / INPUT / job.files[0].name,
            )

    def result(self, job: Job, folder: Path) -> Path | None:
        """Return the .tflite file with the new style; see `Kind.result`."""
        return self._models.model_of(job.id)

    def _free_name(self, wanted: str) -> str:
        """Return a name for a style that no other has."""
        name = re.sub(r"[^\w-]+", "_", wanted)[:LONGEST_NAME].strip("_-") or "painting"
        taken = {PHOTO, *self._models.names(), *self._waiting()}
        others = (f"{name}_{number}" for number in range(2, len(taken) + 3))
        return next(free for free in (name, *others) if free not in taken)


def check(photos: str | None) -> None:
    """Check that styles can be trained here.

    Raises:
        OSError: The extra [train] is not installed, or there are no photographs.
    """
    if advice := extras.missing(NEEDED, "train"):
        raise OSError(f"Cannot train: {advice}")
    if photos and not folders.search(photos).pictures:
        raise OSError(
            f"Cannot train: there are no pictures in '{photos}'. Give another folder "
            "as --photos, or leave it out."
        )
