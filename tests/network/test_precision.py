"""That a training computes in the faster way of the machine."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import keras
import pytest

from fast_style.network import precision

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("bfloat16", "chosen"), [(0.5, "bfloat16"), (0.9, "float32"), (1.5, "float32")]
)
def test_bfloat16_is_chosen_where_it_is_clearly_faster(bfloat16, chosen):
    seconds = {"float32": 1.0, "bfloat16": bfloat16}
    assert precision.worthwhile_precision(seconds) == chosen


def test_convolutions_are_timed_in_both_precisions():
    seconds = precision.convolution_seconds(size=8, channels=4)
    assert set(seconds) == {"float32", "bfloat16"}
    assert all(0 < value < 60 for value in seconds.values())


@pytest.mark.parametrize(
    ("device", "backend", "chosen"),
    [("gpu:0", "tensorflow", "bfloat16"), ("cpu:0", "jax", "float32")],
)
def test_gpus_and_jax_need_no_timing(monkeypatch, device, backend, chosen):
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: [device])
    monkeypatch.setattr(keras.backend, "backend", lambda: backend)
    monkeypatch.setattr(precision, "convolution_seconds", None)
    precision.faster_precision.cache_clear()
    assert precision.faster_precision() == chosen
    precision.faster_precision.cache_clear()


def test_libraries_say_nothing_while_convolutions_are_timed(capfd, monkeypatch):
    def timed():
        os.write(2, b"oneDNN supports DT_BFLOAT16 only on platforms with AVX-512.")
        return {"float32": 1.0, "bfloat16": 1.0}

    monkeypatch.setattr(precision, "convolution_seconds", timed)
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["cpu:0"])
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    precision.faster_precision.cache_clear()
    assert precision.faster_precision() == "float32"
    precision.faster_precision.cache_clear()
    assert capfd.readouterr().err == ""


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(platform.machine() != "x86_64", reason="oneDNN is for x86")
def test_train_py_computes_by_onednn(tmp_path):
    """TensorFlow leaves it off on processors without AVX-512, at half the speed."""
    flag = "TF_ENABLE_ONEDNN_OPTS"
    environment = {name: os.environ[name] for name in os.environ if name != flag}
    style = ROOT / "examples" / "styles" / "mosaic.png"
    words = [f"--style={style}", f"--content_dir={tmp_path}"]  # which is empty
    process = subprocess.run(
        [sys.executable, ROOT / "train.py", *words],
        env={**environment, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "0"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "oneDNN custom operations are on" in process.stderr
