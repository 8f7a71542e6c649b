"""What an export holds, and what export.py prints of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fast_style import Stylizer, gallery, metadata
from fast_style.export.export import export
from fast_style.export.wanted import PRECISIONS, Wanted

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def test_export_holds_every_artefact_and_nothing_else(exported):
    directory, _ = exported
    names = {path.name for path in directory.iterdir()}
    files = {f"fast_style_{precision}.tflite" for precision in PRECISIONS}
    assert names == {"1", "fast_style.json"} | files


def test_script_prints_a_line_for_every_artefact_and_size(exported):
    directory, text = exported
    header, *lines, saved = text.strip().splitlines()
    assert header.split() == "artefact MB picture largest mean PSNR dB ms".split()
    forms = [name for p in PRECISIONS for name in (p, f"{p} tiles")]
    names = ["SavedModel", "SavedModel bytes", *forms]
    assert [line[:17].strip() for line in lines] == names * 2
    assert all("203x135" in line for line in lines[:8])
    assert all("301x403" in line for line in lines[8:])
    assert saved == f"Saved {directory.name}"


def test_one_precision_alone_is_proven_and_nothing_else_written(exported, tmp_path):
    directory, _ = exported
    results = export(
        directory.parent / "generator.keras",
        tmp_path / "export",
        photo=gallery.SAMPLE,
        wanted=Wanted(only="int8"),
        sizes=[(40, 30)],
    )
    assert [result.artefact for result in results] == ["int8", "int8 tiles"]
    names = {path.name for path in (tmp_path / "export").iterdir()}
    assert names == {"fast_style_int8.tflite", "fast_style.json"}
    assert Stylizer(tmp_path / "export" / "fast_style_int8.tflite").styles


def test_script_prints_its_help():
    command = [sys.executable, "export.py", "--help"]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert process.returncode == 0
    assert "--output_dir" in process.stdout


def test_every_artefact_holds_its_styles_and_architecture(exported):
    directory, _ = exported
    texts = {
        (directory / "fast_style.json").read_text(),
        (directory / "1" / "assets.extra" / "fast_style.json").read_text(),
    }
    assert len(texts) == 1
    description = json.loads(texts.pop())
    assert description["styles"] == ["photo", "wave", "scream"]
    # The names are the gallery's, the weights are not.
    assert description["catalogue"] == {}
    assert description["generator"] == {
        "filters": [0, 5, 6, 8],
        "residual_blocks": 0,
        "upsampling": "nearest",
        "adapted": [],
        "skip": True,
    }
    for precision in PRECISIONS:
        path = directory / f"fast_style_{precision}.tflite"
        read = metadata.read(path)
        assert 50 < read.pop("bytes_per_pixel") < 500
        assert read == description


def test_no_artefact_holds_more_than_the_generator(exported, generator):
    directory, _ = exported
    weights = 4 * generator.count_params()
    sizes = [p.stat().st_size for p in (directory / "1").rglob("*") if p.is_file()]
    assert weights < sum(sizes) < weights + 1_000_000  # VGG16 alone has 59 MB
    for precision in PRECISIONS:
        size = (directory / f"fast_style_{precision}.tflite").stat().st_size
        assert size < weights + 200_000  # three graphs, of which none has the weights
