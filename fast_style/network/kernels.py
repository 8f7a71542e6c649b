"""Kernels for convolutions that give the same result as others for less work.

The layers keep their weights as the paper has them. They rewrite a kernel on its way
to the convolution: in training that is little work, and an exported graph holds the
rewritten kernel as a constant.
"""

import numpy as np
from keras import ops

from fast_style.tensors import Tensor

# [p, a, k] tells whether tap k of a 3-tap kernel reads source pixel a for output pixel
# p of each pair, on a row of twice as many pixels as the source. "nearest": the pixels
# are doubled. "transposed": zeros lie between them.
_TAPS = {
    "nearest": np.array([[[1, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 1]]], np.float32),
    "transposed": np.array(
        [[[0, 1, 0], [0, 0, 0]], [[0, 0, 1], [1, 0, 0]]], np.float32
    ),
}


def upsampling_kernel(kernel: Tensor, upsampling: str) -> Tensor:
    """Return a kernel that replaces an upsampling x2 and its 3x3 convolution.

    On the large picture, several taps of the 3x3 kernel read the same source pixel, or
    a zero. Their sums make four 2x2 kernels on the small picture, one for each output
    pixel of a 2x2 block. After a nearest-neighbour x2 they take 4/9 of the
    multiplications. A transposed convolution has fewer, but LiteRT's fast kernels
    (XNNPACK) leave it out, and an int8 file took four times as long.

    Args:
        kernel: (3, 3, C, F), of a convolution without padding, or of a transposed one.
        upsampling: "nearest" or "transposed".

    Returns:
        (2, 2, C, 4 F); depth_to_space of its results is the large picture.
    """
    _, _, channels, filters = kernel.shape
    taps = ops.cast(_TAPS[upsampling], kernel.dtype)
    rows = ops.einsum("pak,klio->aplio", taps, kernel)
    kernels = ops.einsum("qbl,aplio->abipqo", taps, rows)
    return ops.reshape(kernels, (2, 2, channels, 4 * filters))


def block_kernel(kernel: Tensor) -> Tensor:
    """Return a kernel for pixels, rewritten for 2x2 blocks.

    The blocks are pixels of four times the channels, as space_to_depth orders them.
    The new kernel holds the old one at each of the four places in a block.

    This is for a wide kernel between few channels, which leaves most of a processor's
    vector unit idle and takes much memory: LiteRT keeps a pointer for each tap and
    pixel, 650 MB for 9x9 taps at 1024x768. On blocks the convolution runs at twice the
    speed, in a third of the memory.

    Args:
        kernel: (K, K, C, F), K odd, of a convolution of stride 1 without padding.

    Returns:
        ((K + 1) / 2, (K + 1) / 2, 4 C, 4 F).
    """
    size, _, channels, filters = kernel.shape
    places = [
        ops.pad(kernel, [(p, 1 - p), (q, 1 - q), (0, 0), (0, 0)])
        for p in (0, 1)
        for q in (0, 1)
    ]
    taps = (size + 1) // 2
    blocks = ops.reshape(
        ops.stack(places, axis=3), (taps, 2, taps, 2, channels, 4 * filters)
    )
    blocks = ops.transpose(blocks, (0, 2, 1, 3, 4, 5))
    return ops.reshape(blocks, (taps, taps, 4 * channels, 4 * filters))
