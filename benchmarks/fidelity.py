"""Compare the compact loss network with VGG16, layer by layer.

python -m benchmarks.fidelity --content_dir=PHOTOGRAPHS --style_dir=PAINTINGS \\
    --vgg16_weights=FILE.h5 --run=RUN_DIRECTORY

Compares them on photographs, on a generator's pictures of these in its first style, and
on pictures half-way between. Takes a minute for 16 photographs at 256 px.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from benchmarks import report, script
from benchmarks.scoring import add_photographs, batches, compiled, squares
from fast_style import folders, gallery, images
from fast_style.argument_types import path
from fast_style.network.loading import load_generator
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS
from fast_style.perception.compact import multiplications
from fast_style.perception.losses import gram_matrix
from fast_style.perception.objective import Objective, loss_network
from fast_style.perception.vgg16 import centred
from fast_style.styles import Rows

(CONTENT,) = CONTENT_LAYERS
TAPS = STYLE_LAYERS
# Shares of the generator's picture over the photograph.
KINDS = {"photographs": 0.0, "half-stylized": 0.5, "stylized": 1.0}
Grams = dict[str, tf.Tensor]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument(
        "--style_dir", type=path, required=True, help="Folder of paintings."
    )
    parser.add_argument(
        "--run", type=path, required=True, help="Run directory of train.py."
    )
    add_photographs(parser)
    options = parser.parse_args(arguments)
    photos = squares(options.content_dir, options.image_size, options.photos)
    paintings = [
        images.resize_short_side(images.read(path).pixels, 384)
        for path in folders.search(options.style_dir).pictures
    ]
    networks = [
        loss_network(name, TAPS, vgg16_weights=options.vgg16_weights)
        for name in ("vgg16", "compact")
    ]
    generator = load_generator(options.run)
    stylize, style = compiled(generator), Rows(generator.styles).painted[0]
    stylized = np.concatenate([stylize(batch, {style: 1}) for batch in batches(photos)])
    lines = table_lines(networks, photos.astype(np.float32), stylized, paintings)
    ranks = {
        layer.name.removesuffix("_reduced"): layer.filters
        for layer in networks[1].layers
        if layer.name.endswith("_reduced")
    }
    section = SECTION.format(
        photos=len(photos),
        size=options.image_size,
        paintings=len(paintings),
        share=100 * multiplications(ranks) / multiplications({}),
        weights=sum(weight.size for weight in networks[1].get_weights()) / 1e6,
        megabytes=gallery.COMPACT_WEIGHTS.stat().st_size / 1e6,
        table=report.table(HEADER, lines),
    )
    report.publish(section, options.output)


def table_lines(
    networks: Sequence[keras.Model],
    photos: np.ndarray,
    stylized: np.ndarray,
    paintings: Sequence[np.ndarray],
) -> list[list[str]]:
    """Return the table's lines: every layer on every kind of pictures.

    Args:
        networks: VGG16 and the network to compare with it.
        photos: float32 (N, H, W, 3).
        stylized: A generator's pictures of them, float32 (N, H, W, 3).
        paintings: Pictures, uint8 (H, W, 3), that the photographs take in turn.
    """
    objectives = [Objective(network, CONTENT_LAYERS, TAPS) for network in networks]
    targets = [
        [objective.style(painting) for objective in objectives]
        for painting in paintings
    ]

    @tf.function
    def traced(picture: tf.Tensor, photo: tf.Tensor, target: Any) -> Any:
        return compare(networks, picture, photo, target)

    lines = []
    for kind, share in KINDS.items():
        pictures = photos + np.float32(share) * (stylized - photos)
        figures = [
            traced(picture[None], photo[None], targets[i % len(targets)])
            for i, (picture, photo) in enumerate(zip(pictures, photos, strict=True))
        ]
        means = {
            name: np.mean([figure[name] for figure in figures], axis=0)
            for name in figures[0]
        }
        # A photograph's own content term is zero, and has no gradient.
        content = f"{means['content']:.3f}" if share else "-"
        for tap in TAPS:
            error, norm, gram, cosine = means[tap]
            cells = [tap, f"{error / norm:.3f}", f"{gram:.3f}", f"{cosine:.3f}"]
            cells.append(content if tap == CONTENT else "-")
            lines.append([kind if tap == TAPS[0] else "", *cells])
    return lines


def compare(
    networks: Sequence[keras.Model],
    picture: tf.Tensor,
    photo: tf.Tensor,
    targets: Sequence[Grams],
) -> dict[str, tf.Tensor]:
    """Compare what two loss networks say of one picture.

    Args:
        networks: VGG16 and the network to compare with it.
        picture: float32 (1, H, W, 3) in 0..255.
        photo: The photograph it was made of, alike.
        targets: For each network the Gram matrices of the painting.

    Returns:
        For each tap float32 (4,): squared error and squared norm of the features,
        relative error of the Gram matrix, cosine of the gradients of the Gram term.
        For "content" a scalar: cosine of the gradients of the content term.
    """
    (true, true_gradients), (near, near_gradients) = (
        _gradients(network, picture, photo, target)
        for network, target in zip(networks, targets, strict=True)
    )
    figures = {}
    for tap in TAPS:
        true_gram, near_gram = gram_matrix(true[tap]), gram_matrix(near[tap])
        figures[tap] = tf.stack(
            [
                tf.reduce_sum((near[tap] - true[tap]) ** 2),
                tf.reduce_sum(true[tap] ** 2),
                tf.norm(near_gram - true_gram) / tf.norm(true_gram),
                _cosine(true_gradients[tap], near_gradients[tap]),
            ]
        )
    content = _cosine(true_gradients["content"], near_gradients["content"])
    return {**figures, "content": content}


def _gradients(
    network: keras.Model, picture: tf.Tensor, photo: tf.Tensor, target: Mapping
) -> tuple[Grams, Grams]:
    """Return a picture's features, and the gradients of its terms."""
    content = network(centred(photo))[CONTENT]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(picture)
        features = network(centred(picture))
        terms = {
            tap: tf.reduce_sum((gram_matrix(features[tap]) - target[tap]) ** 2)
            for tap in TAPS
        }
        terms["content"] = tf.reduce_sum((features[CONTENT] - content) ** 2)
    return features, {k: tape.gradient(term, picture) for k, term in terms.items()}


def _cosine(first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(first * second) / (tf.norm(first) * tf.norm(second))


HEADER = ["pictures", "layer", "features", "Gram", "cosine, style", "content"]
SECTION = """## The compact loss network

VGG16 in low rank: {share:.0f} % of its multiplications up to block4_conv3,
{weights:.2f} M weights, {megabytes:.1f} MB. It was compared with VGG16 on {photos}
photographs that it was not made from ({size}x{size} px), on a generator's pictures of
them, and on pictures halfway between, for {paintings} paintings in turn:

- features: the squared error divided by the squared norm, over all pictures;
- Gram: the norm of the error divided by the norm, mean of the pictures;
- cosines: of the gradients with respect to the picture, of the layer's Gram term and of
  the content term.

{table}

Made by `python -m benchmarks.fidelity --content_dir=PHOTOGRAPHS --style_dir=PAINTINGS
--vgg16_weights=FILE.h5 --run=RUN`.
"""


if __name__ == "__main__":
    script.run(main)
