"""The command in a process of its own: its streams and its terminal."""

import io
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from commandline import run_process
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
    assert process.stderr == (
        b"fast-style: error: Cannot read '<stdin>' as an image. "
        b"Give one of JPEG, PNG, WEBP, TIFF, BMP, GIF.\n"
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_full_stdout_is_one_line(folder, model):
    with open("/dev/full", "wb") as full:
        process = run_process(
            "photo.png", "-o", "-", "--model", model, stdout=full, stderr=-1
        )
    assert process.returncode == 1
    assert process.stderr == (
        b"fast-style: error: Cannot write to stdout: No space left on device.\n"
    )


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
