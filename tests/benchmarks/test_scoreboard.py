import csv

import numpy as np
import pytest
from PIL import Image

from benchmarks import judging, scoreboard
from benchmarks.inputs import Photo
from benchmarks.result_sets import Results

pytestmark = pytest.mark.slow


@pytest.fixture
def paintings(tmp_path, painting):
    """A folder with a painting for "wave", large enough to measure."""
    folder = tmp_path / "paintings"
    folder.mkdir()
    with Image.open(painting) as image:
        image.resize((180, 160)).save(folder / "wave.png")
    return folder


@pytest.fixture
def measure(photographs, paintings, lpips_weights, capsys):
    """A function that runs the scoreboard and returns what it prints."""

    def run(*words):
        flags = [f"--content_dir={photographs}", f"--style_dir={paintings}"]
        flags += ["--image_size=96", "--photos=2", f"--lpips_weights={lpips_weights}"]
        scoreboard.main([*flags, *map(str, words)])
        return capsys.readouterr().out

    return run


@pytest.mark.long
def test_sets_are_measured_beside_each_other(
    measure, model, vgg16_weights, face_model, tmp_path, cells
):
    words = [f"--vgg16_weights={vgg16_weights}", f"--face_model={face_model}"]
    words += [f"--csv={tmp_path / 'scores.csv'}", f"--sheet={tmp_path / 'sheet.png'}"]
    text = measure(*words, model, f"photo={model},strength=0")
    assert cells(text, "pictures") == ["", "4", "4"]
    for name in ("LPIPS, AlexNet", "content, VGG16", "content, AlexNet"):
        assert cells(text, name)[2] == "0.000 (2 of 2)"  # an unpainted photograph
    assert cells(text, "edges kept")[2].startswith("1.000")
    with open(tmp_path / "scores.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 8
    for line in lines:
        # Only "wave" has a painting.
        assert bool(line["vgg16_gram"]) == (line["style"] == "wave")
        assert bool(line["alexnet_gram"]) == (line["style"] == "wave")
        assert line["lpips"] and line["grid_4"] and line["edges"]
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 4 * scoreboard.TILE > sheet.height > 2 * scoreboard.TILE


def test_networks_can_be_left_out(measure, model, tmp_path):
    text = measure("--without=vgg16,alexnet,faces", "--styles=wave", model)
    for left_out in ("LPIPS", "VGG16", "faces found"):
        assert left_out not in text.split("Made by")[0]
    assert "grid of 4 px" in text and "contrast" in text


def test_unknown_networks_are_named(measure, model):
    with pytest.raises(ValueError, match="No vgg; leave out of vgg16, alexnet, faces"):
        measure("--without=vgg", model)


@pytest.mark.parametrize("flag", ["--image_size=64", "--style_size=95", "--photos=0"])
def test_numbers_out_of_range_are_named(measure, model, flag, capsys):
    with pytest.raises(SystemExit):
        measure(flag, model)
    value = flag.split("=")[1]
    assert f"'{value}' is invalid. Give a whole number of" in capsys.readouterr().err


def test_missing_packages_are_named(tmp_path):
    with pytest.raises(OSError, match="a.ckpt is not installed. Install it by 'pip"):
        scoreboard.installed("no_such_package", "weights/a.ckpt")


def test_faces_count_in_the_photographs_that_have_some():
    def network(batch):  # one face in the corner, as sure as the corner is bright
        boxes, logits = np.zeros((1, 896, 16)), np.full((1, 896, 1), -9.0)
        boxes[0, 0, :4] = [0, 0, 16, 16]
        logits[0, 0] = 9 * batch[0, 0, 0, 0]
        return boxes, logits

    judge = judging.Judge({}, face_network=network)
    dark, light = (np.full((96, 96, 3), value, np.uint8) for value in (0, 255))
    doubtful = np.full((96, 96, 3), 137, np.uint8)
    for photo, picture, found in (
        (light, light, [1.0]),
        (light, dark, [0.0]),
        (light, doubtful, [1.0]),
        (doubtful, light, []),  # no sure face in the photograph
    ):
        scores = judge.score(picture, judge.photograph(photo), None)
        assert scores["faces"] == found
        assert scores["moved"] == [0.0] * (found == [1.0])
        assert scores["halo"] == []  # a plain photograph has no edge


def test_sheet_has_a_place_for_what_a_set_lacks():
    photos = [Photo("p", np.zeros((96, 96, 3), np.uint8))]
    sets = [
        Results(name, styles, lambda photo, style: photo.pixels)
        for name, styles in (("old", ("wave",)), ("new", ("wave", "scream")))
    ]
    _, shown = scoreboard.score(judging.Judge({}), sets, photos, {})
    assert set(shown) == {("old", "wave"), ("new", "wave"), ("new", "scream")}
    sheet = scoreboard.draw(sets, photos, {}, shown)
    assert sheet.shape[0] > 2 * scoreboard.TILE
