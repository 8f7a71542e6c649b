"""Instance normalisation with one row of parameters for each style."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from fast_style.tensors import Shape, Tensor

TABLES = ("gamma", "beta")  # names of the weights that have one row for each style


def is_table(variable: Any) -> bool:
    """Return whether a weight is a table of a ConditionalInstanceNormalization.

    Args:
        variable: A keras.Variable, or a variable of TensorFlow, whose name has a path
            before it and a number after it.
    """
    return variable.name.split("/")[-1].split(":")[0] in TABLES


class SharedStatistics:
    """What every picture of a batch is normalised by, in place of its own statistics.

    One pass over windows of a picture measures the values, and further passes over its
    tiles are given them. All passes ask for their parts in the same order.

    Args:
        values: float32 (1, 1, 1, N), as an earlier pass measured them; None to measure.
    """

    def __init__(self, values: Tensor | None = None) -> None:
        self._given, self._start = values, 0
        self._measured: list[Tensor] = []

    @property
    def values(self) -> Tensor:
        """All that was measured, float32 (1, 1, 1, N)."""
        return ops.concatenate(self._measured, axis=-1)

    def part(self, size: int, measure: Callable[[], Tensor]) -> Tensor:
        """Return the next values, (1, 1, 1, size), measured if none are given."""
        if self._given is None:
            self._measured.append(measure())
            return self._measured[-1]
        self._start += size
        return self._given[..., self._start - size : self._start]


def batch_mean(inputs: Tensor) -> Tensor:
    """Return the mean of each channel over a batch, (1, 1, 1, C).

    LiteRT adds float32 values one after the other. Means of means add few at a time,
    so they stay exact.
    """
    for axis in (2, 1, 0):
        inputs = ops.mean(inputs, axis=axis, keepdims=True)
    return inputs


def picture_mean(inputs: Tensor) -> Tensor:
    """Return the mean of each channel over each picture, (B, 1, 1, C)."""
    return ops.mean(inputs, axis=(1, 2), keepdims=True)


@keras.saving.register_keras_serializable("fast_style")
class ConditionalInstanceNormalization(keras.layers.Layer):
    """Normalises each channel of each picture, then scales and shifts it by style.

    The tables `gamma` (scale) and `beta` (shift) have one row for each style. The
    style weights mix the rows, so one network holds many styles and all their blends.
    With one style this is plain instance normalisation (Ulyanov et al. 2016).

    Args:
        num_styles: Number of rows of the tables, 1 or more.
        parts: Number of groups of C channels in the inputs. Channel c of every group
            has the same statistics and parameters. It is 4 for features in 2x2 blocks,
            where each group is one pixel of the block.
        epsilon: Added to the variance to avoid a division by zero.

    Call arguments:
        inputs: Features (B, H, W, parts * C).
        style_weights: (B, num_styles), each row summing to one.
        statistics: The SharedStatistics of all pictures; None for each its own.

    Returns:
        Features of the shape of the inputs.

    Raises:
        ValueError: An argument is too small.

    Reference:
        Dumoulin et al. 2017, "A Learned Representation For Artistic Style".
    """

    def __init__(
        self, num_styles: int, parts: int = 1, epsilon: float = 1e-5, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if num_styles < 1:
            raise ValueError(f"num_styles is {num_styles}; give 1 or more.")
        if parts < 1:
            raise ValueError(f"parts is {parts}; give 1 or more.")
        self.num_styles = num_styles
        self.parts = parts
        self.epsilon = epsilon

    def build(self, inputs_shape: Shape, style_weights_shape: Shape) -> None:
        self.channels = inputs_shape[-1] // self.parts
        table = (self.num_styles, self.channels)
        self.gamma = self.add_weight(shape=table, initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=table, initializer="zeros", name="beta")

    def call(
        self,
        inputs: Tensor,
        style_weights: Tensor,
        statistics: SharedStatistics | None = None,
    ) -> Tensor:
        if statistics is None:
            scale, shift = self._measure(inputs, style_weights, picture_mean)
        else:
            values = statistics.part(
                2 * self.channels,
                lambda: ops.concatenate(
                    self._measure(inputs, style_weights, batch_mean), axis=-1
                ),
            )
            scale, shift = values[..., : self.channels], values[..., self.channels :]
        return inputs * self._repeat(scale) + self._repeat(shift)

    def _measure(
        self, inputs: Tensor, style_weights: Tensor, mean_of: Callable[[Tensor], Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Return the scale and the shift of each channel, (B, 1, 1, C) each."""
        weights = ops.reshape(style_weights, (-1, self.num_styles, 1, 1))
        # Products and sums of 4-D tensors: GPU delegates of phones refuse matrices
        # here, and quantised matrices would let one style change another.
        gamma = ops.sum(weights * self.gamma[None, :, None], axis=1, keepdims=True)
        beta = ops.sum(weights * self.beta[None, :, None], axis=1, keepdims=True)
        mean = self._of_parts(mean_of(inputs))
        # This form of the variance needs no copy of the features. Its cancellation is
        # small as long as means are not much larger than deviations, which holds here:
        # the generator centres the picture, and each layer normalises for the next.
        square = self._of_parts(mean_of(ops.square(inputs)))
        variance = ops.maximum(square - ops.square(mean), 0.0)
        scale = gamma * ops.rsqrt(variance + self.epsilon)
        return scale, beta - mean * scale

    def _of_parts(self, mean: Tensor) -> Tensor:
        """Return the mean of each channel over all groups of channels."""
        if self.parts > 1:
            mean = ops.reshape(mean, (-1, 1, self.parts, self.channels))
            mean = ops.mean(mean, axis=2, keepdims=True)
        return mean

    def _repeat(self, values: Tensor) -> Tensor:
        """Return values of each channel (B, 1, 1, C) for all groups of channels."""
        if self.parts > 1:
            values = ops.concatenate([values] * self.parts, axis=-1)
        return values

    def compute_output_shape(
        self, inputs_shape: Shape, style_weights_shape: Shape
    ) -> Shape:
        return inputs_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_styles": self.num_styles,
            "parts": self.parts,
            "epsilon": self.epsilon,
        }
