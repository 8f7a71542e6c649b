"""The benchmark of any size, on a small picture."""

import pytest

from benchmarks import large, script


@pytest.mark.slow
def test_a_size_has_its_line(capsys, cells):
    large.main(["--largest=1", f"--photo={script.PHOTO}"])
    seconds, each, megabytes, likeness = cells(capsys.readouterr().out, "1 MP")
    assert float(seconds) == pytest.approx(float(each), abs=0.06)
    assert likeness == "whole"
    assert 100 < float(megabytes) < 1500
