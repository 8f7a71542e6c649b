"""How like a painting a picture looks: contrast, colours, length of the strokes.

Pictures are uint8 (H, W, 3), RGB. Lightness and colour are CIELAB's.
"""

from functools import cache

import numpy as np
import scipy.ndimage
from PIL import Image, ImageCms

CELL = 15.0  # CIELAB units, side of a cell of colours
TILE = 96  # px, side of the squares in which strokes are measured
DIRECTIONS = np.deg2rad(np.arange(0, 180, 15))
FAINTEST = 2.0  # units of lightness, the least deviation of a square with strokes
COMPOSITION = 16.0  # px, deviation of the Gaussian that leaves no strokes


def lab(pixels: np.ndarray) -> np.ndarray:
    """Return a picture in CIELAB.

    Args:
        pixels: uint8 (H, W, 3), sRGB.

    Returns:
        float32 (H, W, 3): lightness 0 to 100, and two axes of colour -128 to 127, in
        steps of about half a unit and of one.
    """
    converted = ImageCms.applyTransform(Image.fromarray(pixels), _to_lab())
    values = np.asarray(converted)
    lightness = values[..., :1].astype(np.float32) * np.float32(100 / 255)
    colors = values[..., 1:].astype(np.int8).astype(np.float32)
    return np.concatenate([lightness, colors], axis=-1)


@cache
def _to_lab() -> ImageCms.ImageCmsTransform:
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return ImageCms.buildTransform(*profiles, "RGB", "LAB")


def contrast(picture: np.ndarray) -> float:
    """Return the deviation of a picture's lightness.

    Args:
        picture: CIELAB, (H, W, 3).

    Returns:
        0 for a plain picture to 50 for one that is half black, half white.

    Reference:
        Peli 1990, contrast in complex images.
    """
    return float(np.std(picture[..., 0], dtype=np.float64))


def chroma(picture: np.ndarray) -> float:
    """Return how colourful a picture is: the mean distance of its pixels from grey.

    Args:
        picture: CIELAB, (H, W, 3).

    Returns:
        0 for greys; pure sRGB red has about 107.
    """
    return float(np.mean(np.hypot(picture[..., 1], picture[..., 2])))


def color_coverage(picture: np.ndarray, painting: np.ndarray) -> float:
    """Return the share of a painting whose colours a picture has, too.

    Colours are told apart in cells of 15 units. A picture has the colours of a cell if
    it gives to them at least a tenth of the area that the painting gives.

    Args:
        picture: CIELAB, (H, W, 3).
        painting: CIELAB, (H, W, 3), of any size.

    Returns:
        From 0, none, to 1, all.
    """
    own, wanted = _cells(picture), _cells(painting)
    had = sum(share for cell, share in wanted.items() if own.get(cell, 0) >= share / 10)
    return float(had)


def _cells(picture: np.ndarray) -> dict[tuple[int, ...], float]:
    """Return the share of the pixels in each cell of colours that has any."""
    indices = np.floor_divide(picture.reshape(-1, 3), CELL).astype(int)
    cells, counts = np.unique(indices, axis=0, return_counts=True)
    shares = counts / len(indices)
    return {tuple(cell): float(n) for cell, n in zip(cells, shares, strict=True)}


def stroke_length(lightness: np.ndarray, where: np.ndarray | None = None) -> float:
    """Return how long the strokes of a picture are.

    Squares of 96 px are correlated with themselves, without what is wider than a
    stroke. Along a stroke of length L the correlation falls to a half after L / 2. The
    direction in which that takes longest is the strokes'.

    Args:
        lightness: (H, W), 0 to 100, at least 96 px on each side.
        where: bool (H, W). Squares that are mostly outside are left out, such as those
            with the outlines of a photograph's objects. None for the whole picture.

    Returns:
        Twice that distance, in px: the median of the squares, at most 96; NaN where no
        square has strokes.
    """
    detail = lightness - scipy.ndimage.gaussian_filter(lightness, COMPOSITION)
    squares = _squares(detail)
    squares = squares - squares.mean(axis=(1, 2), keepdims=True)
    chosen = squares.std(axis=(1, 2)) >= FAINTEST
    if where is not None:
        chosen &= _squares(where.astype(np.float32)).mean(axis=(1, 2)) > 0.5
    if not chosen.any():
        return float("nan")
    correlations = _autocorrelations(squares[chosen])
    return float(np.median([_longest(square) for square in correlations]))


def _squares(values: np.ndarray) -> np.ndarray:
    """Return all squares, half a side apart: (N, TILE, TILE)."""
    windows = np.lib.stride_tricks.sliding_window_view(values, (TILE, TILE))
    return windows[:: TILE // 2, :: TILE // 2].reshape(-1, TILE, TILE)


def _autocorrelations(squares: np.ndarray) -> np.ndarray:
    """Return the correlation of each square at lags up to TILE // 2, 1 at lag 0.

    The middle of the result, (N, TILE + 1, TILE + 1), is lag 0.
    """
    size, half = 2 * TILE, TILE // 2
    powers = np.abs(np.fft.rfft2(squares, (size, size))) ** 2
    sums = np.fft.irfft2(powers, (size, size))
    overlap = np.abs(np.fft.rfft2(np.ones((TILE, TILE)), (size, size))) ** 2
    means = sums / np.maximum(np.fft.irfft2(overlap, (size, size)), 1)
    lags = np.arange(-half, half + 1)
    means = means[:, lags[:, None], lags[None]]
    return means / means[:, half : half + 1, half : half + 1]


def _longest(correlation: np.ndarray) -> float:
    """Return twice the longest distance within which a correlation stays over 1/2."""
    half = TILE // 2
    distances = np.arange(0, half + 0.25, 0.25)
    rows = half + np.sin(DIRECTIONS)[:, None] * distances
    columns = half + np.cos(DIRECTIONS)[:, None] * distances
    rays = scipy.ndimage.map_coordinates(correlation, [rows, columns], order=3)
    low = rays < 0.5
    ends = np.where(low.any(axis=1), low.argmax(axis=1), len(distances) - 1)
    return 2 * float(distances[ends].max())
