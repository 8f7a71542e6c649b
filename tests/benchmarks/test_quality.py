"""The benchmarks that score a gallery, each run on a tiny one."""

import json
import shutil

import pytest

from benchmarks import (
    artefacts,
    blend_losses,
    direct_optimisation,
    fidelity,
    quality,
)

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture
def measure(photographs, vgg16_weights, capsys):
    """A function that runs a benchmark and returns what it prints."""

    def run(benchmark, *words):
        flags = [f"--content_dir={photographs}", f"--vgg16_weights={vgg16_weights}"]
        benchmark.main([*flags, "--image_size=32", "--photos=2", *map(str, words)])
        return capsys.readouterr().out

    return run


def test_quality_scores_every_style(measure, run_dir, cells):
    text = measure(quality, run_dir)
    for style in ("wave", "scream"):
        run, *terms, total, ratio, _ = cells(text, style)
        assert run == run_dir.name and ratio == "1.000"
        assert sum(map(float, terms)) == pytest.approx(float(total), abs=0.2)
        assert float(terms[1]) > 0


def test_optimisation_goes_on_where_it_stopped(measure, run_dir, tmp_path, cells):
    results = tmp_path / "results.jsonl"
    words = [f"--run={run_dir}", f"--results={results}", "--starts=noise"]
    measure(direct_optimisation, *words, "--iterations=2", "--styles=scream")
    before = results.read_text()
    text = measure(direct_optimisation, *words, "--iterations=2")
    assert results.read_text().startswith(before)
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    assert [line["of"]["style"] for line in lines] == ["scream"] * 2 + ["wave"] * 2
    totals = [line["record"]["totals"] for line in lines]
    assert [len(losses) for losses in totals] == [3] * 4
    second = sum(losses[2] for losses in totals[2:]) / 2
    assert cells(text, "wave")[2] == f"{second / 1000:.1f}"


def test_unknown_styles_are_named(measure, run_dir, tmp_path):
    words = [f"--run={run_dir}", f"--results={tmp_path}/a", "--styles=waves"]
    with pytest.raises(ValueError, match="No waves; give of wave, scream"):
        measure(direct_optimisation, *words)


def test_blends_follow_the_pair_and_the_strengths(measure, run_dir, cells):
    text = measure(blend_losses, f"--run={run_dir}", "--steps=3")
    assert "wave to scream" in text
    # At full strength both ways give the same picture.
    content, style, faded_content, faded_style = cells(text, "1.0")
    assert (content, style) == (faded_content, faded_style)
    assert cells(text, "0.0")[2] == "0.0"


def test_artefacts_are_compared_with_the_first(
    measure, run_dir, model, tmp_path, cells
):
    for precision in ("float32", "float16", "int8"):
        shutil.copy(model, tmp_path / f"fast_style_{precision}.tflite")
    text = measure(artefacts, f"--run={run_dir}", f"--export_dir={tmp_path}")
    assert cells(text, "int8")[4:] == ["1.0000", "same", "1.0000"]
    assert cells(text, "wave")[1:4] == ["1.0000", "same", "1.0000"]


def test_fidelity_compares_every_layer(measure, run_dir, painting, tmp_path, cells):
    shutil.copy(painting, tmp_path)
    text = measure(fidelity, f"--run={run_dir}", f"--style_dir={tmp_path}")
    layer, *figures, content = cells(text, "half-stylized")
    assert layer == "block1_conv2" and content == "-"
    assert all(float(figure) for figure in figures)
    assert text.count("block3_conv3") == 3
    assert "VGG16 in low rank: 24 %" in text
