"""Killed workers, machines and commands: afterwards the same bytes as without."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import ray
from commandline import Command, files
from PIL import Image
from ray.cluster_utils import Cluster

from benchmarks.cluster_faults import worker_processes
from fast_style.cluster import report

pytestmark = pytest.mark.slow
COUNT = 40
HEAD = {"num_cpus": 1, "include_dashboard": False}


@pytest.fixture
def pictures(tmp_path, monkeypatch, capsys, model):
    """The current directory with in/, and in plain/ what the plain command makes."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (700, 700, 3), np.uint8)
    for number in range(COUNT):
        Image.fromarray(np.roll(pixels, number, 0)).save(f"in/{number:02}.jpg")
    assert Command(capsys, model)("in", "-o", "plain") == 0
    return tmp_path


@pytest.fixture
def start(pictures, model):
    """Starts the command on in/ with some more words, as a process; it is ended."""
    processes = []

    def start(*words):
        code = "from fast_style.command import cli; cli.run()"
        job = ["in", "-o", "out", "--model", str(model), *words]
        process = subprocess.Popen(
            [sys.executable, "-c", code, *job], stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stderr.close()


def results():
    return {path.name: path.read_bytes() for path in Path("out").glob("*.jpg")}


def wait_for(count, process):
    """Wait until some results are there, but not all."""
    for _ in range(6000):
        if len(results()) >= count:
            assert len(results()) < COUNT
            return
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    raise AssertionError(f"There are {len(results())} results.")


def check(process):
    """Check that a command has ended well, and that each result is there once."""
    _, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    plain = {path.name: path.read_bytes() for path in Path("plain").glob("*")}
    assert results() == plain
    table = pq.read_table(f"out/{report.NAME}")
    assert sorted(table["output"].to_pylist()) == [
        f"out/{name}" for name in files(Path("plain"))
    ]
    assert table["error"].null_count == COUNT
    return errors


@pytest.mark.long
def test_killed_worker_and_lost_machine_change_nothing(start):
    cluster = Cluster(initialize_head=True, head_node_args=HEAD)
    try:
        second = cluster.add_node(num_cpus=1)
        process = start(f"--cluster={cluster.address}")
        wait_for(3, process)
        worker_processes()[0].kill()
        wait_for(12, process)
        cluster.remove_node(second, allow_graceful=False)
        errors = check(process)
    finally:
        cluster.shutdown()
    # A machine may be gone before it has a worker in the place of the killed one.
    assert errors.count("note: A worker died (") >= 1


@pytest.mark.long
def test_cluster_of_another_ray_is_refused(folder, capsys, model, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(ray, "__version__", "2.0.0")
        cluster = Cluster(initialize_head=True, head_node_args=HEAD)
    address = cluster.address
    try:
        job = ["photo.png", "-o", "out/", f"--cluster={address}"]
        error = Command(capsys, model).fails(*job)
    finally:
        cluster.shutdown()
    assert f"Cannot use the cluster at '{address}': Version mismatch: The" in error
    assert files(folder) == ["photo.png"]


@pytest.mark.long
def test_killed_command_goes_on(start):
    process = start("--cluster")
    wait_for(10, process)
    process.kill()
    process.wait()
    before = {name: Path("out", name).stat().st_mtime_ns for name in results()}
    process = start("--cluster")
    check(process)
    after = {name: Path("out", name).stat().st_mtime_ns for name in before}
    assert after == before
