"""Runs over folders: nothing is left out in silence, and nothing stops the others."""

import errno
import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from commandline import Command, files
from PIL import Image

from fast_style import Stylizer, folders, images, memory
from fast_style.command import commands, jobs
from fast_style.painting import Painter


@pytest.fixture
def fast_style(capsys, model):
    return Command(capsys, model)


@pytest.fixture
def pictures(folder):
    """The current directory with in/a.png, in/b.png and in/c.png."""
    data = (folder / "photo.png").read_bytes()
    (folder / "photo.png").unlink()
    os.mkdir("in")
    for name in "abc":
        Path(f"in/{name}.png").write_bytes(data)
    return folder


def failing(function, error, call):
    """Return a function that raises an error in one of its calls."""
    calls = []

    def wrapped(*arguments, **options):
        calls.append(arguments)
        if len(calls) == call:
            raise error
        return function(*arguments, **options)

    return wrapped


@pytest.mark.parametrize(
    "error", [struct.error("bad tag"), RuntimeError("loop"), MemoryError(), KeyError(3)]
)
@pytest.mark.parametrize("step", ["read", "write"])
def test_any_exception_is_the_line_of_its_picture(
    pictures, fast_style, monkeypatch, capsys, step, error
):
    monkeypatch.setattr(images, step, failing(getattr(images, step), error, 2))
    assert fast_style("in", "-o", "out", "--json") == 1
    out, err = capsys.readouterr()
    assert files(pictures / "out") == ["a.png", "c.png"]
    reason = f"{type(error).__name__}: {error}".rstrip(": ")
    lines = [f"Cannot paint 'in/b.png' ({reason}).", "1 of 3 failed."]
    assert err.splitlines() == [f"fast-style: error: {line}" for line in lines]
    entries = [json.loads(line) for line in out.splitlines()]
    assert [entry["input"] for entry in entries] == ["in/a.png", "in/b.png", "in/c.png"]
    assert entries[1]["error"] == lines[0]


def test_memory_of_a_single_picture_is_laid_out_while_it_is_read(
    pictures, fast_style, monkeypatch
):
    sizes = []
    monkeypatch.setattr(Painter, "prepare", lambda self, *size: sizes.append(size))
    assert fast_style("in/a.png", "--max_size=40") == 0
    assert sizes == [(28, 40)]
    assert fast_style("in", "-o", "out") == 0
    assert len(sizes) == 1


def test_picture_too_large_for_the_memory_is_told_what_would_fit(
    pictures, fast_style, monkeypatch, capsys
):
    large = np.zeros((600, 900, 3), np.uint8)
    images.write(images.Picture(large), "in/b.png")
    ledger = memory.Ledger(lambda: (0, 100_000_000))
    monkeypatch.setattr(memory, "LEDGER", ledger)
    assert fast_style("in", "-o", "out") == 1
    assert files(pictures / "out") == ["a.png", "c.png"]
    line, _ = capsys.readouterr().err.splitlines()
    problem = "900 x 600 px take about 0.3 GB of memory to paint, and 0.1 GB are free."
    advice = "Give --max_size 450 or less."
    assert line == f"fast-style: error: Cannot paint 'in/b.png': {problem} {advice}"
    assert fast_style("in", "-o", "out", "--skip_existing", "--max_size", "450") == 0
    assert files(pictures / "out") == ["a.png", "b.png", "c.png"]


def test_any_exception_of_a_sheet_is_one_line(pictures, fast_style, monkeypatch):
    monkeypatch.setattr(images, "write", failing(images.write, struct.error("tag"), 1))
    error = fast_style.fails("sheet", "in/a.png")
    assert "error: Cannot paint 'in/a.png' (error: tag)." in error


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of Unix")
def test_links_and_pipes_do_not_stop_the_others(pictures, fast_style, capsys):
    os.symlink("itself.jpg", "in/itself.jpg")
    os.symlink("none.png", "in/nowhere.png")
    os.mkfifo("in/pipe.jpg")
    os.symlink("a.png", "in/link.png")
    assert fast_style("in", "-o", "out") == 1
    assert files(pictures / "out") == ["a.png", "b.png", "c.png", "link.png"]
    note, itself, nowhere, count = capsys.readouterr().err.splitlines()
    assert note == "fast-style: note: Left out 'in/pipe.jpg', which is no file."
    assert "Cannot open 'in/itself.jpg'" in itself
    assert "Cannot open 'in/nowhere.png': No such file" in nowhere
    assert "2 of 6 failed" in count
    assert "'in/pipe.jpg' is a pipe, not a file." in fast_style.fails("in/pipe.jpg")


