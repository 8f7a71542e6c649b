"""The benchmarks that open the studio in Chromium."""

import re

import pytest

from benchmarks import studio, stylizing_in_browser
from serve import browser

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.browser]


def test_previews_and_visits_are_measured(tmp_path):
    output = tmp_path / "out.md"
    studio.main(["--moves=2", "--visits=1", "--uploads=4", f"--output={output}"])
    text = output.read_text()
    assert "| one at a time, 2 of 2 shown |" in text
    assert "| dragged, " in text
    assert "95th percentile" in text
    figures = dict(re.findall(r"^\| (.*?) +\| +([\d.]+) \w+.* \|$", text, re.M))
    first = float(figures["loaded by a first visit"])
    assert float(figures["loaded by the next one"]) < first / 2
    assert float(figures["sent for each further setting"]) < 5


@pytest.mark.skipif(not browser.LITERT.is_dir(), reason="needs scripts/vendor_litert")
def test_browser_is_timed_and_compared(capsys):
    stylizing_in_browser.main(["--sizes=32", "--runs=2"])
    _, _, *lines = capsys.readouterr().out.splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [line[:2] for line in cells] == [["no", "32"], ["yes", "32"]]
    for line in cells:
        assert float(line[5]) > 0.99
