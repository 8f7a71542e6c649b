"""Trainings of two hosts, which are two processes here.

Each runs Keras on JAX without TensorFlow, with one device of the processor, and adds
up gradients with the other through Gloo. They take up a training of one host; one of
them is killed, and the same command goes on.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import backend_training
import keras
import numpy as np
import pytest
from commandline import files, words_of

pytest.importorskip("jax")
pytestmark = [pytest.mark.slow, pytest.mark.long]
ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "support" / "host_training.py"
# Sums over a batch in another order round differently, and Adam enlarges that.
TOLERANCE = 1e-5
LOST = "error: Another host of this training has ended or cannot be reached"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """A function that starts a program with JAX, without TensorFlow."""
    shared = tmp_path_factory.mktemp("shared")
    (shared / "tensorflow.py").write_text("raise ImportError('hidden')")
    paths = shared, ROOT, SCRIPT.parent
    environment = {
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "XLA_FLAGS": "--xla_backend_optimization_level=0",
        # What is compiled once is there when the training goes on.
        "JAX_COMPILATION_CACHE_DIR": str(shared / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }

    def start(*words):
        return subprocess.Popen(
            [sys.executable, *map(str, words)],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.fixture(scope="module")
def command(start, photographs, painting):
    """A function that starts train.py as a host."""
    words = words_of(backend_training.settings(photographs, painting))

    def command(folder, port, index, *flags):
        place = f"--coordinator=127.0.0.1:{port}", "--hosts=2", f"--host_index={index}"
        return start(
            ROOT / "train.py", *words, f"--output_dir={folder}", *place, *flags
        )

    return command


def ended(process):
    """Wait for a process; return its status and what it wrote to stderr."""
    _, errors = process.communicate(timeout=300)
    return process.returncode, errors


def run_of(folder):
    return json.loads((folder / "run.json").read_text())


@pytest.fixture(scope="module")
def killed(jax, start, photographs, painting):
    """The folder of a training of which a host was killed, and what each one said."""
    _, whole = jax
    folder = Path(f"{whole}-{backend_training.UNFINISHED}")
    port, paths = free_port(), (photographs, painting, folder)
    first = start(SCRIPT, 0, port, 0, *paths)
    second = start(SCRIPT, 1, port, 4, *paths)
    told = ended(second)
    began = time.monotonic()
    return folder, ended(first), told, time.monotonic() - began


@pytest.fixture(scope="module")
def gone_on(killed, command, tmp_path_factory):
    """That folder when its training is finished, and the second host's folder."""
    folder, port = killed[0], free_port()
    other = tmp_path_factory.mktemp("second")
    for process in (command(folder, port, 0), command(other, port, 1)):
        status, errors = ended(process)
        assert status == 0, errors
    return folder, other


def test_a_killed_host_ends_the_other_in_one_line(killed):
    _, (status, errors), _, seconds = killed
    assert status == 1 and seconds < 60
    *before, last = errors.splitlines()
    assert last.startswith(f"host: {LOST}")
    assert not [line for line in before if line[:1] not in "IW"]  # of the log


def test_a_killed_host_says_so(killed):
    *_, (status, errors), _ = killed
    assert status == 1
    assert errors.splitlines()[-1] == "host: error: The training was ended by signal 9."


def test_two_hosts_train_to_the_weights_of_one(jax, gone_on):
    _, whole = jax
    folder, _ = gone_on
    ours, theirs = (
        keras.saving.load_model(run / "generator.keras").get_weights()
        for run in (folder, whole)
    )
    for values, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(values, expected, rtol=0, atol=TOLERANCE)
    final, expected = (run_of(run)["final"] for run in (folder, whole))
    assert final == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_a_training_goes_on_from_the_backup_before_the_kill(gone_on):
    folder, _ = gone_on
    assert run_of(folder)["resumed_at"] == 4


def test_the_first_host_alone_writes(gone_on):
    _, other = gone_on
    assert not files(other)


def test_a_host_with_fewer_photographs_is_told(command, photographs, tmp_path):
    fewer = tmp_path / "fewer"
    shutil.copytree(photographs, fewer)
    (fewer / "03.png").unlink()
    port = free_port()
    first = command(tmp_path / "run", port, 0)
    second = command(tmp_path / "run", port, 1, f"--content_dir={fewer}")
    status, errors = ended(second)
    assert status == 1
    line = "number of photographs is 10 here and 11 on the first host. Give every host"
    assert f"train.py: error: {line}" in errors.splitlines()[-1]
    status, errors = ended(first)
    assert status == 1 and errors.splitlines()[-1].startswith(f"train.py: {LOST}")
    assert not set(files(tmp_path / "run")) - {".lock"}


def test_hosts_that_do_not_come_together_are_told(command, tmp_path):
    status, errors = ended(command(tmp_path, free_port(), 1, "--host_timeout=1"))
    assert status == 1 and errors.count("\n") == 1
    assert errors.startswith("train.py: error: The 2 hosts did not come together")
