"""The command in a process of its own: its streams and its terminal."""

import io
import os
import pty
import subprocess
import termios
from pathlib import Path

import numpy as np
import pytest
from commandline import run_process
from PIL import Image

from fast_style import images


@pytest.mark.slow
def test_streams(folder, model, photo):
    data = Path("photo.png").read_bytes()
    done = run_process("-", "--model", model, input=data)
    assert (done.returncode, done.stderr) == (0, b"")
    result = images.read(io.BytesIO(done.stdout))
    assert result.format == "PNG"
    np.testing.assert_array_equal(result.pixels, 255 - photo)
    done = run_process("photo.png", "-o", "-", "--format=jpeg", "--model", model)
    assert images.read(io.BytesIO(done.stdout)).format == "JPEG"


def test_bad_stream_is_one_line(folder, model):
    done = run_process("-", "-o", "a.png", "--model", model, input=b"no picture")
    assert done.returncode == 1 and done.stdout == b""
    assert done.stderr == (
        b"fast-style: error: Cannot read '<stdin>' as an image. "
        b"Give a JPEG, PNG or WebP file.\n"
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_full_stdout_is_one_line(folder, model):
    with open("/dev/full", "wb") as full:
        done = run_process(
            "photo.png", "-o", "-", "--model", model, stdout=full, stderr=-1
        )
    assert done.returncode == 1
    assert done.stderr == (
        b"fast-style: error: Cannot write to stdout: No space left on device.\n"
    )


@pytest.mark.slow
def test_progress_bar_on_a_terminal_only(folder, model):
    arguments = ["photo.png", "photo.bmp", "--model", model, "-o"]
    Image.open("photo.png").convert("L").save("photo.bmp")
    done = run_process(*arguments, "a")
    assert (done.returncode, done.stderr) == (0, b"")
    terminal, end = pty.openpty()
    termios.tcsetwinsize(end, (24, 80))
    done = run_process(*arguments, "b", stdout=subprocess.DEVNULL, stderr=end)
    os.close(end)
    shown = os.read(terminal, 10_000)
    os.close(terminal)
    assert done.returncode == 0 and b"2/2" in shown and b"INFO" not in shown
