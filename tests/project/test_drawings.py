"""scripts/draw_styles gives the pictures of examples/styles."""

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
    """Where the script has drawn the pictures anew."""
    folder = tmp_path_factory.mktemp("styles")
    command = [sys.executable, ROOT / "scripts" / "draw_styles", folder]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def coarse(path):
    return np.asarray(Image.open(path).convert("RGB").resize((32, 26), Image.BOX), int)


def test_the_script_draws_the_pictures_that_are_there_and_no_others(drawn):
    assert len(STYLES) >= 4
    assert {path.name for path in drawn.iterdir()} == {path.name for path in STYLES}


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_picture_is_drawn_as_it_is_there(drawn, path):
    # Another Pillow may set single pixels differently, and another libm a few tiles.
    assert abs(coarse(drawn / path.name) - coarse(path)).mean() < 4


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_picture_can_serve_as_a_style(path):
    picture = Image.open(path).convert("RGB")
    assert min(picture.size) >= 500
    assert path.stat().st_size < 400_000
    assert np.asarray(picture).std() > 40


def test_same_seed_draws_the_same_picture(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    import prints

    first, second = (np.asarray(prints.halftone()) for _ in range(2))
    np.testing.assert_array_equal(first, second)
