"""What pictures repeat: marks in rows and grids, but no strokes that lie anywhere."""

import keras
import numpy as np
import pytest

from fast_style.perception.repetition import repetition


def measured(picture):
    return float(repetition(np.float32(picture)[None])[0])


def strokes(side=192, count=200, seed=0):
    """Dark strokes of 12x4 px anywhere on a grey picture."""
    rng = np.random.default_rng(seed)
    picture = np.full((side, side, 3), 128, np.float32)
    for top, left in rng.integers(0, side - 12, (count, 2)):
        picture[top : top + 4, left : left + 12] -= 30
    return picture


@pytest.mark.parametrize("step", [16, 24, 32, 40, (8, 8), (8, 24)])
def test_marks_in_rows_count_more_than_strokes_anywhere(step):
    across, down = step if isinstance(step, tuple) else (step, step)
    picture = np.full((192, 192, 3), 128, np.float32)
    for top in range(0, 188, down):
        for left in range(3 * top % across, 188, across):
            picture[top : top + 6, left : left + 6] -= 60
    assert measured(picture) > 3 * measured(strokes()) > 0


def test_marks_count_wherever_their_rows_begin():
    mark = np.zeros((16, 16, 1), np.float32)
    mark[3:8, 5:9] = 50
    picture = np.tile(mark, (12, 12, 3)) + 100
    moved = np.roll(picture, (5, 11), axis=(0, 1))
    assert measured(moved) == pytest.approx(measured(picture), rel=0.2)


def test_a_grid_is_seen_where_the_pattern_differs_from_cell_to_cell():
    levels = np.random.default_rng(0).uniform(90, 160, (24, 24, 3))
    blocks = np.kron(levels, np.ones((8, 8, 1)))
    smooth = np.random.default_rng(1).uniform(90, 160, (192, 192, 3))
    assert measured(blocks) > 100
    assert measured(smooth) < 1


@pytest.mark.parametrize("axis", [0, 1])
def test_a_change_of_brightness_and_an_edge_count_little(axis):
    ramp = np.linspace(0, 255, 192) ** 2 / 255
    ramp = np.moveaxis(np.broadcast_to(ramp[:, None, None], (192, 192, 3)), 0, axis)
    assert measured(ramp) < 0.5
    halves = np.where(ramp > 100, 200.0, 50.0)
    assert measured(halves) < 20  # where its ends are in line


def test_each_picture_of_a_batch_has_its_own():
    both = np.stack([strokes(), strokes()[::-1, :, ::-1] * 0.5])
    expected = [measured(picture) for picture in both]
    np.testing.assert_allclose(repetition(both), expected, rtol=1e-4)


def test_pictures_of_less_than_four_cells_repeat_nothing():
    small = np.random.default_rng(0).uniform(0, 255, (2, 31, 31, 3)).astype("f4")
    np.testing.assert_array_equal(repetition(small), [0, 0])


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="takes TensorFlow's gradient"
)
def test_a_flat_picture_has_a_gradient_of_zero():
    import tensorflow as tf

    flat = tf.fill((1, 96, 96, 3), 77.0)
    with tf.GradientTape() as tape:
        tape.watch(flat)
        value = repetition(flat)
    np.testing.assert_allclose(tape.gradient(value, flat), 0, atol=1e-6)
