"""The documents' commands work as written, one after the other, in one folder."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import av
import nbclient
import nbformat
import numpy as np
import onnx
import pytest
from film_files import make

from fast_style import folders, images

ROOT = Path(__file__).parents[2]
# Installing needs a network, containers and TensorFlow Serving need their programs.
SKIPPED = ("python3 -m venv", ". .venv", "pip ", "docker ", "kubectl ")
CAMERAS = ("fast-style --camera  ", "fast-style --camera rtsp")  # not on every machine
# The last flag counts: the same command with little to do.
TINY = (
    " --base_model= --filters=4,6,8 --residual_blocks=0 --steps=2 --batch_size=1"
    " --image_size=64 --style_size=64 --log_every=1 --precision=float32"
    " --steps_per_execution=1"
)
PORT = "8080"
SERVER = "fast-style serve"
NOTEBOOK = ROOT / "examples" / "fast_style.ipynb"


@pytest.fixture
def checkout(installed, tmp_path, monkeypatch):
    """The examples, and the programs of the installed package, found by the shell."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "examples", folder / "examples")
    for path in folders.search(folder / "examples").pictures:  # small ones are quicker
        images.write(images.read(path, max_size=96), path)
    programs = tmp_path / "programs"
    programs.mkdir()
    start = "from fast_style.command import cli; cli.run()"
    for name, arguments in {"python": "", "fast-style": f'-c "{start}"'}.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")
    return folder


@pytest.fixture
def servers():
    """Processes that are stopped after the test."""
    processes = []
    yield processes
    for process in processes:
        process.terminate()
        process.wait(30)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(folder, command, port):
    """Start the server and wait until it can paint."""
    words = [*command.split(), f"--port={port}"]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5)
            return process
        except OSError:
            assert process.poll() is None
            time.sleep(0.1)
    raise AssertionError("The server is not ready after 30 s.")


def code(document, languages="sh|python"):
    """The commands and Python programs of a document: [(language, text)]."""
    text = (ROOT / document).read_text("utf-8")
    for language, block in re.findall(
        rf"^```({languages})\n(.*?)^```", text, re.S | re.M
    ):
        if language == "sh":
            lines = block.replace("\\\n", "").splitlines()
            yield from ((language, line) for line in lines)
        else:
            yield language, block


def run(folder, language, text):
    words = ["bash", "-c", text] if language == "sh" else [sys.executable, "-c", text]
    process = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert process.returncode == 0, f"{text}\n{process.stdout}{process.stderr}"
    for name in re.findall(r"# .*writes ([\w.-]+)|-o ([\w.]+)|> ([\w.]+)$", text):
        assert (folder / "".join(name)).exists(), text


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the commands are a POSIX shell's")
@pytest.mark.parametrize("document", ["README.md", "docs/apply.md", "docs/film.md"])
def test_commands_work_in_the_order_of_the_document(
    document, checkout, servers, tmp_path
):
    if document != "README.md":
        shutil.copy(checkout / "examples" / "astronaut.jpg", checkout / "photo.jpg")
        shutil.copytree(checkout / "examples" / "styles", checkout / "holiday")
        shutil.copy(make(tmp_path / "clip.mp4"), checkout / "holiday")
        shutil.copy(tmp_path / "clip.mp4", checkout)
    port = str(free_port())
    ran = 0
    for language, text in code(document):
        if text.startswith(SKIPPED + CAMERAS):
            continue
        if text.startswith(SERVER):
            servers.append(start_server(checkout, text.split("#")[0], port))
            continue
        if text.startswith("fast-style train"):
            text += TINY
        run(checkout, language, text.replace(PORT, port))
        ran += 1
    assert ran > 5


