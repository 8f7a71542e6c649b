"""The benchmarks that open the studio in Chromium."""

import pytest

from benchmarks import preview, stylizing_in_browser
from serve import browser

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.browser]


def test_previews_are_timed_in_both_ways(tmp_path):
    output = tmp_path / "out.md"
    preview.main(["--moves=2", f"--output={output}"])
    text = output.read_text()
    assert "| one at a time, 2 of 2 shown |" in text
    assert "| dragged, " in text
    assert "| 95th percentile, s " in text


@pytest.mark.skipif(not browser.LITERT.is_dir(), reason="needs scripts/vendor_litert")
def test_browser_is_timed_and_compared(capsys):
    stylizing_in_browser.main(["--sizes=32", "--runs=2"])
    _, _, *lines = capsys.readouterr().out.splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [line[:2] for line in cells] == [["no", "32"], ["yes", "32"]]
    for line in cells:
        assert float(line[5]) > 0.99
