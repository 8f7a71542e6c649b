"""What the flags of a cluster refuse, each in one line, before anything is painted."""

import os
import socket
import sys

import pytest
import ray
from commandline import Command, files


@pytest.fixture
def fast_style(capsys, model):
    return Command(capsys, model)


def test_flags_of_a_cluster_need_it(folder, fast_style):
    error = fast_style.fails("photo.png", "--workers", "2")
    assert "--workers needs --cluster. Give both." in error


@pytest.mark.parametrize("arguments", [["-"], ["photo.png", "-o", "-"]])
def test_pipes_are_refused(folder, fast_style, arguments):
    error = fast_style.fails(*arguments, "--cluster")
    assert "With --cluster, give files and folders in place of -." in error


def test_camera_is_refused(folder, fast_style):
    assert "Give --camera alone" in fast_style.fails("--camera=", "--cluster")


def test_word_after_the_flag_is_a_picture(folder, fast_style):
    error = fast_style.fails("--cluster", "none.png", "-o", "out/")
    assert "Cannot open 'none.png'" in error


def test_cluster_without_ray_is_one_line(folder, fast_style, monkeypatch):
    for name in [n for n in sys.modules if n.startswith("fast_style.cluster")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ray", None)
    error = fast_style.fails("photo.png", "-o", "out/", "--cluster")
    assert error.startswith("fast-style: error: Cannot paint on a cluster: ")
    assert error.endswith("Install the extra cluster: pip install '.[cluster]'\n")
    assert files(folder) == ["photo.png"]


@pytest.mark.parametrize("address", ["head", "head:", "ray://head:10001"])
def test_what_is_no_address_is_told(folder, fast_style, address):
    error = fast_style.fails("photo.png", "-o", "out/", f"--cluster={address}")
    assert f"'{address}' is no address of a Ray cluster. Give --cluster=HOST" in error
    assert files(folder) == ["photo.png"]


def test_address_where_nothing_answers_is_told(folder, fast_style):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    error = fast_style.fails("photo.png", "-o", "out/", f"--cluster={address}")
    assert f"Cannot reach a Ray cluster at '{address}': Connection refused" in error
    assert files(folder) == ["photo.png"]


@pytest.mark.skipif(os.name == "nt", reason="addresses of a POSIX disk")
@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("file://{}/none", "out", "Cannot open 'file://{}/none': No such file or"),
        ("photo.png", "file://{}/photo.png/out", "Cannot write 'file://{}/photo.png/"),
        ("photo.png", "cloud://bucket", "Cannot open 'cloud://bucket': Unrecognized"),
        ("cloud://bucket/a", "out", "Cannot open 'cloud://bucket/a': Unrecognized"),
    ],
)
def test_addresses_that_cannot_be_read_or_written_are_told(
    folder, fast_style, source, target, message
):
    words = [text.format(folder) for text in (source, target)]
    error = fast_style.fails(words[0], "-o", words[1], "--cluster")
    assert message.format(folder) in error
    assert files(folder) == ["photo.png"]


def test_ray_that_does_not_start_is_one_line(folder, fast_style, monkeypatch):
    def refuse(*_arguments, **_options):
        raise Exception("The current node timed out during startup.\nIt is slow.")

    monkeypatch.setattr(ray, "init", refuse)
    error = fast_style.fails("photo.png", "-o", "out/", "--cluster")
    assert "Cannot start Ray on this machine: The current node timed out" in error
    assert files(folder) == ["photo.png"]


def test_machine_without_a_cluster_is_told(folder, fast_style, monkeypatch):
    def find_none(*_arguments, **_options):  # another test's may run on this machine
        raise ConnectionError("Could not find any running Ray instance.")

    monkeypatch.setattr(ray, "init", find_none)
    error = fast_style.fails("photo.png", "-o", "out/", "--cluster=auto")
    assert "There is no Ray cluster at 'auto'. Start one with: ray start" in error
    assert files(folder) == ["photo.png"]
