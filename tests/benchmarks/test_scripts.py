"""Every benchmark can be asked for its help, and the README lists it."""

import importlib
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
MODULES = [
    path.stem
    for path in sorted(FOLDER.glob("*.py"))
    if "script.run(main)" in path.read_text()
]


@pytest.mark.slow
@pytest.mark.parametrize("name", MODULES)
def test_benchmark_has_a_help(name, capsys):
    module = importlib.import_module(f"benchmarks.{name}")
    with pytest.raises(SystemExit) as end:
        module.main(["--help"])
    assert end.value.code == 0
    assert module.__doc__.split("\n", 1)[0] in capsys.readouterr().out
    assert f"python -m benchmarks.{name}" in module.__doc__


def test_readme_lists_every_benchmark():
    text = (FOLDER / "README.md").read_text()
    assert set(re.findall(r"^\| `(\w+)`", text, re.M)) == set(MODULES)
