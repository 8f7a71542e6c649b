"""Crops of photographs with and without faces, and masks of where the faces are."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path

import numpy as np
from absl import logging
from PIL import Image

from fast_style import folders, images
from fast_style.content.faces import Face
from fast_style.distillation.settings import FaceSettings
from fast_style.fields import SettingError

DETECTION_SIDE = 512  # px, longer side at which faces are looked for
SIDE = 1024  # px, longer side to which photographs are reduced before they are cropped
SURE_SCORE = 0.6  # at which a photograph is a portrait
SCORES = (0.4, 0.7)  # between which a mask rises from nothing to all
WIDTHS = (18, 170)  # px, of the face that a crop is made for
LARGEST_SHARE = 0.9  # of the crop's side, for the width of this face
MOST_ENLARGED = 2.2  # times
PLAIN_SCALES = (0.9, 2.0)  # of photographs without faces
PLACES = (0.25, 0.75)  # of this face's centre in the crop, as shares of its side
# A mask's ellipse as shares of a face's box, which ends at the eyebrows.
HALF_WIDTH, HALF_HEIGHT, RAISED = 0.62, 0.78, 0.08
FADE = (0.85, 1.25)  # where a mask begins and ends to fade, as shares of the ellipse

Detector = Callable[[np.ndarray], Sequence[Face]]  # of pictures uint8 (H, W, 3)

# By the path in the folder: a row for each face, which has left, top, right and bottom
# as shares of the photograph's width and height, and the score.
Faces = Mapping[str, Sequence[Sequence[float]]]


def look(content_dir: str | PathLike[str], detector: Detector) -> Faces:
    """Return the faces in all photographs of a folder and below it.

    Args:
        content_dir: The folder.
        detector: Finds the faces of a picture.

    Raises:
        OSError: There is no such folder.
        ValueError: It holds no photograph that can be read.
    """
    paths = folders.search(content_dir).pictures
    logging.info("Looking for faces in %d photographs.", len(paths))
    found, unreadable = {}, []
    for path in paths:
        try:
            pixels = images.read(path, max_size=DETECTION_SIDE).pixels
        except (OSError, ValueError):
            unreadable.append(path)
            continue
        height, width = pixels.shape[:2]
        found[path.relative_to(content_dir).as_posix()] = [
            [*(face.box / [width, height, width, height]).tolist(), face.score]
            for face in detector(pixels)
        ]
    if not found:
        raise ValueError(
            f"'{content_dir}' holds no photograph that can be read. Give another "
            "folder."
        )
    if unreadable:
        logging.warning(
            "Skipped %d unreadable photographs, the first being '%s'.",
            len(unreadable),
            unreadable[0],
        )
    return found


class Portraits:
    """Crops around faces and of photographs without faces, with masks.

    Args:
        faces: The faces of each photograph, as `look` returns them.
        settings: The settings of the distillation.

    Raises:
        ValueError: No photograph has a face, or all have that are to have none.
    """

    def __init__(self, faces: Faces, settings: FaceSettings) -> None:
        self.faces = {name: np.array(rows) for name, rows in faces.items()}
        self.settings = settings
        self.plain = [name for name, rows in self.faces.items() if not len(rows)]
        self.portraits = [
            name
            for name, rows in self.faces.items()
            if len(rows) and rows[:, 4].max() >= SURE_SCORE
        ]
        if not self.portraits:
            raise ValueError(
                f"No face was found in the {len(faces)} photographs of "
                f"'{settings.content_dir}'. Give a folder of photographs with people."
            )
        if not self.plain and settings.plain_share:
            raise SettingError(
                "plain_share",
                f"is {settings.plain_share}, but every photograph of "
                f"'{settings.content_dir}' has a face; give 0, or add photographs.",
            )

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return the crops of a step.

        Args:
            rng: Decides all.

        Returns:
            Photographs float32 (B, S, S, 3) in 0..255, and masks float32 (B, S, S, 1)
            in 0..1, which are 1 in faces.

        Raises:
            OSError, ValueError: As images.read does.
        """
        crops = [self._crop(rng) for _ in range(self.settings.batch_size)]
        photos, masks = map(np.stack, zip(*crops, strict=True))
        return photos.astype(np.float32), masks

    def _crop(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return a crop, mirrored in half of the cases, and its mask."""
        plain = rng.random() < self.settings.plain_share
        names = self.plain if plain else self.portraits
        name = names[rng.integers(len(names))]
        path = Path(self.settings.content_dir) / name
        pixels, size = images.read(path, max_size=SIDE).pixels, self.settings.image_size
        height, width = pixels.shape[:2]
        faces = self.faces[name].reshape(-1, 5) * [width, height, width, height, 1]
        if plain:
            side, left, top = _anywhere(width, height, size, rng)
        else:
            sure = faces[faces[:, 4] >= SURE_SCORE]
            box = sure[rng.integers(len(sure)), :4]
            side, left, top = _around(box, width, height, size, rng)
        photo = Image.fromarray(pixels).resize(
            (size, size),
            Image.Resampling.BICUBIC,
            box=(left, top, left + side, top + side),
        )
        faces[:, :4] = (faces[:, :4] - [left, top, left, top]) * size / side
        step = int(rng.choice([-1, 1]))
        return np.asarray(photo)[:, ::step], mask(faces, size)[:, ::step]


def _anywhere(
    width: int, height: int, size: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Return side, left and top of a crop of a photograph without faces, in its px."""
    side = min(width, height, size / rng.uniform(*PLAIN_SCALES))
    return side, rng.uniform(0, width - side), rng.uniform(0, height - side)


def _around(
    box: np.ndarray, width: int, height: int, size: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Return side, left and top of a crop that is made for a face, in px.

    Args:
        box: Left, top, right and bottom of the face in px of the photograph.
        width: Of the photograph in px.
        height: Of the photograph in px.
        size: Side in px that the crop is resized to.
        rng: Random numbers.
    """
    face = box[2] - box[0]
    drawn = np.exp(rng.uniform(*np.log(WIDTHS)))
    side = max(size * face / drawn, size / MOST_ENLARGED, face / LARGEST_SHARE)
    side = min(width, height, side)
    place = rng.uniform(*PLACES, size=2)
    left, top = (box[:2] + box[2:]) / 2 - place * side
    return side, np.clip(left, 0, width - side), np.clip(top, 0, height - side)


def mask(faces: np.ndarray, size: int) -> np.ndarray:
    """Return the mask of faces: an ellipse over each, which fades at its edge.

    Args:
        faces: Left, top, right and bottom in px of the crop, and the score, (N, 5).
        size: Side of the crop in px.

    Returns:
        float32 (size, size, 1), 1 in sure faces and 0 where there is none.
    """
    y, x = np.mgrid[:size, :size] + 0.5
    result = np.zeros((size, size), np.float32)
    for left, top, right, bottom, score in faces:
        width, height = right - left, bottom - top
        centre = (left + right) / 2, (top + bottom) / 2 - RAISED * height
        distance = np.hypot(
            (x - centre[0]) / (HALF_WIDTH * width),
            (y - centre[1]) / (HALF_HEIGHT * height),
        )
        inside = np.interp(distance, FADE, (1, 0))
        sure = np.interp(score, SCORES, (0, 1))
        result = np.maximum(result, sure * inside**2 * (3 - 2 * inside))
    return result[..., None].astype(np.float32)
