"""The training step: a generator's results, scored by a frozen loss network."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from fast_style.network.generator import Generator
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS, term_names
from fast_style.perception.objective import Objective
from fast_style.tensors import Features, Tensor
from fast_style.training.optimizers import adam


@keras.saving.register_keras_serializable("fast_style")
class MeanTerm(keras.losses.Loss):
    """The mean over a batch of a term that is one number for each picture.

    Call arguments:
        y_true: Not used; Keras asks for it.
        y_pred: The term of each picture, (B,).
    """

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return y_pred


class StyleTransferTrainer(keras.Model):
    """Trains a generator against a frozen loss network.

    fit() takes pairs of photographs, uint8 or float (B, H, W, 3) in 0..255, and style
    weights (B, number of styles).

    A blend of styles has the weighted mean of their Gram matrices as its target, which
    minimises the weighted sum of their losses. The photograph's share of the target is
    the photograph's own Gram matrix.

    Besides the loss terms, the logs have `saturated` and `photos_saturated`: the share
    of values that come out as 0 or 255. Where the first is far above the second,
    patches of the results are stuck in the flat ends of the generator's tanh.

    Args:
        generator: A Generator.
        loss_network: A functional keras.Model from centred pictures to
            {layer: features}, such as vgg16 returns.
        paintings: One for each painted style of the generator, uint8 (H, W, 3), at
            the size that sets the size of the strokes.
        content_layers: Layers whose features a result shares with its photograph.
        style_layers: Layers whose Gram matrices a result shares with the painting.

    Attributes:
        objective: The Objective that scores the results.
        style_targets: Gram matrices of the paintings, {layer: (paintings, C, C)}.
        style_factors: float32 (paintings,), the weight of each style's terms beside
            those of the others.

    Reference:
        Johnson et al. 2016; Dumoulin et al. 2017, for several styles.
    """

    def __init__(
        self,
        generator: Generator,
        loss_network: keras.Model,
        paintings: Sequence[np.ndarray],
        *,
        content_layers: Iterable[str] = CONTENT_LAYERS,
        style_layers: Iterable[str] = STYLE_LAYERS,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.generator = generator
        # An attribute of its own, for Keras to know the weights.
        self.loss_network = loss_network
        self.objective = Objective(loss_network, content_layers, style_layers)
        self.saturated = keras.metrics.Mean(name="saturated")
        self.photos_saturated = keras.metrics.Mean(name="photos_saturated")
        self.style_factors = np.ones(len(paintings), np.float32)
        styles = [
            self.objective.represent(painting[None].astype(np.float32)).style
            for painting in paintings
        ]
        self.style_targets = {
            layer: np.concatenate([ops.convert_to_numpy(s[layer]) for s in styles])
            for layer in self.objective.style_layers
        }

    def loss_terms(self) -> dict[str, keras.losses.Loss]:
        """Return the losses that compile() takes, by the names of their terms."""
        return {term: MeanTerm() for term in self.objective.terms}

    def call(self, inputs: tuple[Tensor, Tensor]) -> Tensor:
        return self.generator(*inputs)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        photos, style_weights = (ops.cast(tensor, "float32") for tensor in x)
        self.saturated.update_state(saturation(y_pred))
        self.photos_saturated.update_state(saturation(photos))
        content, style = self._targets(photos, style_weights)
        scores = self.objective.score(self.objective.represent(y_pred), content, style)
        factors = self._factors(style_weights)
        for term in term_names("style", self.objective.style_layers):
            scores[term] = factors * scores[term]
        # Keras takes the means, which it scales where several replicas share a batch.
        return super().compute_loss(x, scores, scores, training=training)

    def _targets(
        self, photos: Tensor, style_weights: Tensor
    ) -> tuple[Features, dict[str, Tensor]]:
        """Return the features and the Gram matrices that results are to have."""
        rows = self.generator.rows
        painted = ops.take(style_weights, rows.painted_indices, axis=1)
        style = {
            layer: ops.tensordot(painted, targets, axes=1)
            for layer, targets in self.style_targets.items()
        }
        if rows.photo_index is None:
            return self.objective.content(photos), style
        photo = self.objective.represent(photos)
        share = style_weights[:, rows.photo_index, None, None]
        style = {
            layer: target + share * photo.style[layer]
            for layer, target in style.items()
        }
        return photo.content, style

    def _factors(self, style_weights: Tensor) -> Tensor:
        """Return the mean of the style factors that each picture's styles have, (B,).

        The photograph's share does not count.
        """
        painted = ops.take(style_weights, self.generator.rows.painted_indices, axis=1)
        total = ops.maximum(ops.sum(painted, axis=1), 1e-6)
        return ops.sum(painted * self.style_factors, axis=1) / total


def compile_trainer(
    trainer: StyleTransferTrainer,
    weights: Mapping[str, float],
    *,
    steps: int,
    learning_rate: float,
    warmup_steps: int,
    jit: bool,
) -> None:
    """Compile a built trainer with its losses and its optimiser.

    Args:
        trainer: The trainer.
        weights: {term: weight} of all its loss terms.
        steps: Steps of the training.
        learning_rate: The highest learning rate of Adam.
        warmup_steps: Steps over which the learning rate rises.
        jit: Whether XLA compiles the step. Under JAX it always does: without it, JAX
            would run each operation by itself.
    """
    trainer.compile(
        adam(learning_rate, steps=steps, warmup_steps=warmup_steps),
        loss=trainer.loss_terms(),
        loss_weights=weights,
        jit_compile=jit or keras.backend.backend() == "jax",
    )
    trainer.optimizer.build(trainer.trainable_variables)


def saturation(pictures: Tensor) -> Tensor:
    """Return the share of values of pictures in 0..255 that round to 0 or 255."""
    saturated = ops.logical_or(pictures < 0.5, pictures > 254.5)
    return ops.mean(ops.cast(saturated, "float32"))
