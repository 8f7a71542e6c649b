"""The training step: a generator's results, scored by a frozen loss network."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from fast_style.content.resident import ResidentPhotographs
from fast_style.network.generator import Generator
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS
from fast_style.perception.losses import (
    cosine,
    distances,
    has_contrast,
    saturation,
)
from fast_style.perception.objective import Objective, style_scale
from fast_style.tensors import Features, Tensor
from fast_style.training.optimizers import adam
from fast_style.training.recolouring import recoloured

# How far the logarithm of a style's weight moves for each picture in that style whose
# similarity is off by one, and at most from where it started.
BALANCE_RATE = 0.02
BALANCE_LIMIT = 2.5


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
        colours: See `recolouring.changes`; None to leave the photographs' own.
        resident: The photographs, where fit() takes boxes of crops in their place;
            None where it takes photographs.
        replicas: Replicas of a tf.distribute.Strategy, each of which sees a part of the
            batch. JAX's devices see it as a whole.

    Attributes:
        objective: The Objective that scores the results.
        style_targets: Gram matrices of the paintings, {layer: (paintings, C, C)}.
        style_scales: What their style terms are multiplied by, {layer: (paintings,)}.
        style_factors: float32 (paintings,), the weight of each style's terms beside
            those of the others.
        balance: Variable float32 (paintings,); the factors are multiplied by its
            exponential. Zero without a similarity to keep.
        seen: Variable float32 (paintings,), pictures in each style alone so far.

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
        colours: np.ndarray | None = None,
        resident: ResidentPhotographs | None = None,
        replicas: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.colours = colours
        self.generator = generator
        self.resident = resident
        self.replicas = replicas
        # An attribute of its own, for Keras to know the weights.
        self.loss_network = loss_network
        self.objective = Objective(loss_network, content_layers, style_layers)
        self.saturated = keras.metrics.Mean(name="saturated")
        self.photos_saturated = keras.metrics.Mean(name="photos_saturated")
        self.similarity = keras.metrics.Mean(name="similarity")
        self.style_factors = np.ones(len(paintings), np.float32)
        self.similarities: np.ndarray | None = None
        self.balance, self.seen = (
            self.add_weight(
                (len(paintings),),
                "zeros",
                trainable=False,
                aggregation="mean",
                name=name,
            )
            for name in ("balance", "seen")
        )
        grams = [self.objective.style(painting) for painting in paintings]
        self.style_targets, self.style_scales = {}, {}
        for layer in self.objective.style_layers:
            targets = np.stack([gram[layer] for gram in grams])
            # A variable, because a compiled step would hold a constant twice.
            self.style_targets[layer] = self.add_weight(
                targets.shape, trainable=False, name=f"style_targets_{layer}"
            )
            self.style_targets[layer].assign(targets)
            self.style_scales[layer] = style_scale(targets)

    def style_sums(
        self, grams: Mapping[str, Tensor], weights: Mapping[str, float]
    ) -> np.ndarray:
        """Return the weighted sum of the style terms in each style, (paintings,).

        Args:
            grams: Gram matrices, {layer: (B, C, C)}; the first of a batch counts.
            weights: {term: weight}.
        """
        terms = [
            weights[f"style_{layer}"]
            * scales
            * ops.convert_to_numpy(
                distances(grams[layer][:1], self.style_targets[layer])
            )
            for layer, scales in self.style_scales.items()
        ]
        return np.sum(terms, axis=0)

    def keep_similarity(self, similarities: np.ndarray, after: float) -> None:
        """Have the balance of each style find how much of the photographs is left.

        Where results are less like their photographs than asked, the style's terms
        get lighter, and otherwise heavier. Pictures of a single style count.

        Args:
            similarities: float32 (paintings,), the cosine that the features of results
                and photographs at the first content layer are to have.
            after: Pictures in a style alone before its balance moves. The first ones
                are grey, which says nothing of the balance.
        """
        self.similarities = similarities
        self.settled = after

    def loss_terms(self) -> dict[str, keras.losses.Loss]:
        """Return the losses that compile() takes, by the names of their terms."""
        return {term: MeanTerm() for term in self.objective.terms}

    def build(self, inputs_shape: Any) -> None:
        """Do nothing: the generator builds itself in its first call."""

    def call(self, inputs: tuple[Tensor, Tensor]) -> Tensor:
        photos, style_weights = inputs
        return self.generator(self._photographs(photos), style_weights)

    def _photographs(self, photos: Tensor) -> Tensor:
        """Return the photographs of a batch, which may have come as boxes of crops."""
        if self.resident is None or len(photos.shape) > 2:
            return photos
        return self.resident(photos)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        photos, style_weights = x
        photos = ops.cast(self._photographs(photos), "float32")
        style_weights = ops.cast(style_weights, "float32")
        self.saturated.update_state(saturation(y_pred))
        self.photos_saturated.update_state(saturation(photos))
        content, style = self._targets(photos, style_weights)
        results = self.objective.represent(y_pred)
        scores = self.objective.score(results, content, style)
        self.weigh(scores, style_weights)
        judged = has_contrast(photos)
        scores = {term: judged * values for term, values in scores.items()}
        layer = self.objective.content_layers[0]
        similarity = cosine(results.content[layer], content[layer])
        self.similarity.update_state(similarity)
        if training and self.similarities is not None:
            self._balance(similarity, judged[:, None] * style_weights)
        # Keras takes the means, which it scales where several replicas share a batch.
        return super().compute_loss(x, scores, scores, training=training)

    def _targets(
        self, photos: Tensor, style_weights: Tensor
    ) -> tuple[Features, dict[str, Tensor]]:
        """Return the features and the Gram matrices that results are to have."""
        rows = self.generator.rows
        painted = self._painted(style_weights)
        if self.colours is not None:
            photos = recoloured(photos, self.colours, painted)
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

    def _painted(self, style_weights: Tensor) -> Tensor:
        """Return the style weights without that of the photograph, (B, paintings)."""
        return ops.take(style_weights, self.generator.rows.painted_indices, axis=1)

    def weigh(self, scores: dict[str, Tensor], style_weights: Tensor) -> None:
        """Multiply the style terms by the means of what the pictures' styles weigh.

        A style's weight is its factor, scale and balance. The photograph's share does
        not count.

        Args:
            scores: What the Objective's `score` returns for B pictures.
            style_weights: float32 (B, number of styles).
        """
        painted = self._painted(style_weights)
        total = ops.maximum(ops.sum(painted, axis=1), 1e-6)
        factors = painted * self.style_factors * ops.exp(self.balance)
        for layer in self.objective.style_layers:
            weights = ops.sum(factors * self.style_scales[layer], axis=1) / total
            scores[f"style_{layer}"] = weights * scores[f"style_{layer}"]

    def _balance(self, similarity: Tensor, style_weights: Tensor) -> None:
        """Move the balance of the styles that stand alone in pictures of a batch."""
        painted = self._painted(style_weights)
        # The variables become means over replicas: times these, sums over a batch.
        alone = self.replicas * ops.cast(painted > 0.99, "float32")
        error = ops.sum(alone * (similarity[:, None] - self.similarities), axis=0)
        self.seen.assign(self.seen + ops.sum(alone, axis=0))
        rate = BALANCE_RATE * ops.cast(self.seen > self.settled, "float32")
        balance = self.balance + rate * error
        self.balance.assign(ops.clip(balance, -BALANCE_LIMIT, BALANCE_LIMIT))


def compile_trainer(
    trainer: StyleTransferTrainer,
    weights: Mapping[str, float],
    *,
    steps: int,
    learning_rate: float,
    warmup_steps: int,
    jit: bool,
    steps_per_execution: int = 1,
) -> None:
    """Compile a built trainer with its losses and its optimiser.

    Args:
        trainer: The trainer.
        weights: {term: weight} of all its loss terms.
        steps: Steps of the training.
        learning_rate: The highest learning rate of Adam.
        warmup_steps: Steps over which the learning rate rises.
        steps_per_execution: Steps between two calls of the callbacks.
        jit: Whether XLA compiles the step. Under JAX it always does: without it, JAX
            would run each operation by itself.
    """
    trainer.compile(
        adam(learning_rate, steps=steps, warmup_steps=warmup_steps),
        loss=trainer.loss_terms(),
        loss_weights=weights,
        steps_per_execution=steps_per_execution,
        jit_compile=jit or keras.backend.backend() == "jax",
    )
    trainer.optimizer.build(trainer.trainable_variables)
    # Builds the losses, on which fit() would spend a batch with JAX.
    scores = dict.fromkeys(trainer.objective.terms, np.zeros(1, np.float32))
    keras.Model.compute_loss(trainer, None, scores, scores)
