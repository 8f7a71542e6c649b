"""The settings of a training: their defaults, limits and recorded form."""

import dataclasses
import inspect
import json
from pathlib import Path

import numpy as np
import pytest

from fast_style.fields import SettingError
from fast_style.training.settings import Settings

FIELDS = {field.name: field for field in dataclasses.fields(Settings)}


@pytest.mark.parametrize(
    "values, message",
    [
        ({"steps": -1}, "steps is -1; give 1 or more."),
        ({"steps": 1.5}, "steps is 1.5; give 1 or more."),
        ({"seed": None}, "seed is None; give 0 or more."),
        ({"blends": 1.5}, "blends is 1.5; give a number from 0 to 1."),
        ({"style_size": 63}, "style_size is 63; give 64 or more."),
        ({"learning_rate": np.nan}, "learning_rate is nan; give 0 or more."),
        ({"content_weight": -0.1}, "content_weight is -0.1; give 0 or more."),
        ({"total_variation_weight": np.inf}, "total_variation_weight is inf; give"),
        ({"style_weight": "loud"}, "style_weight is 'loud'; give a number of 0 or"),
        ({"style_weight": -1.0}, "style_weight is -1.0; give a number of 0 or more"),
        ({"style_weight": np.nan}, "or gentle, normal, auto or strong."),
        ({"precision": "half"}, "precision is 'half'; give one of auto, float32,"),
        ({"loss_network": "vgg19"}, "loss_network is 'vgg19'; give one of vgg16,"),
        ({"upsampling": "cubic"}, "upsampling is 'cubic'; give one of nearest,"),
        ({"tune": "none"}, "tune is 'none'; give one of style, all."),
        ({"tune": "style"}, "tune is 'style' without a base_model; give one, too."),
        ({"filters": "nope"}, "filters is 'nope'; give light, full or three"),
        ({"filters": (4, 6)}, "filters is (4, 6); give three or four channel counts"),
        ({"filters": (4, 6, 0)}, "filters is (4, 6, 0); give three or four channel"),
        ({"filters": (-1, 6, 8)}, "filters is (-1, 6, 8); give light, full or"),
        ({"style_layers": ()}, "style_layers is ''; give one layer or more"),
        ({"content_layers": ("a", "a")}, "content_layers is 'a,a'; give one layer"),
        ({"content_layer_weights": (1,)}, "has 1 numbers for 2 layers; give one"),
        ({"style_layer_weights": (1, 1, 1, -1)}, "style_layer_weights is (1, 1, 1, -1"),
        ({"resident": True}, "resident is true without a content_dir; give one, too."),
        ({"steps_per_execution": 0}, "steps_per_execution is 0; give 1 or more."),
        (
            {"steps_per_execution": 20, "steps": 110},
            "steps_per_execution is 20, which does not divide steps (110); give a",
        ),
        (
            {"steps_per_execution": 20, "backup_every": 50},
            "steps_per_execution is 20, which does not divide backup_every (50); give",
        ),
        (
            {"steps_per_execution": 20, "log_every": 30},
            "steps_per_execution is 20, which does not divide log_every (30); give a",
        ),
        ({"style": []}, "style is empty; give the path of a painting."),
        ({"style": ["a.png,name=b", "b.png"]}, "style has the names b, b; give each"),
    ],
)
def test_a_value_outside_its_limits_is_refused(values, message):
    with pytest.raises(SettingError) as raised:
        Settings(**{"style": "wave.jpg", **values})
    assert message in str(raised.value)
    assert str(raised.value).startswith(f"{raised.value.argument} ")
    assert raised.value.argument in FIELDS


def test_steps_per_execution_that_divide_all_are_taken(tmp_path):
    settings = Settings(
        style="wave.jpg",
        content_dir=tmp_path,
        resident=True,
        steps_per_execution=20,
        steps=100,
        backup_every=20,
        log_every=40,
    )
    assert Settings.from_json(settings.to_json()).steps_per_execution == 20
    assert Settings.from_json(settings.to_json()).resident


def test_the_photograph_is_trained_beside_several_styles():
    one, two = Settings(style="a.jpg"), Settings(style=["a.jpg", "b.jpg"])
    assert one.resolved().names == ("a",)
    assert two.resolved().names == ("a", "b", "photo")
    added = dataclasses.replace(two, base_model="gallery", tune="style")
    assert added.resolved().names == ("a", "b")
    for settings, names in ((one, ("a", "photo")), (two, ("a", "b", "photo"))):
        asked = dataclasses.replace(settings, photo=True)
        assert asked.resolved().names == names
    left_out = dataclasses.replace(two, photo=False)
    assert left_out.resolved().names == ("a", "b")


def test_defaults_depend_on_what_is_tuned():
    anew = Settings(style="a.jpg").resolved()
    assert (anew.tune, anew.learning_rate) == (None, 1e-3)
    base = Settings(style="a.jpg", base_model="gallery").resolved()
    assert (base.tune, base.learning_rate) == ("all", 1e-3)
    style = dataclasses.replace(base, tune="style", learning_rate=None).resolved()
    assert style.learning_rate == 3e-3
    assert dataclasses.replace(style, learning_rate=0.1).resolved().learning_rate == 0.1


def test_resolved_paths_do_not_depend_on_the_current_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings(style="a.jpg", content_dir="photos", vgg16_weights="vgg.h5")
    resolved = settings.resolved()
    monkeypatch.chdir("/")
    assert resolved.paintings[0].path == tmp_path / "a.jpg"
    assert resolved.content_dir == tmp_path / "photos"
    assert resolved.vgg16_weights == tmp_path / "vgg.h5"
    assert Settings(style="a.jpg").resolved().vgg16_weights == "imagenet"


def test_settings_survive_json():
    settings = Settings(
        style=["a.jpg,size=72", "b.jpg,name=wave,weight=2"],
        content_dir="photos",
        filters=(4, 6, 8),
        style_weight="strong",
        content_layer_weights=[0.5, 1.0],
        blends=0.0,
    ).resolved()
    values = json.loads(json.dumps(settings.to_json()))
    again = Settings.from_json(values)
    assert again.paintings == settings.paintings
    assert again.to_json() == values


def test_a_config_with_other_entries_gives_its_settings(tmp_path):
    style = {"path": "/a.jpg", "name": "a", "size": 72, "weight": 1.0, "sha256": "0"}
    config = {"style": [style], "steps": 6, "adapted": [], "style_weights": {"a": 5.0}}
    settings = Settings.from_json(config)
    assert settings.steps == 6 and settings.paintings[0].size == 72
    assert settings.batch_size == FIELDS["batch_size"].default


def test_a_config_of_version_0_1_0_is_that_of_the_same_training_today():
    config = json.loads((Path(__file__).parent / "config-0.1.0.json").read_text())
    today = Settings.from_json(config).to_json()
    for style, style_today in zip(config["style"], today["style"], strict=True):
        del style["sha256"], style["path"], style_today["path"]
    # Younger than that version.
    assert today.pop("skip") is None and not today.pop("resident")
    assert today.pop("steps_per_execution") == 1 and today.pop("sample") is None
    assert today.pop("recolor") == today.pop("repetition_weight") == 0
    assert {name: config[name] for name in today} == today
    derived = {"adapted", "base_model_sha256", "style_weights", "photographs"}
    assert set(config) == set(today) | derived


def test_every_setting_has_its_help_in_the_documentation():
    text = inspect.getdoc(Settings)
    for name, field in FIELDS.items():
        assert f"    {name}: {field.metadata['help']}" in text
        assert field.metadata["help"].endswith(".")
