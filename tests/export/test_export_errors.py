"""An export that fails says so in one line, and leaves nothing behind."""

import sys
from pathlib import Path

import keras
import pytest
import tensorflow as tf

from fast_style import metadata
from fast_style.export import __main__ as program
from fast_style.export import folders, proof
from fast_style.export.export import export
from fast_style.export.wanted import Wanted
from fast_style.fields import SettingError
from fast_style.network import loading
from fast_style.network.generator import Generator

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "examples" / "astronaut.jpg"
ONE = Wanted(only="int8")  # the others take long


def save(generator, path):
    generator.build((None, None, None, 3))
    generator.save(path)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A .keras file of a small generator."""
    generator = Generator(filters=(4, 4, 4), residual_blocks=0)
    return save(generator, tmp_path_factory.mktemp("model") / "generator.keras")


@keras.saving.register_keras_serializable("tests")
class Unconvertible(Generator):
    """A generator with an operation that LiteRT does not have."""

    def call(self, *arguments, **options):
        pixels = super().call(*arguments, **options)
        return pixels + tf.math.igamma(2.0, pixels)


@pytest.mark.slow
def test_artefact_too_far_from_keras_leaves_nothing(model, tmp_path):
    tolerances = {**proof.TOLERANCES, "int8": proof.Tolerance(largest=0, psnr=200)}
    with pytest.raises(ValueError, match="int8 differs from Keras .* Nothing was"):
        export(
            model,
            tmp_path / "export",
            photo=PHOTO,
            wanted=ONE,
            sizes=[(53, 37)],
            tolerances=tolerances,
        )
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_failed_conversion_leaves_nothing(tmp_path):
    generator = Unconvertible(filters=(4, 4, 4), residual_blocks=0)
    model = save(generator, tmp_path / "generator.keras")
    with pytest.raises(Exception, match="Igamma"):
        export(model, tmp_path / "export", photo=PHOTO, wanted=ONE)
    assert list(tmp_path.iterdir()) == [model]


def test_directory_that_cannot_be_made_is_named(model, tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(OSError, match="Cannot write '.*file/export': Not a directory"):
        export(model, tmp_path / "file" / "export", photo=PHOTO)


@pytest.mark.slow
def test_full_disk_is_named_and_leaves_nothing(model, tmp_path):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="Cannot write '.*export': .*File too large"):
            export(model, tmp_path / "export", photo=PHOTO, wanted=ONE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.iterdir())


def test_directory_that_exists_is_refused(model, tmp_path):
    with pytest.raises(SettingError, match="exists already; .*--overwrite"):
        export(model, tmp_path, photo=PHOTO)


def test_directory_of_other_files_is_never_overwritten(tmp_path):
    (tmp_path / "fast_style.json").touch()
    (tmp_path / "letter.txt").write_text("precious")
    with pytest.raises(SettingError, match="holds 'letter.txt', which no export wrote"):
        folders.check(tmp_path, overwrite=True)
    with pytest.raises(SettingError, match="holds no folder, which no export"):
        folders.check(tmp_path / "letter.txt", overwrite=True)


@pytest.mark.parametrize("name", ["a[1]", "a?*", "new/a\\b"])
def test_directory_has_any_name_and_is_replaced_whole(tmp_path, name):
    path = tmp_path / name
    for content in ("first", "second"):
        folders.check(path, overwrite=content == "second")
        with folders.replacing(path) as folder:
            assert not set("[]?*\\") & set(folder.name)
            (folder / metadata.FILE_NAME).write_text(content)
            assert not path.exists() or content == "second"
        assert [file.read_text() for file in path.iterdir()] == [content]
    with pytest.raises(KeyError), folders.replacing(path):
        raise KeyError
    assert [file.read_text() for file in path.iterdir()] == ["second"]
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_model_that_is_no_generator_is_refused(tmp_path):
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    network.save(tmp_path / "other.keras")
    (tmp_path / "text.keras").write_text("no model")
    for name, kind, message in (
        ("none.keras", OSError, "Cannot find .*none.keras"),
        (".", OSError, "Cannot find .*whose training is finished"),
        ("text.keras", ValueError, "text.keras' is damaged, or no"),
        ("other.keras", ValueError, "other.keras' holds no generator"),
    ):
        with pytest.raises(kind, match=message):
            export(tmp_path / name, tmp_path / "export", photo=PHOTO)
    assert not (tmp_path / "export").exists()


@pytest.mark.parametrize(
    "word, line",
    [
        ("--model=none.keras", "Cannot find 'none.keras'"),
        ("--photo=none.jpg", "Cannot open 'none.jpg'"),
        ("--output_dir=.", "--output_dir is '.', which exists already"),
        ("--output_dir=file/export", "Cannot write 'file/export': Not a directory"),
    ],
)
def test_a_wrong_path_is_told_before_keras_is_loaded(
    model, tmp_path, monkeypatch, word, line
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(SystemExit, match=line):
        program.main(["fast-style export", f"--model={model}", word])


def test_a_keras_json_of_the_persons_own_does_not_count(monkeypatch, tmp_path):
    found = {}

    def load(model):
        found["float"] = keras.config.floatx()
        raise ValueError("Enough was seen.")

    monkeypatch.setattr(loading, "load_generator", load)
    keras.config.set_floatx("float16")
    try:
        with pytest.raises(ValueError, match="Enough"):
            export("run", tmp_path / "export", photo=PHOTO)
    finally:
        keras.config.set_floatx("float32")
    assert found["float"] == "float32"


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (["--phone=512"], "--phone has '512'; give width and height in px, such as 5"),
        (["--phone=512x63"], "--phone has 512x63; each side must have 64 px or more."),
        (["--phone=64x64,64x64"], "--phone has 64x64 twice; give it once."),
        (["--bake=wave", "--bake_size=8x8"], "--bake_size has 8x8; each side must hav"),
        (["--bake_size=64x64,32x32"], "--bake_size is '64x64,32x32'; give one size"),
        (["--bake=wave:x"], "--bake is 'wave:x'. "),
        (["--bake=wave", "--bake=wave"], "--bake has wave twice; give it once."),
        (["--onnx", "--opset=9"], "--opset is 9; the network needs 11 to 18."),
    ],
)
def test_flags_that_no_file_can_have_are_refused(model, tmp_path, flags, line, capsys):
    words = [f"--model={model}", f"--output_dir={tmp_path / 'out'}", *flags]
    with pytest.raises(SystemExit) as stop:
        program.main(["export.py", *words])
    assert str(stop.value.code).startswith(f"export.py: error: {line}")
    assert not list(tmp_path.iterdir())


def test_onnx_without_its_extra_is_told(model, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    words = [f"--model={model}", f"--output_dir={tmp_path / 'out'}", "--bake=wave"]
    with pytest.raises(SystemExit) as stop:
        program.main(["export.py", *words])
    assert "Cannot write ONNX: " in stop.value.code
    assert stop.value.code.endswith("Install the extra onnx: pip install '.[onnx]'")
