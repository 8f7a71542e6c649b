"""What a way through sRGB costs, measured."""

import numpy as np

from benchmarks import gamut


def test_distances_are_those_of_cielab():
    white, grey = (np.full((1, 1, 3), value, np.uint8) for value in (255, 119))
    np.testing.assert_allclose(gamut.lab(white, "sRGB"), [[[100, 0, 0]]], atol=0.03)
    np.testing.assert_allclose(gamut.lab(grey, "P3"), [[[50, 0, 0]]], atol=0.1)
    red = np.uint8([[[255, 0, 0]]])
    np.testing.assert_allclose(
        gamut.lab(red, "sRGB")[0, 0], [53.2, 80.1, 67.2], atol=0.1
    )
    assert gamut.chroma(red, "P3") > gamut.chroma(red, "sRGB") + 10
    assert gamut.distance(white, "P3", white, "sRGB").max() < 0.1
