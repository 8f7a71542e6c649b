"""Kernels of convolutions that give the same result as others for less work.

The layers keep the paper's kernels as weights; these rewrite them on the way to the
convolution, which costs nothing, in an exported graph literally so.
"""

import numpy as np
from keras import ops

# Row p, column a, entry k: does tap k of a 3-tap kernel over a picture doubled by
# nearest neighbour fall on source pixel a, for the output pixel of phase p?
_NEAREST_TAPS = np.array([[[1, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 1]]], np.float32)


def nearest_kernel(kernel):
    """The kernel that stands for a nearest-neighbour x2 and a 3x3 convolution.

    A doubled picture holds each pixel four times. So the convolution after it can be
    computed on the small picture: four 2x2 kernels, sums of the 3x3 one's taps, give
    the four pixels of each 2x2 block, at 4/9 of the work.

    Args:
        kernel: (3, 3, C, F), of a convolution without padding.

    Returns:
        (2, 2, C, 4 F); its results, by depth_to_space, are the larger picture.
    """
    _, _, channels, filters = kernel.shape
    taps = ops.cast(_NEAREST_TAPS, kernel.dtype)
    rows = ops.einsum("pak,klio->aplio", taps, kernel)
    kernels = ops.einsum("qbl,aplio->abipqo", taps, rows)
    return ops.reshape(kernels, (2, 2, channels, 4 * filters))


def block_kernel(kernel):
    """The kernel that does on 2x2 blocks what another does on single pixels.

    A picture's 2x2 blocks as pixels of four times the channels (as space_to_depth
    orders them), convolved with this, are the blocks of the picture convolved with
    `kernel`: the kernel stands at its four places in a block. A wide kernel between
    three channels and few features leaves most of a processor's vector unit idle, and
    LiteRT keeps a pointer for every tap and pixel (650 MB for 9x9 taps at 1024x768);
    on blocks it runs at twice the speed, in a third of the memory.

    Args:
        kernel: (K, K, C, F), K odd; of a convolution of stride 1 without padding.

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
