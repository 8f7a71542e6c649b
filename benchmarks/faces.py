"""What a painting leaves of the faces in a photograph."""

from collections.abc import Sequence

import numpy as np

from fast_style.content.faces import OVERLAP, Face, overlap

SURE_SCORE = 0.8  # at which a photograph has a face; below it are many dogs and cats


def movements(faces: Sequence[Face], found: Sequence[Face]) -> list[float | None]:
    """Return how far the landmarks of each face have moved.

    Args:
        faces: The faces of a photograph.
        found: The faces of a picture that was painted of it, of the same size.

    Returns:
        For each face the mean distance of its six landmarks from those of the face at
        the same place, as a share of the photograph's face's width; None where the
        picture has no face there. No face of the picture stands for two.
    """
    left = list(found)
    moved: list[float | None] = []
    for face in faces:
        best = max(left, key=lambda other: overlap(face.box, other.box), default=None)
        if best is None or overlap(face.box, best.box) <= OVERLAP:
            moved.append(None)
            continue
        left = [other for other in left if other is not best]
        distances = np.linalg.norm(best.landmarks - face.landmarks, axis=1)
        moved.append(float(distances.mean() / (face.box[2] - face.box[0])))
    return moved
