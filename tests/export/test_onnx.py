"""ONNX files, run by onnxruntime and by OpenCV."""

import json
import re
import shutil
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf
from generators import small_generator
from PIL import Image

from fast_style import images
from fast_style.export import onnx as export
from fast_style.export import proof
from fast_style.export.wanted import OPSETS, PRECISIONS, Bake

pytestmark = pytest.mark.slow
DOCUMENT = Path(__file__).parents[2] / "docs" / "export.md"
ROWS = ("photo", "wave", "scream")
OPSET = OPSETS[0]
DESCRIPTION = {"styles": list(ROWS)}


@pytest.fixture(scope="module")
def generator():
    return small_generator(ROWS)


@pytest.fixture(scope="module")
def folder(generator, tmp_path_factory):
    folder = tmp_path_factory.mktemp("onnx")
    export.write(generator, generator, folder, DESCRIPTION, OPSET)
    return folder


def session(path):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def picture(rng, height, width):
    return rng.integers(0, 256, (height, width, 3), np.uint8)


def test_a_hundred_sizes_and_blends_are_within_a_level_of_keras(folder, generator):
    run = session(folder / "fast_style_float32.onnx").run
    free = tf.TensorSpec((1, None, None, 3)), tf.TensorSpec((1, 3))
    keras = tf.function(generator, input_signature=free)  # faster with so many sizes
    rng = np.random.default_rng(0)
    for height, width in rng.integers(16, 70, (100, 2)):
        images = picture(rng, height, width)[None]
        weights = rng.random((1, 3), np.float32)
        (painted,) = run(None, {"images": images, "style_weights": 3 * weights})
        expected = keras(np.float32(images), weights / weights.sum())
        assert np.abs(painted - np.rint(expected)).max() <= 1, (height, width)


def test_pictures_of_a_batch_have_weights_of_their_own(folder):
    run = session(folder / "fast_style_float32.onnx").run
    images = picture(np.random.default_rng(0), 40, 50)[None]
    both = np.concatenate([images, 255 - images])
    weights = np.eye(3, dtype=np.float32)[1:]
    (painted,) = run(None, {"images": both, "style_weights": weights})
    for index in (0, 1):
        part = slice(index, index + 1)
        inputs = {"images": both[part], "style_weights": weights[part]}
        np.testing.assert_array_equal(painted[part], run(None, inputs)[0])


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_smaller_files_are_near(folder, generator, precision):
    path = folder / f"fast_style_{precision}.onnx"
    graph = onnx.load(path).graph
    kernels = {t.data_type for t in graph.initializer if min(t.dims[2:], default=1) > 1}
    kind = {"float16": onnx.TensorProto.FLOAT16, "int8": onnx.TensorProto.UINT8}
    assert kernels == {kind[precision]}
    images = picture(np.random.default_rng(0), 48, 64)[None] // 2 + 60
    weights = np.float32([[0, 1, 0]])
    (painted,) = session(path).run(None, {"images": images, "style_weights": weights})
    difference = np.abs(painted - np.rint(generator(np.float32(images), weights)))
    assert difference.mean() < {"float16": 0.5, "int8": 8}[precision]


def test_files_say_what_they_are(folder):
    for precision in PRECISIONS:
        model = onnx.load(folder / f"fast_style_{precision}.onnx")
        told = {entry.key: entry.value for entry in model.metadata_props}
        assert json.loads(told["fast_style.json"])["styles"] == list(ROWS)
        assert [name.name for name in model.graph.input] == ["images", "style_weights"]
        assert [name.name for name in model.graph.output] == ["stylized_images"]
        versions = {entry.domain: entry.version for entry in model.opset_import}
        assert versions.get("", versions.get("ai.onnx")) == OPSET


@pytest.mark.parametrize("largest", [1, 255])
def test_opencv_paints_a_fixed_size(generator, tmp_path, largest):
    asked = Bake({"wave": 1, "scream": 3}, (61, 43), largest)
    artefact = export.bake(generator, asked, tmp_path, DESCRIPTION, OPSET)
    assert artefact.path.name == "fast_style_wave-1_scream-3_61x43.onnx"
    image = picture(np.random.default_rng(0), 43, 61)
    net = cv2.dnn.readNetFromONNX(str(artefact.path))
    net.setInput(cv2.dnn.blobFromImage(image, largest / 255))
    painted = net.forward()[0].transpose(1, 2, 0) * (255 / largest)
    expected = generator(np.float32(image[None]), np.float32([[0, 0.25, 0.75]]))
    np.testing.assert_allclose(painted, expected[0], atol=0.1)


def test_a_file_with_styles_inside_takes_any_size(generator, tmp_path):
    asked = Bake({"scream": 1})
    artefact = export.bake(generator, asked, tmp_path, DESCRIPTION, OPSET)
    size, weights = artefact.only
    assert size == proof.SIZES[0] and weights.tolist() == [[0, 0, 1]]
    rng = np.random.default_rng(0)
    for height, width in ((16, 90), (53, 37)):
        pixels = picture(rng, height, width)
        expected = generator(np.float32(pixels[None]), weights)
        difference = artefact.stylize(pixels, weights[0]) - np.rint(expected[0])
        assert np.abs(difference).max() <= 1


def test_a_style_that_is_missing_is_told(generator, tmp_path):
    with pytest.raises(ValueError, match="No style 'wafe' in this model. Did you mean"):
        export.bake(generator, Bake({"wafe": 1}), tmp_path, DESCRIPTION, OPSET)
    assert not list(tmp_path.iterdir())


def test_programs_of_the_document_paint(generator, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(folder, "export")
    baked = Bake({"wave": 1}, (640, 360))
    export.bake(generator, baked, tmp_path / "export", DESCRIPTION, OPSET)
    photo = picture(np.random.default_rng(0), 90, 120)
    Image.fromarray(photo).save("photo.jpg")
    programs = re.findall(r"^```python\n(.*?)^```", DOCUMENT.read_text(), re.S | re.M)
    assert len(programs) == 2
    for program in programs:
        exec(program, {})
    assert images.read_size("onnx.jpg") == (120, 90)
    assert images.read_size("opencv.png") == (640, 360)
