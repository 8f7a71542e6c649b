"""Starts a training from a trained generator, and adds its style to that one's."""

import hashlib
from pathlib import Path

import numpy as np
from keras import ops

from fast_style import PHOTO, runs
from fast_style.generator import PRESETS, Generator
from fast_style.optimizers import TABLES

# What trainings can start from by name; their .tflite files beside them apply a style.
MODELS = Path(__file__).parent / "models"
TUNE = ("style", "all")
# What tells which of a base's styles is near; whole photographs of 256 px chose the
# same, where tried, for four times the work, once for each of the base's styles.
PHOTOS = 4
PART = 128  # px
SETTINGS = {"filters": "light", "residual_blocks": 5, "upsampling": "nearest"}


def find(base_model):
    """Gives the path of what a training is to start from.

    Args:
        base_model: Name of an embedded model, else path of a .keras file or of a run
            directory; "./wave" is a path where "wave" would be a name.

    Returns:
        Absolute path of a .keras file that need not be there.
    """
    if str(base_model) in _names():
        return MODELS / f"{base_model}.keras"
    path = Path(base_model).absolute()
    return runs.result_path(path) if path.is_dir() else path


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
        names = f", or one of {', '.join(_names())}" if _names() else ""
        raise OSError(
            f"Cannot find the base model '{base_model}'. Give a run directory whose "
            f"training is finished or a .keras file{names}."
        )
    base = runs.load_generator(base_model)
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
        given: What the user gives for each; None for the base's, or SETTINGS without.

    Returns:
        dict of the three.

    Raises:
        ValueError: What is given is not what the base has.
    """
    if base is None:
        return {
            name: SETTINGS[name] if value is None else value
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


def start(generator, base, tune):
    """Gives a new generator the weights of a base.

    A style that the base has keeps its row of each table; that of another is the mean
    of the base's, a blend of all its styles, and the base's own row if it has but one.

    Args:
        generator: A built Generator of the base's settings.
        base: The Generator to start from.
        tune: "all", or "style" to freeze all but the styles' rows and adapters.
    """
    _copy_adapters(base, generator)
    painted = [i for i, name in enumerate(base.styles) if name != PHOTO]
    shared = generator.shared_weights, base.shared_weights
    for weight, other in zip(*shared, strict=True):
        table = weight.name in TABLES
        value = ops.convert_to_numpy(other)
        if table:
            rows = dict(zip(base.styles, value, strict=True))
            mean = value[painted].mean(axis=0)
            value = np.stack([rows.get(name, mean) for name in generator.styles])
        weight.assign(value)
        weight.trainable = table or tune == "all"


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
    pairs = zip(generator.shared_weights, base.shared_weights, strict=True)
    tables = [(w, ops.convert_to_numpy(b)) for w, b in pairs if w.name in TABLES]
    painted = [i for i, name in enumerate(base.styles) if name != PHOTO]
    styles = np.eye(len(generator.styles), dtype=np.float32)
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


def extended(base, generator):
    """Adds styles to a base.

    Args:
        base: A Generator.
        generator: One of more styles that `start` froze, trained.

    Returns:
        A Generator of the base's styles, each as it was to the bit, and the new ones.
    """
    same = {name: getattr(base, name) for name in SETTINGS}
    same["adapted"] = (*base.adapted, *generator.adapted)
    result = Generator((*base.styles, *generator.styles), **same)
    result.build((None, None, None, 3))
    parts = (each.shared_weights for each in (result, base, generator))
    for weight, old, new in zip(*parts, strict=True):
        table = weight.name in TABLES
        weight.assign(np.concatenate([old.numpy(), new.numpy()]) if table else old)
    _copy_adapters(base, result)
    _copy_adapters(generator, result)
    return result


def _copy_adapters(source, target):
    """Gives the styles that both have adapted the source's adapters."""
    for name in set(source.adapted) & set(target.adapted):
        pairs = target.adapter_weights(name), source.adapter_weights(name)
        for weight, value in zip(*pairs, strict=True):
            weight.assign(ops.convert_to_numpy(value))


def fingerprint(base_model):
    """Tells a base model's file from any other, as its SHA-256; None without one."""
    return base_model and hashlib.sha256(Path(base_model).read_bytes()).hexdigest()


def gallery_styles(generator):
    """Names of a generator's styles that are the embedded gallery's, to the bit."""
    path = MODELS / "gallery.keras"
    if not path.is_file():
        return []
    gallery = runs.load_generator(path)
    if any(getattr(generator, each) != getattr(gallery, each) for each in SETTINGS):
        return []
    tables = [
        [weight.numpy() for weight in each.shared_weights if weight.name in TABLES]
        for each in (generator, gallery)
    ]

    def same(name):
        own, known = generator.styles.index(name), gallery.styles.index(name)
        pairs = zip(*tables, strict=True)
        return all(np.array_equal(a[own], b[known]) for a, b in pairs)

    return [each for each in generator.styles if each in gallery.styles and same(each)]


def _names():
    return sorted(path.stem for path in MODELS.glob("*.keras"))
