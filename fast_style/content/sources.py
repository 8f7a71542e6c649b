"""Pictures to train on: endless random crops, the same ones for the same seed.

The batch of a step depends on the seed and the step alone, so that a training that
was interrupted goes on with the pictures it would have seen.
"""

import functools
import itertools
import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
from absl import logging

from fast_style import images
from fast_style.content import drawn

# The short side is brought down to this many crops' sides: a crop then shows most of
# the picture, at varying places.
RESIZE = 9 / 8
FEW_PICTURES = 2000
VALIDATION_PICTURES = 4


def warn_of_few(count: int) -> None:
    """Warn where a training has fewer photographs than it should have."""
    if count < FEW_PICTURES:
        logging.warning(
            "Only %d photographs: the style will suit ones like them, and may smear or "
            "blotch on others. %d and more of all kinds are safe.",
            count,
            FEW_PICTURES,
        )


class ContentPictures(NamedTuple):
    """What a loader gives.

    Args:
        batches: For fit(): uint8 (B, image_size, image_size, 3).
        count: Number of pictures in the source, less what is known to be unusable.
        validation: uint8 (4 or fewer, image_size, image_size, 3), not trained on
            where the source is large enough.
        broken: Paths found to be cut short or gone so far; others took their place.
        samples: The same batches for `sample`, where looking at them would change the
            order of those for fit(), as a tf.data.Dataset's; None where it does not.
    """

    batches: Any
    count: int
    validation: np.ndarray
    broken: set
    samples: Any = None

    def sample(self, count=32):
        """The first batches, `count` pictures or little more where there are as many.

        Returns:
            List of uint8 (B, image_size, image_size, 3).
        """
        found = []
        for batch in self.batches if self.samples is None else self.samples:
            found.append(np.asarray(batch))
            if sum(map(len, found)) >= count:
                break
        return found


