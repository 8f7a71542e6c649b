"""Which pictures can serve as a style, and at what size."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fast_style.training import paintings, train

ROOT = Path(__file__).parents[2]
TEAL = np.full((100, 130, 3), (0, 128, 128), np.uint8)


def noisy(deviation):
    noise = np.random.default_rng(0).normal(0, deviation, TEAL.shape)
    return (TEAL + noise).clip(0, 255).astype(np.uint8)


def specked():
    pixels = TEAL.copy()
    pixels[40:48, 60:68] = 255  # half a hundredth of the picture
    return pixels


def transparent():
    colours = np.random.default_rng(0).integers(0, 256, (100, 130, 4), np.uint8)
    colours[..., 3] = 0
    return colours


def test_painting_is_made_smaller_but_not_larger(painting):
    assert paintings.read(painting, 384).shape == (80, 90, 3)
    assert paintings.read(painting, 64).shape == (64, 72, 3)


@pytest.mark.parametrize(
    "pixels",
    [TEAL, TEAL[..., 0], noisy(2), specked(), transparent()],
    ids=["colour", "grey", "noise", "speck", "transparent"],
)
def test_nearly_flat_picture_is_refused(pixels, tmp_path):
    path = tmp_path / "flat.png"
    Image.fromarray(pixels).save(path)
    with pytest.raises(ValueError, match="flat.png' is nearly one flat colour; give"):
        paintings.read(path, 384)


def test_noise_that_the_strokes_size_averages_out_is_flat(tmp_path):
    noise = np.random.default_rng(0).normal(128, 10, (800, 800))
    Image.fromarray(noise.clip(0, 255).astype(np.uint8)).save(tmp_path / "noise.png")
    with pytest.raises(ValueError, match="nearly one flat colour"):
        paintings.read(tmp_path / "noise.png", 100)


def test_pictures_of_little_are_no_flat_ones(tmp_path):
    drawing = np.full((100, 100), 250, np.uint8)
    drawing[::10, :20] = 20  # grey, and a fiftieth is ink
    hazy = np.tile(np.linspace(100, 120, 100), (80, 1)).astype(np.uint8)
    colourful = transparent()
    colourful[30:, :, 3] = 255
    for name, pixels in (("ink", drawing), ("haze", hazy), ("hole", colourful)):
        path = tmp_path / f"{name}.png"
        Image.fromarray(pixels).save(path)
        assert paintings.read(path, 384).shape == (*pixels.shape[:2], 3)


def test_style_pictures_that_cannot_serve_are_refused_before_all_else(tmp_path):
    text = tmp_path / "text.png"
    text.write_text("no picture")
    small = tmp_path / "small.png"
    Image.new("RGB", (200, 63)).save(small)
    flat = tmp_path / "flat.png"
    Image.fromarray(TEAL).save(flat)
    for path, message in (
        (tmp_path / "none.png", "Cannot open"),
        (text, "Cannot read .*text.png"),
        (small, "is 200x63 px; give one of 64 px or more"),
        (flat, "nearly one flat colour"),
    ):
        with pytest.raises((OSError, ValueError), match=message):
            train.train(str(path), output_dir=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_command_refuses_a_flat_picture_in_one_line(tmp_path):
    flat = tmp_path / "flat.png"
    Image.fromarray(noisy(1)).save(flat)
    process = subprocess.run(
        [sys.executable, ROOT / "train.py", f"--style={flat}", "--output_dir=run"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 1
    last = process.stderr.strip().splitlines()[-1]
    assert last.startswith("train.py: error: The style picture ")
    assert "Traceback" not in process.stderr
    assert not (tmp_path / "run").exists()


def test_style_has_options_behind_commas(tmp_path):
    path = tmp_path / "a.b.jpg"
    parse = paintings.parse
    assert parse(path, 384) == (path, "a.b", 384, 1.0)
    assert parse(f"{path},name=wave", 384) == (path, "wave", 384, 1.0)
    found = parse(f"{path}, size=512,weight=0.5 ,name=my wave", 384)
    assert found == (path, "my wave", 512, 0.5)


def test_commas_in_a_path_are_no_options():
    path = "Munch, 1893, The Scream.png"
    found = paintings.parse(f"{path},name=scream, size=100", 384)
    assert found[1:] == ("scream", 100, 1.0) and found.path.name == path


def test_blanks_around_the_name_of_a_file_are_no_part_of_the_styles():
    assert paintings.parse(" my wave .jpg", 384).name == "my wave"


def test_comma_in_the_name_of_a_file_is_part_of_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a,size=70.jpg").touch()
    with pytest.raises(ValueError, match="name is 'a,size=70'; give .*,name=NAME"):
        paintings.parse("a,size=70.jpg", 384)  # a file, whose name is no style's
    assert paintings.parse("b.jpg,size=70", 384).path == tmp_path / "b.jpg"


@pytest.mark.parametrize(
    "options, message",
    [
        ("strength=2", "'strength=2' is none of its options; give PATH,name=NAME"),
        ("size=big", "'size=big' is none"),
        ("name", "name is ''; give --style PATH,name=NAME"),
        ("name=photo", "is not 'photo'"),
        ("name=a:b", "name is 'a:b'"),
        ("name=a\tb", "name is 'a.tb'"),
        ("name=a/b", "name is 'a/b'"),
        ("size=63", "a size of 64 px or more"),
        ("weight=0", "a weight above 0"),
        ("weight=inf", "a weight above 0"),
        ("weight=nan", "a weight above 0"),
    ],
)
def test_options_that_mean_nothing_are_refused_in_one_line(options, message):
    with pytest.raises(ValueError, match=message) as raised:
        paintings.parse(f"wave.jpg,{options}", 384)
    assert "\n" not in str(raised.value)
