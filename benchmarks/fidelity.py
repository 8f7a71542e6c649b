"""How near the compact loss network comes to VGG16, layer by layer.

python -m benchmarks.fidelity --content_dir PHOTOS --style_dir PAINTINGS \\
    --vgg16_weights FILE.h5 --run RUN_DIRECTORY [--output docs/quality.md]

Looks at photographs, and at what a generator makes of them: its stylised pictures, and
ones half-way between the two.
"""

import os

import numpy as np
import tensorflow as tf
from absl import app, flags

from benchmarks import report
from benchmarks.scoring import squares
from fast_style import gallery, images
from fast_style.network.loading import load_generator
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS
from fast_style.perception.compact import multiplications
from fast_style.perception.losses import gram_matrix
from fast_style.perception.objective import loss_network
from fast_style.perception.vgg16 import centred

(CONTENT,) = CONTENT_LAYERS
TAPS = STYLE_LAYERS

flags.DEFINE_string("content_dir", None, "Folder of photographs.", required=True)
flags.DEFINE_string("style_dir", None, "Folder of paintings.", required=True)
flags.DEFINE_string("vgg16_weights", "imagenet", "Path of VGG16's weights (.h5).")
flags.DEFINE_string("run", None, "A run of train.py, for its pictures.", required=True)
flags.DEFINE_integer("image_size", 256, "Side of the square pictures, in px.")
flags.DEFINE_string("output", None, "Markdown file whose section is replaced.")


def compare(networks, picture, photo, targets):
    """What two loss networks say of one picture.

    Args:
        networks: Two, from centred pictures to {tap: features}; the first is right.
        picture, photo: float32 (1, H, W, 3) in 0..255; the photograph it was made of.
        targets: For each network, the Gram matrices of the painting aimed at.

    Returns:
        Dict {tap: float32 (4,)}: squared error and squared norm of the features,
        relative error of the Gram matrix, cosine of the gradients of the Gram term;
        and "content", a scalar: cosine of the gradients of the content term.
    """
    features, grams, gradients = zip(
        *(
            _look(network, picture, photo, target)
            for network, target in zip(networks, targets, strict=True)
        ),
        strict=True,
    )
    found = {
        tap: tf.stack(
            [
                tf.reduce_sum((features[1][tap] - features[0][tap]) ** 2),
                tf.reduce_sum(features[0][tap] ** 2),
                tf.norm(grams[1][tap] - grams[0][tap]) / tf.norm(grams[0][tap]),
                _cosine(gradients[0][tap], gradients[1][tap]),
            ]
        )
        for tap in TAPS
    }
    return {**found, "content": _cosine(*(g["content"] for g in gradients))}


def _look(network, picture, photo, target):
    content = network(centred(photo))[CONTENT]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(picture)
        features = network(centred(picture))
        grams = {tap: gram_matrix(features[tap]) for tap in TAPS}
        terms = {tap: tf.reduce_sum((grams[tap] - target[tap]) ** 2) for tap in TAPS}
        terms["content"] = tf.reduce_sum((features[CONTENT] - content) ** 2)
    return features, grams, {k: tape.gradient(v, picture) for k, v in terms.items()}


def _cosine(a, b):
    return tf.reduce_sum(a * b) / (tf.norm(a) * tf.norm(b))


def rows(networks, pictures, photos, paintings):
    """Table rows of a kind of pictures: each tap's figures, over all of them."""
    targets = [
        [
            {tap: gram_matrix(f) for tap, f in network(centred(painting)).items()}
            for network in networks
        ]
        for painting in paintings
    ]

    @tf.function
    def compiled(picture, photo, target):
        return compare(networks, picture, photo, target)

    found = [
        compiled(picture[None], photo[None], targets[i % len(targets)])
        for i, (picture, photo) in enumerate(zip(pictures, photos, strict=True))
    ]
    mean = {k: np.mean([f[k] for f in found], axis=0) for k in found[0]}
    # A photograph's own content term is zero, and has no gradient.
    content = "-" if pictures is photos else f"{mean['content']:.3f}"
    return [
        [tap, f"{error / size:.3f}", f"{gram:.3f}", f"{cosine:.3f}"]
        + [content if tap == CONTENT else "-"]
        for tap in TAPS
        for error, size, gram, cosine in [mean[tap]]
    ]


def main(argv):
    del argv
    options = flags.FLAGS
    photos = squares(options.content_dir, options.image_size)
    paintings = [
        images.resize_short_side(images.read(path).pixels, 384)[None]
        for path in images.find_images(options.style_dir)
    ]
    networks = [
        loss_network(name, TAPS, vgg16_weights=options.vgg16_weights)
        for name in ("vgg16", "compact")
    ]
    generator = load_generator(options.run)
    stylised = generator.predict(photos, batch_size=5, verbose=0)
    photos = photos.astype(np.float32)
    kinds = {
        "photographs": photos,
        "half-stylised": (photos + stylised) / 2,
        "stylised": stylised,
    }
    lines = [
        [kind if i == 0 else "", *row]
        for kind, pictures in kinds.items()
        for i, row in enumerate(rows(networks, pictures, photos, paintings))
    ]
    header = ["pictures", "layer", "features", "Gram", "cosine, style", "content"]
    table = report.table(header, lines)
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
        table=table,
    )
    report.publish(section, options.output)


SECTION = """## The compact loss network

VGG16 in low rank: {share:.0f} % of its multiplications up to block4_conv3,
{weights:.2f} M weights, {megabytes:.1f} MB. Compared with VGG16 on {photos} photographs
that it was not made from ({size}x{size} px), on a generator's pictures of them, and on
pictures half-way between, for {paintings} paintings in turn:

- features: squared error over squared norm, over all pictures;
- Gram: norm of the error over the norm, mean of the pictures;
- cosines: of the gradients, with respect to the picture, of the layer's Gram term and
  of the content term.

{table}

Made by `python -m benchmarks.fidelity --content_dir=PHOTOGRAPHS --style_dir=PAINTINGS
--vgg16_weights=FILE.h5 --run=RUN`.
"""


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    app.run(main)