def from_folder(
    content_dir, *, image_size=256, batch_size=4, steps=40000, start=0, seed=0
):
    """Crops of all readable pictures in a folder and below it, without TensorFlow.

    Args:
        content_dir: The folder.
        image_size: Side of the square crops, in pixels.
        batch_size: Pictures per step.
        steps: Steps of the whole training.
        start: Steps that have been done before.
        seed: Of order, crops and flips.

    Returns:
        ContentPictures.

    Raises:
        OSError: There is no such folder.
        ValueError: It holds no picture that is readable and large enough.
    """
    if not Path(content_dir).is_dir():
        raise OSError(
            f"There is no folder '{content_dir}'. Give another --content_dir."
        )
    paths, unreadable, small = _usable(images.find_images(content_dir), image_size)
    if unreadable or small:
        logging.warning(
            "Skipped %d unreadable pictures and %d with a side under %d px in '%s'%s.",
            len(unreadable),
            len(small),
            image_size,
            content_dir,
            f", the first being '{(unreadable + small)[0]}'",
        )
    order = np.random.default_rng(seed).permutation(len(paths))
    paths = [paths[i] for i in order]
    batches = _Crops(paths, image_size, batch_size, steps, start, seed)
    held_back = min(VALIDATION_PICTURES, len(paths) // 10)
    whole = (path for path in paths if batches.read(path) is not None)
    fixed = list(itertools.islice(whole, held_back or 1))
    if not fixed:
        raise ValueError(
            f"'{content_dir}' holds no readable picture of {image_size} px or more on "
            "its short side. Give another --content_dir or a smaller --image_size."
        )
    if held_back:
        batches.paths = [path for path in paths if path not in fixed]
    samples = _Crops(fixed, image_size, 1, len(fixed), 0, seed)
    validation = np.concatenate([samples[step] for step in range(len(fixed))])
    return ContentPictures(batches, len(batches.paths), validation, batches.broken)


def from_tfds(
    dataset="coco/2017",
    *,
    data_dir=None,
    download=False,
    image_size=256,
    batch_size=4,
    steps=40000,
    start=0,
    seed=0,
):
    """Crops of the pictures of a TensorFlow dataset's `train` split.

    Args:
        dataset: Name in TensorFlow Datasets, with an "image" in each example.
        data_dir: Where datasets are kept; None is TFDS' own default.
        download: Whether to download and prepare a dataset that is not there.
        image_size, batch_size, steps, start, seed: As in from_folder.

    Returns:
        ContentPictures.

    Raises:
        OSError: The dataset is not prepared, or its download failed.
        ValueError: It holds no pictures.
    """
    try:
        import tensorflow as tf
        import tensorflow_datasets as tfds
    except ImportError as error:
        raise OSError(
            f"--dataset={dataset} needs TensorFlow Datasets. Install it by "
            "pip install 'fast-style[train]', or give --content_dir=DIR."
        ) from error
    try:
        encoded = tfds.load(
            dataset,
            split="train",
            data_dir=data_dir,
            download=download,
            shuffle_files=False,
            decoders=tfds.decode.PartialDecoding(
                {"image": True}, decoders={"image": tfds.decode.SkipDecoding()}
            ),
        )
    except Exception as error:  # TFDS raises AssertionError, ConnectionError and more
        what = "Cannot download" if download else "Cannot find"
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise OSError(
            f"{what} the dataset '{dataset}' ({reason}). Prepare "
            "it with --download, which needs a network (COCO: 25 GB), or give "
            "--content_dir=DIR, a folder of photographs, or --dataset=synthetic."
        ) from error
    count = int(encoded.cardinality())

    def large_enough(encoded_image):
        shape = tf.cond(
            tf.io.is_jpeg(encoded_image),
            lambda: tf.io.extract_jpeg_shape(encoded_image)[:2],
            lambda: tf.io.decode_raw(  # a PNG's header: TFDS keeps no other kinds
                tf.strings.substr(encoded_image, 16, 8), tf.int32, little_endian=False
            ),
        )
        return tf.reduce_min(shape) >= image_size

    def shrink(encoded_image):
        image = tf.io.decode_image(encoded_image, channels=3, expand_animations=False)
        shape = tf.shape(image)[:2]
        short = tf.cast(tf.reduce_min(shape), tf.float32)
        scale = tf.minimum(1.0, RESIZE * image_size / short)
        size = tf.cast(tf.round(tf.cast(shape, tf.float32) * scale), tf.int32)
        image = tf.image.resize(image, size, "area")
        return tf.cast(tf.round(image), tf.uint8)

    def crop(index, encoded_image):
        seeds = tf.stack([tf.cast(seed, tf.int64), index])
        image = shrink(encoded_image)
        image = tf.image.stateless_random_crop(
            image, (image_size, image_size, 3), seeds
        )
        return tf.image.stateless_random_flip_left_right(image, seeds)

    # Left out before they are counted into steps, so that a step's batch is its own.
    encoded = encoded.map(lambda example: example["image"]).filter(large_enough)
    first = encoded.take(VALIDATION_PICTURES + 1).map(shrink)
    validation = [image[:image_size, :image_size] for image in first]
    large = count > 10 * VALIDATION_PICTURES and len(validation) > VALIDATION_PICTURES
    validation = validation[:VALIDATION_PICTURES]
    if not validation:
        raise ValueError(
            f"'{dataset}' holds no picture of {image_size} px or more on its short "
            "side. Give another --dataset or a smaller --image_size."
        )

    def batches():
        return (
            encoded.skip(VALIDATION_PICTURES if large else 0)
            .shuffle(2_000, seed=seed)
            .repeat()
            .enumerate()
            .skip(start * batch_size)
            .map(crop, num_parallel_calls=tf.data.AUTOTUNE)
            .batch(batch_size, drop_remainder=True)
            .take(steps - start)
            .prefetch(tf.data.AUTOTUNE)
        )

    return ContentPictures(batches(), count, np.stack(validation), set(), batches())


def from_synthetic(*, image_size=256, batch_size=4, steps=40000, start=0, seed=0):
    """Crops of pictures drawn on the fly, and of scikit-image's if it is installed.

    Args:
        image_size, batch_size, steps, start, seed: As in from_folder.

    Returns:
        ContentPictures, `count` being the number of photographs among the sources.
    """
    found = drawn.photographs()
    batches = drawn.DrawnCrops(image_size, batch_size, steps, start, seed, found)
    validation = batches.validation(VALIDATION_PICTURES)
    return ContentPictures(batches, len(found), validation, set())


class _Crops(keras.utils.PyDataset):
    """Batches of random crops of files, in an order that starts anew each pass."""

    def __init__(self, paths, image_size, batch_size, steps, start, seed):
        super().__init__(workers=min(8, os.cpu_count() or 1))
        self.paths = paths
        self.image_size = image_size
        self.batch_size = batch_size
        self.steps = steps
        self.start = start
        self.seed = seed
        self.broken = set()
        self.failure = None  # what ended it
        self._order = functools.lru_cache(2)(self._shuffled)

    def __len__(self):
        return self.steps - self.start

    def __getitem__(self, index):
        first = (self.start + index) * self.batch_size
        return np.stack([self._crop(first + i) for i in range(self.batch_size)])

    def _shuffled(self, epoch):
        return np.random.default_rng((self.seed, 1, epoch)).permutation(len(self.paths))

    def _crop(self, sample):
        rng = np.random.default_rng((self.seed, 2, sample))
        epoch, position = divmod(sample, len(self.paths))
        which = self._order(epoch)[position]
        while (pixels := self.read(self.paths[which])) is None:
            if self.broken.issuperset(self.paths):
                self.failure = OSError(
                    "No picture to train on can be read any more, the last being "
                    f"'{self.paths[which]}'. Is its folder still there?"
                )
                raise self.failure
            which = rng.integers(len(self.paths))
        top, left = (
            rng.integers(side - self.image_size + 1) for side in pixels.shape[:2]
        )
        crop = pixels[top : top + self.image_size, left : left + self.image_size]
        return crop[:, ::-1] if rng.random() < 0.5 else crop

    def read(self, path):
        """A picture, its short side RESIZE crops at most; None if it is unreadable."""
        try:
            size = images.read_size(path)
            longer = math.ceil(RESIZE * self.image_size * max(size) / min(size))
            return images.read(path, max_size=longer).pixels
        except (OSError, ValueError):
            self.broken.add(path)
            return None


def _usable(paths, image_size):
    """Sorts picture files by their headers: usable, unreadable, too small."""

    def sort(path):
        try:
            return 0 if min(images.read_size(path)) >= image_size else 2
        except (OSError, ValueError):
            return 1

    with ThreadPoolExecutor() as pool:
        kinds = list(pool.map(sort, paths))
    return tuple(
        [p for p, k in zip(paths, kinds, strict=True) if k == kind] for kind in range(3)
    )
