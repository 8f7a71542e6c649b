"""What a painted picture does to its photograph: lost edges, halos, a grid.

Lightness is CIELAB's, float (H, W) from 0 to 100; see `looks.lab`.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
import scipy.ndimage

from fast_style import color

# Of halos. Distances are px from the nearest strong edge of the photograph.
EDGE = 5.0  # units of lightness per px at a strong edge, a step of 19 units
PLAIN = 1.0  # the same, the most in a flat region
NEAR = (3, 14)
FAR = (22, 60)
REACH = 16.0  # px, deviation of the Gaussian that gathers the far surroundings
STROKE = 2.0  # px, the same, that gathers what is near
LEAST = 0.02  # share of a region's far parts around a pixel, to be compared with
LEVEL = 10.0  # units of lightness; regions that differ more are not compared

WINDOW = 64  # px, side of the squares in which a grid is looked for
ASIDE = 3  # frequencies between a grid's peak and what surrounds it


def edge_preservation(
    photo: np.ndarray, picture: np.ndarray, blur: float = 2.0
) -> float:
    """Return how well a picture has its edges where the photograph has them.

    Args:
        photo: The photograph's lightness, (H, W).
        picture: The picture's lightness, (H, W).
        blur: Deviation in px of the Gaussian derivative that finds edges.

    Returns:
        The correlation of the two gradients' sizes: 1 for the photograph itself, at any
        contrast; about 0 for edges that have nothing to do with it; NaN where one of
        the two is plain.
    """
    sizes = [
        scipy.ndimage.gaussian_gradient_magnitude(values, blur).ravel()
        for values in (photo, picture)
    ]
    if min(size.std() for size in sizes) == 0:
        return float("nan")
    return float(np.corrcoef(*sizes)[0, 1])


def flat_regions(photo: np.ndarray) -> np.ndarray:
    """Return where a photograph is flat: bool (H, W).

    Args:
        photo: The photograph's lightness, (H, W).
    """
    return scipy.ndimage.gaussian_gradient_magnitude(photo, 1.5) < PLAIN


class Surroundings(NamedTuple):
    """Where a photograph's flat regions are near to strong edges, and where far.

    Args:
        near: bool (H, W), parts near to an edge, with something far to compare with.
        far: bool (H, W), parts far from all edges.
        levels: For each level of lightness the parts to compare, bool (H, W), the far
            parts that they are compared with, and the far parts' share of what is
            around each pixel.
    """

    near: np.ndarray
    far: np.ndarray
    levels: list[tuple[np.ndarray, np.ndarray, np.ndarray]]


def surroundings(photo: np.ndarray) -> Surroundings:
    """Return where to look for halos.

    Args:
        photo: The photograph's lightness, (H, W).
    """
    gradient = scipy.ndimage.gaussian_gradient_magnitude(photo, 1.5)
    near, far = np.zeros((2, *photo.shape), bool)
    levels: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    edges = gradient >= EDGE
    if not edges.any():
        return Surroundings(near, far, levels)
    distance = scipy.ndimage.distance_transform_edt(~edges)
    ring, outside = (
        (gradient < PLAIN) & (distance >= least) & (distance <= most)
        for least, most in (NEAR, FAR)
    )
    for low in np.arange(0, 100, LEVEL):
        level = (photo >= low) & (photo <= low + LEVEL) & ~(near | far)
        alike = outside & (np.abs(photo - low - LEVEL / 2) <= LEVEL)
        share = scipy.ndimage.gaussian_filter(alike.astype(np.float32), REACH)
        close = level & (share > LEAST)
        if (close & ring).any():
            near |= close & ring
            far |= close & outside
            levels.append((close & (ring | outside), alike, share))
    return Surroundings(near, far, levels)


def halo(photo: np.ndarray, picture: np.ndarray, places: Surroundings) -> float:
    """Return how much a picture glows around the photograph's strong edges.

    Only flat regions of the photograph count. What is near to an edge is compared with
    what is farther away in the same region, in the picture and in the photograph. What
    is brighter counts; a dark outline beside it does not make up for it. What strokes
    make brighter far from all edges is subtracted.

    Args:
        photo: The photograph's lightness, (H, W).
        picture: The picture's lightness, (H, W).
        places: The photograph's `surroundings`.

    Returns:
        Units of lightness by which the picture is brighter near the edges, and the
        photograph is not; 0 for the photograph, NaN where the photograph has no such
        regions.
    """
    brighter = np.maximum(_beside_surroundings(picture - photo, places), 0)
    return _near_less_far(brighter, places)


def color_halo(photo: np.ndarray, picture: np.ndarray, places: Surroundings) -> float:
    """Return how much a picture changes its colour around the photograph's edges.

    A yellow halo on a white wall is one that `halo` does not see.

    Args:
        photo: The photograph's two axes of colour in CIELAB, (H, W, 2).
        picture: The picture's.
        places: The photograph's `surroundings`.

    Returns:
        CIELAB units between the colour near the edges and that farther away; see
        `halo`.
    """
    excess = picture - photo
    axes = [_beside_surroundings(excess[..., axis], places) for axis in (0, 1)]
    return _near_less_far(np.hypot(*axes), places)


def _beside_surroundings(excess: np.ndarray, places: Surroundings) -> np.ndarray:
    """Return how far values differ from those of the far parts around them.

    Args:
        excess: What a picture has more than its photograph, (H, W).
        places: Where to compare; elsewhere the result is 0.
    """
    where = places.near | places.far
    weights = scipy.ndimage.gaussian_filter(where.astype(np.float32), STROKE)
    sums = scipy.ndimage.gaussian_filter(np.where(where, excess, 0), STROKE)
    difference = np.zeros_like(excess)
    for compared, far, share in places.levels:
        around = scipy.ndimage.gaussian_filter(np.where(far, excess, 0), REACH)
        own, theirs = (s[compared] for s in (sums, around))
        difference[compared] = own / weights[compared] - theirs / share[compared]
    return difference


def _near_less_far(values: np.ndarray, places: Surroundings) -> float:
    if not places.near.any():
        return float("nan")
    return float(values[places.near].mean() - values[places.far].mean())


def grid_energy(pixels: np.ndarray, period: int) -> float:
    """Return how strong a grid of one period a picture has.

    The mean spectrum of its squares is read where a grid of this period has its peaks:
    along rows, along columns, and along both. What the spectrum has a little before and
    after on the same line is no grid, and is subtracted.

    Args:
        pixels: uint8 (H, W, 3), at least 64 px on each side.
        period: 2, 4, 8 or 16 px.

    Returns:
        Grey levels, the root of the mean square of the grid: 7.07 for a wave of
        amplitude 10 along one axis, and 0 for no grid.
    """
    gray = color.luma(pixels)
    squares = np.lib.stride_tricks.sliding_window_view(gray, (WINDOW, WINDOW))
    squares = squares[:: WINDOW // 2, :: WINDOW // 2].reshape(-1, WINDOW, WINDOW)
    squares = squares - squares.mean(axis=(1, 2), keepdims=True)
    window = np.hanning(WINDOW + 1)[:-1]
    window = np.outer(window, window) / window.sum() ** 2
    power = np.mean(np.abs(np.fft.fft2(squares * window)) ** 2, axis=0)
    frequency = WINDOW // period
    signs = set(product((-1, 0, 1), repeat=2)) - {(0, 0)}
    peaks = {
        ((a * frequency) % WINDOW, (b * frequency) % WINDOW): (a, b) for a, b in signs
    }
    energy = 0.0
    for (row, column), (a, b) in peaks.items():
        before = power[row - ASIDE * a, column - ASIDE * b]
        after = power[(row + ASIDE * a) % WINDOW, (column + ASIDE * b) % WINDOW]
        energy += power[row, column] - np.sqrt(before * after)
    return float(np.sqrt(max(energy, 0)))
