"""Trains the compact loss network to give VGG16's features and Gram matrices.

On photographs, paintings, and the pictures of a generator that is being trained against
the compact network itself all the while: where it errs, the generator goes, and there
it is corrected (an instance of Wang et al. 2020, "Collaborative distillation", and of
Ross et al. 2011, "A reduction of imitation learning", which gathers data that way).
"""

import json
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from absl import logging

from fast_style import images
from fast_style.content import sources
from fast_style.distillation.compression import RANKS, closed_form
from fast_style.network.generator import Generator
from fast_style.network.precision import policy
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS, kind_sums, term_names
from fast_style.perception.compact import low_rank_vgg16, save_compact
from fast_style.perception.losses import gram_matrix
from fast_style.perception.objective import Objective
from fast_style.perception.vgg16 import CHANNELS, centred, subnetwork, vgg16

TAPS = STYLE_LAYERS
# Against the lattice of dots that a short training leaves; see flags/wave.flags.
TOTAL_VARIATION_WEIGHT = 1e-4
STYLE_WEIGHTS = (2.0, 16.0)  # drawn anew whenever the generator starts anew
PAINTING_CROPS = 2
PAINTING_SIZE = 448  # short side, in pixels
REGRESSION_BATCHES = 36
LOG_EVERY, BACKUP_EVERY = 50, 200  # steps
WARMUP = 50  # steps, of the compact network's learning rate
RESTART = 400  # steps, after which the generator starts anew, for early pictures too


class Distiller:
    """The networks, optimisers and the step of a distillation.

    Args:
        compact: The network to train, a low_rank_vgg16.
        vgg: vgg16.vgg16 of the TAPS.
        paintings: Dict {name: uint8 (H, W, 3)}, what the generator learns.
        photos: Sequence of batches, uint8 (B, S, S, 3), one for each step.
        size: Side of the crops, in pixels; at most S.
        steps: Steps of the whole training.
        learning_rate: Adam's, at its start; it falls to zero as a cosine.
        seed: Of crops and mixtures.
    """

    def __init__(
        self, compact, vgg, paintings, photos, *, size, steps, learning_rate, seed
    ):
        self.compact = subnetwork(compact, TAPS)
        self.vgg = vgg
        self.paintings = list(paintings.values())
        self.photos = photos
        self.size = size
        self.objective = Objective(self.compact, CONTENT_LAYERS, TAPS)
        self.seed = seed
        self.generator = Generator(
            tuple(paintings), dtype=compact.layers[1].dtype_policy, mirror="features"
        )
        self.generator.build((None, None, None, 3), (None, len(paintings)))
        self.beginning = self.generator.get_weights()
        self.optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(
                learning_rate / WARMUP,
                max(1, steps - WARMUP),
                warmup_target=learning_rate,
                warmup_steps=WARMUP,
            )
        )
        self.optimizer.build(self.compact.trainable_variables)
        self.generator_optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.PolynomialDecay(1e-5, 100, 1e-3)
        )
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.resting = [v.numpy() for v in self.generator_optimizer.variables]
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
        self._targets = None
        self._compiled = tf.function(self._train)

    def train_step(self):
        """One step of both networks.

        Returns:
            Dict of float: errors of the taps, loss of the generator.
        """
        step = int(self.step)
        rng = np.random.default_rng((self.seed, step))
        if step % RESTART == 0 or self._targets is None:
            if step % RESTART == 0:
                self._restart(rng)
            self._targets = self._grams()
        photos, crops = self._crops(step, rng)
        styles = rng.integers(len(self.paintings), size=len(photos))
        self.step.assign_add(1)
        losses = self._compiled(
            tf.constant(photos),
            tf.constant(crops),
            tf.one_hot(styles, len(self.paintings)),
            {layer: tf.gather(grams, styles) for layer, grams in self._targets.items()},
            tf.constant(rng.uniform(0, 1, len(photos)).round(2), "float32"),
        )
        return {name: float(value) for name, value in losses.items()}

    def pictures(self, step):
        """The photographs' and paintings' crops of a step, uint8 (B, size, size, 3)."""
        return np.concatenate(
            self._crops(step, np.random.default_rng((self.seed, step)))
        )

    def _crops(self, step, rng):
        photos = self._cut(self.photos[step], rng)
        crops = [self._painting_crop(rng) for _ in range(PAINTING_CROPS)]
        return photos, np.stack(crops)

    def _restart(self, rng):
        self.generator.set_weights(self.beginning)
        for variable, value in zip(
            self.generator_optimizer.variables, self.resting, strict=True
        ):
            variable.assign(value)
        low, high = np.log(STYLE_WEIGHTS)
        self.style_weight.assign(float(np.exp(rng.uniform(low, high))))

    def _grams(self):
        grams = [self.compact(centred(p[None])) for p in self.paintings]
        return {
            layer: tf.concat([gram_matrix(g[layer]) for g in grams], axis=0)
            for layer in TAPS
        }

    def _train(self, photos, crops, styles, targets, shares):
        photos, crops = tf.cast(photos, "float32"), tf.cast(crops, "float32")
        content = self.objective.content(photos)
        with tf.GradientTape() as tape:
            stylised = self.generator(photos, styles)
            result = self.objective.represent(stylised)
            scores = self.objective.score(result, content, targets)
            weights = {
                **dict.fromkeys(term_names("content", CONTENT_LAYERS), 1.0),
                **dict.fromkeys(term_names("style", TAPS), self.style_weight),
                "total_variation": TOTAL_VARIATION_WEIGHT,
            }
            loss = tf.reduce_mean(sum(kind_sums(scores, weights).values()))
        variables = self.generator.trainable_variables
        self.generator_optimizer.apply(tape.gradient(loss, variables), variables)

        shares = shares[:, None, None, None]
        half = photos + shares * (stylised - photos)  # half-stylised
        pictures = tf.concat([photos[::2], half[1::2], stylised[::2], crops], axis=0)
        pictures = centred(tf.stop_gradient(pictures))
        wanted = self.vgg(pictures)
        errors = {}
        with tf.GradientTape() as tape:
            found = self.compact(pictures)
            for layer in TAPS:
                a, b = (tf.cast(f[layer], "float32") for f in (wanted, found))
                errors[layer] = tf.reduce_sum((a - b) ** 2) / tf.reduce_sum(a**2)
                a, b = gram_matrix(a), gram_matrix(b)
                relative = tf.reduce_sum((a - b) ** 2, (1, 2)) / tf.reduce_sum(
                    a**2, (1, 2)
                )
                errors[f"{layer} Gram"] = tf.reduce_mean(relative)
            total = sum(errors.values())
        variables = self.compact.trainable_variables
        self.optimizer.apply(tape.gradient(total, variables), variables)
        return {"generator": loss, **errors}

    def _cut(self, photos, rng):
        """Half of the photographs shrunk to the crops' size, half cut down to it."""
        shrunk = tf.image.resize(photos[::2], (self.size, self.size), "area").numpy()
        room = photos.shape[1] - self.size + 1
        top, left = rng.integers(room, size=2)
        cut = photos[1::2, top : top + self.size, left : left + self.size]
        return np.concatenate([shrunk, cut]).astype(np.uint8)

    def _painting_crop(self, rng):
        painting = self.paintings[rng.integers(len(self.paintings))]
        height, width = painting.shape[:2]
        side = rng.integers(self.size, min(height, width, 2 * self.size) + 1)
        top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
        crop = painting[top : top + side, left : left + side]
        crop = tf.image.resize(crop, (self.size, self.size), "area").numpy()
        return crop.astype(np.uint8)


