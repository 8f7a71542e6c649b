"""Jobs of a cluster: the plain command's results, and a report of them."""

import json
import os
import re
import tarfile
import time
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import ray
from commandline import Command, files
from lists import write_csv, write_parquet
from PIL import Image

from fast_style import Stylizer
from fast_style.cluster import report

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("two_processors")]
REPORT = Path("out", report.NAME)
CLUSTER = ("--cluster", "--workers", "1")
ROWS = [
    {"path": "photo.png", "output": "a.png", "style": "scream", "strength": 0.5},
    {"path": "photo.png", "output": "below/b.jpg", "style": "wave:1,scream:3"},
    {"path": "photo.png", "style": "random", "seed": 5},
]


@pytest.fixture
def fast_style(capsys, gallery):
    return Command(capsys, gallery)


@pytest.fixture
def pictures(folder, photo):
    """The current directory with in/, which holds pictures of several kinds."""
    os.makedirs("in/below")
    picture = Image.fromarray(photo)
    for number, name in enumerate(["a.png", "b.jpg", "below/c.webp", "d.gif", "e.bmp"]):
        picture.resize((40 + 8 * number, 40)).save(Path("in", name))
    return folder


def contents(folder):
    """The bytes of all files below a folder, by name, without the report."""
    names = [name for name in files(Path(folder)) if name != report.NAME]
    return {name: Path(folder, name).read_bytes() for name in names}


def rows(path=REPORT):
    return {row["path"]: row for row in pq.read_table(path).to_pylist()}


def counted():
    """What Ray's metrics say of pictures, by their state."""
    port = ray.nodes()[0]["MetricsExportPort"]
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = re.findall(
            r'^ray_fast_style_pictures_total.*state="(\w+)"} (.*)$',
            answer.read().decode(),
            re.M,
        )
    return {state: int(float(count)) for state, count in lines}


# The first test of all, because Ray counts what this process does from its start.
@pytest.mark.long
def test_metrics_count_what_the_report_counts(pictures, fast_style):
    Path("in/b.jpg").write_bytes(b"no picture")
    assert fast_style("in", "-o", "out", *CLUSTER) == 1
    failed = [row for row in rows().values() if row["error"]]
    expected = {"painted": len(rows()) - len(failed), "failed": len(failed)}
    for _ in range(60):  # they are sent every few seconds
        if counted() == expected:
            break
        time.sleep(0.5)
    assert counted() == expected


def test_results_are_those_of_the_plain_command(pictures, fast_style, capsys):
    look = ["--style", "wave:0.7,scream:0.3", "--strength", "0.8", "--max_size", "50"]
    look += ["--format", "png", "--keep_color", "luminance"]
    assert fast_style("in", "-o", "plain", *look) == 0
    assert fast_style("in", "-o", "out", *look, "--cluster") == 0
    assert contents("out") == contents("plain")
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("5 painted in ") and line.endswith(f"; report: {REPORT}")
    table = rows()
    assert len(table) == 5
    row = table["in/below/c.webp"]
    assert row["output"] == "out/below/c.png"
    assert (row["width"], row["height"]) == (50, 36)
    assert (row["style"], row["strength"]) == ("wave:0.7,scream:0.3", 0.8)
    assert row["seconds"] > 0 and row["error"] is None


def test_broken_pictures_are_rows_and_lines(pictures, fast_style, capsys):
    Path("in/b.jpg").write_bytes(b"no picture")
    Path("in/e.bmp").write_bytes(Path("in/e.bmp").read_bytes()[:200])
    assert fast_style("in", "-o", "plain") == 1
    plain = capsys.readouterr().err.splitlines()
    assert fast_style("in", "-o", "out", *CLUSTER) == 1
    assert sorted(capsys.readouterr().err.splitlines()) == sorted(plain)
    assert contents("out") == contents("plain")
    broken = {path: row["error"] for path, row in rows().items() if row["error"]}
    assert {f"fast-style: error: {text}" for text in broken.values()} < set(plain)
    assert sorted(broken) == ["in/b.jpg", "in/e.bmp"]


