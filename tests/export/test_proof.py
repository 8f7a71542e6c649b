import numpy as np
import pytest
from keras import ops

from fast_style.export import proof
from fast_style.export.proof import Artefact, Difference, Result, Tolerance
from fast_style.fields import SettingError

STYLES = ("wave", "scream", "kiss")


class Keras:
    """A generator: the styles add grey levels.

    No level ends in a half, which could be rounded either way.
    """

    def __init__(self, styles=STYLES):
        self.styles = styles
        self.calls = 0  # in Python, so a graph counts once

    def __call__(self, batch, weights):
        self.calls += 1
        levels = ops.arange(len(self.styles), dtype="float32")
        return batch * 0.5 + 0.2 + 40 * ops.sum(levels * weights[0])


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(0, 256, (60, 50, 3), np.uint8)


def artefact(path, error=0, name="float32"):
    """An artefact that differs from Keras by so many grey levels in one value."""

    def stylize(pixels, weights):
        result = np.rint(np.asarray(Keras(weights)(pixels[None], weights[None]))[0])
        result[0, 0, 0] += error
        return result

    return Artefact(name, path, stylize)


def test_difference_is_measured_in_grey_levels_and_decibels(tmp_path):
    pixels = np.full((37, 53, 3), 100, np.uint8)
    wrong = pixels.copy()
    wrong[0, 0, 0] += 5
    weights = np.ones(1, np.float32)
    artefact = Artefact("int8", tmp_path, lambda *_: wrong)
    difference = proof.compare(artefact, pixels, weights, pixels + 0.3)
    values = 37 * 53 * 3
    assert difference.largest == 5
    assert difference.mean == pytest.approx(5 / values)
    assert difference.psnr == pytest.approx(10 * np.log10(255**2 * values / 25))


def test_picture_of_another_shape_is_refused(tmp_path):
    pixels = np.zeros((37, 53, 3), np.uint8)
    artefact = Artefact("int8", tmp_path, lambda pixels, _: pixels[:-1])
    with pytest.raises(ValueError, match=r"int8 made \(36, 53, 3\) of \(37, 53, 3\)"):
        proof.compare(artefact, pixels, np.ones(1), pixels)


@pytest.mark.parametrize("styles", [1, 2, 5])
def test_every_style_and_a_blend_are_compared(styles):
    turns = [proof.weightings_of(styles, range(styles)[turn::2]) for turn in (0, 1)]
    for weightings in turns:
        assert (weightings == np.float32(1 / styles)).all(axis=1).sum() == 1
    compared = np.concatenate(turns)
    for row in np.eye(styles):
        assert (compared == row).all(axis=1).any()
    assert len(compared) == (2 if styles == 1 else styles + 2)


def test_proof_has_a_result_for_every_artefact_and_size(noise, tmp_path):
    (tmp_path / "model").write_bytes(bytes(250_000))
    artefacts = [
        artefact(tmp_path, error=1),
        artefact(tmp_path / "model", error=2, name="float16"),
    ]
    results = proof.prove(Keras(), artefacts, noise, sizes=[(20, 30), (40, 16)])
    assert [(r.artefact, r.width, r.height) for r in results] == [
        ("float32", 20, 30),
        ("float16", 20, 30),
        ("float32", 40, 16),
        ("float16", 40, 16),
    ]
    assert [result.difference.largest for result in results] == [1, 2, 1, 2]
    assert {result.megabytes for result in results} == {0.25}


def test_result_tells_the_worst_of_the_styles(noise, tmp_path):
    right, wrong = artefact(tmp_path), artefact(tmp_path, error=1)

    def stylize(pixels, weights):
        return (wrong if weights[2] == 1 else right).stylize(pixels, weights)

    (result,) = proof.prove(
        *(Keras(), [Artefact("float32", tmp_path, stylize)], noise), sizes=[(20, 30)]
    )
    square = 1 / (20 * 30 * 3)
    assert result.difference.largest == 1
    assert result.difference.mean == pytest.approx(square)
    assert result.difference.psnr == pytest.approx(10 * np.log10(255**2 / square))


def test_rows_that_are_named_are_compared_alone_beside_a_blend(noise, tmp_path):
    compared = []
    exact = artefact(tmp_path).stylize

    def stylize(pixels, weights):
        compared.append(weights.tolist())
        return exact(pixels, weights)

    stylizing = Artefact("float32", tmp_path, stylize)
    proof.prove(Keras(), [stylizing], noise, alone=["scream"], sizes=[(20, 30)])
    assert sorted(compared) == [[0, 1, 0], pytest.approx([1 / 3] * 3)]
    with pytest.raises(SettingError, match="names sun, which is no style"):
        proof.prove(Keras(), [stylizing], noise, alone=["sun"], sizes=[(20, 30)])


def test_keras_is_traced_for_many_styles(noise, tmp_path):
    generator = Keras(["wave"] * proof.TRACED)
    (result,) = proof.prove(generator, [artefact(tmp_path)], noise, sizes=[(20, 30)])
    assert result.difference.largest == 0
    assert generator.calls < proof.TRACED


def test_artefact_too_far_from_keras_is_refused_with_the_table(noise, tmp_path):
    with pytest.raises(ValueError, match="float32 differs from Keras by up to 7") as e:
        proof.prove(Keras(), [artefact(tmp_path, error=7)], noise, sizes=[(20, 30)])
    assert "20x30" in str(e.value)
    strict = {"float32": Tolerance(largest=9, psnr=99)}
    with pytest.raises(ValueError, match="9 and 99 dB are allowed"):
        proof.prove(
            Keras(),
            [artefact(tmp_path, error=7)],
            noise,
            sizes=[(20, 30)],
            tolerances=strict,
        )


def test_table_has_a_line_for_each_result():
    difference = Difference(largest=7, mean=0.5, psnr=41.26, milliseconds=12.4)
    results = [
        Result(name, 0.5, 301, 135, difference) for name in ("int8", "SavedModel bytes")
    ]
    header, first, second = proof.table(results).splitlines()
    assert first.split() == "int8 0.50 301x135 7 0.500 41.3 12".split()
    assert first.index("x") == second.index("x")