def test_what_a_folder_leaves_out_is_told(pictures, fast_style, capsys):
    for name in ("notes.txt", "b.xmp", "c.xmp"):
        Path("in", name).touch()
    assert fast_style("in") == 0
    assert capsys.readouterr().err == (
        "fast-style: note: Left out what is no picture, 'in/b.xmp' first: "
        "2 .xmp, 1 .txt.\n"
    )
    os.mkdir("none")
    Path("none/notes.txt").touch()
    error = fast_style.fails("none")
    assert "No pictures in 'none'. Left out what is no picture, 'none/notes" in error


def test_folder_that_cannot_be_opened_does_not_stop_the_others(
    pictures, fast_style, monkeypatch, capsys
):
    contents = folders.search("in")
    problem = OSError("Cannot open 'in/locked': Permission denied.")
    contents.errors[Path("in/locked")] = problem
    monkeypatch.setattr(folders, "search", lambda *_: contents)
    assert fast_style("in", "-o", "out", "--json") == 1
    out, err = capsys.readouterr()
    assert "error: Cannot open 'in/locked': Permission denied.\n" in err
    assert json.loads(out.splitlines()[0])["input"] == "in/locked"
    assert files(pictures / "out") == ["a.png", "b.png", "c.png"]


def test_results_may_lie_above_the_photographs(pictures, fast_style):
    assert fast_style("in", "-o", ".") == 0
    assert files(pictures)[:3] == ["a.png", "b.png", "c.png"]


def test_results_of_one_name_get_names_of_their_own(pictures, fast_style, capsys):
    for path in ("in/a.bmp", "in/a.gif", "a.png"):
        Image.open("in/a.png").save(path)
    assert fast_style("in", "a.png", "-o", "out") == 0
    names = ["a-2.png", "a-gif.png", "a.bmp", "a.png", "b.png", "c.png"]
    assert files(pictures / "out") == names
    assert capsys.readouterr().err.splitlines() == [
        f"fast-style: note: '{source}' becomes 'out/{target}', because 'in/a.png' "
        "becomes 'out/a.png'."
        for source, target in {"a.png": "a-2.png", "in/a.gif": "a-gif.png"}.items()
    ]


@pytest.mark.skipif(os.path.exists(__file__.upper()), reason="case does not count here")
def test_names_that_differ_in_case_alone_get_names_of_their_own(pictures, fast_style):
    os.rename("in/b.png", "in/A.png")
    assert fast_style("in", "-o", "out") == 0
    assert files(pictures / "out") == ["A.png", "a-2.png", "c.png"]


def test_picture_that_is_there_twice_is_painted_once(pictures, fast_style, capsys):
    assert fast_style("in", "in/a.png", "in/../in/a.png", "-o", "out") == 0
    out, err = capsys.readouterr()
    assert out.startswith("3 pictures in ") and err == ""


def test_run_goes_on_with_what_is_missing(pictures, fast_style, photo, capsys):
    assert fast_style("in", "-o", "out") == 0
    before = Path("out/b.png").stat().st_mtime_ns
    Path("out/a.png").unlink()
    Path("out/c.png").write_bytes(b"")  # as a power failure leaves it
    error = fast_style.fails("in", "-o", "out")
    assert "exist already. Give --skip_existing to paint the others, --over" in error
    assert fast_style("in", "-o", "out", "--skip_existing") == 0
    out = capsys.readouterr().out
    assert out.startswith("2 pictures in ") and ", 1 skipped that exist already" in out
    assert Path("out/b.png").stat().st_mtime_ns == before
    for name in "ac":
        pixels = images.read(f"out/{name}.png").pixels
        np.testing.assert_array_equal(pixels, 255 - photo)


