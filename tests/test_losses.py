import keras
import numpy as np

from fast_style import losses


def pictures(height=37, width=53):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (2, height, width, 3)).astype(np.float32)


def test_gram_matrix_is_that_of_numpy():
    features = np.random.default_rng(1).normal(size=(2, 5, 7, 4)).astype(np.float32)
    expected = np.einsum("bhwc,bhwd->bcd", features, features) / (5 * 7 * 4)
    np.testing.assert_allclose(losses.gram_matrix(features), expected, rtol=1e-5)


def test_gram_matrix_of_16_bit_features_is_summed_in_float32():
    features = np.full((1, 64, 64, 2), 100, np.float32)
    gram = losses.gram_matrix(keras.ops.cast(features, "bfloat16"))
    assert keras.backend.standardize_dtype(gram.dtype) == "float32"
    np.testing.assert_allclose(gram, np.full((1, 2, 2), 5000), rtol=1e-5)


def test_total_variation_is_that_of_numpy():
    stylised = pictures()
    rows = np.square(np.diff(stylised, axis=1)).sum((1, 2, 3))
    columns = np.square(np.diff(stylised, axis=2)).sum((1, 2, 3))
    loss = losses.TotalVariation(reduction="none")(stylised, stylised)
    np.testing.assert_allclose(loss, rows + columns, rtol=1e-5)
    mean = losses.TotalVariation()(stylised, stylised)
    np.testing.assert_allclose(mean, (rows + columns).mean(), rtol=1e-5)


def test_total_variation_is_saved_and_loaded():
    loss = losses.TotalVariation(name="tv")
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert isinstance(again, losses.TotalVariation) and again.name == "tv"
