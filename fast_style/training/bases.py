"""The trained generator that a training starts from: found, loaded, held to flags."""

from pathlib import Path

import numpy as np
from keras import ops

from fast_style import PHOTO, gallery
from fast_style.network.generator import ARCHITECTURE, PRESETS
from fast_style.network.loading import load_generator, result_path

TUNE = ("style", "all")
# What tells which of a base's styles is near; whole photographs of 256 px chose the
# same, where tried, for four times the work, once for each of the base's styles.
PHOTOS = 4
PART = 128  # px


def find(base_model):
    """Gives the path of what a training is to start from.

    Args:
        base_model: Name of an embedded model, else path of a .keras file or of a run
            directory; "./wave" is a path where "wave" would be a name.

    Returns:
        Absolute path of a .keras file that need not be there.
    """
    if path := gallery.trainable_models().get(str(base_model)):
        return path
    path = Path(base_model).absolute()
    return result_path(path) if path.is_dir() else path


def load(base_model, *, tune, names):
    """Loads the generator that a training starts from.

    Args:
        base_model: What `find` gave, or None for no base.
        tune: "style" or "all", see train; None without a base.
        names: Of the styles to be trained.

    Returns:
        A Generator, or None.

    Raises:
        OSError: There is no such file.
        ValueError: It is none of this project's and version's, or has a style of such
            a name already and `tune` is "style", or `tune` is given without it.
    """
    if not base_model:
        if tune:
            raise ValueError(
                f"--tune={tune} is for a training from a trained generator. Give "
                "--base_model, too, or leave --tune out."
            )
        return None
    if tune not in TUNE:
        raise ValueError(f"--tune is '{tune}'; give one of {', '.join(TUNE)}.")
    if not Path(base_model).is_file():
        known = ", ".join(gallery.trainable_models())
        names = f", or one of {known}" if known else ""
        raise OSError(
            f"Cannot find the base model '{base_model}'. Give a run directory whose "
            f"training is finished or a .keras file{names}."
        )
    base = load_generator(base_model)
    taken = set(names) & set(base.styles)
    if tune == "style" and PHOTO in taken:
        raise ValueError(
            f"The base model '{base_model}' has the style '{PHOTO}' already. Leave "
            "--photo out."
        )
    if tune == "style" and taken:
        raise ValueError(
            f"The base model '{base_model}' has the styles {', '.join(base.styles)}, "
            f"so the name '{min(taken)}' is taken. Give another, as in --style "
            "PATH,name=NAME."
        )
    return base


def settings(base=None, **given):
    """Settles a generator's filters, residual_blocks and upsampling.

    Args:
        base: The generator that the training starts from; None for none.
        given: What the user gives for each; None for the base's, or, without a base,
            the default.

    Returns:
        dict of the three.

    Raises:
        ValueError: What is given is not what the base has.
    """
    if base is None:
        return {
            name: ARCHITECTURE[name] if value is None else value
            for name, value in given.items()
        }
    has = {name: getattr(base, name) for name in given}
    filters = given["filters"]
    if isinstance(filters, str):
        filters = PRESETS.get(filters, [filters])
    given["filters"] = filters and tuple(filters)
    wrong = [
        f"--{name} is {value} and the base model's is {has[name]}"
        for name, value in given.items()
        if value is not None and value != has[name]
    ]
    if wrong:
        raise ValueError(
            f"{'; '.join(wrong)}. Leave out what a base model decides, or give another "
            "--base_model."
        )
    return has


def adapted(base, *, tune, names):
    """Tells which of the styles to be trained have adapters.

    Args:
        base: The generator that the training starts from; None for none.
        tune, names: As for `load`.

    Returns:
        List of names.
    """
    if base is None:
        return []
    return [name for name in names if tune == "style" or name in base.adapted]


def start_nearest(trainer, base, photos):
    """Gives each new style the row of the base's style that suits it best.

    Nearer than the mean of all: with 300 steps of a painting's own row from there, the
    training's loss ended 6 % lower.

    Args:
        trainer: A compiled StyleTransferTrainer whose generator got `start`.
        base: The Generator it started from.
        photos: Photographs (B, H, W, 3), of the first of which a part is looked at.
    """
    photos = photos[:PHOTOS, :PART, :PART]
    generator = trainer.generator
    tables = [
        (table, ops.convert_to_numpy(known))
        for table, known in zip(generator.tables, base.tables, strict=True)
    ]
    painted = base.rows.painted_indices
    styles = generator.rows.one_hot()
    losses = np.empty((len(painted), len(styles)))
    for i, row in enumerate(painted):
        for weight, rows in tables:
            weight.assign(np.repeat(rows[row : row + 1], len(styles), axis=0))
        for j, style in enumerate(styles):
            inputs = photos, np.repeat(style[None], len(photos), axis=0)
            trainer.reset_metrics()  # else the mean with the losses before
            losses[i, j] = trainer.test_on_batch(inputs, return_dict=True)["loss"]
    nearest = [painted[i] for i in losses.argmin(axis=0)]
    for weight, rows in tables:
        weight.assign(rows[nearest])
