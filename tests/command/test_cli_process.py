"""The command in a process of its own: its streams and its terminal."""

import io
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from commandline import files, run_process
from PIL import Image

from fast_style import images


@pytest.mark.slow
def test_streams(folder, model, photo):
    data = Path("photo.png").read_bytes()
    process = run_process("-", "--model", model, input=data)
    assert (process.returncode, process.stderr) == (0, b"")
    result = images.read(io.BytesIO(process.stdout))
    assert result.format == "PNG"
    np.testing.assert_array_equal(result.pixels, 255 - photo)
    process = run_process("photo.png", "-o", "-", "--format=jpeg", "--model", model)
    assert images.read(io.BytesIO(process.stdout)).format == "JPEG"


def test_bad_stream_is_one_line(folder, model):
    process = run_process("-", "-o", "a.png", "--model", model, input=b"no picture")
    assert process.returncode == 1 and process.stdout == b""
    assert process.stderr.startswith(
        b"fast-style: error: Cannot read '<stdin>' as an image. Give one of JPEG, PNG, "
    )
    assert process.stderr.count(b"\n") == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_full_stdout_is_one_line(folder, model):
    with open("/dev/full", "wb") as full:
        process = run_process(
            "photo.png", "-o", "-", "--model", model, stdout=full, stderr=-1
        )
    assert process.returncode == 1
    refusal = b"fast-style: error: Cannot write to stdout: No space left on device.\n"
    assert process.stderr == refusal


@pytest.mark.skipif(os.name == "nt", reason="no SIGPIPE")
@pytest.mark.parametrize("arguments", [["--print-completion", "bash"], ["styles"]])
def test_reader_that_stops_early_gets_no_error(arguments):
    read, write = os.pipe()
    os.close(read)
    process = run_process(*arguments, stdout=write, stderr=-1)
    os.close(write)
    assert (process.returncode, process.stderr) == (1, b"")


@pytest.mark.slow
def test_progress_bar_on_a_terminal_only(folder, model):
    pty, termios = map(pytest.importorskip, ("pty", "termios"))  # not on Windows
    arguments = ["photo.png", "photo.bmp", "--model", model, "-o"]
    Image.open("photo.png").convert("L").save("photo.bmp")
    process = run_process(*arguments, "a")
    assert (process.returncode, process.stderr) == (0, b"")
    terminal, end = pty.openpty()
    termios.tcsetwinsize(end, (24, 80))
    process = run_process(*arguments, "b", stdout=subprocess.DEVNULL, stderr=end)
    os.close(end)
    shown = os.read(terminal, 10_000)
    os.close(terminal)
    assert process.returncode == 0 and b"2/2" in shown and b"INFO" not in shown


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the shell of Unix")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_do_not_matter(folder, model, photo, closed):
    arguments = ["photo.png", "none.png", "-o", "out/", "--model", model]
    process = run_process(*arguments, shell=closed)
    assert process.returncode == 1 and process.stderr.count(b"\n") in (0, 2)
    np.testing.assert_array_equal(images.read("out/photo.png").pixels, 255 - photo)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGPIPE")
@pytest.mark.parametrize("streams", [["stdout"], ["stdout", "stderr"]])
def test_reader_that_stops_early_does_not_stop_the_painting(folder, model, streams):
    read, write = os.pipe()
    os.close(read)
    Path("b.png").write_bytes(Path("photo.png").read_bytes())
    arguments = ["b.png", "none.png", "photo.png", "--model", model, "--json"]
    process = run_process(*arguments, **dict.fromkeys(streams, write))
    os.close(write)
    assert process.returncode == 1  # for none.png
    assert files(folder) == ["b-wave.png", "b.png", "photo-wave.png", "photo.png"]


@pytest.mark.skipif(os.name == "nt", reason="no SIGPIPE")
def test_painted_picture_is_a_success_though_nobody_reads(folder, model):
    read, write = os.pipe()
    os.close(read)
    process = run_process("photo.png", "--model", model, stdout=write, stderr=-1)
    os.close(write)
    assert (process.returncode, process.stderr) == (0, b"")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the shell of Unix")
@pytest.mark.parametrize(
    ("source", "closed", "problem"),
    [
        ("photo.png", ">&-", b"Cannot write to stdout: it is closed."),
        ("-", "<&-", b"Cannot read stdin: it is closed."),
    ],
)
def test_closed_stream_gives_and_takes_no_picture(
    folder, model, source, closed, problem
):
    process = run_process(source, "-o", "-", "--model", model, shell=closed)
    assert (process.returncode, process.stdout) == (1, b"")
    assert process.stderr == b"fast-style: error: " + problem + b"\n"


def test_titles_and_names_are_printed_in_any_encoding(folder):
    process = run_process("styles", env={"PYTHONIOENCODING": "ascii"})
    assert process.returncode == 0 and b"Albrecht D\\xfcrer" in process.stdout
