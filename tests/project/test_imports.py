"""Who may know whom: which module imports which."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = sorted((ROOT / "fast_style").rglob("*.py"))
SERVER = sorted((ROOT / "serve").rglob("*.py"))
SCRIPTS = [ROOT / "train.py", ROOT / "export.py"]

# What each module may import besides the standard library and the package's own
# constants, ".images" being fast_style.images.
ALLOWED = {
    # The path that applies a style: neither keras nor tensorflow.
    "__init__": {".stylizer"},
    "decoding": {"numpy", "PIL"},
    "images": {"numpy", "PIL", ".decoding"},
    "color": {"numpy", "PIL"},
    "metadata": set(),
    "files": set(),
    "catalogue": {".files"},
    "stylizer": {
        *("numpy", "ai_edge_litert", ".catalogue", ".color", ".images", ".metadata"),
    },
    "batch": {"numpy", "PIL", ".images", ".stylizer"},
    "sheets": {"numpy", "PIL"},
    "commands": {
        *("tqdm", ".batch", ".catalogue", ".images", ".metadata", ".sheets"),
        ".stylizer",
    },
    "cli": {"absl", ".color", ".commands", ".images", ".stylizer"},
    "client": {"httpx", "numpy", ".images"},
    # The networks: any backend.
    "kernels": {"keras", "numpy"},
    "normalization": {"keras"},
    "layers": {"keras", ".kernels", ".normalization"},
    "adapters": {"keras"},
    "generator": {"keras", ".adapters", ".layers"},
    "losses": {"keras"},
    "loss_networks": {"keras", "numpy"},
    "optimizers": {"keras"},
    "trainer": {"keras", "numpy", ".loss_networks", ".losses", ".optimizers"},
    "precision": {"keras", "numpy"},
    # Making the compact loss network.
    "compression": {"keras", "numpy", ".loss_networks"},
    "distillation": {
        *("keras", "numpy", "tensorflow", "absl", ".compression", ".data", ".images"),
        *(".generator", ".loss_networks", ".losses", ".precision"),
    },
    # Training and export.
    "data": {
        *("keras", "numpy", "absl", "tensorflow", "tensorflow_datasets"),
        *(".crops", ".images"),
    },
    "synthetic": {"numpy", "PIL"},
    "crops": {"keras", "numpy", "PIL", ".images", ".synthetic"},
    "callbacks": {"keras", "numpy", "tensorflow", "matplotlib", ".files", ".images"},
    "runs": {"keras", ".files", ".generator"},
    "paintings": {"numpy", ".images"},
    "mixtures": {"keras", "numpy", "tensorflow"},
    "tuning": {"keras", "numpy", ".generator", ".optimizers", ".runs"},
    "weighting": {"keras", "numpy", ".loss_networks", ".losses"},
    "training": {
        *("keras", "numpy", "absl", "tensorflow", ".data", ".paintings", ".runs"),
        *(".callbacks", ".generator", ".loss_networks", ".precision", ".trainer"),
        *(".mixtures", ".tuning", ".weighting"),
    },
    "exporting": {
        *("keras", "numpy", "tensorflow"),
        *(".catalogue", ".images", ".metadata", ".runs", ".stylizer", ".tuning"),
    },
}
# The server, which applies styles too: of the package what does that.
SERVE_ALLOWED = {
    *("absl", "flask", "httpx", "numpy", "prometheus_client", "waitress", "werkzeug"),
    *(".catalogue", ".client", ".color", ".commands", ".images", ".stylizer"),
    *(".", "serve"),
}
LATE = {"tensorflow", "tensorflow_datasets", "ai_edge_litert"}


def full_names(tree):
    """What a syntax tree imports, such as "absl.flags" for `from absl import flags`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imports(tree):
    """Packages that a syntax tree imports, modules of fast_style as ".images"."""
    return {local(name) for name in full_names(tree)}


def local(name):
    parts = name.split(".")
    if parts[0] != "fast_style":
        return parts[0]
    known = (ROOT / "fast_style" / f"{parts[1]}.py").exists()
    return f".{parts[1]}" if known else "."


