"""Lists that are refused, each in one line, before anything is painted."""

from pathlib import Path

import pytest
from commandline import Command, files
from lists import write_csv, write_parquet


@pytest.fixture
def fast_style(capsys, gallery):
    return Command(capsys, gallery)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"file": "a.png"}], "has no column 'path'; it has file. Give --path_column"),
        ([{"path": "a.png", "style": "wav"}], "'list.csv', row 1: "),
        ([{"path": "a.png", "style": "random"}], "Give a number as seed."),
        ([{"path": "a.png", "strength": 2}], "strength is 2.0. Give a number from 0"),
        ([{"path": "a.png", "strength": "x"}], "strength is 'x'. Give a number."),
        ([{"path": "a.png", "output": "../a.png"}], "Give a name within --output."),
        ([{"path": "a.png", "output": "a.xyz"}], "Cannot write 'a.xyz'"),
        ([{"path": "a.png"}, {"path": ""}], "row 2: it has no path."),
        (
            [{"path": "a.png"}, {"path": "b.png"}, {"path": "below/A.png"}],
            "'a.png' and 'below/A.png' have one result, 'out/A.png'. Give names",
        ),
        ([], "has no column 'path'; it has none."),
    ],
)
def test_wrong_rows_are_told_before_anything_is_painted(
    folder, fast_style, rows, message
):
    error = fast_style.fails(write_csv(rows), "-o", "out", "--cluster")
    assert message in error
    assert files(folder) == ["list.csv", "photo.png"]


def test_wrong_lists_are_told(folder, fast_style):
    job = ["list.parquet", "-o", "out", "--cluster"]
    assert "Cannot open 'list.parquet': No such file" in fast_style.fails(*job)
    Path("list.parquet").write_bytes(b"PAR1")
    assert "Cannot read 'list.parquet': it is damaged" in fast_style.fails(*job)
    write_parquet([{"path": "photo.png"}])
    assert "need a folder as --output." in fast_style.fails(job[0], "--cluster")
    Path("list.txt").write_text("\n")
    assert "No pictures in 'list.txt'." in fast_style.fails("list.txt", *job[1:])
