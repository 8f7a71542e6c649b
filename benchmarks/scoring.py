"""What a training asked for, asked of any pictures: its loss terms, by VGG16."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from absl import flags

from fast_style import images
from fast_style.perception import KINDS, kind_sums, objective
from fast_style.perception.vgg16 import vgg16
from fast_style.training import paintings, weighting

PIXELS = 5 * 256 * 256  # of a batch: about 1 GB of VGG16's features


def define_flags():
    """Defines the flags that all measurements of quality have."""
    flags.DEFINE_string("content_dir", None, "Folder of photographs.", required=True)
    flags.DEFINE_string("vgg16_weights", "imagenet", "Path of VGG16's weights (.h5).")
    flags.DEFINE_integer("image_size", 256, "Side of the square photographs, in px.")
    flags.DEFINE_integer(
        "photos", None, "Photographs, the folder's first ones. Default: all."
    )
    flags.DEFINE_enum(
        "precision", "float32", ("float32", "bfloat16"), "Precision of VGG16."
    )
    flags.DEFINE_string("output", None, "Markdown file whose section is replaced.")


class Style(NamedTuple):
    """What a training asked of one style.

    Args:
        grams: {layer: float32 (1, C, C)}, of its painting.
        weights: {term: weight} of all loss terms.
        fingerprint: Tells it from what any other training asked for.
    """

    grams: dict
    weights: dict
    fingerprint: str


class Objective:
    """A training's loss, by VGG16, picture by picture.

    Args:
        config: The training's, as run.json has it.
        vgg16_weights: See vgg16.vgg16.
        precision: "float32" or "bfloat16", of VGG16.

    Attributes:
        styles: {name: Style}.
        precision: As given.
    """

    def __init__(self, config, vgg16_weights, precision="float32"):
        self.precision = precision
        layers = config["content_layers"], config["style_layers"]
        self.network = vgg16([*layers[0], *layers[1]], vgg16_weights, precision)
        self._objective = objective.Objective(self.network, *layers)
        self.content = tf.function(self._objective.content)
        self._terms = tf.function(self.weighed)
        self.styles = {
            entry["name"]: self._style(
                paintings.read(entry["path"], entry["size"]),
                weights_of(config, entry["name"]),
            )
            for entry in config["style"]
        }

    def terms(self, pictures, content, names):
        """The terms of pictures, for each of some styles.

        Args:
            pictures: float32 (B, H, W, 3) in 0..255.
            content: What `content` gives of the photographs they were made of.
            names: Of styles.

        Returns:
            float32 (len(names), B, 3), weighted, in the order of KINDS.
        """
        styles = [self.styles[name] for name in names]
        targets = [(style.grams, style.weights) for style in styles]
        return self._terms(tf.cast(pictures, tf.float32), content, targets).numpy()

    def weighed(self, pictures, content, targets):
        """`terms` for TensorFlow's graphs; of pairs of a Style's grams and weights."""
        scored = self._objective.represent(pictures)
        sums = (
            kind_sums(self._objective.score(scored, content, grams), weights)
            for grams, weights in targets
        )
        return tf.stack([tf.stack([s[kind] for kind in KINDS], -1) for s in sums])

    def _style(self, painting, weights):
        grams = self._objective.represent(painting[None].astype(np.float32)).style
        asked = json.dumps([weights, painting.shape]).encode() + painting.tobytes()
        # Tensors, for a number would have every function traced anew.
        scalars = {term: tf.constant(weight) for term, weight in weights.items()}
        return Style(grams, scalars, hashlib.sha256(asked).hexdigest()[:12])


def config_of(run):
    """The config of a finished run directory of train.py."""
    path = Path(run) / "run.json"
    try:
        return json.loads(path.read_text())["config"]
    except OSError as error:
        raise OSError(
            f"Cannot read '{path}': {error.strerror}. Give the directory of a finished "
            "training."
        ) from error


def weights_of(config, name):
    """The weight of every loss term in a training of a style: {term: weight}."""
    layers = {
        kind: (config[f"{kind}_layers"], config[f"{kind}_layer_weights"])
        for kind in ("content", "style")
    }
    return {
        **weighting.of_layers("content", config["content_weight"], *layers["content"]),
        **weighting.of_layers("style", config["style_weights"][name], *layers["style"]),
        "total_variation": config["total_variation_weight"],
    }


def named(terms):
    """Means of terms (N, 3) by name, and their sum "total"."""
    means = dict(zip(KINDS, np.mean(terms, axis=0).tolist(), strict=True))
    return {**means, "total": sum(means.values())}


def squares(folder, size, count=None):
    """Centre squares of a folder's first pictures, uint8 (N, size, size, 3)."""
    found = []
    for path in images.find_images(folder)[:count]:
        pixels = images.resize_short_side(images.read(path).pixels, size)
        top, left = ((side - size) // 2 for side in pixels.shape[:2])
        found.append(pixels[top : top + size, left : left + size])
    if not found:
        raise OSError(f"'{folder}' holds no photographs.")
    return np.stack(found)


def batches(photos):
    """Photographs (N, H, W, 3) a few at a time, float32, fewer the larger they are."""
    count = max(1, PIXELS // (photos.shape[1] * photos.shape[2]))
    starts = range(0, len(photos), count)
    return [photos[i : i + count].astype(np.float32) for i in starts]


def painter(generator):
    """A function that paints photographs (B, H, W, 3), by {style: weight}."""
    compiled = tf.function(lambda photos, weights: generator(photos, weights))

    def paint(photos, weights):
        row = [weights.get(name, 0.0) for name in generator.styles]
        rows = tf.constant([row] * len(photos), tf.float32)
        return compiled(tf.cast(photos, tf.float32), rows)

    return paint
