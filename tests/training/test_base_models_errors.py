"""What a training from a trained generator refuses."""

import json
import zipfile

import keras
import pytest
from generators import save

from fast_style import gallery
from fast_style.fields import SettingError
from fast_style.training import base_models


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """Path of a generator of two styles."""
    path = tmp_path_factory.mktemp("base") / "two.keras"
    save(path)
    return path


def test_a_taken_name_is_refused_for_a_new_style(base):
    with pytest.raises(SettingError, match="'kiss', which is taken .* of wave, kiss"):
        base_models.load(base, tune="style", names=["new", "kiss"])
    assert base_models.load(base, tune="all", names=["kiss"]).styles == ("wave", "kiss")


def test_the_photograph_is_not_added_twice(tmp_path):
    save(tmp_path / "two.keras", ("wave", "photo"))
    with pytest.raises(SettingError, match="photo is in the base model .*leave it out"):
        base_models.load(tmp_path / "two.keras", tune="style", names=["new", "photo"])


@pytest.mark.parametrize(
    "asked, message",
    [
        ({"filters": "light"}, r"filters is \(0, 32, 64, 128\), .* is \(4, 6, 8\)"),
        ({"filters": [4, 6, 9]}, r"filters is \(4, 6, 9\), and"),
        ({"residual_blocks": 5}, "residual_blocks is 5, and .* is 1"),
        ({"upsampling": "nearest"}, "upsampling is nearest, and .* is transposed"),
    ],
)
def test_an_architecture_that_the_base_does_not_have_is_refused(base, asked, message):
    generator = keras.saving.load_model(base)
    with pytest.raises(SettingError, match=message) as raised:
        base_models.architecture(generator, **asked)
    assert "\n" not in str(raised.value)


def rewritten(base, path, change):
    """Copy a .keras file with a changed configuration."""
    with zipfile.ZipFile(base) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                config = json.loads(content)
                change(config)
                content = json.dumps(config)
            new.writestr(name, content)


def later(config):
    config["config"]["shortcuts"] = True


def larger(config):
    config["config"]["filters"] = [8, 8, 8]


def stranger(config):
    config.update(class_name="Transformer", registered_name="p>Transformer")


@pytest.mark.parametrize(
    "change, message",
    [
        (later, "with fast_style .*shortcuts.* of this version's training"),
        (larger, "Cannot load .* with fast_style"),
        (stranger, "Cannot load .*Transformer"),
    ],
)
def test_a_base_of_another_version_is_refused_in_one_line(
    base, tmp_path, change, message
):
    rewritten(base, tmp_path / "changed.keras", change)
    with pytest.raises(ValueError, match=message) as raised:
        base_models.load(tmp_path / "changed.keras", tune="all", names=["new"])
    assert "\n" not in str(raised.value)


def test_a_base_that_is_no_generator_is_refused_in_one_line(tmp_path):
    dense = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    dense.save(tmp_path / "dense.keras")
    (tmp_path / "text.keras").write_text("no model")
    for name, message in (
        ("none.keras", "Cannot find .*none.keras'. Give a run directory"),
        (".", "Cannot find .*generator.keras'. Give a run directory whose training"),
        ("text.keras", "text.keras' is damaged, or no model of fast_style. Give"),
        ("dense.keras", "holds no generator of this package but a Sequential. Give"),
    ):
        with pytest.raises((OSError, ValueError), match=message) as raised:
            base_models.load(
                gallery.generator_path(tmp_path / name), tune="all", names=["new"]
            )
        assert "\n" not in str(raised.value)


def test_a_missing_base_is_an_error_that_names_the_embedded_ones():
    with pytest.raises(OSError, match="Cannot find the base model .*, or one of gall"):
        base_models.load(gallery.generator_path("kiss"), tune="all", names=["new"])
