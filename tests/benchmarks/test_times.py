"""The benchmarks that time LiteRT in this process."""

import sys

import numpy as np
import pytest
from PIL import Image

from benchmarks import blend_times, kernel_profile, timeline
from benchmarks.measuring import System


def test_timeline_has_a_line_for_each_stage(photo, tmp_path, capsys):
    Image.fromarray(photo).save(tmp_path / "photo.png")
    timeline.main([str(tmp_path / "photo.png")])
    _, _, *lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines] == [
        "import fast_style",
        "load the model",
        "begin to lay out memory",
        "read the photo",
        "run the network",
        "encode the result",
        "(run the network again)",
    ]


def test_every_case_of_every_file_is_timed(gallery, model, capsys):
    blend_times.main(["--image_size=32", "--rounds=1", str(gallery), str(model)])
    _, _, *lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert "first style, wave" in lines[0] and "1.00" in lines[0]
    assert "blend of all 2" in lines[6] and str(model) in lines[6]


@pytest.mark.slow
def test_profile_names_kernels_or_says_why_not(model, tmp_path):
    picture = tmp_path / "photo.npy"
    np.save(picture, np.zeros((32, 32, 3), np.uint8))
    system = System("light LiteRT int8", sys.executable, "litert", str(model), "light")
    with open(tmp_path / "log.txt", "w") as log:
        text = kernel_profile.text([system], picture, 1, log)
    assert text.startswith(
        "### Where the time goes\n\nPicture: photo.npy.\n\nlight Lite"
    )
    assert "| share of time |" in text or "not profiled" in text
