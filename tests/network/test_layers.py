import keras
import numpy as np
import pytest
from numpy_layers import (
    STYLES,
    WEIGHTS,
    blocks,
    close,
    convolution,
    features,
    normalised,
    randomised,
)

from fast_style.architecture import UPSAMPLINGS
from fast_style.network import layers, upsampling
from fast_style.network.adapters import StyleAdapters
from fast_style.network.normalization import (
    ConditionalInstanceNormalization,
    SharedStatistics,
)


@pytest.mark.parametrize(
    "arguments",
    [
        {"kernel_size": 9},
        {"kernel_size": 3, "strides": 2},
        {"kernel_size": 3, "activation": "linear"},
        {"kernel_size": 9, "from_blocks": True},
    ],
)
def test_conv_block_is_convolution_normalisation_activation(arguments):
    inputs = features(12, 16)
    given = blocks(inputs) if "from_blocks" in arguments else inputs
    layer = layers.ConvBlock(5, STYLES, **arguments)
    randomised(layer, given.shape, WEIGHTS.shape)
    kernel, gamma, beta = layer.get_weights()
    assert kernel.shape[2:] == (4, 5)
    expected = convolution(inputs, kernel, arguments.get("strides", 1))
    expected = normalised(expected, gamma, beta)
    if arguments.get("activation") != "linear":
        expected = np.maximum(expected, 0)
    close(layer(given, WEIGHTS), expected)


def test_residual_block_adds_a_parts_input_cropped_by_two():
    inputs, weights = features()[:1], WEIGHTS[:1]
    layer = randomised(layers.ResidualBlock(4, STYLES), inputs.shape, weights.shape)
    kernel_1, gamma_1, beta_1, kernel_2, gamma_2, beta_2 = layer.get_weights()
    inner = convolution(inputs, kernel_1)
    inner = np.maximum(normalised(inner, gamma_1, beta_1, weights), 0)
    inner = normalised(convolution(inner, kernel_2), gamma_2, beta_2, weights)
    painted = layer(inputs, weights, statistics=SharedStatistics())
    close(painted, inputs[:, 2:-2, 2:-2] + inner)


def test_residual_block_mirrors_what_it_sees_of_a_whole_picture():
    inputs, weights = features()[:1], WEIGHTS[:1]
    wide = np.pad(inputs, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="reflect")
    layer = randomised(layers.ResidualBlock(4, STYLES), inputs.shape, weights.shape)
    expected = layer(wide, weights, statistics=SharedStatistics())
    assert layer.compute_output_shape(inputs.shape, weights.shape) == inputs.shape
    close(layer(inputs, weights), expected)


@pytest.mark.parametrize("to_blocks", [False, True])
def test_nearest_upsampling_is_doubling_and_a_convolution(to_blocks):
    inputs = features()
    layer = upsampling.UpsampleBlock(5, STYLES, to_blocks=to_blocks)
    randomised(layer, inputs.shape, WEIGHTS.shape)
    kernel, gamma, beta = layer.get_weights()
    doubled = inputs.repeat(2, axis=1).repeat(2, axis=2)
    expected = np.maximum(normalised(convolution(doubled, kernel), gamma, beta), 0)
    close(layer(inputs, WEIGHTS), blocks(expected) if to_blocks else expected)


@pytest.mark.parametrize("to_blocks", [False, True])
def test_transposed_upsampling_is_a_fractionally_strided_convolution(to_blocks):
    inputs = features()
    layer = upsampling.UpsampleBlock(
        5, STYLES, upsampling="transposed", to_blocks=to_blocks
    )
    randomised(layer, inputs.shape, WEIGHTS.shape)
    kernel, gamma, beta = layer.get_weights()
    stuffed = np.zeros((2, 2 * 11 - 1, 2 * 15 - 1, 4), np.float32)
    stuffed[:, ::2, ::2] = inputs
    stuffed = np.pad(stuffed, [(0, 0), (1, 1), (1, 1), (0, 0)])
    expected = convolution(stuffed, kernel[::-1, ::-1])[:, :-1, :-1]
    expected = np.maximum(normalised(expected, gamma, beta), 0)
    close(layer(inputs, WEIGHTS), blocks(expected) if to_blocks else expected)


def test_pixel_convolution_is_a_convolution_with_bias():
    inputs = features(20, 24)
    layer = randomised(upsampling.PixelConvolution(), blocks(inputs).shape)
    kernel, bias = layer.get_weights()
    assert kernel.shape == (9, 9, 4, 3)
    close(layer(blocks(inputs)), convolution(inputs, kernel) + bias)


