"""What benchmarks say of commands."""

import sys

import numpy as np
import pytest

from benchmarks import measuring


def usage(code, folder):
    """Return the Usage of some Python code."""
    command = measuring.Command("code", [sys.executable, "-S", "-c", code])
    with open(folder / "log.txt", "w") as log:
        usages = measuring.whole_commands(
            [command], rounds=1, log=log, advance=lambda: None
        )
    return usages["code"]


@pytest.mark.slow
def test_memory_of_a_command_is_not_that_of_who_measures_it(tmp_path):
    ballast = np.ones(50_000_000)
    assert 1 < usage("print('hello')", tmp_path).megabytes < 200
    assert (tmp_path / "log.txt").read_text() == "hello\nhello\n"
    assert usage("b'x' * 300_000_000", tmp_path).megabytes > 300
    assert ballast.nbytes == 400_000_000


@pytest.mark.slow
def test_command_that_fails_is_named_with_its_log(tmp_path):
    with pytest.raises(OSError, match=r"code ended with status 3. .*log\.txt"):
        usage("raise SystemExit(3)", tmp_path)
