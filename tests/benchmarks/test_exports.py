"""The files of an export beside each other."""

import sys

import numpy as np
import pytest

from benchmarks import exports, recipes
from fast_style import gallery, metadata

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_functions_run_by_turns_and_once_before_they_count():
    calls = []

    def of(name, work):
        def paint(pixels):
            calls.append(name)
            for _ in range(work):
                np.sort(pixels, axis=None)
            return pixels

        return paint

    pixels = np.random.default_rng(0).integers(0, 256, (80, 80, 3), np.uint8)
    paints = [of("a", 1), of("b", 40)]
    quick, long = exports.processor_milliseconds(paints, pixels, 2)
    assert "".join(calls) == "ab" * 3
    assert 0 < 5 * quick < long


def test_each_file_of_an_export_is_there_by_its_name(export, tmp_path):
    files = {path for way in exports.ways(export) for path in way.paths.values()}
    # Those of the fixture, which has no ONNX and nothing for phones.
    kept = {path.name for path in files if path.exists()}
    assert kept == {"1", *(f"fast_style_{p}.tflite" for p in exports.PRECISIONS)}


def test_an_exported_file_paints_by_litert_as_by_tensorflow(export, photo):
    paints = [
        exports.by_tensorflow(export / "1"),
        exports.by_litert(export / "fast_style_float32.tflite"),
    ]
    first, second = (paint(photo).astype(int) for paint in paints)
    assert np.abs(first - second).max() <= 1
    assert exports.square_error(first, second) < 1


def test_missing_quantizer_is_told(monkeypatch):
    rows = metadata.read(gallery.MODEL)["styles"]
    monkeypatch.setitem(sys.modules, "ai_edge_quantizer", None)
    with pytest.raises(OSError, match="pip install ai-edge-quantizer"):
        recipes.quantized(gallery.MODEL, "weight_only_wi8_afp32", rows)
