import numpy as np
import pytest

from fast_style.export import litert
from fast_style.export.wanted import PRECISIONS
from fast_style.stylizer import Stylizer

SIZES = ((37, 53), (101, 64))


@pytest.mark.slow
@pytest.mark.parametrize("precision", PRECISIONS)
def test_file_takes_any_size_and_blends(exported, pictures, expected, precision):
    directory, _ = exported
    stylizer = Stylizer(directory / f"fast_style_{precision}.tflite")
    limit = {"float32": 1, "float16": 3, "int8": 40}[precision]
    for size in SIZES:
        pixels = pictures(*size)
        for styles, row in (("wave", [1, 0]), ({"wave": 1, "scream": 3}, [0.25, 0.75])):
            stylized = stylizer.stylize(pixels[0], styles=styles)
            target = expected(pixels, [row])[0]
            assert stylized.shape == target.shape
            assert np.abs(stylized - target).max() <= limit


@pytest.mark.slow
def test_smaller_precisions_keep_weights_in_fewer_bytes(exported):
    from ai_edge_litert.interpreter import Interpreter

    directory, _ = exported
    kinds = {}
    for precision in PRECISIONS:
        path = directory / f"fast_style_{precision}.tflite"
        tensors = Interpreter(str(path)).get_tensor_details()
        kinds[precision] = {
            np.dtype(tensor["dtype"]).name
            for tensor in tensors
            if tensor["shape"].size == 4
        }
    assert "float16" in kinds["float16"] - kinds["float32"]
    assert "int8" in kinds["int8"] - kinds["float32"]


@pytest.mark.slow
def test_artefact_weighs_every_row_the_photographs_too(gallery, pictures):
    (artefact,) = litert.artefacts(gallery, "int8")
    (pixels,) = pictures(37, 53)
    targets = [np.rint(pixels / 2), 255 - pixels, pixels[..., ::-1]]
    for weights, target in zip(np.eye(3), targets, strict=True):
        np.testing.assert_array_equal(artefact.stylize(pixels, weights), target)


@pytest.mark.slow
def test_bytes_per_pixel_are_those_of_the_embedded_gallery():
    from fast_style import gallery, metadata

    description = metadata.read(gallery.MODEL)
    margin, rows = sum(description["margin"]), len(description["styles"])
    measured = litert.bytes_per_pixel(gallery.MODEL, rows, margin)
    assert measured == pytest.approx(description["bytes_per_pixel"], rel=0.15)
