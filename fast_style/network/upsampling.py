"""Blocks of the generator that lead from small features back to pixels."""

from typing import Any

import keras
from keras import ops

from fast_style.architecture import UPSAMPLINGS
from fast_style.network.kernels import block_kernel, upsampling_kernel
from fast_style.network.layers import NormalizedConvolution
from fast_style.tensors import Shape, Tensor


@keras.saving.register_keras_serializable("fast_style")
class UpsampleBlock(NormalizedConvolution):
    """Doubles height and width with a 3x3 convolution, normalises, activates.

    "nearest" doubles the features by nearest neighbour before the convolution, which
    leaves no checkerboard (Odena et al. 2016). "transposed" is the fractionally strided
    convolution of Johnson et al. (2016) without its first row and column and its last
    two, where taps may be missing. `kernels.upsampling_kernel` computes either as one
    convolution.

    Args:
        filters: Output channels, 1 or more.
        num_styles: Rows of the normalisation's tables.
        upsampling: "nearest" or "transposed".
        activation: Name of a Keras activation.
        to_blocks: Whether to return 2x2 blocks of pixels, (B, H - 1, W - 1,
            4 filters).

    Call arguments:
        inputs: Features (B, H, W, C).
        style_weights: (B, num_styles).
        statistics: As of ConditionalInstanceNormalization.

    Returns:
        (B, 2 H - 2, 2 W - 2, filters), or as to_blocks says.

    Raises:
        ValueError: An argument is too small, or there is no such upsampling.
    """

    def __init__(
        self,
        filters: int,
        num_styles: int,
        upsampling: str = "nearest",
        activation: str = "relu",
        to_blocks: bool = False,
        **kwargs: Any,
    ) -> None:
        parts = 4 if to_blocks else 1
        super().__init__(filters, num_styles, 3, activation, parts, **kwargs)
        if upsampling not in UPSAMPLINGS:
            raise ValueError(
                f"upsampling is {upsampling!r}; give one of {', '.join(UPSAMPLINGS)}."
            )
        self.upsampling = upsampling
        self.to_blocks = to_blocks

    def convolve(self, inputs: Tensor) -> Tensor:
        kernel = upsampling_kernel(self.kernel, self.upsampling)
        blocks = ops.conv(inputs, kernel, strides=1, padding="valid")
        return blocks if self.to_blocks else ops.nn.depth_to_space(blocks, 2)

    def compute_output_shape(
        self, inputs_shape: Shape, style_weights_shape: Shape
    ) -> Shape:
        batch, height, width, _ = inputs_shape
        scale = 1 if self.to_blocks else 2
        height, width = (
            None if n is None else scale * (n - 1) for n in (height, width)
        )
        return (batch, height, width, 4 // scale**2 * self.filters)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "upsampling": self.upsampling,
            "to_blocks": self.to_blocks,
        }


@keras.saving.register_keras_serializable("fast_style")
class PixelConvolution(keras.layers.Layer):
    """Turns features into RGB, 2x2 pixels at a time, by a convolution with a bias.

    The kernel starts near zero. At the usual size, first results would lie in the
    flat ends of the tanh that follows and stay there as white and black patches.

    Args:
        kernel_size: Side of the square kernel, odd: in pixels, or in features at half
            the resolution.
        stddev: Standard deviation of the kernel's normal initial values.
        from_blocks: Whether the inputs are 2x2 blocks of features at full resolution.
            Otherwise they are features at half the resolution, and the kernel has a
            value of its own for each pixel of a block (Shi et al. 2016).

    Call arguments:
        inputs: (B, H / 2, W / 2, 4 C) in blocks, otherwise (B, H / 2, W / 2, C).

    Returns:
        (B, H - c, W - c, 3), c being kernel_size - 1 in blocks, otherwise twice that.

    Raises:
        ValueError: The kernel_size is even or less than 1.
    """

    def __init__(
        self,
        kernel_size: int = 9,
        stddev: float = 0.005,
        from_blocks: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if kernel_size < 1 or kernel_size % 2 == 0:
            raise ValueError(f"kernel_size is {kernel_size}; give an odd one from 1.")
        self.kernel_size = kernel_size
        self.stddev = stddev
        self.from_blocks = from_blocks

    def build(self, inputs_shape: Shape) -> None:
        size, channels = self.kernel_size, inputs_shape[-1]
        ends = (channels // 4, 3) if self.from_blocks else (channels, 12)
        self.kernel = self.add_weight(
            shape=(size, size, *ends),
            initializer=keras.initializers.RandomNormal(stddev=self.stddev),
            name="kernel",
        )
        self.bias = self.add_weight(shape=(3,), initializer="zeros", name="bias")

    def call(self, inputs: Tensor) -> Tensor:
        kernel = block_kernel(self.kernel) if self.from_blocks else self.kernel
        blocks = ops.conv(inputs, kernel, strides=1, padding="valid")
        return ops.nn.depth_to_space(blocks, 2) + self.bias

    def compute_output_shape(self, inputs_shape: Shape) -> Shape:
        batch, height, width, _ = inputs_shape
        cropped = (self.kernel_size - 1) * (1 if self.from_blocks else 2)
        height, width = (
            None if n is None else 2 * n - cropped for n in (height, width)
        )
        return (batch, height, width, 3)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "stddev": self.stddev,
            "from_blocks": self.from_blocks,
        }
