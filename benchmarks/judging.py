"""All measures of one painted picture, beside its photograph and painting."""

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from benchmarks import alexnet, distances, flaws, looks
from benchmarks.faces import SURE_SCORE, movements
from fast_style.content import faces
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS
from fast_style.perception.losses import gram_matrix, saturation
from fast_style.perception.vgg16 import centred

GRIDS = (2, 4, 8)  # px
MIN_SIDE = looks.TILE  # px, of pictures and paintings
# Values by the name of the measure: one, one for each face, or none.
Scores = dict[str, list[float]]


class Measure(NamedTuple):
    """What a figure of the table means.

    Args:
        text: What the table calls it.
        right: The right value; -inf where less is better, inf where more is.
        digits: Digits after the point.
    """

    text: str
    right: float
    digits: int = 3

    def miss(self, value: float) -> float:
        """Return how far a value is from the right one; a ratio by its logarithm."""
        if math.isinf(self.right):
            return value if self.right < 0 else -value
        if self.right == 1:
            return abs(math.log(max(value, 1e-6)))
        return abs(value - self.right)


MEASURES = {
    "lpips": Measure("LPIPS, AlexNet", -math.inf),
    "vgg16_content": Measure("content, VGG16", -math.inf),
    "vgg16_gram": Measure("Gram, VGG16", -math.inf),
    "alexnet_content": Measure("content, AlexNet", -math.inf),
    "alexnet_gram": Measure("Gram, AlexNet", -math.inf),
    "contrast": Measure("contrast / painting's", 1, 2),
    "chroma": Measure("chroma / painting's", 1, 2),
    "colors": Measure("painting's colours there", math.inf, 2),
    "strokes": Measure("stroke length / painting's", 1, 2),
    "saturated": Measure("saturated values", -math.inf),
    "edges": Measure("edges kept", math.inf),
    "halo": Measure("halo, units of lightness", -math.inf, 2),
    "color_halo": Measure("halo of colour, CIELAB units", -math.inf, 2),
    **{
        f"grid_{period}": Measure(
            f"grid of {period} px, grey levels", -math.inf, digits=2
        )
        for period in GRIDS
    },
    "faces": Measure("faces found", math.inf, 2),
    "moved": Measure("landmarks moved, face widths", -math.inf),
}


class Seen(NamedTuple):
    """What a network sees in a picture.

    Args:
        features: {layer: (1, H, W, C)}.
        grams: {layer: (1, C, C)} of the layers of style.
    """

    features: Mapping[str, np.ndarray]
    grams: Mapping[str, np.ndarray]


class Eye(NamedTuple):
    """A network that looks at pictures.

    Args:
        see: Function of a picture, uint8 (H, W, 3).
        content: Layer of the content distance.
        style: Layers of the Gram distance.
    """

    see: Callable[[np.ndarray], Seen]
    content: str
    style: tuple[str, ...]


def eye(
    network: keras.Model,
    content: str,
    style: tuple[str, ...],
    prepare: Callable[[Any], Any] = lambda pictures: pictures,
) -> Eye:
    """Return the Eye of a network.

    Args:
        network: From prepared pictures (B, H, W, 3) to {layer: features}.
        content: See Eye.
        style: See Eye.
        prepare: Function from pictures, float32 in 0..255, to what the network takes.
    """

    @functools.partial(
        tf.function, input_signature=[tf.TensorSpec((1, None, None, 3), tf.float32)]
    )
    def look(pictures: tf.Tensor) -> tuple[Any, Any]:
        features = network(prepare(pictures))
        return features, {layer: gram_matrix(features[layer]) for layer in style}

    def see(pixels: np.ndarray) -> Seen:
        features, grams = look(pixels[None].astype(np.float32))
        return Seen(*({k: v.numpy() for k, v in d.items()} for d in (features, grams)))

    return Eye(see, content, style)


def vgg16_eye(network: keras.Model) -> Eye:
    """Return the Eye of VGG16, in the layers that trainings use by default.

    Args:
        network: `vgg16.vgg16` of STYLE_LAYERS.
    """
    return eye(network, *CONTENT_LAYERS, STYLE_LAYERS, centred)


def alexnet_eye(weights: alexnet.Arrays) -> Eye:
    """Return the Eye of AlexNet, which no training uses."""
    return eye(alexnet.alexnet(weights), "conv3", alexnet.LAYERS)


class Photograph(NamedTuple):
    """A photograph, and what the measures need of it.

    Args:
        lab: The photograph in CIELAB, (H, W, 3).
        seen: What each network sees, by its name.
        faces: The faces in it, sure ones alone.
        flat: Where it is flat, bool (H, W).
        places: Where it could have a halo.
    """

    lab: np.ndarray
    seen: Mapping[str, Seen]
    faces: list[faces.Face]
    flat: np.ndarray
    places: flaws.Surroundings


