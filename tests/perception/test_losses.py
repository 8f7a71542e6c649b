import keras
import numpy as np

from fast_style.perception import losses


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


def test_gradient_of_gram_matrix_is_that_of_differences():
    features = np.random.default_rng(1).normal(size=(1, 3, 4, 2))
    weights = np.random.default_rng(2).normal(size=(1, 2, 2))  # not symmetric

    class Probe(keras.Model):
        def call(self, x):
            return losses.gram_matrix(x * self.variable)

        def build(self, shape):
            self.variable = self.add_weight(shape=features.shape, name="features")
            self.variable.assign(features)

    model = Probe()
    ones = np.ones_like(features, np.float32)
    model(ones)
    model.compile(keras.optimizers.SGD(1.0), loss=lambda y, g: keras.ops.sum(g * y))
    model.train_on_batch(ones, weights)
    gradient = features - keras.ops.convert_to_numpy(model.variable)
    flat = features.reshape(12, 2)
    expected = flat @ (weights[0] + weights[0].T) / 24
    np.testing.assert_allclose(gradient.reshape(12, 2), expected, rtol=1e-4, atol=1e-6)


def test_total_variation_is_that_of_numpy():
    rows, columns = (
        np.square(np.diff(pictures(), axis=axis)).sum((1, 2, 3)) for axis in (1, 2)
    )
    variation = losses.total_variation(pictures())
    np.testing.assert_allclose(variation, rows + columns, rtol=1e-5)


def test_distance_is_the_mean_of_squares_of_each_picture():
    values, targets = pictures(), pictures()[::-1]
    expected = np.square(values - targets).mean((1, 2, 3))
    np.testing.assert_allclose(losses.distances(values, targets), expected, rtol=1e-5)
    first = losses.distances(values[:1], targets)
    np.testing.assert_allclose(first, [expected[0], 0], rtol=1e-5)


def test_cosine_is_that_of_each_entry():
    rng = np.random.default_rng(5)
    first, second = rng.normal(size=(2, 3, 4, 5, 6)).astype(np.float32)
    flat, other = first.reshape(3, -1), second.reshape(3, -1)
    norms = np.linalg.norm(flat, axis=1) * np.linalg.norm(other, axis=1)
    expected = (flat * other).sum(axis=1) / norms
    np.testing.assert_allclose(losses.cosine(first, second), expected, rtol=1e-4)
    np.testing.assert_allclose(losses.cosine(first, 3 * first), [1, 1, 1], rtol=1e-5)
    np.testing.assert_array_equal(losses.cosine(0 * first, second), [0, 0, 0])
