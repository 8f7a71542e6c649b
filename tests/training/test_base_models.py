"""A training that starts from a trained generator."""

import json
import shutil

import keras
import numpy as np
import pytest
from generators import SETTINGS, save
from loss_networks import small_loss_network

from fast_style import files
from fast_style.architecture import ARCHITECTURE
from fast_style.network import transplant
from fast_style.network.generator import Generator
from fast_style.training import base_models
from fast_style.training.assembly import assemble
from fast_style.training.settings import Settings
from fast_style.training.train import train
from fast_style.training.trainer import StyleTransferTrainer


def tables(generator):
    """{path: table} of gamma and beta, and {path: values} of all else shared."""
    shared = generator.shared_weights
    named = {weight.path.split("/", 1)[1]: weight for weight in shared}
    rows = {k: v.numpy() for k, v in named.items() if k.endswith(("gamma", "beta"))}
    return rows, {k: v.numpy() for k, v in named.items() if k not in rows}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """Path of a generator of two styles."""
    path = tmp_path_factory.mktemp("base") / "two.keras"
    save(path)
    return path


@pytest.fixture(scope="module")
def base_options(options, base):
    """The settings of a small training from it."""
    decided = dict(filters=None, residual_blocks=None, warmup_steps=0)
    return {**options, "base_model": base, "steps": 6, "log_every": 3, **decided}


@pytest.fixture(scope="module")
def tuned_options(base_options, painting):
    """{tune: settings}; one adds two styles, the other trains one alone."""
    two = [f"{painting},weight=2", f"{painting},name=new"]
    changed = {"style": two, "style_weight": "normal", "blends": 0.0}
    return {
        "style": {**base_options, **changed, "tune": "style"},
        "all": {**base_options, "tune": "all"},
    }


@pytest.fixture(scope="module")
def tuned(tuned_options, tmp_path_factory, eagerly):
    """{tune: the run directory of a finished training}."""
    folder = tmp_path_factory.mktemp("tuned")
    for tune, options in tuned_options.items():
        train(Settings(**options), folder / tune)
    return {tune: folder / tune for tune in tuned_options}


def result(run):
    return keras.saving.load_model(run / "generator.keras")


@pytest.mark.slow
def test_tuned_styles_join_the_bases_styles(tuned):
    generator = result(tuned["style"])
    assert generator.styles == ("wave", "kiss", "scream", "new")
    assert generator.adapted == ("scream", "new")
    for name in generator.adapted:
        for weight in generator.adapter_weights(name):
            assert np.ptp(weight.numpy()), weight.name  # two of them began at 0
    for name, value in SETTINGS.items():
        assert getattr(generator, name) == value


@pytest.mark.slow
def test_tuned_styles_leave_all_else_as_it_was_to_the_bit(tuned, base):
    old_rows, old = tables(keras.saving.load_model(base))
    new_rows, new = tables(result(tuned["style"]))
    assert old.keys() == new.keys() and old_rows.keys() == new_rows.keys()
    for name in old:
        np.testing.assert_array_equal(new[name], old[name])
    for name, rows in old_rows.items():
        assert new_rows[name].shape == (4, rows.shape[1])
        np.testing.assert_array_equal(new_rows[name][:2], rows)
        for row in new_rows[name][2:]:
            assert (row != rows.mean(axis=0)).any(), name


@pytest.mark.slow
def test_bases_styles_give_the_same_picture_to_the_bit(tuned, base):
    photo = np.random.default_rng(1).integers(0, 256, (1, 37, 53, 3), np.uint8)
    before, after = keras.saving.load_model(base), result(tuned["style"])
    for style in np.eye(2, dtype=np.float32):
        old = np.asarray(before(photo, style[None]))
        new = np.asarray(after(photo, np.pad(style, (0, 2))[None]))
        np.testing.assert_array_equal(old, new)


@pytest.mark.slow
def test_tuning_all_changes_all_and_gives_the_new_style_alone(tuned, base):
    generator = result(tuned["all"])
    assert generator.styles == ("scream",)
    _, old = tables(keras.saving.load_model(base))
    rows, new = tables(generator)
    for name in old:
        assert (new[name] != old[name]).any(), name
        np.testing.assert_allclose(new[name], old[name], atol=0.02)  # and comes from it
    assert all(len(row) == 1 for row in rows.values())


