"""Workers that die or cannot paint, by their pictures and by their machines."""

import os
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from commandline import Command, files
from workers import Foreign, Full, Mortal

from fast_style import __version__
from fast_style.cluster import report, running
from fast_style.cluster.pool import Pool

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.usefixtures("two_processors"),
]


@pytest.fixture
def fast_style(capsys, model):
    return Command(capsys, model)


@pytest.fixture
def pictures(folder):
    """The current directory with in/a.png to in/f.png."""
    os.mkdir("in")
    for name in "abcdef":
        Path(f"in/{name}.png").write_bytes(Path("photo.png").read_bytes())
    return folder


@pytest.fixture
def workers(monkeypatch):
    """Sets the class of workers."""
    return lambda kind: monkeypatch.setattr(running, "Pool", partial(Pool, kind=kind))


def test_picture_that_kills_workers_is_a_row(pictures, fast_style, workers, capsys):
    workers(Mortal)
    os.rename("in/c.png", "in/deadly.png")
    assert fast_style("in", "-o", "out", "--cluster", "--workers", "2") == 1
    names = ["a.png", "b.png", "d.png", "e.png", "f.png", report.NAME]
    assert files(pictures / "out") == names
    lines = capsys.readouterr().err.splitlines()
    assert sum("note: A worker died (" in line for line in lines) >= 3
    (problem,) = [line for line in lines if "error: Cannot paint" in line]
    assert "Cannot paint 'in/deadly.png': 3 workers died of it (" in problem
    table = pq.read_table(f"out/{report.NAME}").to_pylist()
    errors = {row["path"]: row["error"] for row in table if row["error"]}
    assert list(errors) == ["in/deadly.png"] and len(table) == 6


def test_full_disk_ends_the_job(pictures, fast_style, workers, capsys):
    workers(Full)
    assert fast_style("in", "-o", "out", "--cluster", "--workers", "1") == 1
    problem, note, end = capsys.readouterr().err.splitlines()
    assert "error: Cannot write 'out/" in problem
    assert problem.endswith(".png': No space left on device.")
    assert note.endswith("0 of 6 pictures are painted. The same command goes on.")
    assert end == "fast-style: error: No result can be written any more."
    assert files(pictures / "out") == [report.NAME]


def test_machine_with_another_version_is_told(pictures, fast_style, workers, capsys):
    workers(Foreign)
    assert fast_style("in/a.png", "-o", "out/", "--cluster") == 1
    *_, error = capsys.readouterr().err.splitlines()
    assert f"has fast_style 0.0.1, and the command has {__version__}." in error
    assert files(pictures / "out") == [report.NAME]
