"""Types of what goes into the networks and comes out of them."""

from typing import Any

Tensor = Any  # a tensor of Keras' backend, or a NumPy array
Features = dict[str, Tensor]  # {layer: (B, H, W, C)}
Shape = tuple[Any, ...]  # a free side or batch size is None