@pytest.mark.slow
@pytest.mark.parametrize("tune", ["style", "all"])
def test_tuning_lowers_the_loss_of_what_it_starts_from(tuned, tune):
    log = np.genfromtxt(tuned[tune] / "log.csv", delimiter=",", names=True)
    first, last = np.split(log["loss"], 2)
    assert last.mean() < first.mean()


@pytest.mark.slow
def test_run_json_tells_the_base(tuned, base):
    config = json.loads((tuned["style"] / "run.json").read_text())["config"]
    assert config["base_model"] == str(base)
    assert config["tune"] == "style"
    assert config["filters"] == [4, 6, 8]
    assert config["base_model_sha256"] == files.fingerprint(base)


@pytest.mark.long
@pytest.mark.slow
def test_interrupted_tuning_ends_as_a_whole_one(
    tuned, tuned_options, tmp_path, interrupted
):
    interrupted(2, tmp_path, **tuned_options["style"])
    resumed = result(train(Settings(**tuned_options["style"]), tmp_path).parent)
    runs = [
        json.loads((p / "run.json").read_text()) for p in (tuned["style"], tmp_path)
    ]
    assert [run["resumed_at"] for run in runs] == [0, 2]
    assert runs[0]["config"] == runs[1]["config"]
    pairs = zip(result(tuned["style"]).weights, resumed.weights, strict=True)
    for expected, values in pairs:
        np.testing.assert_allclose(values, expected, rtol=0, atol=1e-6)


@pytest.mark.slow
def test_a_tuned_run_can_be_a_base_again(tuned, base_options, painting):
    again = {**base_options, "base_model": tuned["style"], "tune": "style"}
    parts = assemble(Settings(**{**again, "style": f"{painting},name=fifth"}))
    generator = transplant.extended(parts.base, parts.plain_generator())
    assert generator.styles == ("wave", "kiss", "scream", "new", "fifth")
    assert generator.adapted == ("scream", "new", "fifth")


@pytest.mark.slow
def test_training_does_not_go_on_from_a_base_that_has_changed(
    base_options, base, tmp_path
):
    copy, run = tmp_path / "base.keras", tmp_path / "run"
    shutil.copy(base, copy)
    (run / "backup").mkdir(parents=True)
    config = {"style": [], "steps": 6, "base_model_sha256": files.fingerprint(copy)}
    (run / "config.json").write_text(json.dumps(config))
    np.savez(run / "backup" / "00000002.npz", 0)
    save(copy, residual_blocks=0)
    changed = {**base_options, "base_model": copy, "tune": "style"}
    with pytest.raises(ValueError, match="another training: .*base_model_sha256 was"):
        train(Settings(**changed), run)


def test_start_is_the_mean_of_the_bases_rows(base):
    two = keras.saving.load_model(base)
    one = Generator(("new",), **SETTINGS)
    one.build((None, None, None, 3))
    transplant.start(one, two, "style")
    old, new = tables(two)[0], tables(one)[0]
    for name, rows in new.items():
        np.testing.assert_allclose(rows[0], (old[name][0] + old[name][1]) / 2, 1e-6)
    assert {weight.name for weight in one.trainable_weights} == {"gamma", "beta"}


def test_styles_of_the_base_start_from_their_own_rows(base):
    two = keras.saving.load_model(base)
    more = Generator(("kiss", "new", "photo"), **SETTINGS)
    more.build((None, None, None, 3))
    transplant.start(more, two, "all")
    old, new = tables(two)[0], tables(more)[0]
    for name, rows in new.items():
        np.testing.assert_array_equal(rows[0], old[name][1])
        for row in rows[1:]:
            np.testing.assert_allclose(row, old[name].mean(axis=0), 1e-6)


def test_photograph_is_no_part_of_the_mean(tmp_path):
    two = save(tmp_path / "two.keras", ("wave", "photo"))
    one = Generator(("new",), **SETTINGS)
    one.build((None, None, None, 3))
    transplant.start(one, two, "style")
    old, new = tables(two)[0], tables(one)[0]
    for name, rows in new.items():
        np.testing.assert_array_equal(rows[0], old[name][0])


