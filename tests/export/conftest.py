"""One small generator, and what export.py makes of it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from generators import small_generator

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="package")
def generator():
    """A small generator of two styles."""
    return small_generator(("wave", "scream"))


@pytest.fixture(scope="package")
def exported(generator, tmp_path_factory):
    """The directory that export.py made of the generator, and what it printed."""
    run_dir = tmp_path_factory.mktemp("run")
    generator.save(run_dir / "generator.keras")
    directory = tmp_path_factory.mktemp("exported") / "export"
    process = subprocess.run(
        [
            sys.executable,
            "export.py",
            f"--model={run_dir}",
            f"--output_dir={directory}",
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    assert process.stderr == ""  # no library's remarks
    return directory, process.stdout


@pytest.fixture(scope="package")
def expected(generator):
    """A function that returns Keras' pictures, in whole grey levels."""

    def stylize(pictures, style_weights):
        weights = np.array(style_weights, np.float32)
        return np.rint(np.asarray(generator(pictures, weights)))

    return stylize


@pytest.fixture(scope="package")
def pictures():
    """A function that makes smooth photographs, which JPEG keeps."""

    def make(height, width, count=1):
        y, x = np.mgrid[0:height, 0:width] / max(height, width)
        colors = np.stack([x, y, (x + y) / 2], -1) * 200 + 20
        return np.stack([colors + 10 * i for i in range(count)]).astype(np.uint8)

    return make
