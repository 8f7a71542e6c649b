"""Score pictures by what a training asked for, with the true VGG16."""

import argparse
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from benchmarks import script
from fast_style import folders, images
from fast_style.network.generator import Generator
from fast_style.perception import KINDS, kind_sums
from fast_style.perception.objective import Objective, style_scale
from fast_style.perception.vgg16 import vgg16
from fast_style.styles import Rows
from fast_style.training import paintings, weighting

BATCH_PIXELS = 5 * 256 * 256  # about 1 GB of VGG16's features
# Function from photographs, (B, H, W, 3) in 0..255, and weights of styles to pictures.
Stylize = Callable[[np.ndarray, Mapping[str, float]], tf.Tensor]


def add_photographs(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say which photographs are scored by which weights."""
    script.add_content_dir(parser)
    script.add_vgg16_weights(parser)
    parser.add_argument(
        "--image_size",
        type=int,
        default=256,
        help="Side of the square photographs, in px.",
    )
    parser.add_argument(
        "--photos",
        type=int,
        help="Number of photographs, the folder's first ones. Default: all.",
    )
    script.add_output(parser)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of all benchmarks that score by a training's objective."""
    add_photographs(parser)
    parser.add_argument(
        "--precision",
        choices=("float32", "bfloat16"),
        default="float32",
        help="Precision of VGG16.",
    )


class Target(NamedTuple):
    """What a training asked of one style.

    Args:
        grams: Gram matrices of the painting, {layer: float32 (1, C, C)}.
        weights: Weight of each loss term; those of style are scaled as in a training.
        fingerprint: Text that differs for everything else a training may ask.
    """

    grams: Mapping[str, tf.Tensor]
    weights: Mapping[str, tf.Tensor]
    fingerprint: str


class Scorer:
    """The loss of a training, by VGG16 and picture by picture.

    Args:
        config: The training's config, as run.json holds it.
        vgg16_weights: See vgg16.vgg16.
        precision: "float32" or "bfloat16", of VGG16.

    Attributes:
        targets: The Target of each style.
        precision: As given.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        vgg16_weights: str | os.PathLike,
        precision: str = "float32",
    ) -> None:
        self.precision = precision
        layers = config["content_layers"], config["style_layers"]
        network = vgg16([*layers[0], *layers[1]], vgg16_weights, precision)
        self.objective = Objective(network, *layers)
        self.content = tf.function(self.objective.content)
        self._weighted = tf.function(self.weighted)
        self.targets = {
            style["name"]: self._target(
                paintings.read(style["path"], style["size"]),
                weights_of(config, style["name"]),
            )
            for style in config["style"]
        }

    def score(
        self, pictures: Any, content: Mapping[str, tf.Tensor], styles: Sequence[str]
    ) -> np.ndarray:
        """Return the weighted terms of pictures for some styles.

        Args:
            pictures: (B, H, W, 3) in 0..255.
            content: What `content` returns for the photographs they were made of.
            styles: Names of the styles.

        Returns:
            float32 (styles, B, 4); the terms are in the order of KINDS.
        """
        pairs = [self.targets[name][:2] for name in styles]
        return self._weighted(tf.cast(pictures, tf.float32), content, pairs).numpy()

    def weighted(
        self,
        pictures: tf.Tensor,
        content: Mapping[str, tf.Tensor],
        targets: Sequence[tuple[Mapping[str, tf.Tensor], Mapping[str, tf.Tensor]]],
    ) -> tf.Tensor:
        """Do the work of `score` within a TensorFlow graph.

        Args:
            pictures: float32 (B, H, W, 3) in 0..255.
            content: See `score`.
            targets: Gram matrices and weights, as a Target has them.
        """
        represented = self.objective.represent(pictures)
        sums = [
            kind_sums(self.objective.score(represented, content, grams), weights)
            for grams, weights in targets
        ]
        return tf.stack([tf.stack([s[kind] for kind in KINDS], -1) for s in sums])

    def _target(self, painting: np.ndarray, weights: Mapping[str, float]) -> Target:
        grams = {k: gram[None] for k, gram in self.objective.style(painting).items()}
        scales = {f"style_{k}": float(style_scale(v)[0]) for k, v in grams.items()}
        weights = {term: w * scales.get(term, 1.0) for term, w in weights.items()}
        text = json.dumps([weights, painting.shape]).encode() + painting.tobytes()
        # Tensors, for every new number would trace the functions anew.
        scalars = {term: tf.constant(weight) for term, weight in weights.items()}
        tensors = {layer: tf.constant(gram) for layer, gram in grams.items()}
        return Target(tensors, scalars, hashlib.sha256(text).hexdigest()[:12])


def config_of(run: str | os.PathLike) -> dict[str, Any]:
    """Return the config of a finished run directory of train.py.

    Its style weights are those at the end, which the balance has moved to.

    Raises:
        OSError: The training is not finished.
    """
    path = Path(run) / "run.json"
    try:
        run = json.loads(path.read_text())
    except OSError as error:
        raise OSError(
            f"Cannot read '{path}': {error.strerror}. Give the directory of a finished "
            "training."
        ) from error
    config = run["config"]
    weights = {**config["style_weights"], **run.get("balanced_weights", {})}
    return {**config, "style_weights": weights}


def weights_of(config: Mapping[str, Any], style: str) -> dict[str, float]:
    """Return the weight of every loss term in the training of a style.

    The trainer multiplies the style terms by its style_scales besides.
    """
    style_weight = config["style_weights"][style]
    kinds = {"content": config["content_weight"], "style": style_weight}
    weights = {
        "total_variation": config["total_variation_weight"],
        "repetition": config.get("repetition_weight", 0),  # not in older trainings
    }
    for kind, weight in kinds.items():
        layers, factors = config[f"{kind}_layers"], config[f"{kind}_layer_weights"]
        weights |= weighting.term_weights(kind, weight, layers, factors)
    return weights


def means_of(scores: np.ndarray) -> dict[str, float]:
    """Return the mean of each term of scores (N, 4), and their sum as "total"."""
    means = dict(zip(KINDS, np.mean(scores, axis=0).tolist(), strict=True))
    return {**means, "total": sum(means.values())}


def squares(
    folder: str | os.PathLike, size: int, count: int | None = None
) -> np.ndarray:
    """Return the centre squares of a folder's photographs.

    Args:
        folder: The folder.
        size: Side of the squares, in px.
        count: Number of the photographs, the first ones; None for all.

    Returns:
        uint8 (N, size, size, 3).

    Raises:
        OSError: The folder holds no photographs.
    """
    files = folders.search(folder).pictures[:count]
    photos = [square(images.read(file).pixels, size) for file in files]
    if not photos:
        raise OSError(f"'{folder}' holds no photographs.")
    return np.stack(photos)


def square(pixels: np.ndarray, size: int) -> np.ndarray:
    """Return the centre square of a picture, uint8 (size, size, 3)."""
    pixels = images.resize_short_side(pixels, size)
    top, left = ((side - size) // 2 for side in pixels.shape[:2])
    return pixels[top : top + size, left : left + size]


def batches(photos: np.ndarray, most_pixels: int = BATCH_PIXELS) -> list[np.ndarray]:
    """Return photographs (N, H, W, 3) in batches of so many pixels, in float32."""
    count = max(1, most_pixels // (photos.shape[1] * photos.shape[2]))
    starts = range(0, len(photos), count)
    return [photos[i : i + count].astype(np.float32) for i in starts]


def compiled(generator: Generator) -> Stylize:
    """Return the function that stylizes photographs by a generator."""
    graph = tf.function(lambda photos, weights: generator(photos, weights))
    rows = Rows(generator.styles)

    def stylize(photos: np.ndarray, weights: Mapping[str, float]) -> tf.Tensor:
        batch = np.tile(rows.weights(weights), (len(photos), 1))
        return graph(tf.cast(photos, tf.float32), tf.constant(batch))

    return stylize
