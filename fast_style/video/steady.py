"""Painting the frames of a film so that strokes stay on what they are painted on.

A network that paints each frame by itself makes a film flicker: its strokes follow its
own grid, not what moves under it.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from fast_style import strokes
from fast_style.command.jobs import Look
from fast_style.stylizer import Stylizer
from fast_style.video.motion import Tracker

SHARE = 0.87  # of the result before, where the flow is trusted
FINE = 1.0  # px, deviation of the blur that tells fine detail
WINDOW = 15  # px, in which fine detail is compared
MOST = 1.6  # times that fine detail is strengthened, at most
ALIKE = 2.0  # levels of brightness, up to which a frame needs no new statistics
NEW = 0.5  # share of the newest statistics
LASTING = 12  # frames until they are measured in any case


@dataclass
class _Shot:
    """What is remembered of the frames since a cut.

    Args:
        result: The painted frame before, float32 (H, W, 3), 0 to 255.
        place: Pixels down and right by which the content has moved.
        statistics: What the network normalises by.
        brightness: Mean of the frame that they were measured on last, 0 to 255.
        age: Frames that were painted.
    """

    result: np.ndarray | None = None
    place: np.ndarray = field(default_factory=lambda: np.zeros(2))
    statistics: np.ndarray | None = None
    brightness: float = 0.0
    age: int = 0


class SteadyPainter:
    """Paints the frames of one film, in order.

    The network's grid moves along with the content, its statistics change slowly, and
    the result before, moved by the flow, is mixed into the next one where both ways of
    the flow agree. After a cut it begins anew. A model that does not paint tiles, and
    longer strokes, are painted on a grid that stays.

    Args:
        stylizer: Paints single frames.
        look: How they are painted.
    """

    def __init__(self, stylizer: Stylizer, look: Look) -> None:
        self._stylizer, self._look = stylizer, look
        self._tracker = Tracker()
        self._gray: np.ndarray | None = None  # of the frame before
        self._shot = _Shot()

    def __call__(self, frame: np.ndarray) -> np.ndarray:
        """Return the next frame painted.

        Args:
            frame: uint8 (H, W, 3), RGB, of the size of the first one.
        """
        earlier, self._gray = self._gray, cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        motion = None
        if earlier is not None:
            motion = self._tracker.measure(earlier, self._gray)
            self._shot = _Shot() if motion.cut else self._shot
            self._shot.place += motion.shift
        result = self._paint(frame).astype(np.float32)
        if motion is not None and self._shot.result is not None:
            moved = motion.follow(self._shot.result)
            result = mix(result, moved, SHARE * motion.trust)
        self._shot.result = result
        self._shot.age += 1
        return np.rint(result).astype(np.uint8)

    def _paint(self, frame: np.ndarray) -> np.ndarray:
        """Return a frame painted by itself, the network's grid on its content."""
        longer = strokes.choose(self._look.stroke, *frame.shape[:2]) != 1
        if longer or not self._stylizer.tiles:
            return self._look.paint(self._stylizer, frame)
        self._measure(frame)
        y, x = np.rint(self._shot.place).astype(int)
        return self._look.paint(
            self._stylizer, frame, statistics=self._shot.statistics, offset=(y, x)
        )

    def _measure(self, frame: np.ndarray) -> None:
        """Let the statistics follow those of a frame, if they are old."""
        shot, look, brightness = self._shot, self._look, float(frame.mean())
        if shot.statistics is not None:
            alike = abs(brightness - shot.brightness) < ALIKE
            if alike and shot.age % LASTING:
                return
        shot.brightness = brightness
        statistics = self._stylizer.statistics(
            frame, styles=look.styles, strength=look.strength, fade=look.fade
        )
        if shot.statistics is not None:
            statistics = NEW * statistics + (1 - NEW) * shot.statistics
        shot.statistics = statistics


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