def test_pixel_convolution_of_half_resolution_makes_blocks_of_pixels():
    inputs = features(12, 16)
    layer = upsampling.PixelConvolution(kernel_size=5, from_blocks=False)
    layer = randomised(layer, inputs.shape)
    kernel, bias = layer.get_weights()
    pixels = np.asarray(layer(inputs))
    for place in range(4):  # in a block
        expected = convolution(inputs, kernel[..., 3 * place : 3 * place + 3]) + bias
        close(pixels[:, place // 2 :: 2, place % 2 :: 2], expected)


def test_pixel_convolution_starts_near_zero():
    layer = upsampling.PixelConvolution(stddev=0.005)
    layer.build((None, None, None, 64))
    kernel, bias = layer.get_weights()
    assert kernel.std() == pytest.approx(0.005, rel=0.05)
    assert not bias.any()


LAYERS = [
    ConditionalInstanceNormalization(STYLES, epsilon=1e-3),
    layers.ConvBlock(5, STYLES, kernel_size=5, strides=2, activation="tanh"),
    ConditionalInstanceNormalization(STYLES, parts=4),
    StyleAdapters([1]),
    layers.ConvBlock(5, STYLES, kernel_size=9, from_blocks=True),
    layers.ResidualBlock(4, STYLES),
    upsampling.UpsampleBlock(5, STYLES, activation="linear"),
    upsampling.UpsampleBlock(5, STYLES, upsampling="transposed"),
    upsampling.UpsampleBlock(5, STYLES, upsampling="transposed", to_blocks=True),
    upsampling.UpsampleBlock(5, STYLES, to_blocks=True),
    upsampling.PixelConvolution(kernel_size=5, stddev=0.1),
    upsampling.PixelConvolution(kernel_size=5, stddev=0.1, from_blocks=False),
]


def call(layer, inputs):
    pixels = isinstance(layer, upsampling.PixelConvolution)
    return layer(inputs) if pixels else layer(inputs, WEIGHTS)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_output_shape_is_known_before_the_call(layer):
    for size in ((12, 16), (20, 14)):
        inputs = features(*size)
        shapes = inputs.shape, WEIGHTS.shape
        if isinstance(layer, upsampling.PixelConvolution):
            shapes = shapes[:1]
        assert layer.compute_output_shape(*shapes) == call(layer, inputs).shape
        free = (None, None, None, 4)
        expected = layer.compute_output_shape(free, *shapes[1:])
        assert expected[:3] == (None, None, None)
        assert expected[3] == call(layer, inputs).shape[3]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_layer_made_from_its_config_computes_the_same(layer):
    inputs = features(12, 16)
    expected = call(layer, inputs)
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    call(again, inputs)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(call(again, inputs), expected)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_layer_is_registered_under_the_name_of_the_package(layer):
    name = keras.saving.get_registered_name(type(layer))
    assert name == f"fast_style>{type(layer).__name__}"


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: ConditionalInstanceNormalization(0), "num_styles is 0"),
        (lambda: ConditionalInstanceNormalization(1, parts=0), "parts is 0"),
        (lambda: StyleAdapters([1, 1]), "rows is .1, 1.; give each place once"),
        (lambda: StyleAdapters([-1]), "rows is .-1,."),
        (lambda: layers.ConvBlock(0, 1), "filters is 0"),
        (lambda: layers.ConvBlock(4, 1, kernel_size=0), "kernel_size is 0"),
        (lambda: layers.ConvBlock(4, 1, strides=0), "strides is 0"),
        (lambda: upsampling.PixelConvolution(8), "kernel_size is 8; give an odd one"),
        (
            lambda: upsampling.UpsampleBlock(4, 1, upsampling="cubic"),
            "'cubic'; give one of near",
        ),
        (lambda: layers.ConvBlock(4, 1, strides=2, from_blocks=True), "from_blocks"),
        (
            lambda: layers.ConvBlock(4, 1, kernel_size=4, from_blocks=True),
            "from_blocks needs strides 1 and an odd kernel_size; got 1 and 4",
        ),
        (
            lambda: layers.ResidualBlock(4, 1)(features(channels=3), WEIGHTS[:, :1]),
            "of 4 filters got 3",
        ),
    ],
)
def test_bad_arguments_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_statistics_are_float32_under_mixed_precision():
    layer = layers.ConvBlock(5, STYLES, activation="linear", dtype="mixed_bfloat16")
    outputs = layer(features(37, 53), WEIGHTS)
    assert keras.backend.standardize_dtype(outputs.dtype) == "float32"
    np.testing.assert_allclose(np.mean(outputs, (1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(np.std(outputs, (1, 2)), 1, atol=1e-4)
    exact = layers.ConvBlock(5, STYLES, activation="linear")
    exact.build((2, 37, 53, 4), WEIGHTS.shape)
    exact.set_weights(layer.get_weights())
    difference = np.abs(exact(features(37, 53), WEIGHTS) - outputs)
    assert 1e-3 < difference.max() < 0.1  # the convolution is in 16 bits


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="reads its graph")
@pytest.mark.parametrize("name", UPSAMPLINGS)
def test_upsampling_is_a_convolution_that_litert_computes_fast(name):
    import tensorflow as tf

    layer = upsampling.UpsampleBlock(5, STYLES, upsampling=name)
    layer.build((None, None, None, 4), (None, STYLES))
    function = tf.function(lambda inputs: layer.convolve(inputs))
    graph = function.get_concrete_function(tf.TensorSpec((1, None, None, 4))).graph
    kinds = {operation.type for operation in graph.get_operations()}
    assert {"Conv2D", "DepthToSpace"} <= kinds and "Conv2DBackpropInput" not in kinds
