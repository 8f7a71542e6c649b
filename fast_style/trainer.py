"""The training step: what a generator is asked for, as losses of named terms."""

import keras
from keras import ops

from fast_style.loss_networks import (
    CONTENT_LAYERS,
    STYLE_LAYERS,
    centred,
    subnetwork,
)
from fast_style.losses import TotalVariation, gram_matrix


class StyleTransferTrainer(keras.Model):
    """Trains a generator against a frozen loss network (Johnson et al. 2016).

    fit() on batches of photographs, uint8 or float (B, H, W, 3) in 0..255, does the
    rest. The loss terms are `content_<layer>`, `style_<layer>`, `total_variation`;
    the metrics `saturated` and `photos_saturated` are the share of values that come
    out as 0 or 255, which tells of patches stuck in tanh's flat ends.

    Args:
        generator: A Generator of one style.
        loss_network: A functional keras.Model from centred pictures to
            {layer: features}, such as loss_networks.vgg16 makes.
        style_image: The painting, uint8 (H, W, 3) RGB, at the size that sets the
            strokes'.
        content_layers: Layers whose features the result shares with the photograph.
        style_layers: Layers whose Gram matrices it shares with the painting.
    """

    def __init__(
        self,
        generator,
        loss_network,
        style_image,
        *,
        content_layers=CONTENT_LAYERS,
        style_layers=STYLE_LAYERS,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.generator = generator
        self.loss_network = loss_network
        self.content_network = subnetwork(loss_network, content_layers)
        self.content_layers = tuple(content_layers)
        self.style_layers = tuple(style_layers)
        self.saturated = keras.metrics.Mean(name="saturated")
        self.photos_saturated = keras.metrics.Mean(name="photos_saturated")
        features = loss_network(centred(style_image[None]))
        self.style_targets = {
            layer: ops.convert_to_numpy(gram_matrix(features[layer]))  # (1, C, C)
            for layer in self.style_layers
        }

    def loss_terms(self):
        """What compile() takes as `loss`: every term's name and its Loss object."""
        names = [f"content_{layer}" for layer in self.content_layers]
        names += [f"style_{layer}" for layer in self.style_layers]
        terms = {name: keras.losses.MeanSquaredError() for name in names}
        return {**terms, "total_variation": TotalVariation()}

    def call(self, images):
        return self.generator(images)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        stylised, photos = y_pred, ops.cast(x, "float32")
        self.saturated.update_state(saturation(stylised))
        self.photos_saturated.update_state(saturation(photos))
        features = self.loss_network(centred(stylised))
        content = self.content_network(centred(photos))
        targets, predictions = {}, {}
        for layer in self.content_layers:
            targets[f"content_{layer}"] = content[layer]
            predictions[f"content_{layer}"] = features[layer]
        for layer in self.style_layers:
            gram = gram_matrix(features[layer])
            targets[f"style_{layer}"] = ops.broadcast_to(
                self.style_targets[layer], ops.shape(gram)
            )
            predictions[f"style_{layer}"] = gram
        targets["total_variation"] = predictions["total_variation"] = stylised
        return super().compute_loss(
            x, targets, predictions, sample_weight, training=training
        )


def saturation(images):
    """Share of the values of pictures in 0..255 that round to 0 or 255."""
    outside = ops.logical_or(images < 0.5, images > 254.5)
    return ops.mean(ops.cast(outside, "float32"))
