"""How the content of a film moves from one frame to the next."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

SNAP = 0.1  # px; a flow this near to whole pixels is taken for whole: nothing to blur
SHARED = 0.5  # px; pixels whose flow is this near to the median move together
FLOW_ERROR = 1.0, 4.0  # px, of the way there and back: trusted wholly, not at all
COLOR_ERROR = 4.0, 16.0  # levels of brightness: trusted wholly, not at all
CUT = 0.3  # trust in the whole frame, under which it shows something else

_NOTHING: Any = None  # as an argument that OpenCV need not have, whatever its types say


@dataclass(frozen=True)
class Motion:
    """What moved between two frames.

    Args:
        places: Where each pixel of the later frame was in the earlier one: float32
            (H, W, 2), x and y in px.
        trust: From 0, new or hidden before, to 1: float32 (H, W).
        shift: Pixels down and right by which most of the content moved; zeros where it
            did not move together.
    """

    places: np.ndarray
    trust: np.ndarray
    shift: np.ndarray

    @property
    def trusted(self) -> float:
        """The share of the later frame that is trusted, 0 to 1."""
        return float(self.trust.mean())

    @property
    def cut(self) -> bool:
        """Whether the later frame shows something else."""
        return self.trusted < CUT

    def follow(self, picture: np.ndarray) -> np.ndarray:
        """Return a picture of the earlier frame, moved to where its content is later.

        Args:
            picture: uint8 or float32 (H, W) or (H, W, C).
        """
        return remap(picture, self.places, cv2.INTER_CUBIC)

    def follow_evenly(self, values: np.ndarray) -> np.ndarray:
        """Return values moved as `follow` does, and none outside their range.

        Args:
            values: float32 (H, W).
        """
        return remap(values, self.places, cv2.INTER_LINEAR)


class Tracker:
    """Measures motion by dense inverse search (Kroeger et al. 2016), both ways.

    Reference: Kroeger, Timofte, Dai, Van Gool, Fast Optical Flow using Dense Inverse
    Search, 2016.
    """

    def __init__(self) -> None:
        fast = cv2.DISOPTICAL_FLOW_PRESET_FAST
        self._forward = cv2.DISOpticalFlow.create(fast)
        self._backward = cv2.DISOpticalFlow.create(fast)

    def measure(self, earlier: np.ndarray, later: np.ndarray) -> Motion:
        """Return how the content moved.

        Args:
            earlier: Brightness of a frame, contiguous uint8 (H, W), both sides at least
                16 px.
            later: That of the next frame.
        """
        # Where a frame, halved so often, is smaller than a patch, OpenCV fails or
        # returns what lay in memory.
        patches = min(later.shape) // self._forward.getPatchSize()
        most = patches.bit_length() - 1
        # Strokes are fine, so the way back is measured at half size, not at a quarter.
        self._forward.setFinestScale(min(2, most))
        self._backward.setFinestScale(min(1, most))
        forward = self._forward.calc(earlier, later, _NOTHING)
        flow = self._backward.calc(later, earlier, _NOTHING)
        shift = _shift(flow)
        whole = np.rint(flow)
        np.copyto(flow, whole, where=cv2.absdiff(flow, whole) < SNAP)
        places = flow + grid(later.shape, 1)
        return Motion(places, _trust(places, forward, earlier, later), shift)


def _shift(flow: np.ndarray) -> np.ndarray:
    """Return by what most of the content moved, float64 (2,), down and right."""
    few = flow[::4, ::4].reshape(-1, 2)
    median = np.median(few, axis=0)
    together = (np.hypot(*(few - median).T) < SHARED).mean() > 0.5
    return -median[::-1].astype(np.float64) * together


def _trust(
    places: np.ndarray, forward: np.ndarray, earlier: np.ndarray, later: np.ndarray
) -> np.ndarray:
    """Return how far each pixel is what the flow says it was, as of `Motion`.

    It is measured on every second pixel.
    """
    height, width = later.shape
    coarse = places[::2, ::2]
    there = remap(forward, coarse, cv2.INTER_NEAREST)
    error = coarse + there - grid(later.shape, 2)  # there and back again
    before = remap(earlier, coarse, cv2.INTER_LINEAR)
    change = before.astype(np.float32) - later[::2, ::2]
    change = np.abs(cv2.GaussianBlur(change, (0, 0), 1.5))
    # OpenCV's magnitude is rounded by where it lies in memory, so no film is the same.
    trust = _fall(np.hypot(error[..., 0], error[..., 1]), *FLOW_ERROR)
    trust *= _fall(change, *COLOR_ERROR)
    trust[cv2.inRange(coarse, (-1, -1), (width, height)) == 0] = 0
    trust = cv2.blur(cv2.erode(trust, np.ones((3, 3), np.uint8)), (3, 3))
    return cv2.resize(trust, (width, height), interpolation=cv2.INTER_LINEAR)


def remap(picture: np.ndarray, places: np.ndarray, interpolation: int) -> np.ndarray:
    """Return what lies at some places of a picture, mirrored outside."""
    mirrored = cv2.BORDER_REFLECT_101
    return cv2.remap(picture, places, _NOTHING, interpolation, borderMode=mirrored)


def grid(shape: tuple[int, ...], step: int) -> np.ndarray:
    """Return the places of every `step`th pixel, float32 (H, W, 2), x and y."""
    y, x = (np.arange(0, length, step, dtype=np.float32) for length in shape)
    places = np.empty((len(y), len(x), 2), np.float32)
    places[..., 0], places[..., 1] = x, y[:, None]
    return places


def _fall(values: np.ndarray, full: float, none: float) -> np.ndarray:
    """Return 1 up to one value, 0 from another on, and a straight line between."""
    return np.clip((none - values) / np.float32(none - full), 0, 1)
