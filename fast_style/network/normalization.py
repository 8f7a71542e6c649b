"""Instance normalisation with one row of parameters per style."""

import keras
from keras import ops

TABLES = ("gamma", "beta")  # names of the weights that have one row per style


def is_table(variable) -> bool:
    """Whether a weight is one of a normalisation's tables.

    Takes TensorFlow's own variables as well, whose names have paths around them.
    """
    return variable.name.split("/")[-1].split(":")[0] in TABLES


@keras.saving.register_keras_serializable("fast_style")
class ConditionalInstanceNormalization(keras.layers.Layer):
    """Instance normalisation whose scale and shift belong to a style.

    `gamma` and `beta` are tables of one row per style; the weights given with the
    features mix their rows, so one network holds many styles and any blend of them.
    With one style this is plain instance normalisation (Ulyanov et al. 2016).

    Args:
        num_styles: Rows of the tables, at least 1.
        parts: Each channel is this many channels of the inputs, `parts` groups of
            all channels after one another: 4 for 2x2 blocks.
        epsilon: Added to the variance.

    Call arguments:
        inputs: Features (B, H, W, parts * C).
        style_weights: (B, num_styles), each row summing to one.

    Returns:
        Features of the inputs' shape.

    Reference:
        Dumoulin et al. 2017, "A Learned Representation For Artistic Style".
    """

    def __init__(self, num_styles, parts=1, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        if num_styles < 1:
            raise ValueError(f"num_styles is {num_styles}; give 1 or more.")
        self.num_styles = num_styles
        self.parts = parts
        self.epsilon = epsilon

    def build(self, inputs_shape, style_weights_shape):
        self.channels = inputs_shape[-1] // self.parts
        table = (self.num_styles, self.channels)
        self.gamma = self.add_weight(shape=table, initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=table, initializer="zeros", name="beta")

    def call(self, inputs, style_weights):
        weights = ops.reshape(style_weights, (-1, self.num_styles, 1, 1))
        # 4-D products and sums: phones' GPU delegates refuse matrices here, and
        # quantisation, which would let one style change another, leaves them alone.
        gamma = ops.sum(weights * self.gamma[None, :, None], axis=1, keepdims=True)
        beta = ops.sum(weights * self.beta[None, :, None], axis=1, keepdims=True)
        mean = self._mean(inputs)
        # This form reads the features once more and writes nothing. What it loses to
        # cancellation is small where the mean is not much larger than the deviation:
        # the generator centres the picture, and every later layer's input is so.
        variance = self._mean(ops.square(inputs)) - ops.square(mean)
        variance = ops.maximum(variance, 0.0)
        scale = gamma * ops.rsqrt(variance + self.epsilon)  # (B, 1, 1, C)
        shift = beta - mean * scale
        return inputs * self._repeat(scale) + self._repeat(shift)

    def _mean(self, inputs):
        mean = ops.mean(inputs, axis=(1, 2), keepdims=True)
        if self.parts > 1:
            mean = ops.reshape(mean, (-1, 1, self.parts, self.channels))
            mean = ops.mean(mean, axis=2, keepdims=True)
        return mean

    def _repeat(self, values):
        if self.parts > 1:
            values = ops.concatenate([values] * self.parts, axis=-1)
        return values

    def compute_output_shape(self, inputs_shape, style_weights_shape):
        return inputs_shape

    def get_config(self):
        config = {"parts": self.parts, "epsilon": self.epsilon}
        return {**super().get_config(), "num_styles": self.num_styles, **config}
