"""The parts of a training, built from its settings and put together."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import keras
import numpy as np
from absl import logging

from fast_style import MIN_SIZE, files, gallery
from fast_style.content import sources
from fast_style.content.sources import ContentPictures
from fast_style.network import transplant
from fast_style.network.generator import Generator
from fast_style.network.precision import faster_precision, policy
from fast_style.perception.objective import loss_network
from fast_style.training import base_models, devices, paintings, weighting
from fast_style.training.recolouring import changes
from fast_style.training.settings import Settings
from fast_style.training.trainer import StyleTransferTrainer, compile_trainer


@dataclass(frozen=True)
class Assembly:
    """A training that is ready to start.

    Args:
        settings: Its settings, resolved.
        start: Steps done before.
        content: The photographs.
        base: The generator that it starts from; None where it starts anew.
        architecture: Arguments of the generator in training, without the names of its
            rows.
        trainer: The trainer, compiled.
        style_weights: The weight of each style.
        term_weights: The weight of each term of the loss.
    """

    settings: Settings
    start: int
    content: ContentPictures
    base: Generator | None
    architecture: Mapping[str, Any]
    trainer: StyleTransferTrainer
    style_weights: Mapping[str, float]
    term_weights: Mapping[str, float]

    def config(self) -> dict[str, Any]:
        """Return what run.json tells of the training."""
        config = {**_fingerprinted(self.settings), **self.architecture}
        return {**config, "style_weights": dict(self.style_weights)}

    def balanced_weights(self) -> dict[str, float]:
        """Return the style weights that the balance has moved to."""
        factors = np.exp(keras.ops.convert_to_numpy(self.trainer.balance))
        return {
            name: float(f"{weight * factor:.3g}")
            for (name, weight), factor in zip(
                self.style_weights.items(), factors, strict=True
            )
        }

    def plain_generator(self) -> Generator:
        """Return an untrained generator that computes as users will see it: exactly."""
        generator = Generator(self.settings.names, **self.architecture)
        generator.build((None, None, None, 3))
        return generator


def assemble(
    settings: Settings,
    *,
    start: int = 0,
    earlier: Mapping[str, Any] | None = None,
    strategy: Any = None,
) -> Assembly:
    """Build what a training needs.

    Args:
        settings: The settings as they were given.
        start: Steps done before.
        earlier: What config.json holds of these steps, whose precision and style
            weights are kept.
        strategy: The tf.distribute.Strategy to train with; None for all devices.

    Raises:
        OSError: A file, a dataset or weights are missing.
        ValueError: A setting does not fit the base model, a picture cannot serve, or
            another host trains something else.
    """
    settings, earlier, base = settings.resolved(), earlier or {}, None
    if settings.base_model:
        path = gallery.generator_path(settings.base_model)
        settings = dataclasses.replace(settings, base_model=path)
        base = base_models.load(path, tune=settings.tune, names=settings.names)
    architecture = _architecture(settings, base)
    pictures = [paintings.read(style.path, style.size) for style in settings.paintings]
    content = open_content(settings, start)
    devices.check_same(_same_on_all_hosts(settings, content))
    if settings.precision == "auto":
        precision = earlier.get("precision") or faster_precision()
        settings = dataclasses.replace(settings, precision=precision)
        logging.info("precision is auto, which is %s on this machine.", precision)
    keras.utils.set_random_seed(settings.seed)
    with devices.scope(settings.batch_size, strategy):
        trainer = _trainer(settings, architecture, pictures, content)
        trainer(_shapes(settings))
        if base is not None:
            transplant.start(trainer.generator, base, str(settings.tune))
        style_weights = _style_weights(settings, trainer, content, earlier)
        term_weights = _compile(settings, trainer, style_weights)
        if base is not None and settings.tune == "style" and not start:
            photos = np.concatenate(content.sample(base_models.PHOTOS))
            base_models.start_nearest(trainer, base, photos)
        trainer.reset_metrics()
    built = base, architecture, trainer, style_weights, term_weights
    return Assembly(settings, start, content, *built)


def open_content(settings: Settings, start: int = 0) -> ContentPictures:
    """Open the photographs to train on, with a warning where they are few.

    Args:
        settings: Says where they are and how they are cropped.
        start: Steps done before.
    """
    crops = dict(
        image_size=settings.image_size,
        batch_size=settings.batch_size,
        steps=settings.steps,
        start=start,
        seed=settings.seed,
        share=devices.share(),
    )
    if settings.content_dir:
        content = sources.from_folder(
            settings.content_dir, resident=settings.resident, **crops
        )
    elif settings.dataset == "synthetic":
        return sources.from_synthetic(**crops)
    else:
        content = sources.from_tfds(
            settings.dataset,
            data_dir=settings.data_dir,
            download=settings.download,
            **crops,
        )
    sources.warn_of_few(content.count)
    return content


def _architecture(settings: Settings, base: Generator | None) -> dict[str, Any]:
    names, tune = settings.names, settings.tune
    architecture = base_models.architecture(
        base,
        filters=settings.filters,
        residual_blocks=settings.residual_blocks,
        upsampling=settings.upsampling,
        skip=settings.skip,
    )
    return {
        **architecture,
        "adapted": base_models.adapted(base, tune=tune, names=names),
    }


def _same_on_all_hosts(settings: Settings, content: ContentPictures) -> dict[str, Any]:
    """Return what hosts must agree on: all but the paths of files."""
    config = _fingerprinted(settings)
    paths = ("content_dir", "data_dir", "base_model", "vgg16_weights", "sample")
    for name in (*paths, "download"):
        del config[name]
    for style in config["style"]:
        del style["path"]
    names = {"digest of the photographs' names": content.digest}
    return {**config, "number of photographs": content.count, **names}


def _fingerprinted(settings: Settings) -> dict[str, Any]:
    """Return settings as JSON has them, with the fingerprints of their files."""
    config = settings.to_json()
    for style in config["style"]:
        style["sha256"] = files.fingerprint(style["path"])
    base = settings.base_model
    return {**config, "base_model_sha256": base and files.fingerprint(base)}


def _trainer(
    settings: Settings,
    architecture: Mapping[str, Any],
    pictures: list[np.ndarray],
    content: ContentPictures,
) -> StyleTransferTrainer:
    generator = Generator(
        settings.names,
        **architecture,
        dtype=policy(settings.precision),
    )
    network = loss_network(
        settings.loss_network,
        [*settings.content_layers, *settings.style_layers],
        vgg16_weights=settings.vgg16_weights,
        dtype=settings.precision,
    )
    colours = None
    if settings.recolor:
        table = changes(content.sample(), pictures, settings.recolor)
        (colours,) = devices.arrays_from_first([table])
    return StyleTransferTrainer(
        generator,
        network,
        pictures,
        colours=colours,
        content_layers=settings.content_layers,
        style_layers=settings.style_layers,
        resident=content.resident,
        replicas=devices.replicas(),
    )


def _shapes(settings: Settings) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Return what a trainer is built by: the shapes of a photograph and its weights."""
    return (
        keras.KerasTensor((1, 2 * MIN_SIZE, 2 * MIN_SIZE, 3)),
        keras.KerasTensor((1, len(settings.names))),
    )


