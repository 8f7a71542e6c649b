"""How far a run is, told to another program by --progress."""

import json

import pytest
from commandline import Command

from fast_style.command import messages
from fast_style.command.reports import PAUSE, Report


def read(path):
    return json.loads(path.read_text())


def test_report_tells_pictures_and_their_parts(tmp_path):
    path, now = tmp_path / "progress.json", [0.0]
    report = Report(str(path), lambda: now[0])
    for item in report.pictures(["a", "b"], 2):
        expected = {"picture": "ab".index(item) + 1, "pictures": 2}
        assert read(path) == expected | {"part": 0, "parts": 0, "unit": "picture"}
        report.part(1, 9, "frame")  # too soon after the last line
        assert read(path)["part"] == 0
        now[0] += PAUSE
        report.part(2, 9, "frame")
        assert read(path) == expected | {"part": 2, "parts": 9, "unit": "frame"}
    assert [path] == list(tmp_path.iterdir())


def test_frames_are_told_inside_the_block_alone(tmp_path):
    path = tmp_path / "progress.json"
    with messages.reporting(str(path)), messages.part_progress("a", "frame") as show:
        show(3, 5)
    assert read(path)["part"] == 3
    with messages.part_progress("a", "frame") as show:
        show(4, 5)
    assert read(path)["part"] == 3


@pytest.mark.parametrize("words", [["a.png", "-o", "b.png"], ["sheet", "a.png"]])
def test_commands_write_the_report(folder, capsys, model, words):
    (folder / "photo.png").rename("a.png")
    assert Command(capsys, model)(*words, "--progress=how-far.json") == 0
    told = read(folder / "how-far.json")
    assert told["picture"] == told["pictures"]
