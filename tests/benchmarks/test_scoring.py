import numpy as np
import pytest

from benchmarks import scoring
from fast_style.network.generator import Generator
from fast_style.training import paintings
from fast_style.training.trainer import StyleTransferTrainer


def test_terms_are_those_of_the_training(objective, gallery_config, painting, squares):
    generator = Generator(("scream",), filters=(4, 4, 4), residual_blocks=0)
    trainer = StyleTransferTrainer(
        generator,
        objective.network,
        [paintings.read(painting, 64)],
        content_layers=gallery_config["content_layers"],
        style_layers=gallery_config["style_layers"],
    )
    weights = scoring.weights_of(gallery_config, "scream")
    trainer.compile(loss=trainer.loss_terms(), loss_weights=weights)
    inputs = (squares, np.ones((3, 1), np.float32))
    logs = trainer.evaluate(inputs, batch_size=3, verbose=0, return_dict=True)
    pictures = scoring.painter(generator)(squares, {"scream": 1.0})
    content = objective.content(squares)
    found = scoring.named(objective.terms(pictures, content, ["scream"])[0])
    assert found["total"] == pytest.approx(logs["loss"], rel=1e-4)
    style = sum(
        weights[f"style_{layer}"] * logs[f"style_{layer}_loss"]
        for layer in gallery_config["style_layers"]
    )
    assert found["style"] == pytest.approx(style, rel=1e-4)


def test_terms_are_given_for_each_picture_and_style(objective, squares):
    content = objective.content(squares)
    both = objective.terms(squares[::-1], content, ["scream", "wave"])
    assert both.shape == (2, 3, 3)
    for i, name in enumerate(("scream", "wave")):
        one = objective.terms(squares[2:], objective.content(squares[:1]), [name])
        np.testing.assert_allclose(both[i, :1], one[0], rtol=1e-4)


def test_a_photograph_has_no_content_term_of_itself(objective, squares):
    terms = objective.terms(squares, objective.content(squares), ["scream"])[0]
    assert terms[:, 0].max() < 1e-6 * terms[:, 1].min()


def test_fingerprint_tells_paintings_and_weights(
    objective, gallery_config, vgg16_weights
):
    first, other = (objective.styles[n].fingerprint for n in ("scream", "wave"))
    assert first != other
    changed = {**gallery_config, "style_weights": {"scream": 7.5, "wave": 3.0}}
    again = scoring.Objective(changed, vgg16_weights).styles
    assert again["scream"].fingerprint != first
    assert again["wave"].fingerprint == other


def test_batches_hold_every_photograph(squares, monkeypatch):
    monkeypatch.setattr(scoring, "PIXELS", 2 * 32 * 32)
    found = scoring.batches(squares)
    assert [len(batch) for batch in found] == [2, 1]
    np.testing.assert_array_equal(np.concatenate(found), squares)


def test_squares_says_that_a_folder_is_empty(tmp_path):
    with pytest.raises(OSError, match="holds no photographs"):
        scoring.squares(tmp_path, 32)
