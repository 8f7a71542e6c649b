import numpy as np
import pytest

from benchmarks import distances


def test_distances_are_relative():
    wanted = np.array([[[[3.0, 4.0]]]])
    assert distances.content_distance(wanted, wanted) == 0
    assert distances.content_distance(2 * wanted, wanted) == 1
    assert distances.content_distance(0 * wanted, wanted) == 1
    orthogonal = wanted[..., ::-1] * [1, -1]
    assert distances.content_distance(orthogonal, wanted) == 2


def test_gram_distance_is_the_mean_of_the_layers():
    wanted = {name: np.array([[[1.0, 2.0], [2.0, 4.0]]]) for name in "abc"}
    grams = {"a": wanted["a"], "b": 4 * wanted["b"], "c": 100 * wanted["c"]}
    assert distances.gram_distance(grams, wanted, ["a"]) == 0
    assert distances.gram_distance(grams, wanted, ["a", "b"]) == pytest.approx(9 / 2)
