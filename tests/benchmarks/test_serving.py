"""The benchmark of the server under load, with a stand-in for wrk."""

import os
import stat

import pytest

from benchmarks import serving

WRK = """#!/bin/sh
echo "Running"
echo '{"seconds": 2, "good": 9, "busy": 1, "client": 0, "server": 2, "broken": 3,
 "p50": 0.1, "p95": 0.2, "p99": 0.3}' | tr -d '\\n'
"""


@pytest.fixture
def wrk(tmp_path, monkeypatch):
    """A command `wrk` that only prints figures."""
    path = tmp_path / "wrk"
    path.write_text(WRK)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.slow
def test_server_is_started_loaded_and_reported(wrk, tmp_path):
    output = tmp_path / "out.md"
    sizes = ["--size=32", "--clients=1,4", "--starts=1"]
    serving.main([*sizes, "--seconds=0.1", "--last_seconds=0.1", f"--output={output}"])
    text = output.read_text()
    assert "## The server under load" in text
    for clients in ("1", "4"):
        (line,) = (x for x in text.splitlines() if x.startswith(f"| {clients} "))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[1] == "4.5"
        assert cells[3:8] == ["0.100", "0.200", "0.300", "1", "5"]


def test_missing_wrk_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OSError, match="wrk is missing. Install it: apt-get"):
        serving.main([])


def test_growth_is_told_after_a_minute():
    figures = dict(seconds=1, good=5, busy=0, client=0, server=0, broken=0)
    figures |= dict(p50=0.1, p95=0.1, p99=0.1)
    short = serving.cells("1", figures, [100.0, 110.0], 10)
    assert short[2] == "0.50" and short[-1] == "-"
    memory = [100.0] * 60 + [200.0] + [210.0] * 5
    assert serving.cells("1", figures, memory, 10)[-2:] == ["100, 200, 210", "+5.0 %"]
