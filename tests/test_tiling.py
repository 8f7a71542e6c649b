import pytest

from fast_style import Stylizer
from fast_style.network.generator import Generator
from fast_style.tiling import Geometry

SETTINGS = [
    {"residual_blocks": 0},
    {"residual_blocks": 2, "upsampling": "transposed"},
    {"residual_blocks": 5, "upsampling": "nearest"},
    {"residual_blocks": 4, "filters": (4, 6, 8, 8)},
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_border_of_a_model_is_its_generators(settings):
    generator = Generator(**{"filters": (4, 6, 8), **settings})
    exported = {"styles": ["style"], "generator": generator.get_config()}
    assert Geometry.of_model(exported).border == generator.border


def test_border_of_the_gallery_is_the_embedded_generators():
    assert Stylizer().border == Generator(filters="light").border == (80, 88)


def test_model_without_settings_has_the_border_of_the_first_models(model):
    assert Stylizer(model).border == Generator(filters=(16, 32, 64)).border == (52, 56)


@pytest.mark.parametrize("generator", [[], {"residual_blocks": "five"}])
def test_broken_settings_are_refused(generator):
    with pytest.raises(ValueError, match="The model's generator is broken: "):
        Geometry.of_model({"styles": ["wave"], "generator": generator})
