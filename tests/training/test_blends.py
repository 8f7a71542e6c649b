"""The styles that the pictures of a training are painted in."""

import keras
import numpy as np
import pytest

from fast_style.training import blends

STYLES = ("wave", "scream", "kiss", "photo")


def test_every_style_has_equally_many_samples():
    rows = blends.draw(STYLES, 300, blends=0, seed=0)
    assert rows.shape == (300, 4) and rows.dtype == np.float32
    assert set(np.unique(rows)) == {0, 1}
    np.testing.assert_array_equal(rows.sum(axis=0), [100, 100, 100, 0])
    for first in range(0, 300, 3):  # in every round
        np.testing.assert_array_equal(rows[first : first + 3].sum(axis=0)[:3], 1)


def test_blends_are_of_two_rows_in_half_of_them_the_photograph():
    rows = blends.draw(STYLES, 6000, blends=0.5, seed=0)
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)
    assert (rows >= 0).all() and ((rows > 0).sum(axis=1) <= 2).all()
    with_photo = rows[:, 3] > 0
    assert with_photo.mean() == pytest.approx(0.25, abs=0.02)
    two = (rows[:, :3] > 0).sum(axis=1) == 2
    assert two.mean() == pytest.approx(0.25, abs=0.02)
    assert np.quantile(rows[with_photo, 3], [0.1, 0.9]) == pytest.approx(
        [0.1, 0.9], abs=0.03
    )


@pytest.mark.parametrize("styles", [STYLES, STYLES[:3], STYLES[:2], ("wave", "photo")])
def test_share_of_blends_is_the_wanted_one(styles):
    rows = blends.draw(styles, 6000, blends=0.25, seed=0)
    assert ((rows > 0).sum(axis=1) == 2).mean() == pytest.approx(0.25, abs=0.02)


def test_every_pair_of_styles_is_blended_equally_often():
    rows = blends.draw(STYLES[:3], 6000, blends=1, seed=0)
    for left_out in range(3):
        assert (rows[:, left_out] == 0).mean() == pytest.approx(1 / 3, abs=0.02)


def test_single_style_is_blended_with_nothing():
    assert blends.draw(("one",), 3, blends=1, seed=0).tolist() == [[1]] * 3


def test_seed_decides_the_draw():
    first, same, other = (
        blends.draw(STYLES, 50, blends=0.5, seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return np.full((2, 16, 16, 3), index, np.uint8)


def as_dataset(batches):
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices(np.stack(list(batches)))


@pytest.mark.parametrize("kind", [lambda batches: batches, as_dataset])
def test_items_are_one_input_of_photographs_and_their_weights(kind):
    weights = blends.draw(STYLES, 6, blends=0.5, seed=0).reshape(3, 2, 4)
    pairs = blends.paired(kind(Batches()), weights)
    assert len(pairs) == 3
    for step, ((photos, rows),) in enumerate(pairs):
        np.testing.assert_array_equal(photos, step)
        np.testing.assert_array_equal(rows, weights[step])
        if step == 2:
            break
