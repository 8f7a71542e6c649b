"""Photographs as arrays, checked."""

from typing import Any

import numpy as np

from fast_style import MIN_SIZE


def photograph(photo: Any, *, deep: bool = False) -> np.ndarray:
    """Return a photograph as uint8 (H, W, 3), that of a file in sRGB.

    Args:
        photo: Such an array, a grey one (H, W), or whatever `images.read` takes.
        deep: Whether it may be uint16, too.

    Raises:
        OSError: A file cannot be opened.
        ValueError: It is no photograph, or smaller than a generator takes.
    """
    if not isinstance(photo, np.ndarray):
        from fast_style import images, profiles  # here: Pillow takes long to load

        picture = images.read(photo)
        return profiles.in_srgb(picture.pixels, picture.icc)
    if photo.ndim == 2:
        photo = np.stack([photo] * 3, -1)
    got = f"pixels are {photo.dtype} {photo.shape}"
    types = ["uint8", "uint16"] if deep else ["uint8"]
    if photo.dtype not in types or photo.ndim != 3 or photo.shape[2] != 3:
        alpha = photo.ndim == 3 and photo.shape[2] == 4
        remedy = "Give pixels[..., :3]" if alpha else "fast_style.images.read makes one"
        raise ValueError(
            f"{got}, and a {' or '.join(types)} array (height, width, 3) is expected. "
            f"{remedy}."
        )
    if min(photo.shape[:2]) < MIN_SIZE:
        raise ValueError(f"{got}. Give at least {MIN_SIZE} x {MIN_SIZE} px.")
    return photo