def parsed(path):
    return ast.parse(path.read_text())


def third_party(names):
    return {name for name in names if name not in sys.stdlib_module_names}


@pytest.mark.parametrize("path", PACKAGE, ids=lambda path: path.stem)
def test_module_imports_what_it_may(path):
    allowed = ALLOWED.get(path.stem)
    assert allowed is not None, f"say in ALLOWED what {path.name} may import"
    assert third_party(imports(parsed(path))) <= allowed | {"."}


@pytest.mark.parametrize(
    "path",
    # These two are TensorFlow's own.
    [path for path in PACKAGE if path.stem not in ("exporting", "distillation")],
    ids=lambda path: path.stem,
)
def test_module_imports_what_is_large_only_where_it_needs_it(path):
    tree = parsed(path)
    top = ast.Module([node for node in tree.body if is_import(node)], [])
    assert not imports(top) & LATE


def is_import(node):
    return isinstance(node, ast.Import | ast.ImportFrom)


@pytest.mark.parametrize("path", SERVER, ids=lambda path: path.stem)
def test_server_imports_what_it_may(path):
    assert third_party(imports(parsed(path))) <= SERVE_ALLOWED


@pytest.mark.parametrize("path", SERVER, ids=lambda path: path.stem)
def test_server_knows_waitress_and_the_metrics_in_one_place_each(path):
    for name, place in {
        "waitress": "server",
        "prometheus_client": "monitoring",
        ".client": "backends",
    }.items():
        assert name not in imports(parsed(path)) or path.stem == place


@pytest.mark.parametrize("path", PACKAGE, ids=lambda path: path.stem)
def test_nothing_imports_scripts_or_tests(path):
    assert not imports(parsed(path)) & {"train", "export", "tests", "conftest", "serve"}


def test_flags_are_known_to_scripts_and_the_command_line_alone():
    def knows(path):
        return any(
            name == "absl.flags" or name.startswith("absl.flags.")
            for name in full_names(parsed(path))
        )

    assert {path.stem for path in PACKAGE + SCRIPTS + SERVER if knows(path)} == {
        *("cli", "train", "export", "__main__")
    }


def test_scripts_import_the_package_in_their_call_alone():
    for path, module in zip(SCRIPTS, (".training", ".exporting"), strict=True):
        names = imports(parsed(path))
        assert third_party(names) == {"absl", module}
        top = ast.Module([n for n in parsed(path).body if is_import(n)], [])
        assert module not in imports(top)  # --help is quick


def modules_after(code):
    """Which packages Python has loaded after a piece of code."""
    code += "\nimport sys; print('\\n'.join({m.split('.')[0] for m in sys.modules}))"
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return set(process.stdout.split())


def test_package_loads_nothing_large():
    loaded = modules_after("import fast_style; fast_style.__version__")
    assert not loaded & {"keras", "tensorflow", "numpy", "PIL", "ai_edge_litert"}


def test_applying_loads_neither_keras_nor_tensorflow():
    loaded = modules_after(
        "import fast_style, fast_style.batch, fast_style.cli\n"
        "fast_style.Stylizer\n"
        "import ai_edge_litert.interpreter"
    )
    assert not loaded & {"keras", "tensorflow", "matplotlib"}
    assert {"ai_edge_litert", "numpy", "PIL"} <= loaded


@pytest.mark.parametrize("flag", ["--help", "--helpfull"])
def test_help_of_the_command_loads_no_network(flag):
    loaded = modules_after(
        "import sys; from fast_style import cli\n"
        f"sys.argv = ['fast-style', '{flag}']\n"
        "try:\n    cli.run()\n"
        "except SystemExit:\n    pass"
    )
    assert not loaded & {"keras", "tensorflow", "ai_edge_litert", "matplotlib"}


def test_public_names_are_those_listed():
    import fast_style

    assert fast_style.__all__ == ["MIN_SIZE", "PHOTO", "Stylizer", "__version__"]
    assert all(hasattr(fast_style, name) for name in fast_style.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = fast_style.Nothing
