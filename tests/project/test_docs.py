"""What the documents and flag files say is there, is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fast_style.command import cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["README.md", "BUILD.md"]


def _commands(text):
    """Lines of a document's code, those that go on after a backslash joined."""
    fenced = re.findall(r"```sh\n(.*?)```", text, re.S)
    indented = re.findall(r"^    (.+(?:\\\n.+)*)", text, re.M)
    return "\n".join(fenced + indented).replace("\\\n", " ").splitlines()


def _flags_of(script):
    """The flags that a script's own --helpfull lists."""
    command = [sys.executable, *script.split(), "--help"]
    text = subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout
    return {*re.findall(r"--(?:\[no\])?(\w+)", text), "flagfile"}


@pytest.mark.parametrize("script", ["train.py", "export.py", "-m serve"])
def test_the_documents_use_a_scripts_own_flags(script):
    known = _flags_of(script)
    assert len(known) > 3
    lines = [
        line.split("#")[0]
        for name in DOCUMENTS
        for line in _commands((ROOT / name).read_text())
        if f"python {script}" in line
    ]
    assert lines
    for line in lines:
        assert set(re.findall(r"--(\w+)", line)) <= known


def test_the_documents_use_the_commands_own_flags():
    for name in DOCUMENTS:
        for line in _commands((ROOT / name).read_text()):
            if line.startswith("fast-style"):
                word = line.split()[1]
                known = cli.define_flags(word if word in cli.COMMANDS else None)
                used = re.findall(r"--(\w+)", line.split("#")[0])
                assert set(used) <= set(known), line


def test_flag_files_hold_flags_of_their_script():
    known = {
        script: _flags_of(script) for script in ("train.py", "scripts/make_compact")
    }
    files = sorted((ROOT / "flags").glob("*.flags"))
    assert {"compact.flags", "quick.flags"} <= {file.name for file in files}
    for file in files:
        script = "scripts/make_compact" if file.stem == "compact" else "train.py"
        assert set(re.findall(r"^--(\w+)", file.read_text(), re.M)) <= known[script], (
            file
        )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_that_a_document_names_are_there(name):
    text = (ROOT / name).read_text()
    linked = re.findall(r"\]\(([^):]+)\)", text)
    named = re.findall(
        r"\b((?:docs|flags|scripts|benchmarks|examples|fast_style)/[\w./-]*\w)", text
    )
    for path in linked + named:
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize(
    "arguments",
    [["train.py", "--style=a.jpg", "b.jpg"], ["export.py", "--model=a", "b"]],
)
def test_words_that_belong_to_no_flag_are_refused(arguments):
    script, *rest = arguments
    done = subprocess.run(
        [sys.executable, str(ROOT / script), *rest], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"{script}: error: '{rest[-1]}' belongs to no flag.")
    assert done.stderr.count("\n") == 1
