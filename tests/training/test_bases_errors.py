"""What a training from a trained generator refuses."""

import json
import zipfile

import keras
import pytest
from generators import save

from fast_style.training import train


@pytest.fixture
def base(tmp_path):
    """Path of a generator of two styles."""
    save(tmp_path / "two.keras")
    return tmp_path / "two.keras"


@pytest.fixture
def arguments(vgg16_weights, photographs, painting, base):
    return dict(
        style=painting,
        content_dir=photographs,
        vgg16_weights=vgg16_weights,
        base_model=base,
        image_size=32,
        steps=1,
    )


def test_taken_name_is_refused_for_one_style_more(arguments, tmp_path):
    style = f"{arguments['style']},name=kiss"
    with pytest.raises(ValueError, match="wave, kiss, so .*'kiss' is taken"):
        train.train(
            **{**arguments, "style": style}, tune="style", output_dir=tmp_path / "run"
        )
    assert not (tmp_path / "run").exists()


def test_photograph_is_not_added_twice(arguments, tmp_path):
    save(tmp_path / "two.keras", ("wave", "photo"))
    with pytest.raises(ValueError, match="has the style 'photo' already. Leave --ph"):
        train.train(**arguments, tune="style", photo=True, output_dir=tmp_path / "run")


@pytest.mark.parametrize(
    "given, message",
    [
        ({"filters": "light"}, r"--filters is \(16, 32, 64\) .* is \(4, 6, 8\)"),
        ({"filters": [4, 6, 9]}, r"--filters is \(4, 6, 9\) and"),
        ({"filters": "nope"}, "--filters is .*nope"),
        ({"residual_blocks": 5}, "--residual_blocks is 5 and .* is 1"),
        ({"upsampling": "nearest"}, "--upsampling is nearest and .* is transposed"),
        ({"tune": "none"}, "--tune is 'none'; give one of style, all"),
        ({"tune": "style", "base_model": None}, "--tune=style .* Give --base_model"),
    ],
)
def test_what_contradicts_the_base_is_refused(arguments, tmp_path, given, message):
    with pytest.raises(ValueError, match=message) as raised:
        train.train(**{**arguments, **given}, output_dir=tmp_path / "run")
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "run").exists()


def rewritten(base, path, change):
    """A copy of a .keras file with another configuration."""
    with zipfile.ZipFile(base) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                config = json.loads(content)
                change(config)
                content = json.dumps(config)
            new.writestr(name, content)
    return path


def test_base_of_another_version_or_kind_is_refused_in_one_line(
    arguments, base, tmp_path
):
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    other.save(tmp_path / "other.keras")
    (tmp_path / "text.keras").write_text("no model")

    def later(config):
        config["config"]["shortcuts"] = True

    def larger(config):
        config["config"]["filters"] = [8, 8, 8]

    def stranger(config):
        config.update(class_name="Transformer", registered_name="p>Transformer")

    for change in (later, larger, stranger):
        rewritten(base, tmp_path / f"{change.__name__}.keras", change)
    for name, message in (
        ("none.keras", "Cannot find .*none.keras'. Give a run directory"),
        (".", "Cannot find .*generator.keras'. Give a run directory whose training"),
        ("text.keras", "Cannot load .*text.keras' with fast_style"),
        ("other.keras", "holds no generator of train.py but a Sequential. Give"),
        ("later.keras", "with fast_style .*shortcuts.* of this version's train.py"),
        ("larger.keras", "Cannot load .* with fast_style"),
        ("stranger.keras", "Cannot load .*Transformer"),
    ):
        wrong = {**arguments, "base_model": tmp_path / name}
        with pytest.raises((OSError, ValueError), match=message) as raised:
            train.train(**wrong, output_dir=tmp_path / "run")
        assert "\n" not in str(raised.value)
    assert not (tmp_path / "run").exists()
