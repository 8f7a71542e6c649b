"""Photographs to train on: from a folder, from TensorFlow Datasets, or drawn."""

import dataclasses
import hashlib
import itertools
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from absl import logging

from fast_style import extras, folders, gallery, images
from fast_style.content import drawn
from fast_style.content.crops import FileCrops, Plan
from fast_style.content.resident import ResidentPhotographs
from fast_style.content.resident import load as load_resident

FEW_PICTURES = 2000
VALIDATION_PICTURES = 4
SAMPLE_SIDE = 256  # px, of the package's photograph


@dataclasses.dataclass(frozen=True)
class ContentPictures:
    """The photographs of a training.

    Args:
        batches: Batches of crops for fit(), uint8 (B, image_size, image_size, 3).
        count: Number of pictures in the source, those known to be unusable left out.
        validation: At most 4 photographs of one size for samples, uint8 (N, H, W, 3).
            They are not trained on where the source is large enough.
        broken: Paths of pictures that could not be read so far, or their names in a
            dataset; others took their place.
        samples: The batches for `sample`, with the parts of all hosts.
        resident: The photographs in the device's memory, where `batches` has only the
            boxes of the crops.
        digest: Of the pictures' names; equal on hosts that have the same pictures.
    """

    batches: Any
    count: int
    validation: np.ndarray
    broken: set[Path] | set[str]
    samples: Iterable[Any]
    resident: ResidentPhotographs | None = None
    digest: str = ""

    def sample(self, count: int = 32) -> list[np.ndarray]:
        """Return the first batches, uint8 (B, image_size, image_size, 3) each.

        Args:
            count: Pictures to return at least, where there are as many.
        """
        batches: list[np.ndarray] = []
        for batch in self.samples:
            batches.append(np.asarray(batch))
            if sum(map(len, batches)) >= count:
                break
        return batches


def warn_of_few(count: int) -> None:
    """Warn where a training has fewer photographs than it should have."""
    if count < FEW_PICTURES:
        logging.warning(
            "Only %d photographs: the style will suit ones like them, and may smear or "
            "blotch on others. %d and more of all kinds are safe.",
            count,
            FEW_PICTURES,
        )


