"""A training of several styles and the photograph in one generator."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

from fast_style.training import train


@pytest.fixture(scope="module")
def arguments(vgg16_weights, photographs, painting):
    return dict(
        style=[f"{painting},name=wave,weight=2,size=64", str(painting)],
        content_dir=photographs,
        vgg16_weights=vgg16_weights,
        precision="float32",
        image_size=32,
        batch_size=2,
        steps=4,
        warmup_steps=1,
        filters=(4, 6, 8),
        residual_blocks=1,
        content_layers=("block1_conv2",),
        style_layers=("block1_conv1", "block1_conv2"),
        style_weight="normal",
        blends=0.5,
        backup_every=2,
        log_every=2,
    )


@pytest.fixture(scope="module")
def finished(arguments, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    train.train(**arguments, output_dir=folder)
    return folder


def load(run):
    return keras.saving.load_model(run / "generator.keras")


def test_result_has_the_styles_and_the_photograph(finished):
    generator = load(finished)
    assert generator.styles == ("wave", "scream", "photo")
    photos = np.full((1, 20, 24, 3), 200, np.uint8)
    photos[:, 5:9] = 30
    result = np.asarray(generator(photos, np.float32([[0, 0, 1]])))
    np.testing.assert_allclose(result, photos, atol=1e-3)


def test_rows_of_all_styles_are_trained(finished):
    for weight in load(finished).weights:
        if weight.name == "beta":
            assert (np.abs(weight).max(axis=1) > 0).all()
            assert len(np.unique(np.asarray(weight), axis=0)) == 3


def test_style_weights_are_the_paintings_own(finished):
    config = json.loads((finished / "run.json").read_text())["config"]
    weights = config["style_weights"]
    assert list(weights) == ["wave", "scream"]
    # Nearly the same picture, and one's weight is doubled.
    assert weights["wave"] / weights["scream"] == pytest.approx(2, rel=0.2)
    assert [style["size"] for style in config["style"]] == [64, 384]


def test_samples_have_a_row_for_each_style(finished):
    strip = np.asarray(Image.open(finished / "samples" / "00000004.png"))
    assert strip.shape == (4 * 32, 32, 3)
    photo, *results = np.split(strip, 4)
    for row, result in zip(np.eye(3, dtype=np.float32), results, strict=True):
        expected = np.asarray(load(finished)(photo[None], row[None]))[0].round()
        assert np.abs(result - expected).max() <= 1


def test_resumed_training_ends_as_a_whole_one(finished, arguments, tmp_path, killed):
    killed(2, **arguments, output_dir=tmp_path)
    train.train(**arguments, output_dir=tmp_path)
    assert json.loads((tmp_path / "run.json").read_text())["resumed_at"] == 2
    for one, other in zip(load(finished).weights, load(tmp_path).weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)


def test_photograph_can_be_left_out_or_asked_for(arguments, tmp_path):
    train.train(**arguments, photo=False, output_dir=tmp_path / "two")
    assert load(tmp_path / "two").styles == ("wave", "scream")
    alone = {**arguments, "style": arguments["style"][1], "photo": True}
    train.train(**alone, output_dir=tmp_path / "one")
    assert load(tmp_path / "one").styles == ("scream", "photo")


def test_several_styles_are_added_at_once(arguments, finished, tmp_path):
    styles = [f"{arguments['style'][1]},name=new{i}" for i in range(2)]
    given = {**arguments, "style": styles, "filters": None, "residual_blocks": None}
    train.train(**given, base_model=finished, tune="style", output_dir=tmp_path)
    assert load(tmp_path).styles == ("wave", "scream", "photo", "new0", "new1")


@pytest.mark.parametrize("before, after", [(2, 1), (1, 2)])
def test_training_does_not_go_on_with_other_styles(
    arguments, tmp_path, killed, before, after
):
    given = {**arguments, "photo": False, "output_dir": tmp_path}
    killed(2, **{**given, "style": arguments["style"][:before]})
    with pytest.raises(ValueError, match="holds another training: style was"):
        train.train(**{**given, "style": arguments["style"][:after]})
    assert list(tmp_path.glob("backup/*.npz"))


@pytest.mark.parametrize(
    "given, message",
    [
        ({"blends": 1.5}, "--blends is 1.5; give a share from 0 to 1"),
        ({"style": ["a.png,name=b", "b.png"]}, "names are b, b.*; give each its own"),
    ],
)
def test_what_makes_no_gallery_is_refused(arguments, tmp_path, given, message):
    with pytest.raises(ValueError, match=message):
        train.train(**{**arguments, **given}, output_dir=tmp_path / "run")
    assert not (tmp_path / "run").exists()
