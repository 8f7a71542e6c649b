"""Trains the compact loss network to give the features and Gram matrices of VGG16.

It is trained on photographs, on paintings and on the pictures of a generator that is
trained against the compact network at the same time. The generator's pictures drift to
where the compact network errs, so those errors are corrected. This is an instance of
Wang et al. (2020), "Collaborative distillation", and of Ross et al. (2011), "A
reduction of imitation learning and structured prediction to no-regret online
learning", which gathers its data in this way.
"""

from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from fast_style.distillation import loop
from fast_style.distillation.crops import Crops
from fast_style.distillation.settings import CompactSettings
from fast_style.network.generator import Generator
from fast_style.perception import (
    CONTENT_LAYERS,
    STYLE_LAYERS,
    kind_sums,
    term_names,
)
from fast_style.perception.losses import gram_matrix
from fast_style.perception.objective import Objective
from fast_style.perception.vgg16 import centred, subnetwork
from fast_style.tensors import Tensor

# Against the lattice of dots that a short training leaves; see flags/wave.flags.
TOTAL_VARIATION_WEIGHT = 1e-4
STYLE_WEIGHTS = (2.0, 16.0)  # the range that a weight is drawn from at each restart
RESTART = 400  # steps after which the generator starts anew, to show early pictures


class Distiller:
    """The two networks in training, and the step that trains both.

    Args:
        compact: The network to train, as low_rank_vgg16 makes it.
        vgg: VGG16 with the STYLE_LAYERS (see vgg16.vgg16).
        paintings: What the generator learns, {name: uint8 (H, W, 3)}.
        crops: The crops of each step.
        settings: The settings of the distillation.
    """

    def __init__(
        self,
        compact: keras.Model,
        vgg: keras.Model,
        paintings: Mapping[str, np.ndarray],
        crops: Crops,
        settings: CompactSettings,
    ) -> None:
        self.compact = subnetwork(compact, STYLE_LAYERS)
        self.objective = Objective(self.compact, CONTENT_LAYERS, STYLE_LAYERS)
        self.vgg = vgg
        self.paintings = list(paintings.values())
        self.crops = crops
        self.seed = settings.seed
        self.generator = Generator(
            tuple(paintings), dtype=compact.layers[1].dtype_policy
        )
        self.generator.build((None, None, None, 3), (None, len(paintings)))
        self.initial_weights = self.generator.get_weights()
        self.optimizer = loop.adam(settings)
        self.optimizer.build(self.compact.trainable_variables)
        self.generator_optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.PolynomialDecay(1e-5, 100, 1e-3)
        )
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.initial_state = [v.numpy() for v in self.generator_optimizer.variables]
        self.style_weight = tf.Variable(5.0)
        self.step = tf.Variable(0, dtype="int64")
        self.checkpoint = tf.train.Checkpoint(
            compact=self.compact,
            optimizer=self.optimizer,
            generator=self.generator,
            generator_optimizer=self.generator_optimizer,
            style_weight=self.style_weight,
            step=self.step,
        )
        self._targets: dict[str, Tensor] = {}
        self._train_both = tf.function(self._train)

    def train_step(self) -> dict[str, float]:
        """Train both networks for a step.

        Returns:
            The loss of the generator, and the errors of the compact network's features
            and Gram matrices for each layer.
        """
        step = int(self.step)
        rng = np.random.default_rng((self.seed, step))
        if step % RESTART == 0:
            self._restart(rng)
        if step % RESTART == 0 or not self._targets:
            self._targets = self._painting_grams()
        photos, paintings = self.crops.draw(step, rng)
        styles = rng.integers(len(self.paintings), size=len(photos))
        shares = rng.uniform(0, 1, len(photos)).round(2)
        self.step.assign_add(1)
        losses = self._train_both(
            tf.constant(photos, "float32"),
            tf.constant(paintings, "float32"),
            tf.one_hot(styles, len(self.paintings)),
            {layer: tf.gather(grams, styles) for layer, grams in self._targets.items()},
            tf.constant(shares[:, None, None, None], "float32"),
        )
        return {name: float(value) for name, value in losses.items()}

    def told(self, means: Mapping[str, float]) -> str:
        """Return losses and errors in words."""
        return ", ".join(f"{name} {value:.4g}" for name, value in means.items())

    def _restart(self, rng: np.random.Generator) -> None:
        """Set the generator back to its first weights and draw a style weight."""
        self.generator.set_weights(self.initial_weights)
        for variable, value in zip(
            self.generator_optimizer.variables, self.initial_state, strict=True
        ):
            variable.assign(value)
        low, high = np.log(STYLE_WEIGHTS)
        self.style_weight.assign(float(np.exp(rng.uniform(low, high))))

    def _painting_grams(self) -> dict[str, Tensor]:
        """Return the Gram matrices of all paintings by the compact network."""
        styles = [
            self.objective.represent(painting[None].astype(np.float32)).style
            for painting in self.paintings
        ]
        return {
            layer: tf.concat([style[layer] for style in styles], axis=0)
            for layer in STYLE_LAYERS
        }

    def _train(
        self,
        photos: Tensor,
        paintings: Tensor,
        styles: Tensor,
        targets: Mapping[str, Tensor],
        shares: Tensor,
    ) -> dict[str, Tensor]:
        """Train both networks; see train_step.

        Args:
            photos: Crops of photographs, float32 (B, S, S, 3).
            paintings: Crops of paintings, float32 (N, S, S, 3).
            styles: Style weights of each photograph, (B, paintings).
            targets: Gram matrices of each photograph's painting, {layer: (B, C, C)}.
            shares: Share of the stylized picture in each blend, (B, 1, 1, 1).
        """
        stylized, loss = self._train_generator(photos, styles, targets)
        blends = photos + shares * (stylized - photos)
        pictures = [photos[::2], blends[1::2], stylized[::2], paintings]
        pictures = tf.stop_gradient(tf.concat(pictures, axis=0))
        return {"generator": loss, **self._train_compact(pictures)}

    def _train_generator(
        self, photos: Tensor, styles: Tensor, targets: Mapping[str, Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Train the generator; return its pictures and their loss before the step."""
        content = self.objective.content(photos)
        weights = {
            **dict.fromkeys(term_names("content", CONTENT_LAYERS), 1.0),
            **dict.fromkeys(term_names("style", STYLE_LAYERS), self.style_weight),
            "total_variation": TOTAL_VARIATION_WEIGHT,
        }
        with tf.GradientTape() as tape:
            stylized = self.generator(photos, styles)
            result = self.objective.represent(stylized)
            scores = self.objective.score(result, content, targets)
            loss = tf.reduce_mean(sum(kind_sums(scores, weights).values()))
        variables = self.generator.trainable_variables
        self.generator_optimizer.apply(tape.gradient(loss, variables), variables)
        return stylized, loss

    def _train_compact(self, pictures: Tensor) -> dict[str, Tensor]:
        """Train the compact network on pictures; return its errors before the step."""
        inputs = centred(pictures)
        targets = self.vgg(inputs)
        errors = {}
        with tf.GradientTape() as tape:
            features = self.compact(inputs)
            for layer in STYLE_LAYERS:
                value, target = (
                    tf.cast(f[layer], "float32") for f in (features, targets)
                )
                errors[layer] = _relative_error(value, target, axis=None)
                grams = gram_matrix(value), gram_matrix(target)
                of_pictures = _relative_error(*grams, axis=(1, 2))
                errors[f"{layer} Gram"] = tf.reduce_mean(of_pictures)
            total = sum(errors.values())
        variables = self.compact.trainable_variables
        self.optimizer.apply(tape.gradient(total, variables), variables)
        return errors


def _relative_error(
    values: Tensor, targets: Tensor, axis: tuple[int, ...] | None
) -> Tensor:
    """Return the squared error over the squared norm of the targets."""
    error = tf.reduce_sum((targets - values) ** 2, axis)
    return error / tf.reduce_sum(targets**2, axis)
