"""The colours of the paintings for the photographs that a training takes as content.

The content terms would otherwise hold on to the photograph's own colours: red letters
stay red in a print without red, and a result looks like a tinted photograph.
"""

from collections.abc import Sequence

import numpy as np
from keras import ops

from fast_style.color import moments
from fast_style.tensors import Tensor


def changes(
    photos: Sequence[np.ndarray], paintings: Sequence[np.ndarray], share: float
) -> np.ndarray:
    """Return what gives photographs the mean and the covariance of paintings' colours.

    Args:
        photos: Batches of photographs, each uint8 (B, H, W, 3), which stand for all.
        paintings: uint8 (H, W, 3) each.
        share: From 0 to 1, how far the colours are moved.

    Returns:
        float32 (paintings, 4, 3): a matrix (3, 3) that colours are multiplied by, as
        rows, and what is added then.

    Reference:
        Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer", the
        other way round.
    """
    photo = moments(np.concatenate([batch.reshape(-1, 1, 3) for batch in photos]))
    matrices = []
    for painting in map(moments, paintings):
        matrix, mean = photo.change_to(painting, share)
        matrices.append([*matrix, mean - photo.mean @ matrix])
    return np.array(matrices, np.float32)


def recoloured(photos: Tensor, changes: np.ndarray, painted: Tensor) -> Tensor:
    """Return photographs in the colours of their styles.

    Args:
        photos: Float (B, H, W, 3) in 0..255.
        changes: What `changes` returns.
        painted: The weight of each painting's style, (B, paintings). What is missing to
            one leaves the colours as they are.
    """
    rest = 1 - ops.sum(painted, axis=1, keepdims=True)
    shares = ops.concatenate([painted, rest], axis=1)
    same = np.eye(4, 3, dtype=np.float32)
    table = ops.convert_to_tensor(np.concatenate([changes, same[None]]))
    mixed = ops.tensordot(shares, table, axes=1)  # (B, 4, 3)
    pixels = ops.einsum("bhwc,bcd->bhwd", photos, mixed[:, :3])
    return ops.clip(pixels + mixed[:, None, 3:], 0.0, 255.0)
