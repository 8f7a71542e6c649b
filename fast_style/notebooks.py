"""What a Stylizer does in notebooks: paint pictures that they show, and show itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from fast_style import cards, catalogue, gallery, images

_SAMPLE_SIZE = 192  # px, as large as the catalogue's thumbnails


def paint(picture: Any, stylize: Callable[..., np.ndarray]) -> Any:
    """Return a picture of Pillow's, painted, of whatever `images.read` takes.

    Args:
        picture: A path, an open file or a picture of Pillow's.
        stylize: Returns uint8 (H, W, 3), painted, of such an array and of its
            profile, the argument `icc`.
    """
    photo = images.read(picture)
    return images.to_pillow(replace(photo, pixels=stylize(photo.pixels, icc=photo.icc)))


def show(stylizer: Any) -> str:
    """Return the HTML of all styles of a Stylizer.

    Styles of the gallery have their thumbnails; others paint the package's sample.
    """
    sample = images.read(gallery.SAMPLE, max_size=_SAMPLE_SIZE)
    known = catalogue.pictures(stylizer.catalogue, "thumbnail")

    def picture(name: str) -> bytes:
        if name in known:
            return known[name].read_bytes()
        painted = stylizer.stylize(sample.pixels, styles=name)
        return images.encode(replace(sample, pixels=painted), format="JPEG")

    styles = stylizer.catalogue.items()
    return cards.sheet(style.card(picture(name)) for name, style in styles)
