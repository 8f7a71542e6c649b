"""The package as it is installed."""

import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def source(once):
    """A copy of what the Dockerfile copies: no earlier build gets into the wheel."""
    dockerfile = (ROOT / "serve" / "Dockerfile").read_text("utf-8")
    ignored = shutil.ignore_patterns("__pycache__", "litert")

    def make(folder):
        for line in re.findall(r"^COPY ([a-z].*) \S+$", dockerfile, re.M):
            for name in line.split():
                path = ROOT / name
                if path.is_dir():
                    shutil.copytree(path, folder / name, ignore=ignored)
                else:
                    shutil.copy(path, folder)
        deep = folder / "serve" / "page" / "deep"  # stands for LiteRT.js
        deep.mkdir()
        (deep / "file.js").touch()

    return once("source", make)


@pytest.fixture(scope="session")
def wheel(source, once):
    """Path of the wheel."""

    def make(folder):
        command = [sys.executable, "setup.py", "-q", "bdist_wheel", "-d", str(folder)]
        subprocess.run(command, cwd=source, check=True, capture_output=True)

    (path,) = once("wheel", make).glob("*.whl")
    return path


@pytest.fixture(scope="session")
def installed(wheel, once):
    """The folder of packages of an empty environment with the wheel in it."""

    def make(folder):
        venv.create(folder, with_pip=False)
        pip = [sys.executable, "-m", "pip", "--python", str(folder), "install"]
        command = [*pip, "--quiet", "--no-deps", "--no-index", str(wheel)]
        subprocess.run(command, check=True, capture_output=True)

    (package,) = once("environment", make).rglob("fast_style/__init__.py")
    return package.parents[1]
