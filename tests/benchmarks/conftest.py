"""A tiny gallery, and what its training asked for."""

import pickle

import numpy as np
import pytest

from fast_style.network.generator import Generator
from fast_style.training import runs


@pytest.fixture(scope="session")
def gallery_config(painting):
    """The config in run.json of a training of two styles."""
    style = {"path": str(painting), "size": 64, "weight": 1.0}
    return {
        "style": [{**style, "name": "wave", "size": 80}, {**style, "name": "scream"}],
        "style_weights": {"wave": 3e4, "scream": 7e4},
        "content_weight": 2.0,
        "content_layers": ["block2_conv2"],
        "content_layer_weights": None,
        "style_layers": ["block1_conv2", "block2_conv2"],
        "style_layer_weights": [1.0, 0.5],
        "total_variation_weight": 1e-4,
    }


@pytest.fixture(scope="session")
def scorer(gallery_config, vgg16_weights):
    """The scoring.Scorer of that training."""
    from benchmarks import scoring

    return scoring.Scorer(gallery_config, vgg16_weights)


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory, gallery_config):
    """A run directory of that training, with an untrained generator."""
    folder = tmp_path_factory.mktemp("gallery")
    rows = ("wave", "scream", "photo")
    generator = Generator(rows, filters=(4, 4, 4), residual_blocks=0)
    generator.build((None, None, None, 3))
    runs.finish(folder, generator, gallery_config, {})
    return folder


@pytest.fixture(scope="session")
def squares():
    """Three pictures of noise, float32 (3, 32, 32, 3) in 0..255."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (3, 32, 32, 3)).astype(np.float32)


@pytest.fixture(scope="session")
def cells():
    """A function that returns the cells of a table's line, but its first, by that."""

    def find(text, first):
        lines = [line for line in text.splitlines() if line.startswith(f"| {first} ")]
        assert len(lines) == 1, text
        return [cell.strip() for cell in lines[0].strip("|").split("|")][1:]

    return find


@pytest.fixture(scope="session")
def lpips_weights(tmp_path_factory):
    """A file of LPIPS with AlexNet, with random weights."""
    rng = np.random.default_rng(0)
    sizes = [(11, 3, 64), (5, 64, 192), (3, 192, 384), (3, 384, 256), (3, 256, 256)]
    weights = {"AlexNet_0": {}}
    for i, (size, inputs, filters) in enumerate(sizes):
        kernel = rng.normal(0, 1 / size, (size, size, inputs, filters)) / inputs**0.5
        weights["AlexNet_0"][f"Conv_{i}"] = {
            "kernel": kernel.astype(np.float32),
            "bias": np.zeros(filters, np.float32),
        }
        factors = rng.uniform(0, 1, (1, 1, filters, 1)).astype(np.float32)
        weights[f"NetLinLayer_{i}"] = {"Conv_0": {"kernel": factors}}
    path = tmp_path_factory.mktemp("lpips") / "alexnet.ckpt"
    path.write_bytes(pickle.dumps(weights))
    return path