def test_json_is_that_of_the_plain_command(pictures, fast_style, capsys):
    Path("in/b.jpg").write_bytes(b"no picture")

    def lines(*arguments):
        assert fast_style("in", "-o", "out", "--json", *arguments) == 1
        found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert all(line.pop("seconds", 1) > 0 for line in found)
        return sorted(found, key=lambda line: line["input"])

    assert lines() == lines(*CLUSTER, "--overwrite")


def test_second_run_goes_on_where_the_first_was(pictures, fast_style, capsys):
    Path("in/b.jpg").write_bytes(b"no picture")
    assert fast_style("in", "-o", "out", *CLUSTER) == 1
    before = contents("out")
    Path("out/a.png").unlink()
    Path("out/e.bmp").write_bytes(b"")  # as a power failure leaves it
    Image.open("in/a.png").save("in/b.jpg")
    capsys.readouterr()
    assert fast_style("in", "-o", "out", *CLUSTER) == 0
    out = capsys.readouterr().out
    assert out.startswith("3 painted in ") and ", 2 skipped that exist already" in out
    after = contents("out")
    assert after.pop("b.jpg") and after == before
    table = pq.read_table(REPORT)
    assert len(table) == 5 and table["error"].null_count == 5


def test_report_gets_rows_of_results_that_it_lacks(pictures, fast_style):
    assert fast_style("in", "-o", "out") == 0
    assert fast_style("in", "-o", "out", *CLUSTER) == 0
    assert {row["seconds"] for row in rows().values()} == {None}
    assert rows()["in/a.png"]["output"] == "out/a.png"


def test_results_of_other_settings_are_not_left_out(pictures, fast_style):
    assert fast_style("in", "-o", "out", *CLUSTER) == 0
    before = contents("out")
    other = ["in", "-o", "out", *CLUSTER, "--style", "scream"]
    error = fast_style.fails(*other)
    assert "'out/a.png' exists already" in error
    assert "with another style. Give --overwrite or another --output." in error
    assert contents("out") == before
    assert fast_style(*other, "--overwrite") == 0
    assert contents("out").keys() == before.keys()
    assert contents("out")["a.png"] != before["a.png"]
    assert {row["style"] for row in rows().values()} == {"scream"}


def test_job_that_fails_everywhere_is_ended(pictures, fast_style, capsys):
    for path in Path("in").glob("*.*"):
        path.write_bytes(b"no picture")
    assert fast_style("in", "-o", "out", *CLUSTER, "--max_failures", "2") == 1
    *_, note, error = capsys.readouterr().err.splitlines()
    assert "of 5 pictures are painted. The same command goes on." in note
    assert error.endswith("3 pictures failed. The job ends; --max_failures allows 2.")
    assert sum(row["error"] is not None for row in rows().values()) == 3


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_rows_are_painted_by_their_own_settings(folder, fast_style, gallery, write):
    job = [write(ROWS), "-o", "out", *CLUSTER]
    assert fast_style(*job, "--style", "wave", "--strength", "0.9") == 0
    names = Stylizer(gallery).styles
    random = names[np.random.default_rng(5).integers(len(names))]
    plain = [
        ["a.png", "--style", "scream", "--strength", "0.5"],
        ["below/b.jpg", "--style", "wave:1,scream:3", "--strength", "0.9"],
        ["photo.png", "--style", random, "--strength", "0.9"],
    ]
    for name, *look in plain:
        assert fast_style("photo.png", "-o", f"plain/{name}", *look) == 0
        assert Path("out", name).read_bytes() == Path("plain", name).read_bytes()
    assert files(folder / "out") == ["a.png", "below/b.jpg", report.NAME, "photo.png"]
    table = pq.read_table(f"out/{report.NAME}").to_pylist()
    strengths = {row["output"]: row["strength"] for row in table}
    assert strengths["out/a.png"] == 0.5 and strengths["out/photo.png"] == 0.9