def test_skipped_pictures_have_their_lines_of_json(pictures, fast_style, capsys):
    assert fast_style("in", "-o", "out") == 0
    capsys.readouterr()
    assert fast_style("in", "-o", "out", "--skip-existing", "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["skipped"] for line in lines] == [True] * 3
    assert (lines[0]["input"], lines[0]["output"]) == ("in/a.png", "out/a.png")
    assert "not allowed with" in fast_style.fails("--skip_existing", "--overwrite", "a")


def test_results_of_an_earlier_call_are_no_photographs(pictures, fast_style, capsys):
    os.chdir("in")
    assert fast_style("a.png", "b.png") == 0
    capsys.readouterr()
    assert fast_style(*sorted(os.listdir()), "--skip_existing") == 0
    names = ["a-wave.png", "a.png", "b-wave.png", "b.png", "c-wave.png", "c.png"]
    assert files(Path()) == names
    out, err = capsys.readouterr()
    assert "Left out 'a-wave.png' and 1 more, the result of 'a.png'." in err
    assert out.startswith("c-wave.png in ") and "2 skipped" in out


@pytest.mark.parametrize("command", [["in"], ["sheet", "in/a.png"]])
def test_read_only_target_is_found_before_painting(
    pictures, fast_style, monkeypatch, command
):
    def refuse(*_arguments):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    monkeypatch.setattr(Stylizer, "stylize", None)
    error = fast_style.fails(*command, "-o", "new/")
    assert error.startswith("fast-style: error: Cannot write 'new/")
    assert error.endswith(": Read-only file system.\n")


def test_disk_that_fills_up_ends_the_run(pictures, fast_style, monkeypatch, capsys):
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(os, "replace", failing(os.replace, full, 2))
    assert fast_style("in", "-o", "out") == 1
    assert files(pictures / "out") == ["a.png"]
    note, error = capsys.readouterr().err.splitlines()
    assert note == (
        "fast-style: note: 1 of 3 pictures are painted. "
        "The same command with --skip_existing goes on."
    )
    assert "error: Cannot write 'out/b.png': No space left on device." in error


def test_ctrl_c_says_how_far_the_run_came(pictures, fast_style, monkeypatch, capsys):
    Path("in/b.png").write_text("no picture")
    monkeypatch.setattr(jobs, "apply", failing(jobs.apply, KeyboardInterrupt(), 3))
    with pytest.raises(KeyboardInterrupt):
        fast_style("in", "-o", "out")
    error, note = capsys.readouterr().err.splitlines()
    assert "Cannot read 'in/b.png'" in error
    assert "note: 1 of 3 pictures are painted. The same command with --skip_" in note


def test_wrong_paths_are_told_before_the_model_is_loaded(
    pictures, fast_style, monkeypatch
):
    monkeypatch.setattr(commands, "Stylizer", None)
    assert "Cannot open 'none.png'" in fast_style.fails("none.png")
    assert "Cannot open 'none.png'" in fast_style.fails("sheet", "none.png")
    assert "Cannot write 'a.xyz'" in fast_style.fails("in/a.png", "-o", "a.xyz")


def test_missing_picture_does_not_stop_the_others(pictures, fast_style, capsys):
    assert fast_style("none.png", "in/a.png", "empty/", "-o", "out/") == 1
    assert files(pictures / "out") == ["a.png"]
    missing, empty, count = capsys.readouterr().err.splitlines()
    assert "'none.png'" in missing and "'empty/'" in empty
    assert count == "fast-style: error: 2 of 3 failed."


def test_tilde_is_the_home_folder(pictures, fast_style, monkeypatch):
    monkeypatch.setenv("HOME", str(pictures))
    monkeypatch.setenv("USERPROFILE", str(pictures))  # on Windows
    os.chdir("in")
    assert fast_style("~/in/a.png", "--output=~/out/") == 0
    assert files(pictures / "out") == ["a.png"]
    os.mkdir("~")
    os.rename("b.png", "~/b.png")
    assert fast_style("~", "-o", "new/") == 0  # as `*` gives a folder of that name
    assert files(Path("new")) == ["b.png"]
