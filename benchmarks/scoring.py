"""Scores generators by the true VGG16 on photographs they were not trained on."""

import keras
import numpy as np

from fast_style import images
from fast_style.trainer import StyleTransferTrainer


def squares(folder, size):
    """Centre squares of a folder's pictures, uint8 (N, size, size, 3)."""
    found = []
    for path in images.find_images(folder):
        pixels = images.resize_short_side(images.read(path).pixels, size)
        top, left = ((side - size) // 2 for side in pixels.shape[:2])
        found.append(pixels[top : top + size, left : left + size])
    return np.stack(found)


def score(generator, vgg, painting, photos, weights):
    """The terms of the training's loss, with VGG16.

    Args:
        generator: A Generator of one style.
        vgg: loss_networks.vgg16 of the layers that `weights` names.
        painting: uint8 (H, W, 3), as large as in training.
        photos: uint8 (N, H, W, 3).
        weights: Dict {term: weight} as StyleTransferTrainer.loss_terms names them.

    Returns:
        Dict of the mean "content", "style", "variation" (weighted) and "total".
    """
    layers = {
        kind: [n.removeprefix(f"{kind}_") for n in weights if n.startswith(f"{kind}_")]
        for kind in ("content", "style")
    }
    trainer = StyleTransferTrainer(
        generator,
        vgg,
        painting,
        content_layers=layers["content"],
        style_layers=layers["style"],
    )
    trainer.compile(
        keras.optimizers.Adam(), loss=trainer.loss_terms(), loss_weights=weights
    )
    logs = trainer.evaluate(photos, batch_size=5, verbose=0, return_dict=True)
    parts = {
        kind: sum(
            weight * logs[f"{term}_loss"]
            for term, weight in weights.items()
            if term.startswith(kind)
        )
        for kind in ("content", "style", "total_variation")
    }
    return {**parts, "total": sum(parts.values())}
