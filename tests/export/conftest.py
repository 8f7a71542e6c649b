"""What export.py made of a small generator, and what Keras makes with it."""

import numpy as np
import pytest

from fast_style.network.loading import load_generator


@pytest.fixture(scope="package")
def generator(export):
    """The generator of the export: "photo" and two styles."""
    return load_generator(export.parent)


@pytest.fixture(scope="package")
def exported(export):
    """The directory that export.py made of the generator, and what it printed."""
    return export, (export.parent / "text.txt").read_text()


@pytest.fixture(scope="package")
def expected(generator):
    """A function that returns Keras' pictures of two styles, in whole grey levels."""

    def stylize(pictures, style_weights):
        weights = np.float32([[0, *row] for row in style_weights])  # no photograph
        return np.rint(np.asarray(generator(pictures, weights)))

    return stylize


@pytest.fixture(scope="package")
def pictures():
    """A function that makes smooth photographs, which JPEG keeps."""

    def make(height, width, count=1):
        y, x = np.mgrid[0:height, 0:width] / max(height, width)
        colors = np.stack([x, y, (x + y) / 2], -1) * 200 + 20
        return np.stack([colors + 10 * i for i in range(count)]).astype(np.uint8)

    return make
