"""A photograph's own colours in its stylized picture."""

import numpy as np

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
    photo = photo.astype(np.float32)
    change = stylized.astype(np.float32) @ _LUMA - photo @ _LUMA
    return _to_uint8(photo + change[..., None])


def keep_histogram(photo: np.ndarray, stylized: np.ndarray) -> np.ndarray:
    """Return the stylized picture with the photograph's colour mean and covariance.

    A colour axis along which the stylized picture does not vary is not stretched. To
    stretch it would only magnify rounding noise.

    Args:
        photo: The photograph, uint8 (H, W, 3).
        stylized: The stylized picture, uint8 (H, W, 3).

    Returns:
        uint8 (H, W, 3).

    Reference:
        Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer": linear
        transform by the symmetric square root of the covariance.
    """
    goal = photo.reshape(-1, 3).astype(np.float32)  # (N, 3)
    pixels = stylized.reshape(-1, 3).astype(np.float32)  # (N, 3)
    # NumPy sums uint8 in float64. In float32 the means would drift by grey levels.
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
