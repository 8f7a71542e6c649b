"""That a training computes in the fastest way of the machine."""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import keras
import pytest

from fast_style.network import precision

ROOT = Path(__file__).parents[2]


def slow_down(monkeypatch, dtype):
    original = keras.Sequential.predict_on_batch

    def predict(self, x):
        if self.layers[0].compute_dtype == dtype:
            time.sleep(1)
        return original(self, x)

    monkeypatch.setattr(keras.Sequential, "predict_on_batch", predict)


@pytest.mark.parametrize(
    ("slow", "chosen"), [("float32", "bfloat16"), ("bfloat16", "float32")]
)
def test_the_faster_precision_is_chosen(monkeypatch, slow, chosen):
    slow_down(monkeypatch, slow)
    precision.faster_precision.cache_clear()
    assert precision.faster_precision() == chosen
    precision.faster_precision.cache_clear()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="oneDNN is for x86")
def test_command_computes_by_onednn(tmp_path):
    """TensorFlow's default is off on processors without AVX-512: half the speed."""
    flag = "TF_ENABLE_ONEDNN_OPTS"
    left = {name: os.environ[name] for name in os.environ if name != flag}
    process = subprocess.run(
        [sys.executable, ROOT / "train.py", "--style=none.jpg"],
        env={**left, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "0"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "oneDNN custom operations are on" in process.stderr
