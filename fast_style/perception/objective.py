"""The loss terms of pictures, and the loss network that they are taken by.

Everyone who scores pictures asks here: the training, the search for a style weight,
the distillation and the benchmarks.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
from keras import ops

from fast_style.perception import (
    CONTENT_LAYERS,
    LOSS_NETWORKS,
    STYLE_LAYERS,
    term_names,
)
from fast_style.perception.compact import compact
from fast_style.perception.losses import (
    distances,
    gram_matrix,
    total_variation,
)
from fast_style.perception.repetition import repetition
from fast_style.perception.vgg16 import centred, subnetwork, vgg16
from fast_style.tensors import Features, Tensor


def loss_network(
    name: str,
    layers: Iterable[str],
    *,
    vgg16_weights: str | os.PathLike = "imagenet",
    dtype: str = "float32",
) -> keras.Model:
    """Return a frozen loss network by its name.

    Args:
        name: "vgg16" or "compact".
        layers: See vgg16.
        vgg16_weights: See vgg16; or a .npz file of compact.save_vgg16. "compact" reads
            its own from the package.
        dtype: Precision of weights and features, "float32" or "bfloat16".

    Returns:
        A keras.Model from centred pictures (B, H, W, 3) to {layer: features}.

    Raises:
        OSError, ValueError: See vgg16.
    """
    if name not in LOSS_NETWORKS:
        raise ValueError(
            f"loss_network is '{name}'; give one of {', '.join(LOSS_NETWORKS)}."
        )
    if name == "compact":
        return compact(layers, dtype)
    if Path(vgg16_weights).suffix == ".npz":
        return compact(layers, dtype, vgg16_weights)
    return vgg16(layers, vgg16_weights, dtype)


class Representation(NamedTuple):
    """What the loss terms compare of a batch of pictures.

    Args:
        content: Features of the content layers, {layer: (B, H, W, C)}.
        style: Gram matrices of the style layers, {layer: float32 (B, C, C)}.
        variation: Total variation of each picture, float32 (B,).
        repetition: What each picture repeats from cell to cell, float32 (B,).
    """

    content: Features
    style: Features
    variation: Tensor
    repetition: Tensor


class Objective:
    """The terms of pictures (Johnson et al. 2016), and how much they repeat themselves.

    Args:
        network: A loss network, which has all the layers.
        content_layers: Layers whose features a result shares with its photograph.
        style_layers: Layers whose Gram matrices a result shares with the painting.
    """

    def __init__(
        self,
        network: keras.Model,
        content_layers: Iterable[str] = CONTENT_LAYERS,
        style_layers: Iterable[str] = STYLE_LAYERS,
    ) -> None:
        self.network = network
        self.content_layers = tuple(content_layers)
        self.style_layers = tuple(style_layers)
        self.content_network = subnetwork(network, self.content_layers)

    @property
    def terms(self) -> list[str]:
        """Names of all terms: content_<layer>, style_<layer> and the others."""
        return [
            *term_names("content", self.content_layers),
            *term_names("style", self.style_layers),
            "total_variation",
            "repetition",
        ]

    def content(self, photographs: Tensor) -> Features:
        """Return the features that results of photographs are to have.

        The network runs only as far as the content layers.

        Args:
            photographs: (B, H, W, 3) in 0..255.

        Returns:
            {layer: (B, H, W, C)}.
        """
        return self.content_network(centred(photographs))

    def represent(self, pictures: Tensor) -> Representation:
        """Return what the terms compare of pictures.

        Args:
            pictures: Float (B, H, W, 3) in 0..255.
        """
        return self._representation(self.network(centred(pictures)), pictures)

    def measured(self, pictures: np.ndarray) -> Representation:
        """Return what `represent` does, outside a training step.

        The network is compiled as a whole. A GPU would otherwise spend a second on each
        operation of each new size.

        Args:
            pictures: (B, H, W, 3) in 0..255.
        """
        features = self.network.predict_on_batch(centred(pictures))
        # Under a tf.distribute.Strategy each replica returns the whole batch.
        features = {layer: f[: len(pictures)] for layer, f in features.items()}
        return self._representation(features, ops.cast(pictures, "float32"))

    def style(self, painting: np.ndarray) -> dict[str, np.ndarray]:
        """Return the Gram matrices that results in the style of a painting are to have.

        They are the mean over its windows.

        Args:
            painting: uint8 (H, W, 3).

        Returns:
            {layer: float32 (C, C)}.
        """
        grams = [
            self.measured(window[None].astype(np.float32)).style
            for window in windows(painting)
        ]
        return {
            layer: np.mean(
                [ops.convert_to_numpy(gram[layer][0]) for gram in grams], axis=0
            )
            for layer in self.style_layers
        }

    def _representation(self, features: Features, pictures: Tensor) -> Representation:
        return Representation(
            {layer: features[layer] for layer in self.content_layers},
            {layer: gram_matrix(features[layer]) for layer in self.style_layers},
            total_variation(pictures),
            repetition(pictures),
        )

    def score(
        self,
        pictures: Representation,
        content: Mapping[str, Tensor],
        style: Mapping[str, Tensor],
    ) -> dict[str, Tensor]:
        """Return the terms of pictures, each picture by itself.

        Args:
            pictures: What `represent` returns for B pictures; a single picture may
                be scored against the targets of many.
            content: The features they are to have, as `content` returns them.
            style: The Gram matrices they are to have, {layer: (B, C, C)}.

        Returns:
            {term: float32 (B,)}, in the order of `terms`.
        """
        scores = {
            f"content_{layer}": distances(pictures.content[layer], content[layer])
            for layer in self.content_layers
        }
        for layer in self.style_layers:
            scores[f"style_{layer}"] = distances(pictures.style[layer], style[layer])
        scores["total_variation"] = pictures.variation
        scores["repetition"] = pictures.repetition
        return scores


def windows(painting: np.ndarray) -> list[np.ndarray]:
    """Return square windows that cover a picture, evenly spread over its longer side.

    A panorama then takes no more memory than a square, and all paintings of one short
    side have one shape, for which the loss network is compiled once.
    """
    height, width = painting.shape[:2]
    side = min(height, width)
    count = -(-max(height, width) // side)
    places = np.linspace(0, max(height, width) - side, count).round().astype(int)
    if height > width:
        return [painting[place : place + side] for place in places]
    return [painting[:, place : place + side] for place in places]


def style_scale(grams: np.ndarray) -> np.ndarray:
    """Return the factor that makes a style term a relative distance, near 1 at first.

    It makes the terms of all layers and paintings comparable.

    Args:
        grams: Gram matrices of paintings in one layer, (paintings, C, C).

    Returns:
        float32 (paintings,), one divided by the mean square of each matrix.
    """
    return 1 / np.square(grams).mean(axis=(1, 2))