def make_compact(
    *,
    content_dir,
    style_dir,
    vgg16_weights,
    output,
    work_dir,
    image_size,
    batch_size,
    steps,
    learning_rate,
    precision,
    seed,
):
    """Makes the compact loss network, or goes on with a distillation that was cut off.

    Args:
        content_dir: Folder of photographs.
        style_dir: Folder of paintings.
        vgg16_weights: See vgg16.vgg16.
        output: Path of the .npz file to write.
        work_dir: Directory of the checkpoints.
        image_size: Side of the crops, in pixels.
        batch_size: Photographs per step.
        steps: Steps of the distillation.
        learning_rate: Adam's, at its start.
        precision: "float32" or "bfloat16", what convolutions compute in.
        seed: Of crops and mixtures.

    Raises:
        OSError: A folder or VGG16's weights cannot be found.
        ValueError: The crops are too large for the paintings, or the directory holds
            another distillation.
    """
    config = {n: v for n, v in locals().items() if n not in ("output", "work_dir")}
    _claim(Path(work_dir), config)
    keras.utils.set_random_seed(seed)
    paintings = {
        path.stem: images.resize_short_side(images.read(path).pixels, PAINTING_SIZE)
        for path in images.find_images(style_dir)
    }
    photos = sources.from_folder(
        content_dir,
        image_size=8 * image_size // 5,
        batch_size=batch_size,
        steps=steps + REGRESSION_BATCHES,
        seed=seed,
    ).batches
    network = low_rank_vgg16(RANKS, policy(precision))
    distiller = Distiller(
        network,
        vgg16(TAPS, vgg16_weights, precision),
        paintings,
        photos,
        size=image_size,
        steps=steps,
        learning_rate=learning_rate,
        seed=seed,
    )
    manager = tf.train.CheckpointManager(distiller.checkpoint, str(work_dir), 2)
    if manager.latest_checkpoint:
        manager.restore_or_initialize()
    else:
        crops = [distiller.pictures(steps + i) for i in range(REGRESSION_BATCHES)]
        vgg = vgg16(CHANNELS, vgg16_weights)
        network.set_weights(closed_form(vgg, np.concatenate(crops)).get_weights())
        manager.save()
    _run(distiller, manager, steps)
    save_compact(network, output)


def _claim(work_dir, config):
    if config["image_size"] > PAINTING_SIZE:
        raise ValueError(
            f"--image_size is {config['image_size']}; give {PAINTING_SIZE} or less, "
            "which is the paintings' short side."
        )
    text = json.dumps(config, indent=2, default=str)
    path = work_dir / "config.json"
    if path.exists() and path.read_text() != text:
        raise ValueError(
            f"'{work_dir}' holds another distillation. Give the same flags to go on "
            "with it, or another --work_dir."
        )
    work_dir.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _run(distiller, manager, steps):
    start = int(distiller.step)
    began, recent = time.perf_counter(), []
    for step in range(start + 1, steps + 1):
        recent.append(distiller.train_step())
        if step % BACKUP_EVERY == 0 or step == steps:
            manager.save()
        if step % LOG_EVERY == 0 or step in (1, 10, steps):
            pace = (time.perf_counter() - began) / (step - start)
            errors = ", ".join(
                f"{name} {np.mean([r[name] for r in recent]):.4g}" for name in recent[0]
            )
            minutes = pace * (steps - step) / 60
            logging.info("%d/%d, %.0f min to go: %s", step, steps, minutes, errors)
            recent = []
