"""Blurring and enlarging of arrays of pixels, by Pillow."""

import numpy as np
from PIL import Image, ImageFilter


def blurred(pixels: np.ndarray, radius: float) -> np.ndarray:
    """Return pixels in 0..255, blurred: float32 (H, W, C).

    Args:
        pixels: (H, W, C), C being 1, 3 or 4.
        radius: Standard deviation of the blur, in pixels.
    """
    kernel = ImageFilter.GaussianBlur(radius)
    return np.asarray(_image(pixels).filter(kernel), np.float32).reshape(pixels.shape)


def enlarged(pixels: np.ndarray, side: int) -> np.ndarray:
    """Return pixels of any range, enlarged smoothly: float32 (side, side, C).

    Args:
        pixels: (H, H, C), C being 1, 3 or 4.
        side: Side of the result, in pixels.
    """
    low, high = pixels.min(), pixels.max()
    scaled = (pixels - low) * (255 / max(high - low, 1e-6))
    image = _image(scaled).resize((side, side), Image.Resampling.BICUBIC)
    values = np.asarray(image, np.float32).reshape(side, side, -1)
    return values * ((high - low) / 255) + low


def _image(pixels: np.ndarray) -> Image.Image:
    pixels = np.clip(pixels + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
