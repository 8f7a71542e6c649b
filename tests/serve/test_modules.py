"""The page's modules import each other without a circle."""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "serve" / "page" / "js"
IMPORT = re.compile(r"""^import\b[^;]*?["'](\.[^"']+)["']""", re.M)


def imports(folder):
    """Return the modules that each module of a folder imports statically."""
    return {
        path: {
            (path.parent / name).resolve()
            for name in IMPORT.findall(path.read_text("utf-8"))
        }
        for path in folder.resolve().rglob("*.js")
    }


def test_modules_have_no_circle():
    modules = imports(SCRIPTS)
    assert len(modules[SCRIPTS.resolve() / "main.js"]) > 10
    assert list(TopologicalSorter(modules).static_order())


def test_imported_modules_exist():
    modules = set().union(*imports(SCRIPTS).values())
    # scripts/vendor_litert fetches LiteRT.js.
    assert all(path.is_file() for path in modules if "litert" not in path.parts[-2])


def test_a_circle_is_found(tmp_path):
    (tmp_path / "first.js").write_text('import {\n  a,\n} from "./second.js";\n')
    (tmp_path / "second.js").write_text('import "./first.js";\n')
    with pytest.raises(CycleError):
        list(TopologicalSorter(imports(tmp_path)).static_order())
