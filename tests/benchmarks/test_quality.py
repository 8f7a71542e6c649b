"""The commands that measure a gallery, each run on a small one."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fast_style.network.generator import Generator
from fast_style.training import runs

ROOT = Path(__file__).parents[2]
STYLES = ("wave", "scream", "photo")


@pytest.fixture(scope="module")
def gallery(tmp_path_factory, gallery_config):
    """A run directory of untrained styles."""
    folder = tmp_path_factory.mktemp("gallery")
    generator = Generator(STYLES, filters=(4, 4, 4), residual_blocks=0)
    generator.build((None, None, None, 3))
    runs.finish(folder, generator, gallery_config, {})
    return folder


@pytest.fixture
def measure(photographs, vgg16_weights):
    """A function that runs a script and gives what it prints."""

    def run(script, *arguments):
        command = [sys.executable, "-m", f"benchmarks.{script}", "--image_size=32"]
        command += [f"--content_dir={photographs}", f"--vgg16_weights={vgg16_weights}"]
        done = subprocess.run(
            [*command, "--photos=2", *arguments],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(ROOT)},
        )
        assert not done.returncode, done.stderr
        return done.stdout

    return run


def cells(text, first):
    """Cells of a table's row by what its first one says."""
    lines = [line for line in text.splitlines() if line.startswith(f"| {first} ")]
    assert len(lines) == 1, text
    return [cell.strip() for cell in lines[0].strip("|").split("|")][1:]


def test_quality_scores_every_style(measure, gallery, tmp_path):
    text = measure("quality", f"--json={tmp_path / 'scores.json'}", gallery)
    scores = json.loads((tmp_path / "scores.json").read_text())
    assert list(scores) == ["wave", "scream"]
    for style, found in scores.items():
        assert list(found) == ["content", "style", "total_variation", "total"]
        *terms, total = found.values()
        assert sum(terms) == pytest.approx(total)
        assert cells(text, style)[4] == f"{total / 1000:.1f}"


def test_optimise_goes_on_where_it_stopped(measure, gallery, tmp_path):
    results = tmp_path / "results.jsonl"
    arguments = [f"--run={gallery}", f"--results={results}", "--starts=noise"]
    measure("direct_optimisation", *arguments, "--iterations=2", "--styles=scream")
    before = results.read_text()
    text = measure("direct_optimisation", *arguments, "--iterations=2")
    assert results.read_text().startswith(before)
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    assert [line["of"]["style"] for line in lines] == ["scream"] * 2 + ["wave"] * 2
    totals = [line["record"]["totals"] for line in lines]
    assert [len(each) for each in totals] == [3] * 4
    second = sum(each[2] for each in totals[2:]) / 2
    assert cells(text, "wave")[2] == f"{second / 1000:.1f}"
    measure("direct_optimisation", *arguments, "--iterations=5", "--styles=scream")
    text = measure("direct_optimisation", *arguments, "--iterations=2")
    assert cells(text, "wave")[3] == "-" != cells(text, "scream")[3]


def test_blends_follow_the_pair_and_the_strengths(measure, gallery):
    text = measure("blend_losses", f"--run={gallery}", "--steps=3")
    assert "wave to scream" in text
    # At full strength both ways give the same picture.
    content, style, faded_content, faded_style = cells(text, "1.0")
    assert (content, style) == (faded_content, faded_style)
    assert cells(text, "0.0")[2] == "0.0"


def test_artefacts_compares_the_files(measure, gallery, model, tmp_path):
    for precision in ("float32", "float16", "int8"):
        shutil.copy(model, tmp_path / f"fast_style_{precision}.tflite")
    text = measure("artefacts", f"--run={gallery}", f"--export_dir={tmp_path}")
    assert cells(text, "int8")[4:] == ["1.0000", "same", "1.0000"]
    assert cells(text, "wave")[1:4] == ["1.0000", "same", "1.0000"]
