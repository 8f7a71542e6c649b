"""The trained generator that a training starts from, which is called its base."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from fast_style import PHOTO, gallery
from fast_style.architecture import ARCHITECTURE, channels_of
from fast_style.fields import SettingError
from fast_style.network.generator import Generator
from fast_style.network.loading import load_generator
from fast_style.training.trainer import StyleTransferTrainer

# The photographs on which the base's styles are compared. Whole photographs of 256 px
# led to the same choices where both were tried, at four times the work.
PHOTOS = 4
PART = 128  # px, of each side


def load(
    base_model: str | PathLike[str], *, tune: str | None, names: Sequence[str]
) -> Generator:
    """Load the generator that a training starts from.

    Args:
        base_model: Path of a .keras file, as `gallery.generator_path` returns it.
        tune: "style" or "all", see Settings.
        names: Names of the rows to be trained.

    Raises:
        OSError: There is no such file.
        SettingError: A new style has the name of a style of the base.
        ValueError: The file holds no generator of this version.
    """
    if not Path(base_model).is_file():
        raise OSError(
            f"Cannot find the base model '{base_model}'. Give a run directory whose "
            "training is finished, a .keras file, or one of "
            f"{', '.join(gallery.trainable_models())}."
        )
    base = load_generator(base_model)
    taken = set(names) & set(base.styles) if tune == "style" else set()
    if PHOTO in taken:
        raise SettingError(
            "photo", f"is in the base model '{base_model}' already; leave it out."
        )
    if taken:
        raise SettingError(
            "style",
            f"has the name '{min(taken)}', which is taken in the base model "
            f"'{base_model}' of {', '.join(base.styles)}; give another, as in "
            "PATH,name=NAME.",
        )
    return base


def architecture(
    base: Generator | None,
    *,
    filters: str | Sequence[int] | None = None,
    residual_blocks: int | None = None,
    upsampling: str | None = None,
    skip: bool | None = None,
) -> dict[str, Any]:
    """Return the shape of the generator to be trained, as arguments of Generator.

    Args:
        base: The generator that the training starts from; None without one.
        filters: The setting of that name. None takes the filters of the base; without
            a base, it takes the default.
        residual_blocks: The setting of that name; None as for `filters`.
        upsampling: The setting of that name; None as for `filters`.
        skip: The setting of that name; None as for `filters`.

    Raises:
        SettingError: The settings ask for another shape than the base has.
    """
    asked = {
        "filters": filters and channels_of(filters),
        "residual_blocks": residual_blocks,
        "upsampling": upsampling,
        "skip": skip,
    }
    asked = {name: value for name, value in asked.items() if value is not None}
    if base is None:
        return {**ARCHITECTURE, **asked}
    for name, value in asked.items():
        if value != base.architecture[name]:
            raise SettingError(
                name,
                f"is {value}, and that of the base model is {base.architecture[name]}; "
                "leave it out, or give another base model.",
            )
    return base.architecture


def adapted(
    base: Generator | None, *, tune: str | None, names: Sequence[str]
) -> list[str]:
    """Return the names of the rows to be trained that have adapters.

    Args:
        base: The generator that the training starts from; None without one.
        tune: "style" or "all", see Settings.
        names: Names of the rows to be trained.
    """
    if base is None:
        return []
    return [name for name in names if tune == "style" or name in base.adapted]


def start_nearest(
    trainer: StyleTransferTrainer, base: Generator, photos: np.ndarray
) -> None:
    """Give each new style the row of the base's style that suits it best.

    That is nearer than the mean of all rows: 300 steps from there ended at a loss 6 %
    lower.

    Args:
        trainer: A compiled trainer whose generator has the weights of the base.
        base: The generator that the training starts from.
        photos: Photographs (B, H, W, 3); the losses are taken on a part of the first.
    """
    photos = photos[:PHOTOS, :PART, :PART]
    generator = trainer.generator
    tables = [
        (table, ops.convert_to_numpy(base_table))
        for table, base_table in zip(generator.tables, base.tables, strict=True)
    ]
    painted = base.rows.painted_indices
    styles = generator.rows.one_hot()
    losses = np.empty((len(painted), len(styles)))
    for i, row in enumerate(painted):
        for table, rows in tables:
            table.assign(np.repeat(rows[row : row + 1], len(styles), axis=0))
        for j, style in enumerate(styles):
            inputs = photos, np.repeat(style[None], len(photos), axis=0)
            trainer.reset_metrics()  # else it is the mean with the losses before
            losses[i, j] = trainer.test_on_batch(inputs, return_dict=True)["loss"]
    nearest = [painted[i] for i in losses.argmin(axis=0)]
    for table, rows in tables:
        table.assign(rows[nearest])
