import numpy as np
import pytest

from fast_style.distillation.crops import PAINTING_CROPS, Crops


def ramps(count, height, width):
    """Pictures whose red is the row, whose green is the column of a pixel."""
    rows, columns = np.mgrid[:height, :width]
    picture = np.stack([rows, columns, np.zeros_like(rows)], -1).astype(np.uint8)
    return np.stack([picture] * count)


@pytest.fixture
def crops():
    return Crops([ramps(4, 50, 50)], [ramps(1, 60, 90)[0]], size=32)


def test_photographs_are_shrunk_and_cut_down_in_halves(crops):
    photos, paintings = crops.draw(0, np.random.default_rng(0))
    assert photos.shape == (4, 32, 32, 3)
    assert paintings.shape == (PAINTING_CROPS, 32, 32, 3)
    assert photos.dtype == paintings.dtype == np.uint8
    extents = np.ptp(photos[..., 0], axis=(1, 2)), np.ptp(photos[..., 1], axis=(1, 2))
    for extent in extents:
        assert (extent[:2] >= 47).all()  # of the whole photograph
        assert (extent[2:] == 31).all()  # of a part at its own scale


def test_crops_of_paintings_have_one_to_two_times_the_size(crops):
    rng = np.random.default_rng(1)
    paintings = np.concatenate([crops.draw(0, rng)[1] for _ in range(50)])
    sides = np.ptp(paintings[..., 1], axis=(1, 2))
    assert 30 <= sides.min() < 35 and 54 < sides.max() <= 60
    np.testing.assert_allclose(np.ptp(paintings[..., 0], axis=(1, 2)), sides, atol=1)


def test_draws_are_decided_by_the_generator(crops):
    first, same, other = (
        crops.draw(0, np.random.default_rng(seed))[1] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()
