"""Teaches a generator to be gentle on faces without being told where they are.

The teacher is a frozen copy of the generator. It paints each photograph twice, the
second time with more of the photograph. The target is the first picture, with the
second one laid over the faces. The student learns to paint the target (Hinton et al.
2015, "Distilling the knowledge in a neural network").
"""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from fast_style.distillation import loop
from fast_style.distillation.portraits import Portraits
from fast_style.distillation.settings import FaceSettings
from fast_style.network import transplant
from fast_style.network.generator import Generator
from fast_style.network.precision import policy
from fast_style.styles import Rows
from fast_style.tensors import Tensor

BLENDS = 0.15  # share of the photographs that are painted in a blend of two styles
FADES = 0.25  # share of those that are painted at a strength under 1
LEAST_STRENGTH = 0.3  # of these
SOFTENING = 4.0  # grey levels, error below which the loss is like a square


class FaceDistiller:
    """Teacher and student, and the step that trains the student.

    Args:
        generator: The generator that both start from; it has the row "photo".
        portraits: The crops.
        settings: The settings of the distillation.
    """

    def __init__(
        self, generator: Generator, portraits: Portraits, settings: FaceSettings
    ) -> None:
        dtype = policy(settings.precision)
        self.teacher = transplant.copied(generator, dtype)
        self.student = transplant.copied(generator, dtype)
        self.portraits = portraits
        self.settings = settings
        self.optimizer = loop.adam(settings)
        self.optimizer.build(self.student.trainable_variables)
        self.step = tf.Variable(0, dtype="int64")
        self.checkpoint = tf.train.Checkpoint(
            student=self.student, optimizer=self.optimizer, step=self.step
        )
        self._train_student = tf.function(self._train)

    def train_step(self) -> dict[str, float]:
        """Train the student for a step.

        Returns:
            The loss, and the mean squares that `told` makes its errors of.
        """
        rng = np.random.default_rng((self.settings.seed, int(self.step)))
        photos, masks = self.portraits.draw(rng)
        rows, strength = self.student.rows, self.settings.strength
        drawn = [style_weights(rows, strength, rng) for _ in photos]
        full, gentle = map(np.stack, zip(*drawn, strict=True))
        self.step.assign_add(1)
        figures = self._train_student(*map(tf.constant, (photos, masks, full, gentle)))
        return {name: float(value) for name, value in figures.items()}

    def told(self, means: Mapping[str, float]) -> str:
        """Return the loss and the errors in words.

        The error in faces is a share of the teacher's own, which is the student's at
        the start. The error elsewhere is a difference from the teacher.
        """
        start = max(means["faces at the start"], 1e-9)  # 0 where no crop has a face
        share = (means["faces"] / start) ** 0.5
        return (
            f"loss {means['loss']:.4g}, error in faces {100 * share:.0f} % of that at "
            f"the start, elsewhere {means['elsewhere'] ** 0.5:.1f} grey levels"
        )

    def _train(
        self, photos: Tensor, masks: Tensor, full: Tensor, gentle: Tensor
    ) -> dict[str, Tensor]:
        """Train the student; see train_step.

        Args:
            photos: Float32 (B, S, S, 3) in 0..255.
            masks: 1 in faces, float32 (B, S, S, 1).
            full: Style weights that the student is given, (B, rows).
            gentle: Style weights for the faces, (B, rows).
        """
        painted = self.teacher(photos, full)
        wanted = laid_over(painted, self.teacher(photos, gentle), masks)
        with tf.GradientTape() as tape:
            result = self.student(photos, full)
            loss = charbonnier(result - wanted, masks, self.settings.face_weight)
        variables = self.student.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        elsewhere = tf.reduce_mean((1 - masks) * (result - painted) ** 2)
        return {
            "loss": loss,
            "faces": tf.reduce_mean(masks * (result - wanted) ** 2),
            "faces at the start": tf.reduce_mean(masks * (painted - wanted) ** 2),
            "elsewhere": elsewhere / tf.reduce_mean(1 - masks),
        }


def laid_over(painted: Tensor, gentle: Tensor, masks: Tensor) -> Tensor:
    """Return pictures (B, H, W, 3), gentle ones laid over by masks (B, H, W, 1)."""
    return painted + masks * (gentle - painted)


def charbonnier(errors: Tensor, masks: Tensor, face_weight: float) -> Tensor:
    """Return the mean of errors by Charbonnier's function, weighted by masks.

    Args:
        errors: In grey levels, (B, H, W, 3).
        masks: 1 in faces, (B, H, W, 1).
        face_weight: What a pixel in a face weighs more than one elsewhere.

    Reference:
        Charbonnier et al. 1994, "Two deterministic half-quadratic regularization
        algorithms for computed imaging".
    """
    values = tf.sqrt(errors**2 + SOFTENING**2) / 127.5
    return tf.reduce_mean((1 + face_weight * masks) * values)


def style_weights(
    rows: Rows, strength: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw what a photograph is painted in: a style or a blend, at some strength.

    Args:
        rows: The rows of the generator, "photo" among them.
        strength: What faces are painted at, as a share of the strength drawn.
        rng: Random numbers.

    Returns:
        The style weights, and those for the faces, float32 (rows,) each.
    """
    first, second = rng.choice(rows.painted_indices, 2)
    share = rng.random() if rng.random() < BLENDS else 1.0
    drawn = rng.uniform(LEAST_STRENGTH, 1) if rng.random() < FADES else 1.0
    alone = rows.one_hot()
    style = share * alone[first] + (1 - share) * alone[second]
    photo = alone[rows.photo_index]
    full, gentle = (s * style + (1 - s) * photo for s in (drawn, drawn * strength))
    return full.astype(np.float32), gentle.astype(np.float32)
