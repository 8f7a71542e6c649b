"""A photograph's own colours in its stylized picture, by strips to save memory."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fast_style.profiles import Gamut
from fast_style.tiling import as_painted, strips

KEEP_COLOR = ("none", "luminance", "histogram")

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # BT.601, as in JPEG
DEEP_LEVEL = 257  # a level of 8 bits in 16
_LEAST_VARIANCE = 1.0  # squared grey levels; a colour axis with less is rounding noise


def keep_luminance(photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
    """Return the photograph with the brightness of its stylized picture.

    A change of Y alone in YCbCr adds one amount to red, green and blue. So the
    brightness is exchanged without a conversion there and back.

    Args:
        photo: The photograph, uint8 or uint16 (H, W, 3).
        stylized: The stylized picture, uint8 (H, W, 3).

    Returns:
        (H, W, 3), of the photograph's type.

    Reference:
        Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer":
        luminance-only transfer.
    """
    change = luma(stylized) - luma(photo)
    return _rounded(_levels(photo) + change[..., None], photo.dtype)


def luma(pixels: np.ndarray) -> np.ndarray:
    """Return a picture's brightness, 0 to 255, as float32 (H, W)."""
    return _levels(pixels) @ _LUMA


@dataclass(frozen=True)
class Moments:
    """Mean (3,) and covariance (3, 3) of a picture's colours, float64."""

    mean: np.ndarray
    covariance: np.ndarray

    def change_to(
        self, goal: "Moments", share: float = 1.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return what moves colours (..., 3), as rows, to a goal.

        A colour axis without variance is not stretched: to stretch it would only
        magnify rounding noise.

        Args:
            goal: The mean and the covariance that they get.
            share: From 0 to 1, how far they are moved.

        Returns:
            A matrix (3, 3) that rows are multiplied by, less their mean, and the mean
            (3,) that is added then.

        Reference:
            Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer":
            linear transform by the symmetric square root of the covariance.
        """
        values, vectors = np.linalg.eigh(goal.covariance)
        grow = vectors * np.sqrt(values.clip(0)) @ vectors.T
        values, vectors = np.linalg.eigh(self.covariance)
        shrink = vectors / np.sqrt(values.clip(_LEAST_VARIANCE)) @ vectors.T
        change = (1 - share) * np.eye(3) + share * shrink @ grow
        return change, (1 - share) * self.mean + share * goal.mean


@dataclass(frozen=True)
class Finishing:
    """What becomes of a stylized picture, next to its photograph.

    Args:
        keep_color: One of KEEP_COLOR.
        opacity: From 0 to 1, with which it is laid over the photograph in the end.
        palette: Colours that it is moved to where it keeps none; None leaves it.
        share: From 0 to 1, how far it is moved to the palette.
        gamut: The photograph's colours; None for sRGB's, which are painted.
    """

    keep_color: str = "none"
    opacity: float = 1.0
    palette: Moments | None = None
    share: float = 1.0
    gamut: Gamut | None = None

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
            photo: The photograph, uint8 or uint16 (H, W, 3).
            paint: Paints its argument, uint8 (H, W, 3), into its argument `out`. It
                passes all rows on the way through its argument `finish`, a
                `tiling.Finish`.
            out: Array for the result, which may be `photo` itself.
        """
        seen = self._seen(photo)
        own = seen is photo
        goal = self.palette if self.keep_color == "none" else None
        if self.keep_color == "histogram":
            goal = moments(seen)
        if own and goal is None:
            return paint(photo, finish=self._finish, out=out)
        if own and self.opacity < 1 and np.shares_memory(photo, out):
            photo = photo.copy()
        painted = paint(seen, finish=as_painted, out=out if own else seen)
        if goal:
            match(painted, goal, self.share)
        if self.gamut:
            self.gamut.from_srgb(painted)
        finish = self._laid if goal else self._finish
        for rows in strips(out):
            out[rows] = finish(photo[rows], painted[rows])
        return out

    def _seen(self, photo: np.ndarray) -> np.ndarray:
        """Return a photograph as the network sees it: uint8, in sRGB.

        It is the photograph's own array, or a new one.
        """
        if self.gamut is None and photo.dtype == np.uint8:
            return photo
        seen = photo.copy() if photo.dtype == np.uint8 else eight_bits(photo)
        if self.gamut:
            self.gamut.to_srgb(seen)
        return seen

    def _finish(self, photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
        if self.keep_color == "luminance":
            stylized = keep_luminance(photo, stylized)
        return self._laid(photo, stylized)

    def _laid(self, photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
        """Return the stylized picture laid over the photograph."""
        if self.opacity == 1 and photo.dtype == stylized.dtype:
            return stylized
        levels = _levels(photo)
        laid = levels + self.opacity * (_levels(stylized) - levels)
        return _rounded(laid, photo.dtype)


def moments(pixels: np.ndarray) -> Moments:
    """Return the mean and the covariance of a picture's colours.

    Args:
        pixels: uint8 or uint16 (H, W, 3).

    Returns:
        In levels of 8 bits.
    """
    count = pixels.shape[0] * pixels.shape[1]
    sums = (_levels(pixels[rows]).sum((0, 1), np.float64) for rows in strips(pixels))
    mean = sum(sums) / count
    products = np.zeros((3, 3))
    for rows in strips(pixels):
        centered = _levels(pixels[rows]).reshape(-1, 3) - mean.astype(np.float32)
        products += centered.T @ centered
    return Moments(mean, products / count)


def match(pixels: np.ndarray, goal: Moments, share: float = 1.0) -> None:
    """Give a picture, in place, another mean and covariance of its colours.

    Args:
        pixels: uint8 (H, W, 3).
        goal: The mean and the covariance to give it.
        share: From 0 to 1, how far its colours are moved.
    """
    own = moments(pixels)
    change, mean = own.change_to(goal, share)
    for rows in strips(pixels):
        centered = pixels[rows] - own.mean.astype(np.float32)
        changed = centered @ change.astype(np.float32) + mean.astype(np.float32)
        pixels[rows] = _rounded(changed, pixels.dtype)


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


def eight_bits(pixels: np.ndarray) -> np.ndarray:
    """Return a picture of 16 bits in 8, in a new array."""
    result = np.empty(pixels.shape, np.uint8)
    for rows in strips(pixels):
        result[rows] = _rounded(_levels(pixels[rows]), result.dtype)
    return result


def _levels(pixels: np.ndarray) -> np.ndarray:
    """Return pixels of 8 or 16 bits in levels from 0 to 255, float32."""
    levels = pixels.astype(np.float32)
    return levels / DEEP_LEVEL if pixels.dtype == np.uint16 else levels


def _rounded(levels: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return levels from 0 to 255 as uint8, or as uint16 in 16 bits."""
    if dtype == np.uint16:
        return np.rint(DEEP_LEVEL * levels.clip(0, 255)).astype(dtype)
    return np.rint(levels).clip(0, 255).astype(dtype)
