"""scripts/draw_styles draws the pictures of examples/styles."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
STYLES = sorted((ROOT / "examples" / "styles").glob("*.png"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The folder in which the script has drawn the pictures anew."""
    folder = tmp_path_factory.mktemp("styles")
    command = [sys.executable, ROOT / "scripts" / "draw_styles", folder]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def coarse(path):
    with Image.open(path) as picture:
        small = picture.convert("RGB").resize((32, 26), Image.BOX)
    return np.asarray(small, int)


@pytest.mark.long
@pytest.mark.slow
def test_script_draws_the_pictures_of_the_folder_and_no_others(drawn):
    assert len(STYLES) >= 4
    assert {path.name for path in drawn.iterdir()} == {path.name for path in STYLES}


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_picture_is_drawn_as_the_folder_has_it(drawn, path):
    # Another Pillow may set single pixels differently, and another libm a few tiles.
    assert abs(coarse(drawn / path.name) - coarse(path)).mean() < 4


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_picture_can_serve_as_a_style(path):
    picture = pixels(path)
    assert min(picture.shape[:2]) >= 500
    assert path.stat().st_size < 400_000
    assert picture.std() > 40


@pytest.mark.long
@pytest.mark.slow
def test_same_seed_draws_the_same_picture(drawn, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    import hatching

    again = hatching.hatching().quantize(256).convert("RGB")
    np.testing.assert_array_equal(np.asarray(again), pixels(drawn / "hatching.png"))
