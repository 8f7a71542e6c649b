"""A photograph's own colours in its stylized picture, by strips to save memory."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fast_style.tiling import as_painted, strips

KEEP_COLOR = ("none", "luminance", "histogram")

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # BT.601, as in JPEG
_LEAST_VARIANCE = 1.0  # squared grey levels; a colour axis with less is rounding noise


def keep_luminance(photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
    """Return the photograph with the brightness of its stylized picture.

    A change of Y alone in YCbCr adds one amount to red, green and blue. So the
    brightness is exchanged without a conversion there and back.

    Args:
        photo: The photograph, uint8 (H, W, 3).
        stylized: The stylized picture, uint8 (H, W, 3).

    Returns:
        uint8 (H, W, 3).

    Reference:
        Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer":
        luminance-only transfer.
    """
    change = luma(stylized) - luma(photo)
    return _to_uint8(photo.astype(np.float32) + change[..., None])


def luma(pixels: np.ndarray) -> np.ndarray:
    """Return the brightness of a picture, uint8 (H, W, 3), as float32 (H, W)."""
    return pixels.astype(np.float32) @ _LUMA


@dataclass(frozen=True)
class Moments:
    """Mean (3,) and covariance (3, 3) of a picture's colours, float64."""

    mean: np.ndarray
    covariance: np.ndarray


@dataclass(frozen=True)
class Finishing:
    """What becomes of a stylized picture, next to its photograph.

    Args:
        keep_color: One of KEEP_COLOR.
        opacity: From 0 to 1, with which it is laid over the photograph in the end.
        palette: Colours that it is moved to where it keeps none; None leaves it.
        share: From 0 to 1, how far it is moved to the palette.
    """

    keep_color: str = "none"
    opacity: float = 1.0
    palette: Moments | None = None
    share: float = 1.0

    def __post_init__(self) -> None:
        if self.keep_color not in KEEP_COLOR:
            choices = ", ".join(KEEP_COLOR)
            raise ValueError(
                f"keep_color is {self.keep_color!r}. Give one of {choices}."
            )

    def apply(
        self,
        photo: np.ndarray,
        paint: Callable[..., np.ndarray],
        out: np.ndarray,
    ) -> np.ndarray:
        """Paint a photograph, and return the result.

        Args:
            photo: The photograph, uint8 (H, W, 3).
            paint: Paints it into its argument `out`. It passes all rows on the way
                through its argument `finish`, a `tiling.Finish`.
            out: Array for the result, which may be `photo` itself.
        """
        goal = self.palette if self.keep_color == "none" else None
        if self.keep_color == "histogram":
            goal = moments(photo)
        if goal is None:
            return paint(finish=self._finish, out=out)
        if self.opacity < 1 and np.shares_memory(photo, out):
            photo = photo.copy()
        paint(finish=as_painted, out=out)
        match(out, goal, self.share)
        for rows in strips(out):
            out[rows] = self._laid(photo[rows], out[rows])
        return out

    def _finish(self, photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
        if self.keep_color == "luminance":
            stylized = keep_luminance(photo, stylized)
        return self._laid(photo, stylized)

    def _laid(self, photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
        """Return the stylized picture laid over the photograph."""
        if self.opacity == 1:
            return stylized
        photo = photo.astype(np.float32)
        return np.rint(photo + self.opacity * (stylized - photo)).astype(np.uint8)


def moments(pixels: np.ndarray) -> Moments:
    """Return the mean and the covariance of a picture's colours.

    Args:
        pixels: uint8 (H, W, 3).
    """
    count = pixels.shape[0] * pixels.shape[1]
    mean = sum(pixels[rows].sum((0, 1), np.float64) for rows in strips(pixels)) / count
    products = np.zeros((3, 3))
    for rows in strips(pixels):
        centered = pixels[rows].reshape(-1, 3) - mean.astype(np.float32)
        products += centered.T @ centered
    return Moments(mean, products / count)


def match(pixels: np.ndarray, goal: Moments, share: float = 1.0) -> None:
    """Give a picture, in place, another mean and covariance of its colours.

    A colour axis along which the picture does not vary is not stretched. To stretch it
    would only magnify rounding noise.

    Args:
        pixels: uint8 (H, W, 3).
        goal: The mean and the covariance to give it.
        share: From 0 to 1, how far its colours are moved.

    Reference:
        Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer": linear
        transform by the symmetric square root of the covariance.
    """
    own = moments(pixels)
    values, vectors = np.linalg.eigh(goal.covariance)
    grow = vectors * np.sqrt(values.clip(0)) @ vectors.T  # (3, 3)
    values, vectors = np.linalg.eigh(own.covariance)
    shrink = vectors / np.sqrt(values.clip(_LEAST_VARIANCE)) @ vectors.T  # (3, 3)
    change = (1 - share) * np.eye(3) + share * shrink @ grow
    mean = (1 - share) * own.mean + share * goal.mean
    for rows in strips(pixels):
        centered = pixels[rows] - own.mean.astype(np.float32)
        changed = centered @ change.astype(np.float32) + mean.astype(np.float32)
        pixels[rows] = _to_uint8(changed)


def keep_histogram(photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
    """Return the stylized picture with the photograph's colour mean and covariance.

    Args:
        photo: The photograph, uint8 (H, W, 3).
        stylized: The stylized picture, uint8 (H, W, 3).

    Returns:
        uint8 (H, W, 3).
    """
    result = stylized.copy()
    match(result, moments(photo))
    return result


def _to_uint8(values: np.ndarray) -> np.ndarray:
    return np.rint(values).clip(0, 255).astype(np.uint8)
