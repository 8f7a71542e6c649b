"""Building blocks of the generator, in keras.ops only, so that any backend runs them.

No convolution here pads: the generator mirrors the picture once at its start, or a
mirrored ResidualBlock its own input.
"""

import keras
from keras import ops

from fast_style.network.kernels import block_kernel, nearest_kernel
from fast_style.network.normalization import ConditionalInstanceNormalization


class _NormalizedConvolution(keras.layers.Layer):
    """A convolution without bias, conditional instance normalisation, activation."""

    def __init__(self, filters, num_styles, kernel_size, activation, parts=1, **kwargs):
        super().__init__(**kwargs)
        if filters < 1:
            raise ValueError(f"filters is {filters}; give 1 or more.")
        self.filters = filters
        self.num_styles = num_styles
        self.kernel_size = kernel_size
        self.activation = keras.activations.get(activation)
        self.normalization = ConditionalInstanceNormalization(
            num_styles, parts, dtype="float32", name="normalization"
        )

    def build(self, inputs_shape, style_weights_shape):
        channels = self.input_channels(inputs_shape)
        self.kernel = self.add_weight(
            shape=(self.kernel_size, self.kernel_size, channels, self.filters),
            initializer="glorot_uniform",
            name="kernel",
        )
        features_shape = self.compute_output_shape(inputs_shape, style_weights_shape)
        self.normalization.build(features_shape, style_weights_shape)

    def call(self, inputs, style_weights):
        features = self.normalization(self.convolve(inputs), style_weights)
        return self.activation(features)

    def input_channels(self, inputs_shape):
        return inputs_shape[-1]

    def get_config(self):
        config = {"filters": self.filters, "num_styles": self.num_styles}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable("fast_style")
class ConvBlock(_NormalizedConvolution):
    """Convolution without padding, conditional instance normalisation, activation.

    Args:
        filters: Output channels.
        num_styles: Rows of the normalisation's tables.
        kernel_size: Side of the square kernel, in pixels.
        strides: Step of the convolution, in pixels.
        activation: Name of a Keras activation.
        from_blocks: Whether the inputs are 2x2 blocks, (B, H / 2, W / 2, 4 C); for an
            odd kernel_size and stride 1.

    Call arguments:
        inputs: (B, H, W, C).
        style_weights: (B, num_styles).

    Returns:
        (B, (H - kernel_size) // strides + 1, likewise W, filters).
    """

    def __init__(
        self,
        filters,
        num_styles,
        kernel_size=3,
        strides=1,
        activation="relu",
        from_blocks=False,
        **kwargs,
    ):
        super().__init__(filters, num_styles, kernel_size, activation, **kwargs)
        if from_blocks and (strides != 1 or kernel_size % 2 == 0):
            raise ValueError(
                f"from_blocks needs strides 1 and an odd kernel_size; got {strides} "
                f"and {kernel_size}."
            )
        self.strides = strides
        self.from_blocks = from_blocks

    def input_channels(self, inputs_shape):
        return inputs_shape[-1] // 4 if self.from_blocks else inputs_shape[-1]

    def convolve(self, inputs):
        if self.from_blocks:
            kernel = block_kernel(self.kernel)
            blocks = ops.conv(inputs, kernel, strides=1, padding="valid")
            return ops.nn.depth_to_space(blocks, 2)
        return ops.conv(inputs, self.kernel, strides=self.strides, padding="valid")

    def compute_output_shape(self, inputs_shape, style_weights_shape):
        batch, height, width, _ = inputs_shape
        scale = 2 if self.from_blocks else 1
        height, width = (
            None if n is None else (scale * n - self.kernel_size) // self.strides + 1
            for n in (height, width)
        )
        return (batch, height, width, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "activation": keras.activations.serialize(self.activation),
            "from_blocks": self.from_blocks,
        }


@keras.saving.register_keras_serializable("fast_style")
class ResidualBlock(keras.layers.Layer):
    """Two 3x3 ConvBlocks, the second without activation, plus the input.

    The convolutions take 2 px off each side, and so is the input cropped
    (Gross and Wilber 2016, as Johnson et al. 2016 use it), unless it is mirrored.

    Args:
        filters: Channels in and out.
        num_styles: Rows of the normalisation's tables.
        mirrored: Whether the input is mirrored by 2 px for the convolutions instead.

    Call arguments:
        inputs: (B, H, W, filters).
        style_weights: (B, num_styles).

    Returns:
        (B, H - 4, W - 4, filters), or if mirrored (B, H, W, filters).
    """

    def __init__(self, filters, num_styles, mirrored=False, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.num_styles = num_styles
        self.mirrored = mirrored
        dtype = self.dtype_policy
        self.first = ConvBlock(filters, num_styles, dtype=dtype, name="first")
        self.second = ConvBlock(
            filters, num_styles, activation="linear", dtype=dtype, name="second"
        )

    def build(self, inputs_shape, style_weights_shape):
        if inputs_shape[-1] != self.filters:
            raise ValueError(
                f"A ResidualBlock of {self.filters} filters got {inputs_shape[-1]} "
                "channels; they must be equal to be added."
            )
        self.first.build(inputs_shape, style_weights_shape)
        inner_shape = self.first.compute_output_shape(inputs_shape, style_weights_shape)
        self.second.build(inner_shape, style_weights_shape)

    def call(self, inputs, style_weights):
        if self.mirrored:
            shortcut = inputs
            inputs = ops.pad(inputs, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="reflect")
        else:
            shortcut = inputs[:, 2:-2, 2:-2]
        features = self.first(inputs, style_weights)
        features = self.second(features, style_weights)
        return ops.cast(shortcut, features.dtype) + features

    def compute_output_shape(self, inputs_shape, style_weights_shape):
        batch, height, width, channels = inputs_shape
        if not self.mirrored:
            height, width = (None if n is None else n - 4 for n in (height, width))
        return (batch, height, width, channels)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "num_styles": self.num_styles,
            "mirrored": self.mirrored,
        }


