"""A training of several styles and the photograph in one generator."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

from fast_style.training.settings import Settings
from fast_style.training.train import train

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("eagerly")]


@pytest.fixture(scope="module")
def gallery_options(options, painting):
    styles = [f"{painting},name=wave,weight=2,size=64", painting]
    return {**options, "style": styles, "style_weight": "normal", "blends": 0.5}


@pytest.fixture(scope="module")
def gallery_run(gallery_options, tmp_path_factory):
    """The run directory of a finished training."""
    output_dir = tmp_path_factory.mktemp("run")
    train(Settings(**gallery_options), output_dir)
    return output_dir


@pytest.fixture(scope="module")
def generator(gallery_run):
    return keras.saving.load_model(gallery_run / "generator.keras")


def test_result_has_the_styles_and_the_photograph(generator):
    assert generator.styles == ("wave", "scream", "photo")
    photos = np.full((1, 20, 24, 3), 200, np.uint8)
    photos[:, 5:9] = 30
    result = np.asarray(generator(photos, np.float32([[0, 0, 1]])))
    np.testing.assert_allclose(result, photos, atol=1e-3)


def test_rows_of_all_styles_are_trained(generator):
    for weight in generator.weights:
        if weight.name == "beta":
            assert (np.abs(weight).max(axis=1) > 0).all()
            assert len(np.unique(np.asarray(weight), axis=0)) == 3


def test_style_weights_fit_each_painting(gallery_run):
    config = json.loads((gallery_run / "run.json").read_text())["config"]
    weights = config["style_weights"]
    assert list(weights) == ["wave", "scream"]
    # Nearly the same picture, and the weight of "wave" is doubled.
    assert weights["wave"] / weights["scream"] == pytest.approx(2, rel=0.2)
    assert [style["size"] for style in config["style"]] == [64, 512]


def test_samples_have_a_row_for_each_style(gallery_run, generator):
    strip = np.asarray(Image.open(gallery_run / "samples" / "00000004.png"))
    assert strip.shape == (4 * 32, 32, 3)
    photo, *results = np.split(strip, 4)
    for row, result in zip(np.eye(3, dtype=np.float32), results, strict=True):
        expected = np.asarray(generator(photo[None], row[None]))[0].round()
        assert np.abs(result - expected).max() <= 1


@pytest.mark.parametrize("count", [1, 2])
def test_training_does_not_go_on_with_other_styles(gallery_options, tmp_path, count):
    wave, scream = gallery_options["style"]
    before = [f"{scream},name=kiss"]
    asked = Settings(**{**gallery_options, "style": before}).resolved().to_json()
    earlier = {**asked, "style_weights": {"kiss": 3.0}}
    (tmp_path / "config.json").write_text(json.dumps(earlier))
    (tmp_path / "backup").mkdir()
    np.savez(tmp_path / "backup" / "00000002.npz", 0)
    after = Settings(**{**gallery_options, "style": [wave, scream][:count]})
    with pytest.raises(ValueError, match="holds another training: style was.*kiss"):
        train(after, tmp_path)
    assert list(tmp_path.glob("backup/*.npz"))
