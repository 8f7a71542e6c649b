"""Scores generators by the true VGG16 on photographs they were not trained on."""

import numpy as np

from fast_style import images, weighting
from fast_style.trainer import StyleTransferTrainer


def squares(folder, size):
    """Centre squares of a folder's pictures, uint8 (N, size, size, 3)."""
    found = []
    for path in images.find_images(folder):
        pixels = images.resize_short_side(images.read(path).pixels, size)
        top, left = ((side - size) // 2 for side in pixels.shape[:2])
        found.append(pixels[top : top + size, left : left + size])
    return np.stack(found)


def weights_of(config):
    """The weight of every loss term in a training's config: {term: weight}."""
    style_weight = config.get("balanced_style_weight") or config["style_weight"]
    return {
        **weighting.of_layers(
            "content",
            config["content_weight"],
            config["content_layers"],
            config["content_layer_weights"],
        ),
        **weighting.of_layers(
            "style",
            style_weight,
            config["style_layers"],
            config["style_layer_weights"],
        ),
        "total_variation": config["total_variation_weight"],
    }


def score(generator, vgg, painting, photos, config):
    """The terms of a training's loss, by VGG16.

    Args:
        generator: A Generator of one style.
        vgg: loss_networks.vgg16 of all layers of the config.
        painting: uint8 (H, W, 3), as large as in training.
        photos: uint8 (N, H, W, 3).
        config: Of the training whose weights are taken, as run.json has it.

    Returns:
        Dict of the weighted means "content", "style", "total_variation" and their
        sum "total".
    """
    trainer = StyleTransferTrainer(
        generator,
        vgg,
        painting,
        content_layers=config["content_layers"],
        style_layers=config["style_layers"],
    )
    weights = weights_of(config)
    trainer.compile(loss=trainer.loss_terms(), loss_weights=weights)
    logs = trainer.evaluate(photos, batch_size=5, verbose=0, return_dict=True)
    terms = {
        kind: sum(
            weight * logs[f"{term}_loss"]
            for term, weight in weights.items()
            if term.startswith(kind)
        )
        for kind in ("content", "style", "total_variation")
    }
    return {**terms, "total": sum(terms.values())}
