"""Items of a dataset for PyTorch, which is not installed here."""

import pickle
import random

import numpy as np
import pytest
from PIL import Image

from fast_style.augment import Augmenter, Choices, StyleTransform, StylizedDataset

CHOICES = Choices(strength=(0.2, 1.0), seed=5)


class Pictures:
    """A map-style dataset of pictures and labels."""

    def __init__(self, batch):
        self._batch = batch

    def __len__(self):
        return len(self._batch)

    def __getitem__(self, position):
        return Image.fromarray(self._batch[position]), f"label {position}"


def test_items_are_painted_and_labels_stay(gallery, batch):
    dataset = StylizedDataset(Pictures(batch), CHOICES, model=gallery)
    expected = Augmenter(CHOICES, model=gallery)(batch, range(5))
    for position in (3, 0, 4, -1):
        picture, label = dataset[position]
        np.testing.assert_array_equal(np.asarray(picture), expected[position])
        assert label == f"label {position % 5}"
    assert len(list(dataset)) == len(dataset) == 5  # without an end it would go on


def test_another_epoch_draws_anew(gallery, batch):
    dataset = StylizedDataset(Pictures(batch), CHOICES, model=gallery)
    dataset.set_epoch(2)
    expected = Augmenter(CHOICES, model=gallery)(batch, range(10, 15))
    painted = [np.asarray(picture) for picture, _ in dataset]
    np.testing.assert_array_equal(painted, expected)


def test_a_transform_gets_the_painted_picture(gallery, batch):
    dataset = StylizedDataset(
        list(batch), CHOICES, model=gallery, transform=lambda pixels: pixels.mean()
    )
    expected = Augmenter(CHOICES, model=gallery)(batch, range(5))
    assert list(dataset) == [pixels.mean() for pixels in expected]


def test_a_dataset_can_be_sent_to_workers(gallery, batch):
    dataset = StylizedDataset(Pictures(batch), CHOICES, model=gallery)
    copy = pickle.loads(pickle.dumps(dataset))
    assert copy[1][0] == dataset[1][0]


def test_a_transform_alone_draws_by_pythons_random(gallery, batch):
    transform = StyleTransform(CHOICES, model=gallery)
    random.seed(2)
    painted = transform(Image.fromarray(batch[0]).convert("RGBA"))
    random.seed(2)
    index = random.getrandbits(63)
    np.testing.assert_array_equal(np.asarray(painted), transform(batch[0], index))


def test_what_is_no_picture_is_told(gallery):
    transform = StyleTransform(model=gallery)
    with pytest.raises(ValueError, match="A list is no picture. Give one of Pillow's"):
        transform([1, 2, 3])