def from_folder(
    content_dir: str | PathLike[str], *, resident: bool = False, **plan_options: Any
) -> ContentPictures:
    """Open all readable pictures in a folder and below it, without TensorFlow.

    Args:
        content_dir: The folder.
        resident: Whether to decode all of them into the device's memory.
        **plan_options: Arguments of Plan.

    Raises:
        OSError: There is no such folder.
        ValueError: It holds no picture that is readable and large enough.
    """
    plan = Plan(**plan_options)
    if not Path(content_dir).is_dir():
        raise OSError(
            f"There is no folder '{content_dir}'. Give another folder of photographs."
        )
    found = folders.search(content_dir)
    paths = _usable(found, plan.image_size)
    order = np.random.default_rng(plan.seed).permutation(len(paths))
    paths = [paths[i] for i in order]
    batches = FileCrops(paths, plan)
    held_back = min(VALIDATION_PICTURES, len(paths) // 10)
    readable = (path for path in paths if batches.read(path) is not None)
    validation_paths = list(itertools.islice(readable, held_back or 1))
    if not validation_paths:
        raise ValueError(
            f"'{content_dir}' holds no readable picture of {plan.image_size} px or "
            "more on its short side. Give another folder or a smaller image_size."
            + "".join(f" {line}" for line in _left_out(found))
        )
    if held_back:
        batches.paths = [path for path in paths if path not in validation_paths]
    validation = _one_crop_each(validation_paths, plan)
    opened = ContentPictures(
        batches,
        len(batches.paths),
        validation,
        batches.broken,
        batches.whole(),
        digest=_digest(path.relative_to(content_dir).as_posix() for path in paths),
    )
    if not resident:
        return opened
    boxes, photographs = load_resident(batches)
    return dataclasses.replace(opened, batches=boxes, resident=photographs)


def from_tfds(
    dataset: str = "coco/2017",
    *,
    data_dir: str | PathLike[str] | None = None,
    download: bool = False,
    **plan_options: Any,
) -> ContentPictures:
    """Open the pictures of the `train` split of a dataset in TensorFlow Datasets.

    Args:
        dataset: Name of the dataset, which has an "image" in each example.
        data_dir: Folder in which datasets are kept; None for the default of TFDS.
        download: Whether to download and prepare the dataset if it is missing.
        **plan_options: Arguments of Plan.

    Raises:
        OSError: The dataset is not prepared, or its download failed.
        ValueError: It holds no picture that is readable and large enough.
    """
    plan = Plan(**plan_options)
    examples = _load(dataset, data_dir, download)
    from fast_style.content import encoded  # now that TensorFlow is known to be there

    count, broken = int(examples.cardinality()), set[str]()
    examples = encoded.large_enough(examples, plan.image_size, broken)
    first, after = [], 0  # pictures, and the examples up to the last held back
    for number, (name, file) in enumerate(examples.as_numpy_iterator(), 1):
        if (pixels := encoded.read(file, plan.image_size)) is None:
            broken.add(name.decode())
            continue
        first.append(pixels)
        after = number if len(first) == VALIDATION_PICTURES else after
        if len(first) == 2 * VALIDATION_PICTURES:
            break
    if not first:
        raise ValueError(
            f"'{dataset}' holds no readable picture of {plan.image_size} px or more on "
            "its short side. Give another dataset or a smaller image_size."
        )
    held_back, others = first[:VALIDATION_PICTURES], first[VALIDATION_PICTURES:]
    if count > 10 * VALIDATION_PICTURES and others:
        examples = examples.skip(after)
    batches, samples = (
        encoded.batches(examples, each, others or held_back, broken)
        for each in (plan, plan.whole())
    )
    side = plan.image_size
    validation = np.stack([pixels[:side, :side] for pixels in held_back])
    return ContentPictures(batches, count, validation, broken, samples)


def from_synthetic(**plan_options: Any) -> ContentPictures:
    """Draw pictures, and add the photographs of scikit-image if it is installed.

    Args:
        **plan_options: Arguments of Plan.

    Returns:
        ContentPictures, whose `count` is the number of photographs. Its validation is
        the sample photograph of the package, because drawings do not show what
        becomes of a face.
    """
    photographs = drawn.photographs()
    batches = drawn.DrawnCrops(Plan(**plan_options), photographs)
    sample = images.read(gallery.SAMPLE, max_size=SAMPLE_SIDE).pixels
    return ContentPictures(
        batches, len(photographs), sample[None], set(), batches.whole()
    )


def _load(dataset: str, data_dir: str | PathLike[str] | None, download: bool) -> Any:
    """Return pairs of the name of a picture and the bytes of its file."""
    try:
        import tensorflow_datasets as tfds
    except ImportError as error:
        raise OSError(
            f"The dataset '{dataset}' needs TensorFlow Datasets. "
            f"{extras.advice(error, 'train')}, or give a folder of photographs as "
            "content_dir."
        ) from error
    try:
        examples = tfds.load(
            dataset,
            split="train",
            data_dir=data_dir,
            download=download,
            shuffle_files=False,
            read_config=tfds.ReadConfig(add_tfds_id=True),
            decoders=tfds.decode.PartialDecoding(
                {"image": True}, decoders={"image": tfds.decode.SkipDecoding()}
            ),
        )
    except Exception as error:  # TFDS raises AssertionError, ConnectionError and more
        failed = "Cannot download" if download else "Cannot find"
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise OSError(
            f"{failed} the dataset '{dataset}' ({reason}). Set download to fetch it "
            "over the network (COCO: 25 GB), give a folder of photographs as "
            "content_dir, or set dataset to synthetic."
        ) from error
    return examples.map(lambda example: (example["tfds_id"], example["image"]))


def _one_crop_each(paths: Sequence[Path], plan: Plan) -> np.ndarray:
    """Return a crop of each picture, uint8 (N, image_size, image_size, 3)."""
    plan = dataclasses.replace(plan.whole(), batch_size=1, steps=len(paths))
    crops = FileCrops(paths, plan)
    return np.concatenate([crops[i] for i in range(len(crops))])


def _digest(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _left_out(found: folders.Contents) -> list[str]:
    return [*map(str, found.errors.values()), *found.left_out()]


def _usable(found: folders.Contents, image_size: int) -> Sequence[Path]:
    """Return the pictures of a folder whose headers say they are large enough.

    Warnings tell what is left out.
    """

    def short_side(path: Path) -> int:
        try:
            return min(images.read_size(path))
        except (OSError, ValueError):
            return 0

    paths = found.pictures
    with ThreadPoolExecutor() as pool:
        sides = list(pool.map(short_side, paths))
    usable = [p for p, side in zip(paths, sides, strict=True) if side >= image_size]
    for line in _left_out(found):
        logging.warning("%s", line)
    if len(usable) < len(paths):
        unreadable = [p for p, side in zip(paths, sides, strict=True) if not side]
        small = [p for p, s in zip(paths, sides, strict=True) if 0 < s < image_size]
        logging.warning(
            "Skipped %d unreadable pictures and %d with a side under %d px, the first "
            "being '%s'.",
            len(unreadable),
            len(small),
            image_size,
            (unreadable + small)[0],
        )
    return usable
