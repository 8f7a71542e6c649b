"""The edges of pictures and of their features, mirrored."""

from keras import ops

from fast_style import MIN_SIZE
from fast_style.tensors import Tensor


def mirrored_indices(size: Tensor, before: int, length: Tensor) -> Tensor:
    """Return indices that extend an axis by mirroring it at both ends.

    The indices form a triangle wave, so the border may be wider than the axis.

    Args:
        size: Length of the axis, 2 or more; an int or a scalar tensor.
        before: Number of entries before the first of the axis.
        length: Number of all entries; an int or a scalar tensor.

    Returns:
        int32 (length,), values in 0..size - 1.
    """
    period = 2 * (size - 1)
    # Never negative: a conversion to ONNX gets the remainder of such numbers wrong.
    start = period - ops.mod(before, period)
    wave = ops.mod(start + ops.arange(length, dtype="int32"), period)
    return (size - 1) - ops.abs(wave - (size - 1))


def mirrored_blocks(images: Tensor, border: tuple[int, int], stride: int) -> Tensor:
    """Return pictures with a mirrored border, as 2x2 blocks.

    Args:
        images: (B, H, W, 3).
        border: Pixels before the first and after the last of each side.
        stride: What each side is extended to a multiple of, even.

    Returns:
        (B, H' / 2, W' / 2, 12), H' and W' being the extended sides with the border.

    Raises:
        ValueError: A side is under 16 px.
    """
    height, width = images.shape[1:3]
    if min(height or MIN_SIZE, width or MIN_SIZE) < MIN_SIZE:
        raise ValueError(
            f"A picture of {width}x{height} px is too small; each side must have "
            f"{MIN_SIZE} px or more."
        )
    before, after = border
    rows, columns = (
        mirrored_indices(
            size, before, before + (size + stride - 1) // stride * stride + after
        )
        for size in ops.shape(images)[1:3]
    )
    halves = [ops.take(images, rows[p::2], axis=1) for p in (0, 1)]
    quarters = [
        ops.take(half, columns[q::2], axis=2) for half in halves for q in (0, 1)
    ]
    return ops.concatenate(quarters, axis=-1)


def mirrored_features(features: Tensor, width: int) -> Tensor:
    """Return features with mirrored edges.

    Args:
        features: (B, H, W, C), of sides longer than `width`.
        width: How many are added to each side.
    """
    for axis in (1, 2):
        features = mirrored_axis(features, axis, width, width)
    return features


def mirrored_axis(features: Tensor, axis: int, before: int, after: int) -> Tensor:
    """Return features with the ends of an axis mirrored.

    They are put together from slices: LiteRT's fast kernels (XNNPACK) leave a padding
    that mirrors out, and phones' GPUs an index.

    Args:
        features: Features of a rank above `axis`, which is longer than both widths.
        axis: The axis.
        before: How many are added before it.
        after: How many are added after it.
    """
    every = (slice(None),) * axis
    first = [features[*every, i : i + 1] for i in range(before, 0, -1)]
    last = [features[*every, -i - 1 : -i] for i in range(1, after + 1)]
    return ops.concatenate([*first, features, *last], axis=axis)
