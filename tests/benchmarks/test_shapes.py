"""The benchmark of generators' shapes, on a tiny picture."""

import subprocess
import sys

import numpy as np
import pytest

from benchmarks import memory, shapes
from fast_style.export import litert
from fast_style.runner import WHOLE


@pytest.mark.long
@pytest.mark.slow
def test_every_shape_is_timed_beside_the_first(capsys, cells, monkeypatch):
    monkeypatch.setattr(litert, "SIGNATURES", [WHOLE])  # tiles take long to export
    shapes.main(["4,4,4x0", "0,4,4,4x1", "--side=256", "--rounds=1"])
    text = capsys.readouterr().out
    _, _, ratio, _, other = cells(text, "4, 4, 4 x 0")
    assert (ratio, other) == ("1.00", "1.00")
    weights, seconds, *_ = cells(text, "0, 4, 4, 4 x 1")
    assert weights == "0.01 M" and float(seconds) > 0


def test_peak_is_that_of_the_program_and_not_of_its_parent():
    ballast = np.ones(50_000_000)  # 400 MB
    code = "from benchmarks import memory; print(memory.own_peak_megabytes())"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert 1 < float(output.stdout) < 200
    assert memory.own_peak_megabytes() > ballast.nbytes / 1e6
