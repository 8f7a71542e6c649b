"""scripts/train_gpu packs a folder that trains without TensorFlow."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest
from commandline import files, run_script
from PIL import Image

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
TRAINING = dict(
    image_size=32,
    batch_size=2,
    steps=4,
    warmup_steps=1,
    steps_per_execution=2,
    backup_every=2,
    log_every=4,
    filters="4,6,8",
    residual_blocks=0,
    content_layers="block1_conv2",
    style_layers="block1_conv1,block1_conv2",
    style_weight="normal",
    precision="float32",
)


@pytest.fixture(scope="module")
def flags(photographs, painting, vgg16_weights):
    """The flags of a small training in which a painting is learned at two sizes."""
    return [
        f"--style={painting},name=wave,size=64",
        f"--style={painting},name=wave--bold,size=100,weight=1.5",
        f"--content_dir={photographs}",
        f"--vgg16_weights={vgg16_weights}",
        *(f"--{name}={value}" for name, value in TRAINING.items()),
    ]


@pytest.fixture(scope="module")
def kit(flags, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed") / "kit"
    process = run_script("train_gpu", *flags, f"--kit={folder}")
    assert process.returncode == 0, process.stderr
    last = process.stdout.splitlines()[-1]
    assert last.startswith(f"Packed 11 photographs and 2 paintings into {folder}, ")
    return folder


def test_kit_holds_what_a_training_reads(kit):
    packed = files(kit)
    photographs = [path for path in packed if path.startswith("photographs/")]
    # One of the twelve is held back for the samples.
    assert photographs == [f"photographs/{n:05d}.webp" for n in range(11)]
    for path in photographs:
        with Image.open(kit / path) as photograph:
            assert min(photograph.size) == 36  # 9/8 of a crop
    assert [path for path in packed if path.startswith("paintings/")] == [
        "paintings/00.jpg"
    ]
    with Image.open(kit / "paintings" / "00.jpg") as picture:
        assert min(picture.size) == 100  # the largest of its sizes
    assert "vgg16.npz" in packed and os.access(kit / "train", os.X_OK)
    models = {path for path in packed if path.startswith("fast_style/models/")}
    names = {Path(path).name for path in models}
    assert names == {"catalogue.json", "vgg16_compact.npz"}


def test_recipe_has_the_settings_that_are_no_defaults(kit):
    recipe = (kit / "recipe.flags").read_text().splitlines()
    assert recipe[:2] == [
        "--style=paintings/00.jpg,name=wave,size=64,weight=1.0",
        "--style=paintings/00.jpg,name=wave--bold,size=100,weight=1.5",
    ]
    asked = {f"--{name}={value}" for name, value in TRAINING.items()}
    defaults = {"--style_weight=normal"}
    paths = {"--content_dir=photographs", "--vgg16_weights=vgg16.npz"}
    assert set(recipe[2:]) == asked - defaults | paths | {"--resident=true"}


@pytest.mark.long
def test_kit_trains_with_jax(kit, tmp_path):
    pytest.importorskip("jax")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_backend_optimization_level=0",
    }
    process = subprocess.run(
        [kit / "train", f"--output_dir={tmp_path / 'run'}"],
        env=environment,
        cwd=tmp_path,  # it finds its files wherever it is called
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    generator = keras.saving.load_model(tmp_path / "run" / "generator.keras")
    assert generator.styles == ("wave", "wave--bold", "photo")
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert run["config"]["resident"] and run["config"]["steps_per_execution"] == 2
    assert run["final"]["step"] == 4


def test_photographs_are_left_out_where_they_take_too_much(flags, tmp_path):
    process = run_script(
        "train_gpu", *flags, f"--kit={tmp_path / 'kit'}", "--megabytes=0.002"
    )
    assert process.returncode == 0, process.stderr
    packed = list((tmp_path / "kit" / "photographs").iterdir())
    assert 0 < len(packed) < 11
    assert sum(path.stat().st_size for path in packed) <= 2000


def test_base_model_is_packed(flags, tmp_path):
    more = "--base_model=gallery", "--loss_network=compact"
    process = run_script("train_gpu", *flags, *more, f"--kit={tmp_path / 'kit'}")
    assert process.returncode == 0, process.stderr
    recipe = (tmp_path / "kit" / "recipe.flags").read_text().splitlines()
    assert "--base_model=base.keras" in recipe
    assert keras.saving.load_model(tmp_path / "kit" / "base.keras").styles
    assert not (tmp_path / "kit" / "vgg16.npz").exists()


@pytest.mark.parametrize(
    "flag, line",
    [
        ("--content_dir=", "train_gpu: error: --content_dir is missing; give the"),
        ("--content_dir=none", "train_gpu: error: There is no folder '"),
        ("--vgg16_weights=none.h5", "train_gpu: error: Cannot find "),
        ("--style=none.jpg", "train_gpu: error: Cannot open '"),
        ("--kit={here}", "exists. Remove it, or give another folder as --kit."),
    ],
)
def test_kit_is_packed_whole_or_not_at_all(flags, flag, line, tmp_path):
    kit, flag = tmp_path / "kit", flag.format(here=tmp_path)
    process = run_script("train_gpu", *flags, f"--kit={kit}", flag)
    assert process.returncode == 1
    assert line in process.stderr.splitlines()[-1]
    assert not list(tmp_path.iterdir())
