import csv
import math

import pytest

from benchmarks import score_table
from benchmarks.judging import MEASURES, Measure
from benchmarks.score_table import Score


@pytest.fixture
def scores():
    """Two sets of two styles and two photographs; "c" is a style of one set alone."""
    values = {
        ("old", "a"): [(0.2, [1.0, 0.0]), (0.4, [])],
        ("old", "b"): [(0.5, [1.0, 1.0]), (0.5, [])],
        ("new", "a"): [(0.1, [1.0, 1.0]), (0.3, [])],
        ("new", "b"): [(0.6, [0.0, 1.0]), (0.6, [])],
        ("new", "c"): [(0.9, [1.0, 1.0]), (0.9, [])],
    }
    return [
        Score(name, style, f"photo{i}", {"lpips": [lpips], "faces": found})
        for (name, style), photos in values.items()
        for i, (lpips, found) in enumerate(photos)
    ]


def test_means_are_over_photographs_or_faces(scores):
    assert score_table.by_style(scores, "lpips")["old"] == {
        "a": pytest.approx(0.3),
        "b": 0.5,
    }
    assert score_table.by_style(scores, "faces")["old"] == {"a": 0.5, "b": 1.0}
    assert score_table.by_style(scores, "halo")["new"]["a"] is None


def test_better_counts_the_common_styles(scores):
    for measure, wins in (("lpips", 1), ("faces", 1), ("halo", 0)):
        styles = score_table.by_style(scores, measure)
        common = 0 if measure == "halo" else 2
        found = score_table.better(styles["old"], styles["new"], measure)
        assert found == (wins, common)


@pytest.mark.parametrize(
    ("right", "nearer", "farther"),
    [(-math.inf, -1, 0.5), (math.inf, 2, 1), (1, 0.8, 1.5), (1, 2, 0.4), (0, -1, 2)],
)
def test_nearer_is_by_the_right_value(right, nearer, farther):
    measure = Measure("", right)
    assert measure.miss(nearer) < measure.miss(farther)


def test_table_has_a_line_for_each_measure_there_is(scores, cells):
    text = score_table.table(scores)
    assert cells(text, "pictures") == ["", "4", "6"]
    assert cells(text, "LPIPS, AlexNet") == ["less", "0.400", "0.567 (1 of 2)"]
    assert cells(text, "faces found") == ["more", "0.75", "0.83 (1 of 2)"]
    assert "halo" not in text


def test_file_has_a_line_for_each_picture(scores, tmp_path):
    score_table.write_csv(scores, tmp_path / "scores.csv")
    with open(tmp_path / "scores.csv", newline="") as file:
        header, first, second, *others = csv.reader(file)
    assert header == ["set", "style", "photo", *MEASURES, "faces_in_photo"]
    assert len(others) == 8
    first, second = (dict(zip(header, line, strict=True)) for line in (first, second))
    assert (first["lpips"], first["faces"], first["faces_in_photo"]) == (
        *("0.2", "0.5"),
        "2",
    )
    assert (second["faces"], second["halo"], second["faces_in_photo"]) == ("", "", "0")
