import re

from benchmarks import report
from benchmarks.report import Target


def test_table_lines_its_columns_up():
    text = report.table(["system", "s"], [["light", "0.25"], ["peer", "11.00"]])
    assert text.splitlines() == [
        "| system |     s |",
        "| ------ | ----: |",
        "| light  |  0.25 |",
        "| peer   | 11.00 |",
    ]


def test_target_is_missed_beyond_its_limit():
    assert not Target("a", 0.8, 0.8).missed
    assert Target("a", 0.81, 0.8).missed
    assert Target("a", 2.1, 2.2, at_most=False).missed
    assert not Target("a", None, 0.8).missed
    assert Target("a", None, 0.8).cells() == ["a", "at most 0.8", "-", "not measured"]
    assert Target("a", 2.3, 2.2, at_most=False).cells()[1:] == [
        "at least 2.2",
        "2.30",
        "pass",
    ]


def test_section_replaces_the_one_of_its_heading(tmp_path):
    path = tmp_path / "docs" / "figures.md"
    for section in ("## One\n\na\n", "## Two\n\nb\n", "## One\n\nc\n"):
        report.publish(section, path)
    assert path.read_text() == "# Benchmarks\n\n## One\n\nc\n\n## Two\n\nb\n"


def test_section_is_printed_where_no_file_is_given(capsys):
    report.publish("## One", "")
    assert capsys.readouterr().out == "## One\n"


def test_machine_is_described():
    assert re.search(r"., 3 cores, \d+ GiB, \w+, Python 3\.", report.machine(3))


def test_equal_pictures_have_no_decibels():
    assert report.decibels(0) == "same"
    assert report.decibels(255**2 / 100) == "20.0"
