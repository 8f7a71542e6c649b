"""The line that tells how far a training is."""

import io
import logging
import re
import struct
import sys
from types import SimpleNamespace

import keras
import pytest

from fast_style.training.progress import Progress

fcntl, pty, termios = map(pytest.importorskip, ("fcntl", "pty", "termios"))


class Terminal(io.StringIO):
    """What was written to a terminal that is so many columns wide."""

    def __init__(self, columns):
        super().__init__()
        _, self.device = pty.openpty()
        fcntl.ioctl(
            self.device, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0)
        )

    def isatty(self):
        return True

    def fileno(self):
        return self.device


def run(steps, last, start=0, at_once=1):
    """Report steps up to a last one, as fit() does: so many at once."""
    progress = Progress(steps)
    iterations = keras.Variable(start, dtype="int32")
    progress.set_model(
        SimpleNamespace(optimizer=SimpleNamespace(iterations=iterations))
    )
    for batch in range(0, last - start, at_once):
        iterations.assign_add(at_once)
        logs = {"loss": 123456.789, "style_block1_conv2_loss": 1.0, "saturated": 0.0}
        progress.on_train_batch_end(batch, logs)
        if progress.bar is not None and not progress.bar.disable:
            progress.bar.refresh()
    progress.close()


@pytest.mark.parametrize("columns", [40, 80, 132])
def test_it_is_one_line_that_fits_the_terminal(monkeypatch, columns):
    monkeypatch.setattr(sys, "stderr", Terminal(columns))
    run(200, 200)
    text = sys.stderr.getvalue()
    assert text.count("\n") == 1 and text.endswith("\n")
    lines = [line for line in text.replace("\n", "\r").split("\r") if line]
    assert max(map(len, lines)) <= columns
    if columns > 40:
        assert "200/200" in lines[-1] and "loss 1.235e+05" in lines[-1]


def test_the_first_step_is_not_in_the_estimate(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal(80))
    run(200, 1)
    assert "1/200 [00:00<?" in sys.stderr.getvalue()


def test_a_training_that_goes_on_begins_where_it_was(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal(80))
    run(200, 103, start=100)
    assert "101/200" in sys.stderr.getvalue() and "103/200" in sys.stderr.getvalue()


def test_a_log_file_gets_a_few_lines(monkeypatch, caplog):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with caplog.at_level(logging.INFO, "absl"):
        run(200, 200)
    assert sys.stderr.getvalue() == ""
    assert len(caplog.records) == 50
    line = r"Step 196 of 200, \d\d:\d\d left, loss 1\.235e\+05\."
    assert re.fullmatch(line, caplog.messages[-2])


@pytest.mark.parametrize(
    "steps, at_once, lines", [(500, 20, 24), (600, 3, 50), (700, 7, 50)]
)
def test_steps_that_run_at_once_are_told_together(
    monkeypatch, caplog, steps, at_once, lines
):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with caplog.at_level(logging.INFO, "absl"):
        run(steps, steps, at_once=at_once)
    assert len(caplog.records) == lines
    assert caplog.messages[-1].startswith(f"Step {steps} of {steps}, 00:00 left")


def test_line_in_a_terminal_counts_the_steps_not_the_calls(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal(80))
    run(200, 140, start=100, at_once=20)
    text = sys.stderr.getvalue()
    assert "120/200" in text and "140/200" in text
