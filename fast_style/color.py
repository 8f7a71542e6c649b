"""Keeping a photograph's own colours in its stylised picture."""

import numpy as np

KEEP_COLOR = ("none", "luminance", "histogram")

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # BT.601, as in JPEG
_LEAST_VARIANCE = 1.0  # squared grey levels, of a colour axis that is not mere rounding


def keep_luminance(photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
    """Gives the photo the stylised picture's brightness and leaves it its colours.

    In YCbCr a change of Y alone adds the same amount to red, green and blue, so the
    exchange needs no conversion there and back.

    Args:
        photo: uint8 (H, W, 3).
        stylized: uint8 (H, W, 3).

    Returns:
        uint8 (H, W, 3).

    Reference: Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer",
    luminance-only transfer.
    """
    photo = photo.astype(np.float32)
    change = stylized.astype(np.float32) @ _LUMA - photo @ _LUMA
    return _to_uint8(photo + change[..., None])


def keep_histogram(photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
    """Gives the stylised picture the photo's mean colour and colour covariance.

    A colour axis along which the stylised picture does not vary is not stretched: that
    would only magnify its rounding noise.

    Args:
        photo: uint8 (H, W, 3).
        stylized: uint8 (H, W, 3).

    Returns:
        uint8 (H, W, 3).

    Reference: Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer",
    linear transform by the symmetric square root of the covariance.
    """
    goal = photo.reshape(-1, 3).astype(np.float32)  # (N, 3)
    pixels = stylized.reshape(-1, 3).astype(np.float32)  # (N, 3)
    # Means of uint8 are summed in float64; of float32 they drift by grey levels.
    goal_mean = photo.mean((0, 1)).astype(np.float32)
    pixels_mean = stylized.mean((0, 1)).astype(np.float32)
    values, vectors = np.linalg.eigh(_covariance(goal, goal_mean))
    grow = vectors * np.sqrt(values.clip(0)) @ vectors.T  # (3, 3)
    values, vectors = np.linalg.eigh(_covariance(pixels, pixels_mean))
    shrink = vectors / np.sqrt(values.clip(_LEAST_VARIANCE)) @ vectors.T  # (3, 3)
    matched = (pixels - pixels_mean) @ (shrink @ grow) + goal_mean
    return _to_uint8(matched.reshape(stylized.shape))


def _covariance(pixels: np.ndarray, mean: np.ndarray) -> np.ndarray:
    centered = pixels - mean
    return centered.T @ centered / len(pixels)


def _to_uint8(values: np.ndarray) -> np.ndarray:
    return np.rint(values).clip(0, 255).astype(np.uint8)
