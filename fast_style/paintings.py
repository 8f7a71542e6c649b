"""The painting whose style is trained: read, found fit to imitate, made smaller."""

import numpy as np

from fast_style import images

MIN_SIDE = 64  # px, of each side
MIN_RANGE = 16  # grey levels that all but a hundredth of the pixels spread over


def read(style, style_size):
    """Reads a painting at the size that sets the strokes'.

    Args:
        style: Path of the picture.
        style_size: Its short side is brought down to this, in pixels; a smaller
            painting is not enlarged.

    Returns:
        uint8 (H, W, 3) RGB.

    Raises:
        OSError: The file cannot be opened.
        ValueError: It holds no picture, one under 64 px, or one of nearly one colour,
            also where that has some noise or a few specks: its Gram matrices are no
            style, and a training on them gives a flat picture.
    """
    pixels = images.read(style).pixels
    height, width = pixels.shape[:2]
    if min(height, width) < MIN_SIDE:
        raise ValueError(
            f"The style picture '{style}' is {width}x{height} px; give one of "
            f"{MIN_SIDE} px or more on each side."
        )
    if min(height, width) > style_size:
        pixels = images.resize_short_side(pixels, style_size)
    low, high = np.percentile(pixels, (0.5, 99.5), axis=(0, 1))
    if (high - low).max() < MIN_RANGE:
        raise ValueError(
            f"The style picture '{style}' is nearly one flat colour; give one with "
            "something to imitate."
        )
    return pixels