def test_style_added_to_a_gallery_blends_with_it(tmp_path):
    two = save(tmp_path / "two.keras", ("wave", "photo"))
    new = save(tmp_path / "new.keras", ("mine",))
    all_three = transplant.extended(two, new)
    assert all_three.styles == ("wave", "photo", "mine")
    photos = np.random.default_rng(1).integers(0, 256, (1, 33, 40, 3), np.uint8)
    alone = np.asarray(two(photos, np.float32([[0.3, 0.7]])))
    np.testing.assert_array_equal(all_three(photos, np.float32([[0.3, 0.7, 0]])), alone)
    photo = np.asarray(all_three(photos, np.float32([[0, 1, 0]])))
    np.testing.assert_allclose(photo, photos, atol=1e-3)
    half = np.asarray(all_three(photos, np.float32([[0, 0.5, 0.5]])))
    full = np.asarray(all_three(photos, np.float32([[0, 0, 1]])))
    distances = [np.abs(result - photos).mean() for result in (half, full)]
    assert 0 < distances[0] < distances[1]


@pytest.mark.parametrize(
    ("tune", "names", "adapted"),
    [
        ("style", ["new"], ["new"]),  # a style alone is trained with adapters
        ("all", ["new"], []),
        ("all", ["mine", "new"], ["mine"]),  # and keeps them when trained further
    ],
)
def test_styles_that_join_a_base_have_adapters(tune, names, adapted):
    base = Generator(("wave", "mine"), (4, 6, 8), 0, adapted=("mine",))
    assert base_models.adapted(base, tune=tune, names=names) == adapted
    assert base_models.adapted(None, tune=None, names=names) == []


@pytest.mark.slow
def test_new_style_starts_from_the_nearest_of_the_base(tmp_path):
    base = save(tmp_path / "three.keras", ("wave", "kiss", "photo"))
    rng = np.random.default_rng(5)
    for weight in base.weights:  # far apart, and the photograph's the best but no style
        if weight.name in ("gamma", "beta"):
            weight.assign(weight + rng.normal(0, 0.5, weight.shape))
    photos = rng.integers(0, 256, (2, 32, 32, 3), np.uint8)
    first_rows = []
    for name in ("wave", "kiss"):
        row = np.float32([[style == name for style in base.styles]] * 2)
        painting = np.asarray(base(photos, row))[0].astype(np.uint8)
        new = Generator(("new",), **SETTINGS)
        new.build((None, None, None, 3))
        layers = ["block1_conv1"]
        trainer = StyleTransferTrainer(
            new,
            small_loss_network(),
            [painting],
            content_layers=layers,
            style_layers=layers,
        )
        transplant.start(new, base, "style")
        terms = trainer.loss_terms()
        weights = {term: float(term.startswith("style")) for term in terms}
        trainer.compile("sgd", loss=terms, loss_weights=weights)
        base_models.start_nearest(trainer, base, photos)
        old, rows = tables(base)[0], tables(new)[0]
        for table in rows:
            index = base.styles.index(name)
            np.testing.assert_array_equal(rows[table][0], old[table][index])
        first_rows.append(rows)
    assert all(
        (first_rows[0][table] != first_rows[1][table]).any() for table in first_rows[0]
    )


def test_an_architecture_that_agrees_with_the_base_is_allowed(base):
    asked = {**SETTINGS, "filters": [4, 6, 8]}
    architecture = base_models.architecture(keras.saving.load_model(base), **asked)
    assert architecture == {**SETTINGS, "skip": False}
    light = Generator(filters="light")
    same = base_models.architecture(light, filters="light", residual_blocks=4)
    assert same["filters"] == (0, 32, 64, 128) and same["upsampling"] == "nearest"


def test_architecture_without_a_base_has_defaults():
    assert base_models.architecture(None) == ARCHITECTURE
    assert base_models.architecture(None, filters=[4, 6, 8])["filters"] == (4, 6, 8)
