import json

import numpy as np
import pytest

from benchmarks import scoring
from fast_style.network.generator import Generator
from fast_style.perception import KINDS
from fast_style.training import paintings
from fast_style.training.trainer import StyleTransferTrainer


@pytest.mark.slow
def test_terms_are_those_of_the_training(scorer, gallery_config, painting, squares):
    generator = Generator(("scream",), filters=(4, 4, 4), residual_blocks=0)
    trainer = StyleTransferTrainer(
        generator,
        scorer.objective.network,
        [paintings.read(painting, 64)],
        content_layers=gallery_config["content_layers"],
        style_layers=gallery_config["style_layers"],
    )
    weights = scoring.weights_of(gallery_config, "scream")
    trainer.compile(loss=trainer.loss_terms(), loss_weights=weights)
    inputs = (squares, np.ones((3, 1), np.float32))
    logs = trainer.evaluate(inputs, batch_size=3, verbose=0, return_dict=True)
    pictures = scoring.compiled(generator)(squares, {"scream": 1.0})
    (terms,) = scorer.score(pictures, scorer.content(squares), ["scream"])
    means = scoring.means_of(terms)
    assert means["total"] == pytest.approx(logs["loss"], rel=1e-4)
    style = sum(
        weights[f"style_{layer}"] * logs[f"style_{layer}_loss"]
        for layer in gallery_config["style_layers"]
    )
    assert means["style"] == pytest.approx(style, rel=1e-4)


@pytest.mark.slow
def test_terms_are_those_of_each_picture_and_style(scorer, squares):
    content = scorer.content(squares)
    both = scorer.score(squares[::-1], content, ["scream", "wave"])
    assert both.shape == (2, 3, len(KINDS))
    for i, style in enumerate(("scream", "wave")):
        alone = scorer.score(squares[2:], scorer.content(squares[:1]), [style])
        np.testing.assert_allclose(both[i, :1], alone[0], rtol=1e-4)


@pytest.mark.slow
def test_a_photograph_has_no_content_term_of_its_own(scorer, squares):
    (terms,) = scorer.score(squares, scorer.content(squares), ["scream"])
    assert terms[:, 0].max() < 1e-6 * terms[:, 1].min()


@pytest.mark.slow
def test_fingerprint_differs_by_painting_and_weights(
    scorer, gallery_config, vgg16_weights
):
    scream, wave = (scorer.targets[n].fingerprint for n in ("scream", "wave"))
    assert scream != wave
    changed = {**gallery_config, "style_weights": {"scream": 7.5e4, "wave": 3e4}}
    targets = scoring.Scorer(changed, vgg16_weights).targets
    assert targets["scream"].fingerprint != scream
    assert targets["wave"].fingerprint == wave


def test_batches_hold_every_photograph(squares):
    batches = scoring.batches(squares, most_pixels=2 * 32 * 32)
    assert [len(batch) for batch in batches] == [2, 1]
    np.testing.assert_array_equal(np.concatenate(batches), squares)
    assert [len(batch) for batch in scoring.batches(squares, most_pixels=1)] == [1] * 3


def test_empty_folder_is_named(tmp_path):
    with pytest.raises(OSError, match="holds no photographs"):
        scoring.squares(tmp_path, 32)


def test_style_weights_are_those_at_the_end(tmp_path):
    run = {"config": {"style_weights": {"scream": 2e6}, "steps": 9}}
    (tmp_path / "run.json").write_text(json.dumps(run))
    assert scoring.config_of(tmp_path) == run["config"]
    run["balanced_weights"] = {"scream": 3e6}
    (tmp_path / "run.json").write_text(json.dumps(run))
    assert scoring.config_of(tmp_path)["style_weights"] == {"scream": 3e6}


def test_unfinished_training_is_named(tmp_path):
    with pytest.raises(OSError, match="Give the directory of a finished training"):
        scoring.config_of(tmp_path)
