"""What a generator gets from the one that it starts from or is added to."""

import numpy as np
import pytest
from commandline import run_script
from generators import made

from fast_style.network import transplant
from fast_style.network.loading import load_generator, save_generator

SMALL = dict(filters=(4, 6, 8), residual_blocks=0)
PHOTOS = np.random.default_rng(0).integers(0, 256, (1, 20, 24, 3), np.uint8)


def generator(styles, adapted=()):
    return made(styles, 0.1, **SMALL, adapted=adapted)


def stylized(generator, *weights):
    return np.asarray(generator(PHOTOS, np.float32([weights])))


def test_styles_keep_their_adapters_when_others_are_added():
    base = generator(("wave", "photo"))
    first, second = (generator((name,), (name,)) for name in ("first", "second"))
    three = transplant.extended(base, first)
    four = transplant.extended(three, second)
    assert four.styles == ("wave", "photo", "first", "second")
    assert four.adapted == ("first", "second")
    for weights in ((1, 0, 0), (0, 0, 1), (0.3, 0.3, 0.4)):
        expected = stylized(three, *weights)
        np.testing.assert_array_equal(stylized(four, *weights, 0), expected)
    assert (stylized(four, 0, 0, 0, 1) != stylized(four, 0, 0, 1, 0)).any()


@pytest.mark.parametrize("tune, adapted", [("style", ["new"]), ("all", [])])
def test_tuning_a_style_trains_its_rows_and_adapters(tune, adapted):
    base, new = generator(("wave", "mine"), ("mine",)), generator(("new",), adapted)
    transplant.start(new, base, tune)
    own = [weight for name in adapted for weight in new.adapter_weights(name)]
    own = {id(weight) for weight in [*own, *new.tables]}
    for weight in new.weights:
        assert weight.trainable == (id(weight) in own or tune == "all")


def test_style_that_is_trained_further_keeps_its_rows_and_adapters():
    base = generator(("wave", "mine"), ("mine",))
    new = generator(("mine", "wave"), ("mine",))
    transplant.start(new, base, "all")
    np.testing.assert_array_equal(stylized(new, 1, 0), stylized(base, 0, 1))
    np.testing.assert_array_equal(stylized(new, 0, 1), stylized(base, 1, 0))


def test_chosen_styles_give_the_same_pictures_under_their_names():
    whole = generator(("wave", "scream", "kiss", "photo"))
    some = transplant.chosen(
        whole, {"kiss": {"kiss": 1}, "big": {"wave": 1}, "photo": {"photo": 1}}
    )
    assert some.styles == ("kiss", "big", "photo")
    assert some.architecture == whole.architecture
    for weights, same in (
        ((1, 0, 0), (0, 0, 1, 0)),
        ((0.2, 0.5, 0.3), (0.5, 0, 0.2, 0.3)),
    ):
        np.testing.assert_array_equal(stylized(some, *weights), stylized(whole, *same))


def test_chosen_style_may_mix_rows_and_go_beyond_them():
    whole = generator(("wave", "wave--bold", "scream"))
    mixtures = {
        "between": {"wave": 0.5, "wave--bold": 0.5},
        "beyond": {"wave": 1.5, "wave--bold": -0.5},
    }
    some = transplant.chosen(whole, mixtures)
    for chosen, table in zip(some.tables, whole.tables, strict=True):
        wave, big, _ = table.numpy()
        expected = [(wave + big) / 2, 1.5 * wave - 0.5 * big]
        np.testing.assert_allclose(chosen.numpy(), expected, rtol=1e-5, atol=1e-6)


def test_style_that_cannot_be_chosen_is_named():
    whole = generator(("wave", "mine"), ("mine",))
    with pytest.raises(ValueError, match="no style kiss. It has wave, mine[.]"):
        transplant.chosen(whole, {"wave": {"wave": 1}, "kiss": {"kiss": 1}})
    with pytest.raises(ValueError, match="mine cannot be chosen: it has adapters"):
        transplant.chosen(whole, {"mine": {"mine": 1}})


@pytest.mark.slow
def test_script_keeps_styles_and_the_photograph(tmp_path):
    whole = generator(("wave", "wave--bold", "scream", "photo"))
    save_generator(whole, tmp_path / "generator.keras")
    styles = ("soft=wave:1.5,wave--bold:-0.5", "scream", "large=wave--bold")
    process = run_script("choose_styles", tmp_path, tmp_path / "some.keras", *styles)
    assert process.returncode == 0, process.stderr
    assert process.stdout == f"Saved {tmp_path / 'some.keras'} with 4 rows.\n"
    some = load_generator(tmp_path / "some.keras")
    assert some.styles == ("soft", "scream", "large", "photo")
    expected = stylized(whole, 0, 0.25, 0.25, 0.5)
    np.testing.assert_array_equal(stylized(some, 0, 0.25, 0.25, 0.5), expected)
    for styles, line in (
        (("kiss",), "The model has no style kiss. It has wave, wave--bold, scream,"),
        (("a=wave:1.5",), "The shares of 'a=wave:1.5' sum to 1.5; give shares that"),
        (("a=wave:much",), "'a=wave:much' is no style; give NEW=PART:SHARE."),
        ((), "Give RUN, OUT.keras and styles."),
    ):
        process = run_script(
            "choose_styles", tmp_path, tmp_path / "none.keras", *styles
        )
        assert process.returncode == 1
        assert line in process.stderr.splitlines()[-1]
    assert not (tmp_path / "none.keras").exists()
