"""A training does not see what a person's keras.json asks of Keras."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fast_style.training.settings import Settings

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
TRAIN = """
import json, sys
from fast_style.training.settings import Settings
from fast_style.training.train import train
settings = Settings.from_json(json.loads(sys.argv[1]))
train(settings, sys.argv[2])
"""


def test_channels_first_and_float16_are_not_seen(options, tmp_path):
    config = {"image_data_format": "channels_first", "floatx": "float16"}
    (tmp_path / "keras.json").write_text(json.dumps(config))
    settings = json.dumps(Settings(**options).to_json())
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, settings, tmp_path / "run"],
        env={**os.environ, "KERAS_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert np.isfinite(run["final"]["loss"])