@pytest.mark.slow
def test_python_of_the_documents_works(checkout, servers):
    shutil.copy(checkout / "examples" / "astronaut.jpg", checkout / "photo.jpg")
    models = checkout / "fast_style" / "models"  # of a copy of the repository
    models.mkdir(parents=True)
    shutil.copy(ROOT / "fast_style" / "models" / "gallery.keras", models)
    port = free_port()
    servers.append(start_server(checkout, SERVER, port))
    blocks = [text for _, text in code("docs/python.md", "python")]
    run(checkout, "python", "\n".join(blocks).replace(PORT, str(port)))
    assert (checkout / "python.jpg").exists()


@pytest.mark.long
@pytest.mark.slow
def test_code_of_the_document_on_augmentation_works(checkout, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "numpy")  # tf.data works beside any
    (checkout / "holiday").mkdir()
    for name in ("mosaic.png", "shapes.png"):
        shutil.copy(checkout / "examples" / "styles" / name, checkout / "holiday")
    for language, text in code("docs/augment.md", "sh"):
        run(checkout, language, text)
    blocks = [text for _, text in code("docs/augment.md", "python")]
    own = [block for block in blocks if "import torch" not in block]  # a large package
    assert len(own) == len(blocks) - 1
    run(checkout, "python", "\n".join(own))


@pytest.mark.slow
def test_python_of_the_document_on_films_works(checkout):
    make(checkout / "clip.mp4")
    ((_, block),) = code("docs/film.md", "python")
    run(checkout, "python", block)
    assert (checkout / "painted.mp4").exists()


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="FFmpeg is missing")
def test_films_are_piped_through_a_program_by_ffmpeg(checkout):
    (checkout / "export").mkdir()
    onnx.save(inverting(640, 360), checkout / "export/fast_style_wave_640x360.onnx")
    make(checkout / "clip.mp4", size=(128, 72), sound="aac")
    ((_, program),) = code("docs/film.md", "py")
    (checkout / "frames.py").write_text(program)
    ((_, command),) = code("docs/film.md", "bash")
    run(checkout, "sh", command)
    with av.open(checkout / "clip.mp4") as film:
        photo = next(film.decode(video=0)).to_image().resize((640, 360))
    with av.open(checkout / "piped.mp4") as film:
        assert film.streams.video[0].frames == 6
        assert film.streams.audio
        painted = next(film.decode(video=0)).to_ndarray(format="rgb24")
    difference = painted - (255.0 - np.asarray(photo))
    assert np.abs(difference).mean() < 4  # scaled otherwise, and coded


def inverting(width, height):
    """A network with the inputs and outputs of --bake, which inverts pictures."""
    kind = onnx.TensorProto.FLOAT
    ends = [
        onnx.helper.make_tensor_value_info(name, kind, (1, 3, height, width))
        for name in ("image", "stylized_image")
    ]
    white = onnx.helper.make_tensor("white", kind, (), [1.0])
    node = onnx.helper.make_node("Sub", ["white", "image"], ["stylized_image"])
    graph = onnx.helper.make_graph([node], "g", ends[:1], ends[1:], [white])
    opset = onnx.helper.make_opsetid("", 11)
    return onnx.helper.make_model(graph, opset_imports=[opset], ir_version=8)


def test_the_notebook_is_kept_without_results():
    notebook = nbformat.read(NOTEBOOK, nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in cells)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the commands are a POSIX shell's")
def test_the_notebook_goes_from_a_photograph_to_an_exported_style(checkout):
    notebook = nbformat.read(NOTEBOOK, nbformat.NO_CONVERT)
    for cell in notebook.cells:
        cell.source = cell.source.replace("steps = 180", "steps = 2")
    examples = checkout / "examples"
    run_in = {"metadata": {"path": str(examples)}}
    nbclient.NotebookClient(notebook, timeout=300, resources=run_in).execute()
    shown = [
        output.data.keys()
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    assert sum("image/png" in kinds for kinds in shown) == 8
    assert sum("text/html" in kinds for kinds in shown) == 3
    assert images.read(examples / "notebook" / "painted.jpg").pixels.std() > 10
