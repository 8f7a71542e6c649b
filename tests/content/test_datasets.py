"""Photographs from TensorFlow Datasets."""

import io
import re
import sys
import time

import numpy as np
import pytest
from PIL import Image

from fast_style.content import sources
from fast_style.content.crops import Share

pytestmark = pytest.mark.slow
OPTIONS = {"image_size": 48, "batch_size": 3, "steps": 10}


def damaged(number):
    """A file that its header calls large enough, or one that is no picture."""
    file = io.BytesIO()
    noise = np.random.default_rng(number).integers(0, 256, (64, 80, 3), np.uint8)
    Image.fromarray(noise).save(file, "JPEG" if number % 2 else "BMP")
    content = file.getvalue()
    return {0: content[:40], 1: content[:2000], 2: b"none", 3: b""}[number % 4]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """Datasets in a folder: every third of 24 pictures is too small.

    Of damaged_files, every second picture of 60 cannot be read.
    """
    import tensorflow_datasets as tfds

    sizes = [(40, 90) if i % 3 == 2 else (50 + i, 60) for i in range(24)]

    class TinyPhotographs(tfds.core.GeneratorBasedBuilder):
        VERSION = tfds.core.Version("1.0.0")

        def _info(self):
            shape = (None, None, 3)
            image = tfds.features.Image(shape=shape, encoding_format=self.encoding)
            features = tfds.features.FeaturesDict({"image": image, "id": np.int64})
            return tfds.core.DatasetInfo(builder=self, features=features)

        def _split_generators(self, dl_manager):
            return {"train": self._generate_examples()}

        def _generate_examples(self):
            for i, size in enumerate(sizes):
                yield i, {"image": np.full((*size, 3), 10 * i, np.uint8), "id": i}

    class TinyJpegs(TinyPhotographs):
        encoding = "jpeg"

    class TinyPngs(TinyPhotographs):
        encoding = "png"

    class DamagedFiles(TinyPhotographs):
        encoding = "png"

        def _generate_examples(self):
            good = io.BytesIO()
            Image.new("RGB", (60, 50), "teal").save(good, "BMP")
            for i in range(60):
                content = damaged(i // 2) if i % 2 else good.getvalue()
                yield i, {"image": io.BytesIO(content), "id": i}

    folder = tmp_path_factory.mktemp("tfds")
    for builder in (TinyJpegs, TinyPngs, DamagedFiles):
        builder(data_dir=folder).download_and_prepare()
    return {"data_dir": folder}


def steps_of(content):
    return np.stack([np.asarray(batch) for batch in content.batches])


@pytest.mark.parametrize("name", ["tiny_jpegs", "tiny_pngs"])
def test_a_dataset_gives_batches_of_crops_of_pictures_large_enough(dataset, name):
    content = sources.from_tfds(name, **dataset, **OPTIONS)
    assert content.batches.element_spec.shape == (3, 48, 48, 3)
    batches = steps_of(content)
    assert batches.shape == (10, 3, 48, 48, 3)
    assert batches.dtype == np.uint8
    shown = np.rint(batches[..., 0, 0, 0] / 10).astype(int).ravel()
    expected = [i for i in range(24) if i % 3 != 2]
    assert sorted(shown[:16]) == expected  # every one once, then again
    assert set(shown[16:]) <= set(expected)
    assert content.validation.shape == (4, 48, 48, 3)
    assert content.validation.dtype == np.uint8
    assert content.count == 24


def test_a_dataset_gives_the_same_batches_for_the_same_seed(dataset):
    first, second, changed = (
        steps_of(sources.from_tfds("tiny_pngs", **dataset, **OPTIONS, seed=seed))
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, second)
    assert (first != changed).any()


def test_a_dataset_goes_on_with_the_batches_it_would_have_given(dataset):
    whole = steps_of(sources.from_tfds("tiny_pngs", **dataset, **OPTIONS))
    rest = steps_of(sources.from_tfds("tiny_pngs", **dataset, **OPTIONS, start=4))
    np.testing.assert_array_equal(rest, whole[4:])


def test_hosts_share_the_batches_of_a_dataset(dataset):
    options = {**OPTIONS, "batch_size": 4, "start": 3, **dataset}
    whole, *parts = (
        sources.from_tfds("tiny_pngs", **options, share=share)
        for share in (Share(), Share(0, 2), Share(1, 2))
    )
    shared = np.concatenate([steps_of(part) for part in parts], axis=1)
    np.testing.assert_array_equal(shared, steps_of(whole))


def test_a_dataset_gives_the_same_batches_after_a_sample(dataset):
    content = sources.from_tfds("tiny_pngs", **dataset, **OPTIONS)
    content.sample(4)
    content.sample(4)
    fresh = steps_of(sources.from_tfds("tiny_pngs", **dataset, **OPTIONS))
    np.testing.assert_array_equal(steps_of(content), fresh)


@pytest.mark.parametrize("start", [4, OPTIONS["steps"]])
def test_a_sample_is_the_same_after_some_or_all_steps(dataset, start):
    first = sources.from_tfds("tiny_pngs", **dataset, **OPTIONS).sample(4)
    later = sources.from_tfds("tiny_pngs", **dataset, **OPTIONS, start=start).sample(4)
    np.testing.assert_array_equal(later, first)


def test_a_dataset_without_a_picture_large_enough_is_an_error(dataset):
    with pytest.raises(
        ValueError, match="'tiny_pngs' holds no readable picture of 100"
    ):
        sources.from_tfds("tiny_pngs", **dataset, image_size=100)


def test_a_dataset_that_is_not_prepared_is_one_line_at_once(tmp_path):
    began = time.perf_counter()
    with pytest.raises(OSError, match="Cannot find the dataset 'coco/2017'") as raised:
        sources.from_tfds("coco/2017", data_dir=tmp_path, **OPTIONS)
    assert time.perf_counter() - began < 15
    text = str(raised.value)
    assert "Set download" in text and "content_dir" in text and "\n" not in text


def test_a_dataset_without_its_package_names_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(OSError, match=r"pip install '.*\[train\]'.*content_d"):
        sources.from_tfds("coco/2017", **OPTIONS)


def test_pictures_that_cannot_be_read_are_named_and_left_out(dataset):
    options = {**OPTIONS, "steps": 20}  # enough to show every picture
    content = sources.from_tfds("damaged_files", **dataset, **options)
    batches = steps_of(content)
    assert batches.shape == (20, 3, 48, 48, 3)
    for pixels in (batches, content.validation):
        assert (pixels == (0, 128, 128)).all()
    assert len(content.broken) == 30
    name = r"damaged_files-train\.tfrecord-00000-of-00001__\d+"
    assert all(re.fullmatch(name, broken) for broken in content.broken)


def test_a_dataset_with_damaged_pictures_goes_on_with_the_same_batches(dataset):
    whole = steps_of(sources.from_tfds("damaged_files", **dataset, **OPTIONS))
    rest = sources.from_tfds("damaged_files", **dataset, **OPTIONS, start=4)
    np.testing.assert_array_equal(steps_of(rest), whole[4:])
