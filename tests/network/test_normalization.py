from types import SimpleNamespace

import numpy as np
import pytest
from numpy_layers import (
    STYLES,
    WEIGHTS,
    blocks,
    close,
    features,
    normalised,
    randomised,
)

from fast_style.network.normalization import (
    ConditionalInstanceNormalization,
    is_table,
)


def test_normalization_is_that_of_numpy_with_mixed_styles():
    inputs = features()
    layer = ConditionalInstanceNormalization(STYLES)
    randomised(layer, inputs.shape, WEIGHTS.shape)
    gamma, beta = layer.get_weights()
    assert gamma.shape == beta.shape == (STYLES, 4)
    close(layer(inputs, WEIGHTS), normalised(inputs, gamma, beta))


def test_new_normalization_neither_scales_nor_shifts():
    outputs = np.asarray(ConditionalInstanceNormalization(2)(features(), WEIGHTS))
    np.testing.assert_allclose(outputs.mean((1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(outputs.std((1, 2)), 1, atol=1e-4)


def test_flat_features_become_beta():
    inputs = np.full((2, 7, 9, 3), 250, np.float32)
    layer = ConditionalInstanceNormalization(STYLES)
    randomised(layer, inputs.shape, WEIGHTS.shape)
    beta = (WEIGHTS @ layer.get_weights()[1])[:, None, None]
    difference = np.abs(layer(inputs, WEIGHTS) - beta)
    assert difference.max() < 0.05  # rounding, enlarged 300 times by the small variance


def test_normalization_of_blocks_is_that_of_their_pixels():
    inputs = features(12, 16)
    layer = ConditionalInstanceNormalization(STYLES, parts=4)
    randomised(layer, blocks(inputs).shape, WEIGHTS.shape)
    gamma, beta = layer.get_weights()
    assert gamma.shape == (STYLES, 4)
    expected = blocks(normalised(inputs, gamma, beta))
    close(layer(blocks(inputs), WEIGHTS), expected)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("gamma", True),
        ("generator/conv_1/normalization/beta:0", True),
        ("kernel", False),
        ("generator/gamma/kernel:0", False),
    ],
)
def test_tables_are_known_by_their_names(name, table):
    assert is_table(SimpleNamespace(name=name)) == table
