"""Small networks of the styles that join a trained generator."""

from collections.abc import Iterable
from typing import Any

import keras
from keras import ops

from fast_style.tensors import Shape, Tensor


@keras.saving.register_keras_serializable("fast_style")
class StyleAdapters(keras.layers.Layer):
    """Changes features by a small network of each adapted style.

    A row of the normalisation's tables can only scale and shift what the shared
    convolutions compute. An adapter gives a new style two 1x1 convolutions of its own,
    with a ReLU between them. Their result is multiplied by the style's weight and
    added to the features, so at weight 0 the features stay the same to the bit. The
    second convolution starts at zero.

    Args:
        rows: Places of the adapted styles among the style weights, each once.

    Call arguments:
        inputs: Features (B, H, W, C).
        style_weights: (B, number of styles).
        statistics: Not used; an adapter normalises nothing.

    Returns:
        Features of the shape of the inputs.

    Raises:
        ValueError: A row is negative or stands twice.

    Reference:
        Rebuffi et al. 2017, "Learning multiple visual domains with residual adapters";
        Houlsby et al. 2019, for the ReLU and the start at zero.
    """

    def __init__(self, rows: Iterable[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = tuple(rows)
        if min(self.rows, default=0) < 0 or len(set(self.rows)) < len(self.rows):
            raise ValueError(f"rows is {self.rows}; give each place once, 0 or more.")

    def build(self, inputs_shape: Shape, style_weights_shape: Shape) -> None:
        self.num_styles = style_weights_shape[-1]
        channels = inputs_shape[-1]
        kernel = (1, 1, channels, channels)
        self.networks = [
            (
                self.add_weight(kernel, name="inner"),
                self.add_weight((channels,), initializer="zeros", name="offset"),
                self.add_weight(kernel, initializer="zeros", name="outer"),
            )
            for _ in self.rows
        ]

    def call(
        self, inputs: Tensor, style_weights: Tensor, statistics: Any = None
    ) -> Tensor:
        weights = ops.reshape(style_weights, (-1, self.num_styles, 1, 1))
        weights = ops.cast(weights, inputs.dtype)
        features = inputs
        for row, (inner, offset, outer) in zip(self.rows, self.networks, strict=True):
            hidden = ops.relu(ops.conv(inputs, inner, padding="valid") + offset)
            change = ops.conv(hidden, outer, padding="valid")
            features = features + weights[:, row : row + 1] * change
        return features

    def compute_output_shape(
        self, inputs_shape: Shape, style_weights_shape: Shape
    ) -> Shape:
        return inputs_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rows": list(self.rows)}
