import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from generators import small_generator
from PIL import Image

from fast_style import metadata
from fast_style.export import exporting
from fast_style.stylizer import Stylizer

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "examples" / "astronaut.jpg"
STYLES = ("wave", "scream")
PRECISIONS = ("float32", "float16", "int8")
SIZES = ((37, 53), (101, 64))


def pictures(height, width, number=1):
    """Photographs, smooth ones: JPEG keeps them."""
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    colors = np.stack([x, y, (x + y) / 2], -1) * 200 + 20
    return np.stack([colors + 10 * i for i in range(number)]).astype(np.uint8)


@pytest.fixture(scope="module")
def generator():
    return small_generator(STYLES)


@pytest.fixture(scope="module")
def run_dir(generator, tmp_path_factory):
    """Its file, in a run directory."""
    folder = tmp_path_factory.mktemp("run")
    generator.save(folder / "generator.keras")
    return folder


@pytest.fixture(scope="module")
def exported(run_dir, tmp_path_factory):
    """What export.py makes of it: the directory and what it printed."""
    directory = tmp_path_factory.mktemp("exported") / "export"
    process = subprocess.run(
        [
            sys.executable,
            str(ROOT / "export.py"),
            f"--model={run_dir}",
            f"--output_dir={directory}",
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return directory, process.stdout


@pytest.fixture(scope="module")
def signatures(exported):
    import tensorflow as tf

    return tf.saved_model.load(str(exported[0] / "1")).signatures


def expected(generator, pixels, weights):
    return np.rint(np.asarray(generator(pixels, np.array(weights, np.float32))))


def distance(one, other):
    return np.abs(one.astype(float) - other.astype(float)).max()


def test_export_holds_every_artefact_and_nothing_else(exported):
    names = {path.name for path in exported[0].iterdir()}
    files = {f"fast_style_{precision}.tflite" for precision in PRECISIONS}
    assert names == {"1", "fast_style.json"} | files


def test_export_prints_a_row_for_every_artefact_and_size(exported):
    directory, text = exported
    header, *rows, saved = text.strip().splitlines()
    assert header.split() == "artefact MB picture largest mean PSNR dB ms".split()
    names = ["SavedModel", "SavedModel bytes", *PRECISIONS]
    assert [row[:17].strip() for row in rows] == names * 2
    assert all("203x135" in row for row in rows[:5])
    assert all("301x403" in row for row in rows[5:])
    assert saved == f"Saved {directory}"


@pytest.mark.parametrize("weights", [[[1, 0]], [[0, 1]], [[0.3, 0.7]]])
def test_arrays_are_stylised_as_by_keras(signatures, generator, weights):
    for size in SIZES:
        pixels = pictures(*size)
        outputs = signatures["serving_default"](
            images=pixels, style_weights=np.array(weights, np.float32)
        )
        stylized = outputs["stylized_images"].numpy()
        assert stylized.dtype == np.uint8
        target = expected(generator, pixels, weights)
        assert distance(stylized, target) <= 1
        assert (stylized != target).mean() < 0.01  # rounded, and not cut off


def test_styles_differ(generator):
    one, other = (expected(generator, pictures(37, 53), [w]) for w in ([1, 0], [0, 1]))
    assert distance(one, other) > 20  # or the tests of weights could not fail


def test_style_weights_of_any_sum_are_normalised(signatures, generator):
    pixels = pictures(37, 53)
    outputs = signatures["serving_default"](
        images=pixels, style_weights=np.array([[1.5, 4.5]], np.float32)
    )
    target = expected(generator, pixels, [[0.25, 0.75]])
    assert distance(outputs["stylized_images"].numpy(), target) <= 1


def encoded(pixels, format):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, quality=100, subsampling=0)
    return file.getvalue()


def test_bytes_of_several_formats_and_sizes_share_a_batch(signatures, generator):
    wide, high = pictures(37, 53)[0], pictures(101, 64)[0]
    grey = wide.mean(-1).astype(np.uint8)
    batch = [encoded(wide, "JPEG"), encoded(high, "PNG"), encoded(grey, "PNG")]
    weights = np.array([[1, 0], [0, 1], [0.5, 0.5]], np.float32)
    import tensorflow as tf

    outputs = signatures["stylize_bytes"](
        image_bytes=tf.constant(batch), style_weights=weights
    )
    assert list(outputs) == ["stylized_bytes"]
    wide = tf.io.decode_jpeg(batch[0]).numpy()  # decoders differ by a level or two
    inputs = [wide, high, np.repeat(grey[..., None], 3, -1)]
    for result, pixels, row in zip(
        outputs["stylized_bytes"].numpy(), inputs, weights, strict=True
    ):
        assert result.startswith(b"\xff\xd8")  # a JPEG
        stylized = np.asarray(Image.open(io.BytesIO(result)))
        target = expected(generator, pixels[None], [row])[0]
        assert stylized.shape == target.shape
        assert np.abs(stylized - target).mean() < 3


@pytest.mark.parametrize("signature", ["serving_default", "stylize_bytes"])
def test_saved_model_cli_runs_both_signatures(exported, generator, tmp_path, signature):
    pixels = pictures(37, 53)
    given = tmp_path / "inputs.npz"
    if signature == "serving_default":
        name, output, images = "images", "stylized_images", pixels
    else:
        name, output = "image_bytes", "stylized_bytes"
        images = np.array([encoded(pixels[0], "PNG")])
    np.savez(given, images=images, weights=np.array([[0, 1]], np.float32))
    tool = Path(sys.executable).parent / "saved_model_cli"
    command = [str(tool), "run", "--dir", str(exported[0] / "1")]
    command += ["--tag_set", "serve", "--signature_def", signature, "--inputs"]
    command += [f"{name}={given}[images];style_weights={given}[weights]"]
    command += ["--outdir", str(tmp_path)]
    process = subprocess.run(command, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    result = np.load(tmp_path / f"{output}.npy", allow_pickle=True)
    target = expected(generator, pixels, [[0, 1]])
    if signature == "serving_default":
        assert distance(result, target) <= 1
    else:
        stylized = np.asarray(Image.open(io.BytesIO(result[0])))
        assert np.abs(stylized - target[0]).mean() < 3


@pytest.mark.parametrize("precision", PRECISIONS)
def test_tflite_takes_any_size_and_both_styles(exported, generator, precision):
    stylizer = Stylizer(exported[0] / f"fast_style_{precision}.tflite")
    limit = {"float32": 1, "float16": 3, "int8": 40}[precision]
    for size in SIZES:
        pixels = pictures(*size)[0]
        for styles, row in (("wave", [1, 0]), ({"wave": 1, "scream": 3}, [0.25, 0.75])):
            stylized = stylizer.stylize(pixels, styles=styles)
            target = expected(generator, pixels[None], [row])[0]
            assert stylized.shape == target.shape
            assert distance(stylized, target) <= limit


def test_every_artefact_knows_its_styles_and_generator(exported):
    directory, _ = exported
    texts = {
        (directory / "fast_style.json").read_text(),
        (directory / "1" / "assets.extra" / "fast_style.json").read_text(),
    }
    assert len(texts) == 1
    known = json.loads(texts.pop())
    assert known["styles"] == list(STYLES)
    assert known["catalogue"] == {}  # its wave and scream are no paintings we know
    assert known["generator"] == {
        "filters": [4, 6, 8],
        "residual_blocks": 1,
        "upsampling": "nearest",
        "adapted": [],
    }
    for precision in PRECISIONS:
        path = directory / f"fast_style_{precision}.tflite"
        assert metadata.read(path) == known


def test_no_artefact_carries_more_than_the_generator(exported, generator):
    directory, _ = exported
    weights = 4 * generator.count_params()
    saved = [p.stat().st_size for p in (directory / "1").rglob("*") if p.is_file()]
    assert weights < sum(saved) < weights + 1_000_000  # VGG16 alone would be 59 MB
    for precision in PRECISIONS:
        size = (directory / f"fast_style_{precision}.tflite").stat().st_size
        assert size < weights + 100_000


def test_smaller_precisions_keep_weights_in_fewer_bytes(exported):
    from ai_edge_litert.interpreter import Interpreter

    kinds = {}
    for precision in PRECISIONS:
        path = exported[0] / f"fast_style_{precision}.tflite"
        details = Interpreter(str(path)).get_tensor_details()
        kinds[precision] = {
            np.dtype(d["dtype"]).name for d in details if d["shape"].size == 4
        }
    assert "float16" in kinds["float16"] - kinds["float32"]
    assert "int8" in kinds["int8"] - kinds["float32"]


def row(**values):
    fields = dict(
        artefact="int8",
        megabytes=0.5,
        width=301,
        height=135,
        largest=7,
        mean=0.5,
        psnr=41.26,
        milliseconds=12.4,
    )
    return exporting.Row(**{**fields, **values})


def test_comparison_tells_the_difference():
    pixels = pictures(37, 53)[0]
    keras_result = pixels + 0.3
    wrong = pixels.copy()
    wrong[0, 0, 0] += 5
    arguments = (pixels, np.ones(1), keras_result)
    largest, mean, psnr, _ = exporting._compare("int8", lambda *_: wrong, *arguments)
    values = 37 * 53 * 3
    assert largest == 5
    assert mean == pytest.approx(5 / values)
    assert psnr == pytest.approx(10 * np.log10(255**2 * values / 25))
    with pytest.raises(ValueError, match="int8 made"):
        exporting._compare("int8", lambda *_: wrong[:-1], *arguments)


def test_every_style_and_a_blend_are_compared():
    for styles in (1, 2, 5):
        both = [exporting._weightings(styles, number) for number in (0, 1)]
        for rows in both:
            assert (rows == np.float32(1 / styles)).all(axis=1).sum() == 1
        seen = np.concatenate(both)
        for row in np.eye(styles):
            assert (seen == row).all(axis=1).any()
        assert len(seen) == (2 if styles == 1 else styles + 2)


def test_every_row_of_a_model_is_compared_the_photos_too(gallery):
    run = exporting._open_tflite(gallery)
    pixels = pictures(37, 53)[0]
    rows = [np.rint(pixels / 2), 255 - pixels, pixels[..., ::-1]]
    for weights, expected in zip(np.eye(3), rows, strict=True):
        np.testing.assert_array_equal(run(pixels, weights), expected)


def test_table_has_a_line_for_each_row():
    lines = exporting.table([row(), row(artefact="SavedModel bytes")]).splitlines()
    assert len(lines) == 3
    assert lines[1].split() == "int8 0.50 301x135 7 0.500 41.3 12".split()
    assert len({line.index("x") for line in lines[1:]}) == 1
