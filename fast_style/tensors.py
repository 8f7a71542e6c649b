"""Types of what goes into the networks and comes out of them."""

from typing import Any

Tensor = Any  # a tensor of Keras' backend, or a NumPy array
Features = dict[str, Tensor]  # {layer: (B, H, W, C)}
Shape = tuple[int | None, ...]  # None is a free side or batch size