def _layer_weights(settings: Settings) -> tuple[dict[str, float], dict[str, float]]:
    """Return the content terms' weights, and the style terms' for a weight of 1."""
    return (
        weighting.term_weights(
            "content",
            settings.content_weight,
            settings.content_layers,
            settings.content_layer_weights,
        ),
        weighting.term_weights(
            "style", 1.0, settings.style_layers, settings.style_layer_weights
        ),
    )


def _style_weights(
    settings: Settings,
    trainer: StyleTransferTrainer,
    content: ContentPictures,
    earlier: Mapping[str, Any],
) -> dict[str, float]:
    """Return the weight of each style, that of earlier steps where there were some."""
    style_weights = earlier.get("style_weights") or {}
    if list(style_weights) != [painting.name for painting in settings.paintings]:
        layer_weights, style_factors = _layer_weights(settings)
        style_weights = weighting.style_weights(
            settings.style_weight,
            settings.paintings,
            trainer,
            content,
            {**layer_weights, **style_factors},
        )
    style_weights = devices.from_first(style_weights)  # equal to the last bit
    logging.info("The style weights are %s.", style_weights)
    return style_weights


def _compile(
    settings: Settings,
    trainer: StyleTransferTrainer,
    style_weights: Mapping[str, float],
) -> dict[str, float]:
    """Compile a trainer: terms with the mean style weight, factors with the rest.

    Returns:
        The weight of each term.
    """
    values = np.array(list(style_weights.values()), np.float32)
    mean = float(values.mean())
    trainer.style_factors = values / (mean or 1.0)
    weights, style_factors = _layer_weights(settings)
    weights |= {term: mean * factor for term, factor in style_factors.items()}
    weights["total_variation"] = settings.total_variation_weight
    weights["repetition"] = settings.repetition_weight
    kept = weighting.similarities(settings.style_weight, settings.paintings)
    if kept is not None:
        pictures = settings.warmup_steps * settings.batch_size
        trainer.keep_similarity(kept, after=pictures / len(values))
    compile_trainer(
        trainer,
        weights,
        steps=settings.steps,
        learning_rate=cast(float, settings.learning_rate),  # resolved
        warmup_steps=settings.warmup_steps,
        steps_per_execution=settings.steps_per_execution,
        jit=settings.jit,
    )
    return weights
