"""What the measurements of quality are asked for."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def gallery_config(painting):
    """What run.json says of a training of two styles."""
    style = {"path": str(painting), "size": 64, "weight": 1.0}
    return {
        "style": [{**style, "name": "wave", "size": 80}, {**style, "name": "scream"}],
        "style_weights": {"wave": 3.0, "scream": 7.0},
        "content_weight": 2.0,
        "content_layers": ["block2_conv2"],
        "content_layer_weights": None,
        "style_layers": ["block1_conv2", "block2_conv2"],
        "style_layer_weights": [1.0, 0.5],
        "total_variation_weight": 1e-4,
    }


@pytest.fixture(scope="session")
def objective(gallery_config, vgg16_weights):
    """That training's scoring.Objective."""
    from benchmarks import scoring

    return scoring.Objective(gallery_config, vgg16_weights)


@pytest.fixture(scope="session")
def squares():
    """Three pictures of noise, uint8 (3, 32, 32, 3)."""
    return np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