def test_text_is_a_path_a_line(folder, fast_style, capsys):
    Image.open("photo.png").save("photo 2.jpg")
    Path("list.txt").write_text("photo.png\n\nphoto 2.jpg\nnone.png\n")
    assert fast_style("list.txt", "-o", "out", *CLUSTER) == 1
    problem, count = capsys.readouterr().err.splitlines()
    assert "Cannot open 'none.png': No such file" in problem
    assert count.endswith("1 of 3 failed.")
    assert files(folder / "out") == [report.NAME, "photo 2.jpg", "photo.png"]
    Path("list.txt").write_text("photo.png\nphoto 2.jpg\n")
    assert fast_style("list.txt", "-o", "out", *CLUSTER) == 0
    assert capsys.readouterr().out.startswith("2 skipped that exist already, 0 failed")


@pytest.mark.long
def test_addresses_are_read_and_written(pictures, fast_style, capsys):
    Path("in/e.bmp").write_bytes(b"no picture")
    Path("in/notes #1.txt").touch()
    source, target = (f"file://{pictures}/{name}" for name in ("in", "out"))
    job = [source, "-o", target, *CLUSTER, "--style", "scream"]
    assert fast_style("in", "-o", "plain", "--style", "scream") == 1
    plain = capsys.readouterr().err.replace("'in/", f"'{source}/").splitlines()
    assert fast_style(*job) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[1:] == plain[1:] and "Left out what is no picture" in told[0]
    assert contents("out") == contents("plain")
    assert rows()[f"{source}/below/c.webp"]["output"] == f"{target}/below/c.webp"
    Path("out/a.png").unlink()
    Image.open("in/a.png").save("in/e.bmp")
    assert fast_style(*job) == 0
    assert capsys.readouterr().out.startswith("2 painted in ")
    assert contents("out").keys() == contents("plain").keys() | {"e.bmp"}
    assert pq.read_table(REPORT)["error"].null_count == 5


def test_pictures_in_parquet_are_painted(pictures, fast_style):
    names = ["a.png", "b.jpg", "below/c.webp"]
    data = [Path("in", name).read_bytes() for name in names]
    table = [
        {"file": name, "picture": {"bytes": content}, "strength": 0.5}
        for name, content in zip(names, data, strict=True)
    ]
    pq.write_table(pa.Table.from_pylist(table), "table.parquet", row_group_size=2)
    columns = ["--path_column", "file", "--image_column", "picture"]
    job = ["table.parquet", "-o", f"file://{pictures}/out", *CLUSTER, *columns]
    assert fast_style(*job) == 0
    assert fast_style("in", "-o", "plain", "--strength", "0.5") == 0
    assert contents("out") == {name: contents("plain")[name] for name in names}
    pq.write_table(pa.table({"image": data[:1]}), "bare.parquet")
    assert fast_style("bare.parquet", "-o", "bare", *CLUSTER) == 0
    assert list(contents("bare")) == ["bare-000001.png"]


def test_archives_of_a_webdataset_are_painted(pictures, fast_style, capsys):
    for shard, names in {"0.tar": ["a.png", "b.jpg"], "1.tar": ["a.png"]}.items():
        with tarfile.open(shard, "w") as archive:
            for name in names:
                archive.add(f"in/{name}", name)
            archive.addfile(tarfile.TarInfo("a.json"))
    assert fast_style("0.tar", "1.tar", "-o", "out", *CLUSTER) == 0
    assert fast_style("in", "-o", "plain") == 0
    plain = contents("plain")
    assert contents("out") == {
        "0/a.png": plain["a.png"],
        "0/b.jpg": plain["b.jpg"],
        "1/a.png": plain["a.png"],
    }
    assert "0.tar:b.jpg" in rows()
