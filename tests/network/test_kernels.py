import numpy as np
import pytest
from keras import ops
from numpy_layers import blocks, close, convolution, features

from fast_style.network import kernels


@pytest.mark.parametrize("size", [1, 3, 5, 9])
def test_block_kernel_does_on_blocks_what_the_kernel_does_on_pixels(size):
    rng = np.random.default_rng(2)
    kernel = rng.normal(size=(size, size, 4, 5)).astype(np.float32)
    inputs = features(14, 18)
    on_blocks = np.asarray(kernels.block_kernel(kernel))
    close(convolution(blocks(inputs), on_blocks), blocks(convolution(inputs, kernel)))


def test_nearest_kernel_does_what_doubling_and_the_kernel_do():
    rng = np.random.default_rng(3)
    kernel = rng.normal(size=(3, 3, 4, 5)).astype(np.float32)
    inputs = features()
    doubled = inputs.repeat(2, axis=1).repeat(2, axis=2)
    small = np.asarray(kernels.upsampling_kernel(kernel, "nearest"))
    close(convolution(inputs, small), blocks(convolution(doubled, kernel)))


def test_transposed_kernel_does_what_the_transposed_convolution_does():
    rng = np.random.default_rng(3)
    kernel = rng.normal(size=(3, 3, 4, 5)).astype(np.float32)
    inputs = features()
    large = ops.conv_transpose(
        inputs, kernel.swapaxes(2, 3), strides=2, padding="valid"
    )
    small = np.asarray(kernels.upsampling_kernel(kernel, "transposed"))
    close(convolution(inputs, small), blocks(np.asarray(large)[:, 1:-2, 1:-2]))
