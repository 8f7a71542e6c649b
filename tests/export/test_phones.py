"""Files for phones' GPUs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from generators import SHAPES, made, small_generator

from fast_style.export import phones
from fast_style.network import phones as network
from fast_style.stylizer import Stylizer

ROWS = ("photo", "wave", "scream")
SIZE = 72, 100  # no multiples of the stride


@pytest.fixture(scope="module")
def generator():
    return small_generator(ROWS)


@pytest.fixture(scope="module")
def pixels():
    width, height = SIZE
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


@pytest.fixture(scope="module")
def artefact(generator, tmp_path_factory):
    folder = tmp_path_factory.mktemp("phones")
    (folder / phones.GUIDE).write_text(phones.guide(generator, [SIZE]))
    return phones.write(generator, SIZE, folder, {"styles": list(ROWS)})


def weights_of(*values):
    return np.float32(values)


@pytest.mark.parametrize("settings", SHAPES)
def test_mirroring_by_slices_is_that_of_whole_pictures(settings, pixels):
    generator = made(ROWS, 0.1, **settings)
    images, weights = np.float32(pixels[None]), weights_of(0.2, 0.3, 0.5)
    painted = network.paint(generator, images, weights[None, None, None])
    whole = generator(images, weights[None])
    np.testing.assert_allclose(painted, whole, atol=0.02)


def test_features_fit_float16_and_the_picture_stays(generator, pixels):
    large = small_generator(ROWS)
    for convolution in large.convolutions[:-1]:
        convolution.kernel.assign(300 * convolution.kernel)
    images, weights = np.float32(pixels[None]), weights_of(0, 1, 0)[None]
    assert max(network.largest_squares(large, images, weights)) > 65_504
    fitting = network.in_float16(large, images, weights)
    squares = network.largest_squares(fitting, images, weights)
    np.testing.assert_allclose(squares, 65_504 / 64, rtol=1e-3)
    for convolution in fitting.convolutions:  # float16 has it, and with all its digits
        assert np.finfo(np.float16).tiny <= convolution.normalization.epsilon < 0.1
    difference = fitting(images, weights) - large(images, weights)
    assert np.abs(difference).max() < 0.1


def test_flat_picture_has_features_in_float16(generator):
    flat = np.full((1, 64, 64, 3), 100, np.float32)
    fitting = network.in_float16(generator, flat, weights_of(0, 1, 0)[None])
    assert np.isfinite(fitting(flat, weights_of(0, 1, 0)[None])).all()


def test_file_paints_as_keras(artefact, generator, pixels):
    for weights in (weights_of(0, 1, 0), weights_of(0.5, 0.2, 0.3)):
        expected = generator(np.float32(pixels[None]), weights[None])
        difference = artefact.stylize(pixels, weights) - np.rint(expected[0])
        assert np.abs(difference).max() <= 3


def test_tensors_of_the_file_have_four_axes(artefact):
    tensors = Interpreter(str(artefact.path)).get_tensor_details()
    values = [t for t in tensors if t["name"] and t["dtype"] is np.float32]
    assert {len(t["shape"]) for t in values} <= {0, 1, 4}  # numbers, biases, features


def test_operation_that_the_gpu_lacks_is_named(export):
    content = (export / "fast_style_float32.tflite").read_bytes()
    assert {"CAST", "GATHER"} <= set(phones.gpu_lacks(content))


# Chromium brings a graphics driver that computes on the processor.
DRIVER = Path("/usr/lib/chromium/vk_swiftshader_icd.json")
ON_GPU = """
import sys
import numpy as np
from ai_edge_litert.compiled_model import CompiledModel
from ai_edge_litert.hardware_accelerator import HardwareAccelerator
file, pixels, painted, rows, row = sys.argv[1:]
pixels = np.load(pixels)
gpu = HardwareAccelerator.GPU
model = CompiledModel.from_file(file, hardware_accel=gpu)
assert model.is_fully_accelerated()
buffers = {n: model.create_input_buffer_by_name("serving_default", n)
           for n in ("images", "style_weights")}
out = model.create_output_buffer_by_name("serving_default", "stylized_images")
buffers["images"].write(np.float32(pixels).ravel())
weights = np.zeros(int(rows), np.float32)
weights[int(row)] = 1
buffers["style_weights"].write(weights)
model.run_by_name("serving_default", buffers, {"stylized_images": out})
np.save(painted, out.read(pixels.size, np.float32).reshape(pixels.shape))
"""


@pytest.mark.slow
@pytest.mark.skipif(not DRIVER.exists(), reason="Chromium's graphics driver is missing")
def test_gpu_takes_the_file_whole_by_the_calls_of_the_guide(
    artefact, generator, pixels, tmp_path
):
    guide = (artefact.path.parent / phones.GUIDE).read_text()
    name, *row = re.search(
        r'create\(context.assets, "(.+?)".*FloatArray\((\d+)\).also { it\[(\d+)\] = 1f',
        guide,
        re.S,
    ).groups()
    assert set(re.findall(r'Buffer\("(.+?)", "serving_default"', guide)) == {
        *("images", "style_weights", "stylized_images")
    }
    np.save(tmp_path / "pixels.npy", pixels)
    words = artefact.path.with_name(name), tmp_path / "pixels.npy"
    process = subprocess.run(
        [sys.executable, "-c", ON_GPU, *words, tmp_path / "painted.npy", *row],
        env={
            **os.environ,
            "VK_DRIVER_FILES": str(DRIVER),
            "VK_ICD_FILENAMES": str(DRIVER),
        },
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    painted = np.load(tmp_path / "painted.npy")
    expected = generator(np.float32(pixels[None]), weights_of(0, 1, 0)[None])
    assert np.abs(painted - expected[0]).max() <= 3


def test_values_are_told_by_name(artefact, pixels):
    values = phones.largest_values(artefact.path, pixels, weights_of(0, 1, 0))
    assert max(values.values()) < network.LARGEST
    assert sum("Square" in name for name in values) >= 6


def test_stylizer_says_what_a_file_for_phones_is(artefact):
    with pytest.raises(ValueError, match="for phones"):
        Stylizer(artefact.path)
