"""The node of ComfyUI, called as ComfyUI does, with NumPy in place of PyTorch."""

import importlib.util
import inspect
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from fast_style import Stylizer, catalogue, likeness

FILE = Path(__file__).parents[2] / "integrations/comfyui/fast_style_nodes/__init__.py"


class Tensor:
    """What the node uses of a tensor of PyTorch's."""

    def __init__(self, values):
        self.values = np.asarray(values, np.float32)

    def cpu(self):
        return self

    def numpy(self):
        return self.values

    def new_tensor(self, values):
        return Tensor(values)


@pytest.fixture(scope="module")
def nodes():
    spec = importlib.util.spec_from_file_location("fast_style_nodes", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def node(nodes):
    (name,) = nodes.NODE_CLASS_MAPPINGS
    assert nodes.NODE_DISPLAY_NAME_MAPPINGS.keys() == {name}
    return nodes.NODE_CLASS_MAPPINGS[name]()


def paint(node, pictures, **inputs):
    """The node's pictures as uint8, from a batch of them."""
    asked = node.INPUT_TYPES()["required"]
    defaults = {
        name: options[0]["default"] if options else kind[0]
        for name, (kind, *options) in asked.items()
        if kind != "IMAGE"
    }
    image = Tensor(np.stack(pictures) / 255)
    (painted,) = getattr(node, node.FUNCTION)(image, **{**defaults, **inputs})
    assert painted.values.dtype == np.float32
    return np.rint(painted.values * 255)


def test_every_input_is_taken(node):
    asked = node.INPUT_TYPES()
    assert node.RETURN_TYPES == ("IMAGE",)
    style, *_ = asked["required"]["style"]
    assert style == list(catalogue.read())
    look = inspect.signature(Stylizer.stylize).parameters
    taken = inspect.signature(node.paint).parameters
    for name in [*asked["required"], *asked["optional"]]:
        assert name in taken or name in look


def test_a_batch_is_painted_as_by_the_stylizer(node, photo):
    pictures = [photo, photo[::-1]]
    painted = paint(node, pictures, style="scream", strength=0.5)
    for picture, result in zip(pictures, painted, strict=True):
        expected = Stylizer().stylize(picture, styles="scream", strength=0.5)
        np.testing.assert_array_equal(result, expected)


def test_models_blends_and_four_channels_are_taken(node, photo, model):
    with_alpha = np.dstack([photo, photo[..., 0]])
    painted = paint(node, [with_alpha], blend="wave:1,scream:3", model=str(model))
    expected = 0.25 * (255.0 - photo) + 0.75 * photo[..., ::-1]
    np.testing.assert_allclose(painted[0], expected, atol=0.51)


def test_a_model_is_loaded_once_and_anew_when_its_file_changes(nodes, model, tmp_path):
    path = str(shutil.copy(model, tmp_path))
    first = nodes._stylizer(path)
    assert nodes._stylizer(path) is first
    os.utime(path, ns=(1, 1))
    assert nodes._stylizer(path) is not first
    with pytest.raises(OSError, match="missing"):
        nodes._stylizer("missing.tflite")


def test_a_painting_goes_before_the_style(node, photo):
    painting = photo[..., [1, 2, 0]]
    painted = paint(node, [photo], painting=Tensor(painting[None] / 255))
    stylizer = Stylizer()
    like = likeness.of(stylizer, painting)
    np.testing.assert_array_equal(painted[0], stylizer.stylize(photo, styles=like))


def test_a_wrong_blend_is_told(node, photo):
    with pytest.raises(ValueError, match="'kiss2'"):
        paint(node, [photo], blend="kiss2")
