"""The benchmark of strokes, on small pictures."""

import pytest

from benchmarks import strokes


@pytest.mark.slow
def test_longer_strokes_are_measured_and_timed(capsys, cells, monkeypatch):
    monkeypatch.setattr(strokes, "FACTORS", (4.0,))
    monkeypatch.setattr(strokes, "ROUNDS", 1)
    strokes.main(["--largest=512", "--styles=scream"])
    text = capsys.readouterr().out
    *_, ratio, time = cells(text, "512 px, auto")
    assert (ratio, 0.3 < float(time) < 3) == ("1.00", True)
    own, longer, ratio, time = map(float, cells(text, "512 px, 4"))
    assert longer > 1.2 * own and 0.5 < time < 4
