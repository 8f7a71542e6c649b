"""The command: its flags, and errors in one line."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from serve import Config
from serve.__main__ import parser, prefix

ROOT = Path(__file__).parents[2]


def run(*arguments):
    """Run Python to its end in the checkout and return the process."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        (
            "--threads=0",
            "argument --threads: '0' is invalid. Give a whole number of at least 1.",
        ),
        (
            "--max_pixels=151",
            "argument --max_pixels: '151' is invalid. Give a whole number from 1",
        ),
        (
            "--timeout=long",
            "argument --timeout: 'long' is invalid. Give a number of at least 0.1",
        ),
        ("--nothing=1", "unrecognized arguments: --nothing=1."),
        ("extra", "unrecognized arguments: extra."),
    ],
)
def test_wrong_flag_is_explained(capsys, flag, message):
    with pytest.raises(SystemExit) as error:
        parser("serve").parse_args([flag])
    assert error.value.code == 1
    text = capsys.readouterr().err
    assert text.startswith(f"serve: error: {message}")
    assert text.endswith(". See serve --help.\n") and ".." not in text


def test_errors_begin_with_what_a_person_typed():
    assert prefix("python -m serve") == "serve: error:"
    assert prefix("fast-style serve") == "fast-style: error:"


def test_flags_are_the_settings():
    arguments = vars(parser("serve").parse_args([]))
    address = {name: arguments.pop(name) for name in ("host", "port")}
    assert address == {"host": "127.0.0.1", "port": 8080}
    assert Config(**arguments) == Config()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--model=nothing.tflite", "Cannot open 'nothing.tflite': No such file"),
        ("--backend=host:8501", "'host:8501' is no address."),
    ],
)
def test_wrong_setting_is_explained(flag, message):
    process = run("-m", "serve", "--port=0", flag)
    assert process.returncode == 1
    assert f"serve: error: {message}" in process.stderr
    assert "Traceback" not in process.stderr


@pytest.mark.slow
def test_taken_port_is_explained(gallery):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = run("-m", "serve", f"--port={port}", f"--model={gallery}")
    assert process.returncode == 1
    assert f"serve: error: Cannot listen on 127.0.0.1:{port}: Addr" in process.stderr


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["absl", "flask", "waitress", "prometheus_client"])
def test_missing_extra_is_explained(missing):
    process = run(
        "-c",
        f"import sys, runpy; sys.modules[{missing!r}] = None; sys.argv = ['serve']\n"
        "runpy.run_module('serve', run_name='__main__')",
    )
    assert process.returncode == 1
    assert process.stderr.strip().endswith("extra serve: pip install '.[serve]'")


def test_client_without_its_extra_is_explained():
    process = run(
        "-c", "import sys; sys.modules['httpx'] = None; import fast_style.client"
    )
    assert process.stderr.strip().endswith("extra serve: pip install '.[serve]'")


@pytest.mark.slow
def test_serving_loads_neither_keras_nor_tensorflow(gallery):
    process = run(
        "-c",
        "import sys, serve, serve.server\n"
        f"serve.create_app(serve.Config(model={str(gallery)!r}, threads=1))\n"
        "print({m.split('.')[0] for m in sys.modules} & {'keras', 'tensorflow'})",
    )
    assert process.stdout.strip() == "set()", process.stderr
