"""Batches painted at random: each picture as its index says, whoever asks."""

import multiprocessing
import pickle
import random
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fast_style import Stylizer
from fast_style.augment import Augmenter, Choices

CHOICES = Choices(blend=2, strength=(0.3, 1.0), probability=0.8, seed=3)
INDICES = [4, 0, 9, 2, 11]


@pytest.fixture
def augmenter(gallery):
    return Augmenter(CHOICES, model=gallery, threads=2)


def test_each_picture_is_painted_as_its_index_says(augmenter, gallery, batch):
    painted = augmenter(batch, INDICES)
    stylizer = Stylizer(gallery)
    for pixels, index, result in zip(batch, INDICES, painted, strict=True):
        draw = augmenter.draw(index)
        expected = pixels
        if draw.styles:
            expected = stylizer.stylize(
                pixels, styles=draw.styles, strength=draw.strength
            )
        np.testing.assert_array_equal(result, expected)
    assert len({len(augmenter.draw(index).styles) for index in INDICES}) > 1


def test_order_batches_and_threads_change_nothing(augmenter, batch):
    painted = augmenter(batch, INDICES)
    turned = augmenter(batch[::-1], INDICES[::-1])[::-1]
    np.testing.assert_array_equal(turned, painted)
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(augmenter, batch, INDICES))
    np.testing.assert_array_equal(alone, painted)
    assert augmenter(batch[:0], []).shape == (0, 17, 23, 3)


def test_a_pickled_augmenter_paints_the_same(augmenter, batch):
    painted = augmenter(batch, INDICES)
    copy = pickle.loads(pickle.dumps(augmenter))
    np.testing.assert_array_equal(copy(batch, INDICES), painted)


@pytest.mark.skipif(sys.platform != "linux", reason="PyTorch forks its workers there")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_paints_the_same(augmenter, batch):
    painted = augmenter(batch, INDICES)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=lambda: sender.send(augmenter(batch, INDICES)))
    worker.start()
    try:
        assert receiver.poll(10)
        np.testing.assert_array_equal(receiver.recv(), painted)
    finally:
        worker.kill()
        worker.join()


def test_without_indices_pythons_random_draws(augmenter, batch):
    random.seed(1)
    first = augmenter(batch)
    random.seed(1)
    indices = [random.getrandbits(63) for _ in batch]
    np.testing.assert_array_equal(augmenter(batch, indices), first)


def test_styles_are_those_of_the_choices(gallery):
    assert Augmenter(model=gallery).styles == ("wave", "scream")
    augmenter = Augmenter(Choices(styles=["scream"]), model=gallery)
    assert set(augmenter.draw(0).styles) == {"scream"}


def test_the_package_has_a_model_to_paint_with(photo):
    painted = Augmenter(Choices(styles=["wave"]))(photo, 0)
    np.testing.assert_array_equal(painted, Stylizer().stylize(photo, styles="wave"))


@pytest.mark.parametrize(
    ("images", "indices", "message"),
    [
        (np.zeros((2, 20, 20, 3), np.float32), [0, 1], "images are float32 (2, 20"),
        (np.zeros((20, 20), np.uint8), [0], "images are uint8 (20, 20), and uint8 ("),
        (np.zeros((2, 20, 20, 3), np.uint8), [0], "There are 1 indices for 2 images."),
        (np.zeros((2, 20, 20, 4), np.uint8), [0, 1], "Give pixels[..., :3]"),
        (np.zeros((1, 8, 20, 3), np.uint8), [0], "Give at least 16 x 16 px."),
    ],
)
def test_wrong_batches_are_refused(augmenter, images, indices, message):
    with pytest.raises(ValueError) as error:
        augmenter(images, indices)
    assert message in str(error.value)


def test_a_model_that_is_missing_is_refused_at_once(tmp_path):
    with pytest.raises(OSError, match="none.tflite"):
        Augmenter(model=tmp_path / "none.tflite")
