"""What a training is built of."""

import dataclasses
import logging

import numpy as np
import pytest

from fast_style.content import sources
from fast_style.training import assembly
from fast_style.training.settings import Settings


@pytest.fixture(scope="module")
def settings(options):
    return Settings(**options)


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_automatic_precision_is_chosen_once(settings, precision):
    automatic = dataclasses.replace(settings, precision="auto")
    earlier = {"precision": precision}
    parts = assembly.assemble(automatic, start=2, earlier=earlier)
    assert parts.config()["precision"] == precision
    assert parts.trainer.generator.compute_dtype == precision
    weights = parts.trainer.generator.weights
    assert {weight.dtype for weight in weights} == {"float32"}
    assert {weight.dtype for weight in parts.plain_generator().weights} == {"float32"}


@pytest.mark.slow
def test_style_weight_of_a_word_is_found_once(settings, caplog):
    strong = dataclasses.replace(settings, style_weight="strong")
    with caplog.at_level(logging.INFO, "absl"):
        first = assembly.assemble(strong)
    config = first.config()
    weight = config["style_weights"]["scream"]
    assert config["style_weight"] == "strong" and weight > 0
    assert f"style weights are {{'scream': {weight}}}" in caplog.text
    earlier = {"style_weights": {"scream": 2 * weight}}
    parts = assembly.assemble(strong, start=2, earlier=earlier)
    assert parts.style_weights == {"scream": 2 * weight}
    np.testing.assert_array_equal(parts.trainer.colours, first.trainer.colours)


@pytest.mark.slow
def test_content_keeps_its_colours_where_none_are_asked_for(settings):
    plain = dataclasses.replace(settings, recolor=0.0)
    assert assembly.assemble(plain).trainer.colours is None


@pytest.mark.slow
def test_style_weights_of_other_styles_are_not_kept(settings):
    earlier = {"style_weights": {"wave": 7.0}}
    number = dataclasses.replace(settings, style_weight=5.0)
    parts = assembly.assemble(number, start=2, earlier=earlier)
    assert parts.style_weights == {"scream": 5.0}


@pytest.mark.slow
def test_balance_moves_the_style_weights(settings):
    parts = assembly.assemble(dataclasses.replace(settings, style_weight=1e6))
    assert parts.balanced_weights() == parts.style_weights == {"scream": 1e6}
    parts.trainer.balance.assign([np.log(3)])
    assert parts.balanced_weights() == {"scream": 3e6}
    assert parts.style_weights == {"scream": 1e6}


@pytest.mark.slow
def test_weights_of_the_terms_are_layers_factors_times_their_weight(settings):
    weighted = dataclasses.replace(
        settings,
        content_weight=2.0,
        style_weight=3.0,
        style_layer_weights=(1.0, 0.5),
        total_variation_weight=0.25,
    )
    trainer = assembly.assemble(weighted).trainer
    black = np.zeros((1, 32, 32, 3), np.float32)
    trainer.reset_metrics()
    loss = float(trainer.compute_loss((black, np.ones((1, 1))), y_pred=black))
    terms = {metric.name: float(metric.result()) for metric in trainer.metrics}
    expected = (
        2.0 * terms["content_block1_conv2_loss"]
        + 3.0 * terms["style_block1_conv1_loss"]
        + 1.5 * terms["style_block1_conv2_loss"]
        + 0.25 * terms["total_variation_loss"]
    )
    assert loss == pytest.approx(expected, rel=1e-5)


def test_few_photographs_are_warned_of(settings, caplog):
    content = assembly.open_content(settings)
    assert "Only 11 photographs" in caplog.text
    assert len(content.batches) == settings.steps
    caplog.clear()
    sources.warn_of_few(sources.FEW_PICTURES)
    assert not caplog.records


def test_drawn_pictures_need_no_photographs(settings, caplog, monkeypatch):
    drawn = dataclasses.replace(settings, content_dir=None, dataset="synthetic")
    content = assembly.open_content(drawn, start=1)
    assert not caplog.records
    assert len(content.batches) == settings.steps - 1
    assert content.batches[0].shape == (2, 32, 32, 3)
