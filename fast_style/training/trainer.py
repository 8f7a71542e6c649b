"""The training step: what a generator is asked for, as losses of named terms."""

import keras
import numpy as np
from keras import ops

from fast_style.perception.loss_networks import (
    CONTENT_LAYERS,
    STYLE_LAYERS,
    centred,
    subnetwork,
)
from fast_style.perception.losses import TotalVariation, gram_matrix
from fast_style.training.optimizers import adam


class StyleTransferTrainer(keras.Model):
    """Trains a generator against a frozen loss network (Johnson et al. 2016).

    fit() on pairs of photographs, uint8 or float (B, H, W, 3) in 0..255, and style
    weights (B, number of styles), does the rest. A blend of styles is asked for the
    weighted mean of their Gram matrices, which is what minimises the weighted sum of
    their losses; to the photograph's share belongs the photograph's own Gram matrix.

    The loss terms are `content_<layer>`, `style_<layer>`, `total_variation`;
    the metrics `saturated` and `photos_saturated` are the share of values that come
    out as 0 or 255, which tells of patches stuck in tanh's flat ends.

    Args:
        generator: A Generator.
        loss_network: A functional keras.Model from centred pictures to
            {layer: features}, such as loss_networks.vgg16 makes.
        paintings: One for each of the generator's styles but the photograph, uint8
            (H, W, 3) RGB, at the size that sets the strokes'.
        content_layers: Layers whose features the result shares with the photograph.
        style_layers: Layers whose Gram matrices it shares with the painting.

    Attributes:
        style_factors: float32, one for each painting: how much its style counts
            beside the others'.
    """

    def __init__(
        self,
        generator,
        loss_network,
        paintings,
        *,
        content_layers=CONTENT_LAYERS,
        style_layers=STYLE_LAYERS,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.generator = generator
        self.loss_network = loss_network
        self.painted = generator.rows.painted_indices
        self.with_photo = generator.rows.photo_index is not None
        self.photo_network = (
            loss_network
            if self.with_photo
            else subnetwork(loss_network, content_layers)
        )
        self.content_layers = tuple(content_layers)
        self.style_layers = tuple(style_layers)
        self.saturated = keras.metrics.Mean(name="saturated")
        self.photos_saturated = keras.metrics.Mean(name="photos_saturated")
        self.style_factors = np.ones(len(self.painted), np.float32)
        features = [loss_network(centred(painting[None])) for painting in paintings]
        self.style_targets = {
            layer: np.concatenate(
                [ops.convert_to_numpy(gram_matrix(each[layer])) for each in features]
            )  # (paintings, C, C)
            for layer in self.style_layers
        }

    def loss_terms(self):
        """What compile() takes as `loss`: every term's name and its Loss object."""
        names = [f"content_{layer}" for layer in self.content_layers]
        names += [f"style_{layer}" for layer in self.style_layers]
        terms = {name: keras.losses.MeanSquaredError() for name in names}
        return {**terms, "total_variation": TotalVariation()}

    def call(self, inputs):
        return self.generator(*inputs)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        photos, style_weights = (ops.cast(each, "float32") for each in x)
        stylised = y_pred
        self.saturated.update_state(saturation(stylised))
        self.photos_saturated.update_state(saturation(photos))
        features = self.loss_network(centred(stylised))
        wanted = self.photo_network(centred(photos))
        painted = ops.take(style_weights, self.painted, axis=1)  # (B, paintings)
        share = ops.sum(painted, axis=1, keepdims=True)  # (B, 1)
        factors = ops.matmul(painted, self.style_factors[:, None])
        factors = factors / ops.maximum(share, 1e-6)
        targets, predictions = {}, {}
        for layer in self.content_layers:
            targets[f"content_{layer}"] = wanted[layer]
            predictions[f"content_{layer}"] = features[layer]
        for layer in self.style_layers:
            target = ops.tensordot(painted, self.style_targets[layer], axes=1)
            if self.with_photo:
                photo = gram_matrix(wanted[layer])
                target = target + (1.0 - share[:, None]) * photo
            targets[f"style_{layer}"] = target
            predictions[f"style_{layer}"] = gram_matrix(features[layer])
        targets["total_variation"] = predictions["total_variation"] = stylised
        weights = {t: factors if t.startswith("style") else None for t in targets}
        return super().compute_loss(x, targets, predictions, weights, training=training)


def compile_trainer(trainer, weights, *, steps, learning_rate, warmup_steps, jit):
    """Gives a built trainer its losses and its optimiser; the arguments are train's.

    Args:
        trainer: A StyleTransferTrainer.
        weights: {term: weight} of all its loss terms.
    """
    trainer.compile(
        adam(learning_rate, steps=steps, warmup_steps=warmup_steps),
        loss=trainer.loss_terms(),
        loss_weights=weights,
        # JAX would run every operation by itself without.
        jit_compile=jit or keras.backend.backend() == "jax",
    )
    trainer.optimizer.build(trainer.trainable_variables)


def saturation(images):
    """Share of the values of pictures in 0..255 that round to 0 or 255."""
    outside = ops.logical_or(images < 0.5, images > 254.5)
    return ops.mean(ops.cast(outside, "float32"))