@keras.saving.register_keras_serializable("fast_style")
class UpsampleBlock(_NormalizedConvolution):
    """Doubles height and width with a 3x3 convolution, then normalises and activates.

    "nearest" is a nearest-neighbour x2 followed by the convolution, which leaves no
    checkerboard (Odena et al. 2016), computed by kernels.nearest_kernel.
    "transposed" is the fractionally strided convolution of Johnson et al. 2016;
    its first and last two pixels, which may see too few inputs, are cropped.

    Args:
        filters: Output channels.
        num_styles: Rows of the normalisation's tables.
        upsampling: "nearest" or "transposed".
        activation: Name of a Keras activation.
        to_blocks: Whether to return 2x2 blocks, (B, H - 1, W - 1, 4 filters).

    Call arguments:
        inputs: (B, H, W, C).
        style_weights: (B, num_styles).

    Returns:
        (B, 2 H - 2, 2 W - 2, filters).
    """

    def __init__(
        self,
        filters,
        num_styles,
        upsampling="nearest",
        activation="relu",
        to_blocks=False,
        **kwargs,
    ):
        parts = 4 if to_blocks else 1
        super().__init__(filters, num_styles, 3, activation, parts, **kwargs)
        if upsampling not in ("nearest", "transposed"):
            raise ValueError(
                f"upsampling is {upsampling!r}; give 'nearest' or 'transposed'."
            )
        self.upsampling = upsampling
        self.to_blocks = to_blocks

    def convolve(self, inputs):
        if self.upsampling == "transposed":
            # keras.ops wants the kernel of a transposed convolution as (out, in).
            kernel = ops.swapaxes(self.kernel, 2, 3)
            features = ops.conv_transpose(inputs, kernel, strides=2, padding="valid")
            features = features[:, 1:-2, 1:-2]
            return ops.nn.space_to_depth(features, 2) if self.to_blocks else features
        kernel = nearest_kernel(self.kernel)
        blocks = ops.conv(inputs, kernel, strides=1, padding="valid")
        return blocks if self.to_blocks else ops.nn.depth_to_space(blocks, 2)

    def compute_output_shape(self, inputs_shape, style_weights_shape):
        batch, height, width, _ = inputs_shape
        scale = 1 if self.to_blocks else 2
        height, width = (
            None if n is None else scale * (n - 1) for n in (height, width)
        )
        return (batch, height, width, 4 // scale**2 * self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "upsampling": self.upsampling,
            "activation": keras.activations.serialize(self.activation),
            "to_blocks": self.to_blocks,
        }


@keras.saving.register_keras_serializable("fast_style")
class PixelConvolution(keras.layers.Layer):
    """The last convolution: 2x2 blocks of features to RGB, no padding, with a bias.

    The kernel starts near zero: with a full-size start, pixels run into the flat
    ends of the tanh that follows and stay there as white and black patches.

    Args:
        kernel_size: Side of the square kernel, in pixels.
        stddev: Standard deviation of the kernel's normal initial values.

    Call arguments:
        inputs: (B, H / 2, W / 2, 4 C).

    Returns:
        (B, H - kernel_size + 1, likewise W, 3).
    """

    def __init__(self, kernel_size=9, stddev=0.005, **kwargs):
        super().__init__(**kwargs)
        self.kernel_size = kernel_size
        self.stddev = stddev

    def build(self, inputs_shape):
        self.kernel = self.add_weight(
            shape=(self.kernel_size, self.kernel_size, inputs_shape[-1] // 4, 3),
            initializer=keras.initializers.RandomNormal(stddev=self.stddev),
            name="kernel",
        )
        self.bias = self.add_weight(shape=(3,), initializer="zeros", name="bias")

    def call(self, inputs):
        blocks = ops.conv(inputs, block_kernel(self.kernel), strides=1, padding="valid")
        return ops.nn.depth_to_space(blocks, 2) + self.bias

    def compute_output_shape(self, inputs_shape):
        batch, height, width, _ = inputs_shape
        height, width = (
            None if n is None else 2 * n - self.kernel_size + 1 for n in (height, width)
        )
        return (batch, height, width, 3)

    def get_config(self):
        config = {"kernel_size": self.kernel_size, "stddev": self.stddev}
        return {**super().get_config(), **config}
