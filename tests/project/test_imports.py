"""Who may know whom, wing by wing (ARCHITECTURE.md draws it)."""

import ast
import os
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "fast_style"
MODULES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "serve").rglob("*.py")])
INTEGRATIONS = sorted((ROOT / "integrations").rglob("*.py"))
SCRIPTS = [ROOT / "train.py", ROOT / "export.py"]
TOP = "top"  # the modules that lie in fast_style itself

# What each wing may know: wings, and packages beside Python's own.
RULES = {
    TOP: {TOP, "numpy", "PIL", "ai_edge_litert", "psutil"}
    | {"httpx", "grpc", "google"},  # in the clients
    "command": {TOP, "numpy", "PIL", "tqdm", "shtab"},
    "video": {TOP, "command", "av", "cv2", "numpy"},
    "cluster": {TOP, "command", "ray", "pyarrow", "numpy"},
    "augment": {TOP, "command", "keras", "numpy", "PIL", "tensorflow"},
    "network": {TOP, "keras", "numpy"},
    "perception": {TOP, "keras", "numpy"},
    "content": {TOP, "keras", "numpy", "PIL", "absl", "tensorflow"}
    | {"tensorflow_datasets", "ai_edge_litert"},
    "training": {TOP, "network", "perception", "content"}
    | {"keras", "numpy", "absl", "tensorflow", "jax", "matplotlib", "filelock", "tqdm"},
    "distillation": {TOP, "network", "perception", "content"}
    | {"keras", "numpy", "PIL", "absl", "tensorflow"},
    "export": {TOP, "network", "absl", "keras", "numpy", "tensorflow"}
    | {"ai_edge_litert", "onnx", "onnxruntime", "tf2onnx"},
    "serve": {TOP, "absl", "flask", "httpx", "numpy", "prometheus_client"}
    | {"filelock", "psutil", "waitress", "werkzeug"},
}
LARGE = {"keras", "tensorflow", "matplotlib", "ai_edge_litert", "tensorflow_datasets"}
LARGE |= {"jax", "ray", "pyarrow"}


def full_names(path):
    """What a module imports, such as "absl.flags" for `from absl import flags`."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{module_of(node, path)}.{a.name}" for a in node.names}
    return names


def module_of(node, path):
    """The absolute name of what a `from` statement imports from."""
    if not node.level:
        return node.module
    package = ".".join(path.relative_to(ROOT).parts[: -node.level])
    package = package.replace("serve", "fast_style.serve", 1)
    return f"{package}.{node.module}" if node.module else package


def wing(path):
    parts = path.relative_to(ROOT).parts
    return parts[0] if parts[0] == "serve" else parts[1] if parts[2:] else TOP


def imports(path):
    """Wings and packages that a module imports, Python's own left out."""
    names = set()
    for name in full_names(path):
        first, *rest = name.split(".")
        if first == "fast_style":
            names.add(rest[0] if rest and rest[0] in RULES else TOP)
        elif first not in sys.stdlib_module_names:
            names.add(first)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_what_its_wing_may(path):
    assert imports(path) <= RULES[wing(path)] | {wing(path)}


def test_integrations_import_the_top_level_and_their_host():
    assert len(INTEGRATIONS) == 2
    for path in INTEGRATIONS:
        assert imports(path) <= {TOP, "numpy", "gi"}


def test_wings_have_no_circle():
    ties = {
        name: {package for p in MODULES if wing(p) == name for package in imports(p)}
        for name in RULES
    }
    wings = {name: ties[name] & set(RULES) - {name} for name in RULES}
    assert list(TopologicalSorter(wings).static_order())


def test_modules_have_no_circle():
    names = {path: dotted(path) for path in MODULES}
    ties = {
        name: {
            module
            for imported in full_names(path)
            for module in names.values()
            if module != name
            and (imported == module or imported.startswith(f"{module}."))
        }
        # A package's own page imports nothing but what it hands out.
        - {"fast_style", "fast_style.serve"}
        for path, name in names.items()
        if path.name != "__init__.py"
    }
    assert list(TopologicalSorter(ties).static_order())


def dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = ("fast_style", *parts) if parts[0] == "serve" else parts
    return ".".join(parts).removesuffix(".__init__")


def test_flags_are_known_to_scripts_alone():
    paths = [*MODULES, *SCRIPTS]
    users = {p.name for p in paths if any("absl.flags" in n for n in full_names(p))}
    assert users == {"__main__.py"}


def test_scripts_import_the_package_where_they_need_it():
    for path in SCRIPTS:
        body = ast.parse(path.read_text()).body
        top = [n for n in body if isinstance(n, ast.Import | ast.ImportFrom)]
        names = {alias.name for n in top for alias in n.names}
        assert not names & LARGE
        assert imports(path) <= {TOP, "training", "export"}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("waitress", ["connections.py", "server.py"]),
        ("prometheus_client", ["monitoring.py"]),
    ],
)
def test_few_modules_of_the_server_know(name, known):
    assert [p.name for p in MODULES if name in imports(p)] == known


def modules_after(code):
    """Names of the packages that Python has loaded after a piece of code."""
    code += "\nimport sys; print('\\n'.join({m.split('.')[0] for m in sys.modules}))"
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return set(process.stdout.split())


def test_the_package_loads_nothing_large():
    loaded = modules_after("import fast_style; fast_style.__version__")
    assert not loaded & {*LARGE, "numpy", "PIL"}


def test_applying_loads_neither_keras_nor_tensorflow():
    loaded = modules_after(
        "import fast_style, fast_style.command.jobs, fast_style.command.cli\n"
        "fast_style.Stylizer\n"
        "import ai_edge_litert.interpreter"
    )
    assert not loaded & {"keras", "tensorflow", "matplotlib", "absl"}
    assert {"ai_edge_litert", "numpy", "PIL"} <= loaded


def test_augmentation_loads_no_framework_before_its_layer():
    loaded = modules_after(
        "import fast_style.augment.__main__, fast_style.augment\n"
        "fast_style.augment.Augmenter()"
    )
    assert not loaded & {"keras", "tensorflow", "torch"}


def test_command_loads_all_else_where_ctrl_c_ends_it():
    assert not modules_after("import fast_style.command.cli") & {"numpy", "PIL"}


def test_help_of_the_command_loads_no_network():
    loaded = modules_after(
        "import sys; from fast_style.command import cli\n"
        "sys.argv = ['fast-style', '--help']\n"
        "try:\n    cli.run()\n"
        "except SystemExit:\n    pass"
    )
    assert not loaded & LARGE


@pytest.mark.parametrize("package", ["training", "export"])
def test_a_program_reads_its_flags_without_a_network(package):
    loaded = modules_after(f"import fast_style.{package}.__main__")
    assert not loaded & LARGE
