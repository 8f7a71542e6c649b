"""Painting the frames of a film so that strokes stay on what they are painted on.

A network that paints each frame by itself makes a film flicker: its strokes follow its
own grid, not what moves under it.
"""

from typing import NamedTuple

import cv2
import numpy as np

from fast_style.command.jobs import Look
from fast_style.stylizer import Stylizer
from fast_style.video.motion import Motion, Tracker

SHARE = 0.9  # of the result before, where the flow is trusted
FINE = 1.0  # px, deviation of the blur that tells fine detail
WINDOW = 15  # px, in which fine detail is compared
MOST = 2.0  # times that fine detail is strengthened, at most


class Measured(NamedTuple):
    """A frame, and what is known of it before it is painted.

    Args:
        pixels: uint8 (H, W, 3).
        motion: From the frame before; None for the first, and after a cut.
        place: Of the content since then, in px down and right: float64 (2,).
    """

    pixels: np.ndarray
    motion: Motion | None
    place: np.ndarray


class SteadyPainter:
    """Paints the frames of one film, in order.

    The network's grid moves along with the content, and the result before, moved by the
    flow, is mixed into the next one where both ways of the flow agree. After a cut it
    begins anew.

    Args:
        stylizer: Paints single frames.
        look: How they are painted.
    """

    def __init__(self, stylizer: Stylizer, look: Look) -> None:
        self._stylizer, self._look = stylizer, look
        self._tracker = Tracker()
        self._gray: np.ndarray | None = None  # of the frame before
        self._place = np.zeros(2)
        self._result: np.ndarray | None = None  # of it; float32, so that changes add up

    def __call__(self, frame: np.ndarray) -> np.ndarray:
        """Return the next frame painted.

        Args:
            frame: uint8 (H, W, 3), RGB, of the size of the first one.
        """
        return self.mix(self.paint(self.measure(frame)))

    @property
    def memory(self) -> dict[str, np.ndarray]:
        """What the next frame depends on; set it to go on after another painter.

        It is empty before the first frame.
        """
        if self._gray is None or self._result is None:
            return {}
        return {"gray": self._gray, "place": self._place, "result": self._result}

    @memory.setter
    def memory(self, memory: dict[str, np.ndarray]) -> None:
        self._gray, self._place = memory["gray"], memory["place"]
        self._result = memory["result"]

    def measure(self, frame: np.ndarray) -> Measured:
        """Return the next frame with its motion: the first of the three steps."""
        earlier, self._gray = self._gray, cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        motion = None
        if earlier is not None:
            motion = self._tracker.measure(earlier, self._gray)
        if motion is None or motion.cut:
            self._place = np.zeros(2)
            return Measured(frame, None, self._place)
        self._place = self._place + motion.shift
        return Measured(frame, motion, self._place)

    def paint(self, measured: Measured) -> tuple[np.ndarray, Motion | None]:
        """Return the frame painted by itself, the grid on its content: the second step.

        It comes with its motion.
        """
        frame, motion, place = measured
        (height, width), stride = frame.shape[:2], self._stylizer.geometry.stride
        y, x = (-np.rint(place).astype(int) % stride).tolist()
        # As much in all for any place: LiteRT is quick at a size that it knows.
        sides = y, stride - y, x, stride - x
        wide = cv2.copyMakeBorder(frame, *sides, cv2.BORDER_REFLECT_101)
        painted = self._look.paint(self._stylizer, wide)
        return painted[y : y + height, x : x + width].astype(np.float32), motion

    def mix(self, painted: tuple[np.ndarray, Motion | None]) -> np.ndarray:
        """Return the next frame steadied: the last step."""
        fresh, motion = painted
        if motion is None or self._result is None:
            self._result = fresh
        else:
            moved = motion.follow(self._result)
            self._result = mix(fresh, moved, SHARE * motion.trust)
        return np.rint(self._result).astype(np.uint8)


def mix(fresh: np.ndarray, moved: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return two paintings of one frame mixed, as rich in fine detail as the first.

    Strokes that lie differently blur each other, and so does the flow. So the mixture's
    fine detail is strengthened to the contrast that the fresh painting has there.

    Args:
        fresh: The frame painted by itself, float32 (H, W, 3), 0 to 255.
        moved: The result before, moved to this frame; as `fresh`.
        share: That of `moved`, float32 (H, W), 0 to 1.
    """
    mixed = fresh + share[..., None] * (moved - fresh)
    soft = cv2.GaussianBlur(mixed, (0, 0), FINE)
    gain = np.sqrt((_detail(fresh) + 1) / (_detail(mixed) + 1))
    gain = np.clip(gain, 1, MOST)[..., None]
    return np.clip(soft + gain * (mixed - soft), 0, 255)


def _detail(painting: np.ndarray) -> np.ndarray:
    """Return the variance of the fine detail around each pixel, float32 (H, W)."""
    gray = cv2.cvtColor(painting, cv2.COLOR_RGB2GRAY)
    fine = gray - cv2.GaussianBlur(gray, (0, 0), FINE)
    return cv2.blur(fine * fine, (WINDOW, WINDOW))
