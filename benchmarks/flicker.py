"""How far the frames of a painted film flicker, and how sharp they are."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from fast_style.video.motion import grid, remap


class Truth(NamedTuple):
    """Where the content of a frame was in the frame before.

    Args:
        places: float32 (H, W, 2), x and y in px.
        seen: Which pixels show what was there before: bool (H, W).
    """

    places: np.ndarray
    seen: np.ndarray


def pan(
    photo: np.ndarray,
    step: tuple[int, int],
    size: tuple[int, int],
    count: int,
    noise: float = 0.0,
) -> list[np.ndarray]:
    """Return a film that pans over a photograph.

    Args:
        photo: uint8 (H, W, 3), large enough.
        step: Pixels down and right by which the content moves from frame to frame.
        size: Height and width of the frames in px.
        count: Number of the frames.
        noise: Deviation of a sensor's noise, in grey levels.
    """
    random = np.random.default_rng(0)
    frames = []
    for number in range(count):
        top, left = (
            -number * move if move <= 0 else (count - 1 - number) * move
            for move in step
        )
        frame = photo[top : top + size[0], left : left + size[1]]
        noisy = frame + random.normal(0, noise, frame.shape) if noise else frame
        frames.append(np.clip(np.rint(noisy), 0, 255).astype(np.uint8))
    return frames


def of_pan(step: tuple[int, int], size: tuple[int, int]) -> Truth:
    """Return the truth for each frame of a pan; the arguments are as of `pan`."""
    places = grid(size, 1) - np.array(step[::-1], np.float32)
    inside = (places >= 0) & (places < size[::-1])
    return Truth(places, inside.all(-1))


def of_clip(frames: Sequence[np.ndarray]) -> list[Truth]:
    """Return what a flow tells of each frame of a clip but the first.

    The flow is finer than the one that steadies films, and is trusted where it comes
    back to within a pixel.

    Args:
        frames: uint8 (H, W, 3).
    """
    dense = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grays = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    size = grays[0].shape
    truths = []
    for earlier, later in zip(grays, grays[1:], strict=False):
        places = grid(size, 1) + dense.calc(later, earlier, None)
        forward = dense.calc(earlier, later, None)
        back = places + remap(forward, places, cv2.INTER_LINEAR) - grid(size, 1)
        inside = ((places >= 0) & (places <= np.array(size[::-1]) - 1)).all(-1)
        truths.append(Truth(places, inside & (np.hypot(*back.transpose(2, 0, 1)) < 1)))
    return truths


def error(results: Sequence[np.ndarray], truths: Sequence[Truth]) -> float:
    """Return how far results differ from the ones before, moved by the truth.

    Args:
        results: Painted frames, uint8 (H, W, 3).
        truths: That of each frame but the first.

    Returns:
        Mean over the frames of the root of the mean squared difference, 0 to 1.
    """
    errors = []
    for earlier, later, truth in zip(results, results[1:], truths, strict=False):
        moved = remap(earlier.astype(np.float32), truth.places, cv2.INTER_LANCZOS4)
        squares = (moved - later)[truth.seen] ** 2
        errors.append(np.sqrt(squares.mean()) / 255)
    return float(np.mean(errors))


def sharpness(results: Sequence[np.ndarray]) -> float:
    """Return the mean variance of the Laplacian of results, uint8 (H, W, 3)."""
    grays = (
        cv2.cvtColor(frame.astype(np.float32), cv2.COLOR_RGB2GRAY) for frame in results
    )
    return float(np.mean([cv2.Laplacian(gray, cv2.CV_32F).var() for gray in grays]))


def strip(results: Sequence[np.ndarray], thickness: int = 4) -> np.ndarray:
    """Return the middle row of each frame below the one before, each some px thick."""
    rows = [frame[len(frame) // 2] for frame in results]
    return np.repeat(np.stack(rows), thickness, axis=0)
