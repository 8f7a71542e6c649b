"""Blocks of the generator that keep or reduce the size of the features.

No convolution pads its input. The generator mirrors the edges of a picture before its
first layer, and each ResidualBlock those of its features.
"""

from typing import Any

import keras
from keras import ops

from fast_style.network.kernels import block_kernel
from fast_style.network.mirroring import mirrored_features
from fast_style.network.normalization import (
    ConditionalInstanceNormalization,
    SharedStatistics,
)
from fast_style.tensors import Shape, Tensor


class NormalizedConvolution(keras.layers.Layer):
    """Convolves without a bias, normalises by style, activates.

    A subclass says how it convolves (`convolve`, `compute_output_shape`) and, where
    the inputs are blocks, how many channels its kernel reads (`input_channels`).

    Args:
        filters: Output channels, 1 or more.
        num_styles: Rows of the normalisation's tables.
        kernel_size: Side of the square kernel, 1 or more, in pixels.
        activation: Name of a Keras activation.
        parts: See ConditionalInstanceNormalization.
    """

    def __init__(
        self,
        filters: int,
        num_styles: int,
        kernel_size: int,
        activation: str,
        parts: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if filters < 1:
            raise ValueError(f"filters is {filters}; give 1 or more.")
        if kernel_size < 1:
            raise ValueError(f"kernel_size is {kernel_size}; give 1 or more.")
        self.filters = filters
        self.num_styles = num_styles
        self.kernel_size = kernel_size
        self.activation = keras.activations.get(activation)
        self.normalization = ConditionalInstanceNormalization(
            num_styles, parts, dtype="float32", name="normalization"
        )

    def build(self, inputs_shape: Shape, style_weights_shape: Shape) -> None:
        channels = self.input_channels(inputs_shape)
        self.kernel = self.add_weight(
            shape=(self.kernel_size, self.kernel_size, channels, self.filters),
            initializer="glorot_uniform",
            name="kernel",
        )
        features_shape = self.compute_output_shape(inputs_shape, style_weights_shape)
        self.normalization.build(features_shape, style_weights_shape)

    def call(
        self,
        inputs: Tensor,
        style_weights: Tensor,
        statistics: SharedStatistics | None = None,
    ) -> Tensor:
        features = self.convolve(inputs)
        features = self.normalization(features, style_weights, statistics=statistics)
        return self.activation(features)

    def convolve(self, inputs: Tensor) -> Tensor:
        """Return the inputs convolved with the kernel."""
        raise NotImplementedError

    def input_channels(self, inputs_shape: Shape) -> int | None:
        """Return the number of channels that the kernel reads."""
        return inputs_shape[-1]

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "num_styles": self.num_styles,
            "activation": keras.activations.serialize(self.activation),
        }


@keras.saving.register_keras_serializable("fast_style")
class ConvBlock(NormalizedConvolution):
    """Convolves without padding, normalises by style, activates.

    Args:
        filters: Output channels, 1 or more.
        num_styles: Rows of the normalisation's tables.
        kernel_size: Side of the square kernel, 1 or more, in pixels.
        strides: Step of the convolution, 1 or more, in pixels.
        activation: Name of a Keras activation.
        from_blocks: Whether the inputs are 2x2 blocks of pixels, (B, H / 2, W / 2,
            4 C). This needs an odd kernel_size and strides of 1.

    Call arguments:
        inputs: Features (B, H, W, C), or as from_blocks says.
        style_weights: (B, num_styles).
        statistics: As of ConditionalInstanceNormalization.

    Returns:
        (B, (H - kernel_size) // strides + 1, likewise W, filters).

    Raises:
        ValueError: An argument is too small, or from_blocks does not fit the others.
    """

    def __init__(
        self,
        filters: int,
        num_styles: int,
        kernel_size: int = 3,
        strides: int = 1,
        activation: str = "relu",
        from_blocks: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(filters, num_styles, kernel_size, activation, **kwargs)
        if strides < 1:
            raise ValueError(f"strides is {strides}; give 1 or more.")
        if from_blocks and (strides != 1 or kernel_size % 2 == 0):
            raise ValueError(
                f"from_blocks needs strides 1 and an odd kernel_size; got {strides} "
                f"and {kernel_size}."
            )
        self.strides = strides
        self.from_blocks = from_blocks

    def input_channels(self, inputs_shape: Shape) -> int | None:
        return inputs_shape[-1] // 4 if self.from_blocks else inputs_shape[-1]

    def convolve(self, inputs: Tensor) -> Tensor:
        if self.from_blocks:
            kernel = block_kernel(self.kernel)
            blocks = ops.conv(inputs, kernel, strides=1, padding="valid")
            return ops.nn.depth_to_space(blocks, 2)
        return ops.conv(inputs, self.kernel, strides=self.strides, padding="valid")

    def compute_output_shape(
        self, inputs_shape: Shape, style_weights_shape: Shape
    ) -> Shape:
        batch, height, width, _ = inputs_shape
        scale = 2 if self.from_blocks else 1
        height, width = (
            None if n is None else (scale * n - self.kernel_size) // self.strides + 1
            for n in (height, width)
        )
        return (batch, height, width, self.filters)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "from_blocks": self.from_blocks,
        }


@keras.saving.register_keras_serializable("fast_style")
class ResidualBlock(keras.layers.Layer):
    """Adds the result of two 3x3 convolutions to the input.

    Both are ConvBlocks, the second without activation. They take 2 features off each
    side. A whole picture's are mirrored by as many first. A part of a picture, whose
    statistics are given, brings a border along instead: so its input is cropped before
    it is added (Gross and Wilber 2016, as Johnson et al. 2016 use it).

    Args:
        filters: Channels of the input and the output.
        num_styles: Rows of the normalisation's tables.

    Call arguments:
        inputs: Features (B, H, W, filters).
        style_weights: (B, num_styles).
        statistics: As of ConditionalInstanceNormalization.

    Returns:
        (B, H, W, filters), or (B, H - 4, W - 4, filters) with statistics.

    Raises:
        ValueError: An argument is too small, or the inputs have other channels.

    Reference:
        He et al. 2015, "Deep residual learning for image recognition".
    """

    def __init__(self, filters: int, num_styles: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filters = filters
        self.num_styles = num_styles
        dtype = self.dtype_policy
        self.first = ConvBlock(filters, num_styles, dtype=dtype, name="first")
        self.second = ConvBlock(
            filters, num_styles, activation="linear", dtype=dtype, name="second"
        )

    def build(self, inputs_shape: Shape, style_weights_shape: Shape) -> None:
        if inputs_shape[-1] != self.filters:
            raise ValueError(
                f"A ResidualBlock of {self.filters} filters got {inputs_shape[-1]} "
                "channels; they must be equal to be added."
            )
        self.first.build(inputs_shape, style_weights_shape)
        inner_shape = self.first.compute_output_shape(inputs_shape, style_weights_shape)
        self.second.build(inner_shape, style_weights_shape)

    def call(
        self,
        inputs: Tensor,
        style_weights: Tensor,
        statistics: SharedStatistics | None = None,
    ) -> Tensor:
        if statistics is None:
            shortcut, inputs = inputs, mirrored_features(inputs, 2)
        else:
            shortcut = inputs[:, 2:-2, 2:-2]
        features = self.first(inputs, style_weights, statistics=statistics)
        features = self.second(features, style_weights, statistics=statistics)
        return ops.cast(shortcut, features.dtype) + features

    def compute_output_shape(
        self, inputs_shape: Shape, style_weights_shape: Shape
    ) -> Shape:
        return inputs_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "num_styles": self.num_styles,
        }
