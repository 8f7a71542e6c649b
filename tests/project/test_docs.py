"""What the documents and flag files say is there, is there."""

import contextlib
import functools
import importlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in (
        *("*.md", "docs/*.md", "benchmarks/*.md", "findings/*.md"),
        "integrations/*/*.md",
    )
    for path in ROOT.glob(pattern)
    if path.name != "CHANGELOG.md"  # it may name what is gone
)
FOLDERS = "docs flags scripts benchmarks examples integrations fast_style serve tests"
FOLDERS += " findings"
ELSEWHERE = {"serve/page/litert", "findings/NAME.sh"}  # made by a script; a pattern
PROGRAM = re.compile(
    r"(?:^|(?<=\s))"
    r"(fast-style|python (?:-m [\w.]+|\w+\.py)|scripts/[a-z_]+)(?= |$)(.*)",
    re.S,
)
SUBCOMMANDS = ("styles", "sheet", "blend", "dataset", "train", "export", "serve")


def blocks(text, language="sh"):
    """The fenced code of a document, without the fences."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.S | re.M)


def commands(text):
    """What a document says to type: fenced lines and code within sentences."""
    lines = "\n".join(blocks(text)).replace("\\\n", " ").splitlines()
    sentences = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    inline = re.findall(r"(?<!`)`([^`]+)`(?!`)", sentences)
    return [line.split(" #")[0] for line in lines + inline]


def programs(document):
    """The project's programs in a document: (program, the rest of its command)."""
    for command in commands((ROOT / document).read_text("utf-8")):
        if match := PROGRAM.search(command):
            program, rest = match.groups()
            first = rest.split()[0] if rest.split() else ""
            if program == "fast-style" and first in SUBCOMMANDS:
                program += f" {first}"
            yield program, rest


@functools.cache
def flags_of(program):
    """The flags in a program's own help, or None for a shell script."""
    name, *rest = program.split()
    if "benchmarks." in program:
        return flags_in(help_of_benchmark(rest[-1]))
    if name == "fast-style":
        code = "from fast_style.command import cli; cli.run()"
        command = ["-c", code, *rest, "--help"]
    elif name == "python":
        command = [*rest, "--help"]
    elif "python" in (ROOT / name).read_text("utf-8").split("\n", 1)[0]:
        command = [name, "--help"]
    else:
        return None
    process = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, cwd=ROOT
    )
    return flags_in(process.stdout + process.stderr) | {"flagfile", "help"}


def flags_in(text):
    flags = set(re.findall(r"--(?:\[no\])?(\w+)", text))
    assert len(flags) > 2, text
    return flags


def help_of_benchmark(module):
    """A benchmark's help, asked here: most of them import TensorFlow."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text), pytest.raises(SystemExit):
        importlib.import_module(module).main(["--help"])
    return text.getvalue()


def check_flags(documents, is_meant):
    checked = 0
    for document in documents:
        for program, rest in programs(document):
            if is_meant(program) and "--" in rest and flags_of(program):
                used = set(re.findall(r"(?<!\S)--(\w+)", rest))
                assert used <= flags_of(program), (document, program)
                checked += 1
    assert checked


def test_documents_use_flags_that_exist():
    check_flags(DOCUMENTS, lambda program: "fast-style" in program)


@pytest.mark.parametrize(
    "document", [name for name in DOCUMENTS if "quality" not in name]
)
def test_flags_within_sentences_exist(document):
    programs = ["fast-style", *(f"fast-style {name}" for name in SUBCOMMANDS)]
    programs += ["python -m benchmarks.applying", "scripts/train_gpu"]
    text = (ROOT / document).read_text("utf-8")
    used = {flag.replace("-", "_") for flag in re.findall(r"`--([\w-]+)", text)}
    assert used <= set().union(*map(flags_of, programs))


@pytest.mark.slow  # most import TensorFlow
@pytest.mark.parametrize("name", ["benchmarks.", "scripts/"])
def test_documents_use_flags_of_tools_that_exist(name):
    check_flags(DOCUMENTS, lambda program: name in program)


def test_flag_files_hold_flags_of_their_program():
    files = dict.fromkeys((ROOT / "flags").glob("*.flags"), "fast-style train")
    files[ROOT / "scripts" / "compact.flags"] = "scripts/make_compact"
    files[ROOT / "scripts" / "faces.flags"] = "scripts/keep_faces"
    assert ROOT / "flags" / "quick.flags" in files
    for file, program in files.items():
        flags = flags_of(program)
        used = set(re.findall(r"^--(\w+)", file.read_text("utf-8"), re.M))
        assert used <= flags, file


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    path = ROOT / document
    text = path.read_text("utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"", text)
    for link in filter(None, (part for pair in links for part in pair)):
        if link.startswith(("http:", "https:")):
            continue
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text("utf-8")), link


def anchors(text):
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_a_document_names_exist(document):
    text = (ROOT / document).read_text("utf-8")
    folders = FOLDERS.replace(" ", "|")
    paths = re.findall(rf"(?<![\w./-])((?:{folders})/(?:[\w./-]*\w)?)", text)
    for path in set(paths) - ELSEWHERE:
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("document", DOCUMENTS)
def test_names_that_a_document_places_in_a_file_are_there(document):
    text = (ROOT / document).read_text("utf-8")
    for name, path in re.findall(r"`(\w+)` in\s+`([\w/]+\.\w+)`", text):
        assert name in (ROOT / path).read_text("utf-8"), (name, path)


@pytest.mark.parametrize(
    "arguments",
    [["train.py", "--style=a.jpg", "b.jpg"], ["export.py", "--model=a", "b"]],
)
def test_words_that_belong_to_no_flag_are_refused(arguments):
    script, *rest = arguments
    process = subprocess.run(
        [sys.executable, str(ROOT / script), *rest], capture_output=True, text=True
    )
    assert process.returncode == 1
    expected = f"{script}: error: '{rest[-1]}' belongs to no flag."
    assert process.stderr.startswith(expected)
    assert process.stderr.count("\n") == 1