class Painting(NamedTuple):
    """A painting, and what the measures need of it.

    Args:
        lab: The painting in CIELAB, (H, W, 3).
        seen: What each network sees, by its name.
        stroke_length: px.
    """

    lab: np.ndarray
    seen: Mapping[str, Seen]
    stroke_length: float


class Judge:
    """Measures pictures.

    Args:
        eyes: Networks by name: "vgg16", "alexnet", or some of them.
        channel_weights: See `alexnet.lpips`; None leaves LPIPS out.
        face_network: See `faces.open_network`; None leaves the faces out.
    """

    def __init__(
        self,
        eyes: Mapping[str, Eye],
        channel_weights: list[np.ndarray] | None = None,
        face_network: faces.Network | None = None,
    ) -> None:
        self.eyes = eyes
        self.channel_weights = channel_weights
        self.face_network = face_network

    def photograph(self, pixels: np.ndarray) -> Photograph:
        """Return a photograph, uint8 (H, W, 3), as `score` takes it."""
        colors = looks.lab(pixels)
        lightness = colors[..., 0]
        return Photograph(
            colors,
            self._see(pixels),
            self._find(pixels, SURE_SCORE),
            flaws.flat_regions(lightness),
            flaws.surroundings(lightness),
        )

    def painting(self, pixels: np.ndarray) -> Painting:
        """Return a painting, uint8 (H, W, 3), as `score` takes it."""
        colors = looks.lab(pixels)
        length = looks.stroke_length(colors[..., 0])
        return Painting(colors, self._see(pixels), length)

    def score(
        self, picture: np.ndarray, photo: Photograph, painting: Painting | None
    ) -> Scores:
        """Return the measures of a picture.

        Args:
            picture: uint8 (H, W, 3).
            photo: The photograph that it was painted of, of the same size.
            painting: Its painting; None leaves out what compares with it.

        Returns:
            Of MEASURES those that the judge has the networks for.
        """
        colors = looks.lab(picture)
        seen, places = self._see(picture), photo.places
        lightness = photo.lab[..., 0], colors[..., 0]
        axes = photo.lab[..., 1:], colors[..., 1:]
        figures = {
            "saturated": float(saturation(picture[None].astype(np.float32))),
            "edges": flaws.edge_preservation(*lightness),
            "halo": flaws.halo(*lightness, places),
            "color_halo": flaws.color_halo(*axes, places),
            **{f"grid_{p}": flaws.grid_energy(picture, p) for p in GRIDS},
            **self._beside_photo(seen, photo),
        }
        if painting:
            figures |= self._beside_painting(seen, painting)
            figures |= _looks_beside(colors, photo.flat, painting)
        scores = {k: [v] if math.isfinite(v) else [] for k, v in figures.items()}
        if self.face_network:
            moved = movements(photo.faces, self._find(picture))
            scores["faces"] = [float(m is not None) for m in moved]
            scores["moved"] = [m for m in moved if m is not None]
        return {name: scores[name] for name in MEASURES if name in scores}

    def _find(self, pixels: np.ndarray, least: float = 0) -> list[faces.Face]:
        if not self.face_network:
            return []
        found = faces.find(self.face_network, pixels)
        return [face for face in found if face.score >= least]

    def _see(self, pixels: np.ndarray) -> dict[str, Seen]:
        return {name: eye.see(pixels) for name, eye in self.eyes.items()}

    def _beside_photo(
        self, seen: Mapping[str, Seen], photo: Photograph
    ) -> dict[str, float]:
        figures = {
            f"{name}_content": distances.content_distance(
                seen[name].features[eye.content], photo.seen[name].features[eye.content]
            )
            for name, eye in self.eyes.items()
        }
        if self.channel_weights:
            pair = (each["alexnet"].features for each in (seen, photo.seen))
            figures["lpips"] = alexnet.lpips(*pair, self.channel_weights)
        return figures

    def _beside_painting(
        self, seen: Mapping[str, Seen], painting: Painting
    ) -> dict[str, float]:
        return {
            f"{name}_gram": distances.gram_distance(
                seen[name].grams, painting.seen[name].grams, eye.style
            )
            for name, eye in self.eyes.items()
        }


def _looks_beside(
    colors: np.ndarray, flat: np.ndarray, painting: Painting
) -> dict[str, float]:
    return {
        "contrast": looks.contrast(colors) / max(looks.contrast(painting.lab), 1.0),
        "chroma": looks.chroma(colors) / max(looks.chroma(painting.lab), 1.0),
        "colors": looks.color_coverage(colors, painting.lab),
        "strokes": looks.stroke_length(colors[..., 0], flat) / painting.stroke_length,
    }
