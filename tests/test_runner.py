"""Painting within the memory that there is."""

import gc
import subprocess
import sys
import weakref

import numpy as np
import pytest

from fast_style.memory import Ledger, Shortage
from fast_style.runner import WHOLE, Runner


def inputs(height, width):
    return {
        "images": np.full((1, height, width, 3), 10, np.uint8),
        "style_weights": np.array([[1.0, 0.0]], np.float32),
    }


@pytest.fixture
def runner(model):
    """A Runner that may take 100 MB."""
    ledger = Ledger(lambda: (0, 100_000_000))
    return Runner(str(model), 1, border=100, bytes_per_pixel=100, ledger=ledger)


def painted(runner, height=40, width=50):
    result = runner(**inputs(height, width))["stylized_images"]
    return result.shape == (1, height, width, 3) and (result == 245).all()


def test_picture_for_which_there_is_memory_is_painted(runner):
    assert painted(runner, 800, 700)
    assert runner.held == 1.2 * 100 * 900 * 800


def test_memory_is_laid_out_where_there_is_enough(runner, monkeypatch):
    sizes = []
    monkeypatch.setattr("fast_style.memory.lay_out", sizes.append)
    runner.prepare(800, 700)
    assert 0.5 * 100 * 900 * 800 < sizes.pop() < 100 * 900 * 800
    runner.prepare(1000, 2000)
    assert not sizes


def test_too_large_a_picture_is_refused_in_one_line(runner):
    with pytest.raises(Shortage) as raised:
        runner(**inputs(1000, 2000))
    assert str(raised.value) == (
        "2000 x 1000 px take about 0.28 GB of memory to paint, and 0.1 GB are free. "
        "Give a picture of at most 1103 px on its longer side."
    )
    assert painted(runner)


def test_the_size_that_it_names_can_be_painted(runner):
    with pytest.raises(Shortage) as raised:
        runner(**inputs(1000, 2000))
    longest = raised.value.longest
    assert painted(runner, longest // 2, longest)


def test_held_memory_is_given_up_for_a_picture_that_needs_it(model):
    machine = {"used": 0}
    ledger = Ledger(lambda: (machine["used"], 100_000_000 - machine["used"]))
    runner = Runner(str(model), 1, border=100, bytes_per_pixel=100, ledger=ledger)
    assert painted(runner, 600, 600)
    ledger.promise(other := Network(), 30_000_000)
    machine["used"] = 90_000_000
    first = weakref.ref(runner._signatures[WHOLE])
    with pytest.raises(Shortage):
        runner(**inputs(700, 700))
    gc.collect()
    assert first() is None
    assert runner.held == 0
    assert ledger.promised(other)


class Network:
    """A stand-in for another runner."""


@pytest.mark.parametrize("error", [RuntimeError("failed to prepare"), MemoryError()])
def test_after_a_failed_allocation_the_network_is_a_new_one(runner, error):
    def fail(**_inputs):
        raise error

    assert painted(runner)
    runner._signatures[WHOLE] = fail
    with pytest.raises(Shortage, match="^50 x 40 px could not .* at most 33 px"):
        runner(**inputs(40, 50))
    assert not runner._signatures
    assert painted(runner)


def test_released_memory_is_given_back_and_painting_goes_on(runner):
    assert painted(runner, 800, 700)
    runner.release()
    assert runner.held == 0
    assert painted(runner, 800, 700)


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
import numpy as np
from fast_style import Stylizer
stylizer = Stylizer(num_threads=1)
for size in [(2500, 3000), (64, 64), (2500, 3000), (64, 64)]:
    try:
        print(stylizer.stylize(np.zeros((*size, 3), np.uint8)).shape)
    except MemoryError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of address space")
def test_process_with_little_memory_refuses_a_large_picture_and_lives():
    process = subprocess.run(
        [sys.executable, "-c", LIMITED], capture_output=True, text=True
    )
    lines = process.stdout.splitlines()
    assert process.returncode == 0, process.stderr
    assert lines[1::2] == ["(64, 64, 3)"] * 2
    for line in lines[::2]:
        assert line.startswith("3000 x 2500 px take about 2.")


def test_nothing_is_printed_by_the_first_picture_of_a_process():
    code = (
        "import fast_style, numpy\n"
        "fast_style.Stylizer().stylize(numpy.zeros((32, 32, 3), 'uint8'))"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert (process.returncode, process.stdout, process.stderr) == (0, b"", b"")
