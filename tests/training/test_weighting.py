"""Weights of the terms, given as numbers or found for a painting."""

import json

import keras
import numpy as np
import pytest
from loss_networks import small_loss_network

from fast_style.network.generator import Generator
from fast_style.training import train, weighting
from fast_style.training.trainer import StyleTransferTrainer

CONTENT, STYLE = ("block2_conv1",), ("block1_conv2", "block2_conv1")
WEIGHTS = {
    "content_block2_conv1": 0.5,
    "style_block1_conv2": 1.0,
    "style_block2_conv1": 3.0,
}


@pytest.fixture
def trainer():
    rng = np.random.default_rng(1)
    return StyleTransferTrainer(
        Generator(filters=(4, 6, 8), residual_blocks=0),
        small_loss_network(),
        [rng.integers(0, 256, (70, 66, 3), np.uint8)],
        content_layers=CONTENT,
        style_layers=STYLE,
    )


@pytest.fixture
def photos():
    return np.random.default_rng(2).integers(0, 256, (3, 37, 53, 3), np.uint8)


def test_layer_weights_are_factors_of_the_terms_weight():
    weights = weighting.of_layers("style", 5.0, ("a", "b"), (1.0, 0.5))
    assert weights == {"style_a": 5.0, "style_b": 2.5}
    assert weighting.of_layers("content", 2.0, ["a"]) == {"content_a": 2.0}


@pytest.mark.parametrize("preset", weighting.SHARES)
def test_style_starts_at_its_share_of_the_content(trainer, photos, preset):
    (weight,) = weighting.balanced(preset, trainer, np.split(photos, 3), WEIGHTS)
    grey = np.full((3, 37, 53, 3), 127.5, np.float32)
    trainer.compile("sgd", loss=trainer.loss_terms())
    trainer.compute_loss((photos, np.ones((3, 1))), y_pred=grey)
    terms = {metric.name: float(metric.result()) for metric in trainer.metrics}
    content = 0.5 * terms["content_block2_conv1_loss"]
    style = terms["style_block1_conv2_loss"] + 3 * terms["style_block2_conv1_loss"]
    share = weighting.SHARES[preset]
    assert weight * style == pytest.approx(share * content, rel=0.01)


def test_presets_are_in_order():
    shares = weighting.SHARES
    assert shares["gentle"] < shares["normal"] == shares["auto"] < shares["strong"]


def test_no_share_of_nothing(trainer, photos):
    none = {**WEIGHTS, "content_block2_conv1": 0.0}
    with pytest.raises(ValueError, match="style_weight=auto .* give a number"):
        weighting.balanced("auto", trainer, [photos], none)


@pytest.mark.parametrize("value", ["loud", "", -1.0, float("nan"), float("inf")])
def test_what_is_no_weight_is_refused(value, painting, tmp_path):
    with pytest.raises(ValueError, match="style_weight is .*auto"):
        train.train(painting, style_weight=value, output_dir=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_weight_is_recorded_and_kept_when_the_training_goes_on(
    vgg16_weights, photographs, painting, tmp_path, monkeypatch, caplog
):
    arguments = dict(
        style=painting,
        content_dir=photographs,
        vgg16_weights=vgg16_weights,
        precision="float32",
        output_dir=tmp_path,
        image_size=32,
        batch_size=1,
        steps=4,
        filters=(4, 6, 8),
        residual_blocks=0,
        content_layers=("block1_conv2",),
        style_layers=("block1_conv1",),
        style_weight="strong",
        backup_every=2,
        log_every=2,
    )
    with monkeypatch.context() as patch, caplog.at_level("INFO", "absl"):
        patch.setattr(keras.Model, "save", stop)
        with pytest.raises(KeyboardInterrupt):
            train.train(**arguments)
    config = json.loads((tmp_path / "config.json").read_text())
    weight = config["style_weights"]["scream"]
    assert config["style_weight"] == "strong" and weight > 0
    assert f"style weights are {{'scream': {weight}}}" in caplog.text

    def another(*args, **kwargs):
        return [2 * weight]

    monkeypatch.setattr(weighting, "balanced", another)
    train.train(**arguments)
    run = json.loads((tmp_path / "run.json").read_text())
    assert run["config"]["style_weights"] == {"scream": weight}
    final = run["final"]
    style = weight * final["style_block1_conv1_loss"]
    rest = final["content_block1_conv2_loss"] + 1e-6 * final["total_variation_loss"]
    assert final["loss"] == pytest.approx(style + rest, rel=1e-4)


def stop(*args, **kwargs):
    raise KeyboardInterrupt
