"""Painting the frames of a film so that strokes stay on what they are painted on.

A network that paints each frame by itself makes a film flicker: its strokes follow its
own grid, not what moves under it.
"""

from dataclasses import replace
from typing import Any, NamedTuple

import cv2
import numpy as np

from fast_style.command.jobs import Look
from fast_style.stylizer import Stylizer
from fast_style.video.motion import Motion, Tracker

SHARE = 0.9  # of the result before, where the flow is trusted
UNTRUSTED = 0.03  # of a frame that the network leaves out, at most
FINE = 1.0  # px, deviation of the blur that tells fine detail
WINDOW = 15  # px, in which fine detail is compared
MOST = 2.0  # times that fine detail is strengthened, at most


class Measured(NamedTuple):
    """A frame, and what is known of it before it is painted.

    Args:
        pixels: uint8 (H, W, 3).
        motion: From the frame before; None for the first, and after a cut.
        place: Of the content since then, in px down and right: float64 (2,).
        key: Whether the network paints it; otherwise the result before stands for it.
    """

    pixels: np.ndarray
    motion: Motion | None
    place: np.ndarray
    key: bool


class Painted(NamedTuple):
    """A frame painted by itself, and its motion.

    Args:
        fresh: uint8 (H, W, 3); None between key frames.
        motion: As of `Measured`.
    """

    fresh: Any
    motion: Motion | None


class SteadyPainter:
    """Paints the frames of one film, in order.

    The network paints key frames: every second one, and each in which the motion is not
    trusted nearly everywhere. Its grid moves along with the content. The result before,
    moved by the flow, is mixed into a key frame where both ways of the flow agree, and
    is itself the frame between two. After a cut it begins anew.

    Args:
        stylizer: Paints single frames.
        look: How they are painted.
    """

    def __init__(self, stylizer: Stylizer, look: Look) -> None:
        self._stylizer, self._look = stylizer, look
        self._tracker = Tracker()
        self._gray: np.ndarray | None = None  # of the frame before
        self._place = np.zeros(2)
        self._trust: np.ndarray | None = None  # in its motion, unless it was key
        self._result: np.ndarray | None = None  # of it; float32, so that changes add up

    def __call__(self, frame: np.ndarray) -> np.ndarray:
        """Return the next frame painted.

        Args:
            frame: uint8 (H, W, 3), RGB, of the size of the first one.
        """
        return self.mix(self.paint(self.measure(frame)))

    @property
    def memory(self) -> dict[str, np.ndarray]:
        """What the next frame depends on; set it to go on after another painter."""
        memory = {
            "gray": self._gray,
            "place": self._place,
            "trust": self._trust,
            "result": self._result,
        }
        return {name: value for name, value in memory.items() if value is not None}

    @memory.setter
    def memory(self, memory: dict[str, np.ndarray]) -> None:
        self._gray, self._place = memory["gray"], memory["place"]
        self._trust, self._result = memory.get("trust"), memory["result"]

    def measure(self, frame: np.ndarray) -> Measured:
        """Return the next frame with its motion: the first of the three steps."""
        earlier, self._gray = self._gray, cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        motion = None
        if earlier is not None:
            motion = self._tracker.measure(earlier, self._gray)
        if motion is None or motion.cut:
            self._place, self._trust = np.zeros(2), None
            return Measured(frame, None, self._place, key=True)
        self._place = self._place + motion.shift
        before, self._trust = self._trust, None
        if before is not None:  # what was not trusted then was never painted
            motion = replace(motion, trust=motion.trust * motion.follow_evenly(before))
        elif motion.trusted >= 1 - UNTRUSTED:
            self._trust = motion.trust
        return Measured(frame, motion, self._place, key=self._trust is None)

    def paint(self, frame: Measured) -> Painted:
        """Return a frame painted, the grid on its content: the second step."""
        if not frame.key:
            return Painted(None, frame.motion)
        (height, width), stride = frame.pixels.shape[:2], self._stylizer.geometry.stride
        y, x = (-np.rint(frame.place).astype(int) % stride).tolist()
        # As much in all for any place: LiteRT is quick at a size that it knows.
        sides = y, stride - y, x, stride - x
        wide = cv2.copyMakeBorder(frame.pixels, *sides, cv2.BORDER_REFLECT_101)
        painted = self._look.paint(self._stylizer, wide)
        return Painted(painted[y : y + height, x : x + width], frame.motion)

    def mix(self, frame: Painted) -> np.ndarray:
        """Return the next frame steadied: the last step."""
        before, (fresh, motion) = self._result, frame
        if before is None or motion is None:
            result = fresh.astype(np.float32)
        elif fresh is None:
            detail = _variance(_fine(before))
            result = enrich(motion.follow(before), motion.follow_evenly(detail))
        else:
            moved = motion.follow(before)
            result = mix(fresh.astype(np.float32), moved, SHARE * motion.trust)
        self._result = result
        return np.rint(result).astype(np.uint8)


def mix(fresh: np.ndarray, moved: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return two paintings of one frame mixed, as rich in fine detail as the first.

    Strokes that lie differently blur each other, and so does the flow.

    Args:
        fresh: The frame painted by itself, float32 (H, W, 3), 0 to 255.
        moved: The result before, moved to this frame; as `fresh`.
        share: That of `moved`, float32 (H, W), 0 to 1.
    """
    mixed = cv2.subtract(moved, fresh)
    cv2.multiply(mixed, cv2.cvtColor(share, cv2.COLOR_GRAY2RGB), dst=mixed)
    cv2.add(mixed, fresh, dst=mixed)
    return enrich(mixed, _variance(_fine(fresh)))


def enrich(painting: np.ndarray, detail: np.ndarray) -> np.ndarray:
    """Return a painting with as much fine detail in its brightness as is wanted.

    Args:
        painting: float32 (H, W, 3), 0 to 255; it is changed.
        detail: What `_variance` gives of the wanted detail. None is taken away where
            there is more.
    """
    fine = _fine(painting)
    gain = detail / _variance(fine)
    np.sqrt(gain, out=gain)
    np.clip(gain, 1, MOST, out=gain)
    fine *= gain - 1
    cv2.add(painting, cv2.cvtColor(fine, cv2.COLOR_GRAY2RGB), dst=painting)
    return np.clip(painting, 0, 255, out=painting)


def _fine(painting: np.ndarray) -> np.ndarray:
    """Return the fine detail of a painting's brightness, float32 (H, W)."""
    gray = cv2.cvtColor(painting, cv2.COLOR_RGB2GRAY)
    return gray - cv2.GaussianBlur(gray, (0, 0), FINE)


def _variance(fine: np.ndarray) -> np.ndarray:
    """Return that of fine detail around each pixel, above 0, float32 (H, W)."""
    return cv2.sqrBoxFilter(fine, cv2.CV_32F, (WINDOW, WINDOW)) + np.float32(1)
