"""What a style that joins a trained generator has of its own, beside its rows."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("fast_style")
class StyleAdapters(keras.layers.Layer):
    """Adds to the features what a small network of each adapted style makes of them.

    A 1x1 convolution, ReLU and another 1x1 convolution, which starts at zero, times the
    style's weight: at weight 0 the features pass unchanged to the bit. A row alone can
    only scale and shift what the shared convolutions see.

    Args:
        rows: Places of the adapted styles among the style weights.

    Call arguments:
        inputs: Features (B, H, W, C).
        style_weights: (B, number of styles).

    Returns:
        Features of the inputs' shape.

    Reference:
        Rebuffi et al. 2017, "Learning multiple visual domains with residual adapters";
        Houlsby et al. 2019, for the nonlinearity and the start near the identity.
    """

    def __init__(self, rows, **kwargs):
        super().__init__(**kwargs)
        self.rows = tuple(rows)

    def build(self, inputs_shape, style_weights_shape):
        self.num_styles = style_weights_shape[-1]
        channels = inputs_shape[-1]
        kernel = (1, 1, channels, channels)
        # One small network for each of the rows.
        self.networks = [
            (
                self.add_weight(kernel, name="inner"),
                self.add_weight((channels,), initializer="zeros", name="offset"),
                self.add_weight(kernel, initializer="zeros", name="outer"),
            )
            for _ in self.rows
        ]

    def call(self, inputs, style_weights):
        weights = ops.reshape(style_weights, (-1, self.num_styles, 1, 1))
        weights = ops.cast(weights, inputs.dtype)
        features = inputs
        for row, (inner, offset, outer) in zip(self.rows, self.networks, strict=True):
            hidden = ops.relu(ops.conv(inputs, inner, padding="valid") + offset)
            change = ops.conv(hidden, outer, padding="valid")
            features = features + weights[:, row : row + 1] * change
        return features

    def compute_output_shape(self, inputs_shape, style_weights_shape):
        return inputs_shape

    def get_config(self):
        return {**super().get_config(), "rows": list(self.rows)}
