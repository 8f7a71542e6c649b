"""Trains a generator for one or many styles: data, networks, losses, callbacks."""

import contextlib
import gc
import time
from pathlib import Path

import keras
import numpy as np
from absl import logging

from fast_style import PHOTO, files
from fast_style.content import sources
from fast_style.network import transfer
from fast_style.network.generator import Generator
from fast_style.network.precision import check_precision, faster_precision, policy
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS, objective
from fast_style.training import bases, mixtures, paintings, runs, weighting
from fast_style.training.callbacks import Backup, Monitor, steps_done
from fast_style.training.trainer import StyleTransferTrainer, compile_trainer


def train(
    style,
    *,
    output_dir,
    style_size=384,
    photo=None,
    blends=0.25,
    content_dir=None,
    dataset="coco/2017",
    data_dir=None,
    download=False,
    image_size=256,
    batch_size=4,
    steps=40000,
    learning_rate=None,
    warmup_steps=100,
    seed=0,
    base_model=None,
    tune=None,
    filters=None,
    residual_blocks=None,
    upsampling=None,
    content_weight=1.0,
    content_layers=CONTENT_LAYERS,
    content_layer_weights=None,
    style_weight=5.0,
    style_layers=STYLE_LAYERS,
    style_layer_weights=None,
    total_variation_weight=1e-6,
    loss_network="vgg16",
    vgg16_weights="imagenet",
    precision="auto",
    jit=False,
    backup_every=200,
    log_every=100,
):
    """Trains a generator and saves it, or goes on with a training that was cut off.

    Args:
        style: Path of the painting, or a list of several, each with options or not
            (see paintings.parse): "wave.jpg,name=wave,size=384,weight=1".
        output_dir: The run's directory, made if it is not there.
        style_size: Short side of the paintings in training, in pixels, which sets the
            size of the strokes; a smaller painting is not enlarged.
        photo: Whether to train the style "photo", too, the photograph itself, so that
            the strength of a style is a blend with it; None where there are several
            styles.
        blends: Share of the training's pictures that are blends of two styles, or of
            a style and the photograph.
        content_dir: Folder of photographs; None to use `dataset`.
        dataset: "synthetic" for pictures drawn on the fly; else see sources.from_tfds.
        data_dir, download: See sources.from_tfds.
        image_size: Side of the square crops of photographs, in pixels.
        batch_size: Photographs per step.
        steps: Steps of the training.
        learning_rate: Adam's, at its highest; None for 1e-3, or 3e-3 where a style's
            row and adapters are all that is trained.
        warmup_steps: Steps over which the learning rate rises from zero, half of all at
            most, before it falls as a cosine: a full rate at once drives pixels into
            tanh's flat ends.
        seed: Of initial weights, order, crops and flips.
        base_model: A trained generator to start from: an embedded model's name, a run
            directory or a .keras file. None for a new one.
        tune: "style" to train nothing but a new style's normalisation and adapters,
            which the base's styles are saved with, unchanged; "all" to train everything
            for this style alone, which None stands for.
        filters, residual_blocks, upsampling: See Generator; None for the base
            model's, or "light", 5 and "nearest".
        content_weight: Weight of all content terms.
        style_weight: Weight of all style terms, or a preset that sets it by the
            painting (see weighting.SHARES): "gentle", "normal" or "auto", "strong".
        content_layers, style_layers: Layers of VGG16.
        content_layer_weights, style_layer_weights: One factor per layer; None for 1.
        total_variation_weight: Weight of the sum of squared differences.
        loss_network: "vgg16", or "compact", which does a quarter of its work and comes
            with the package (see compact.compact).
        vgg16_weights: "imagenet" or the path of a .h5 file.
        precision: "float32", or "bfloat16" for convolutions (weights, statistics and
            losses stay float32), or "auto" for the faster on this machine.
        jit: Whether to compile the step with XLA.
        backup_every, log_every: Steps between two backups and two log entries.

    Returns:
        Path of the saved generator.

    Raises:
        OSError: A file, dataset or weights are missing or cannot be written.
        ValueError: An argument or a picture does not fit, the run directory holds
            another training, or the loss became NaN.
    """
    style = paintings.parse_all(style, style_size)
    if photo is None:
        photo = len(style) > 1 and tune != "style"
    output_dir, content_dir = Path(output_dir), content_dir and Path(content_dir)
    content_dir = content_dir and content_dir.absolute()
    if vgg16_weights != "imagenet":
        vgg16_weights = Path(vgg16_weights).absolute()
    if learning_rate is None:
        learning_rate = 3e-3 if tune == "style" else 1e-3
    if base_model:
        base_model, tune = bases.find(base_model), tune or "all"
    config = {name: value for name, value in locals().items() if name != "output_dir"}
    names = (*(each.name for each in style), *([PHOTO] if photo else []))
    mixtures.check(blends)
    weighting.check(style_weight)
    check_precision(precision)
    for name in ("content_weight", "total_variation_weight", "learning_rate"):
        weighting.check_number(name, config[name])
    runs.check(output_dir)
    base = bases.load(base_model, tune=tune, names=names)
    network = bases.settings(
        base, filters=filters, residual_blocks=residual_blocks, upsampling=upsampling
    )
    network["adapted"] = bases.adapted(base, tune=tune, names=names)
    config |= {
        **network,
        "base_model_sha256": base_model and files.fingerprint(base_model),
    }
    pictures = [paintings.read(each.path, each.size) for each in style]
    config["style"] = [
        {**each._asdict(), "sha256": files.fingerprint(each.path)} for each in style
    ]
    weights = weighting.of_layers(
        "content", content_weight, content_layers, content_layer_weights
    )
    style_factors = weighting.of_layers("style", 1.0, style_layers, style_layer_weights)
    backup = Backup(output_dir / "backup", backup_every)
    start = backup.step

    content = _open_content(
        dataset,
        content_dir,
        data_dir=data_dir,
        download=download,
        image_size=image_size,
        batch_size=batch_size,
        steps=steps,
        start=start,
        seed=seed,
    )
    if precision == "auto":
        before = start and runs.recorded(output_dir, "precision")
        precision = config["precision"] = before or faster_precision()
        logging.info("--precision=auto is %s here.", precision)

    keras.utils.set_random_seed(seed)
    with _replicas():
        trainer = StyleTransferTrainer(
            Generator(
                names,
                **network,
                mirror="features",
                dtype=policy(precision),
            ),
            objective.loss_network(
                loss_network,
                [*content_layers, *style_layers],
                vgg16_weights=vgg16_weights,
                dtype=precision,
            ),
            pictures,
            content_layers=content_layers,
            style_layers=style_layers,
        )
        black = (
            np.zeros((1, image_size, image_size, 3), np.float32),
            np.eye(1, len(names), dtype=np.float32),
        )
        stylised = trainer(black)
        if base is not None:
            transfer.start(trainer.generator, base, tune)
        found = start and runs.recorded(output_dir, "style_weights")
        if found and list(found) != [each.name for each in style]:
            found = None  # another training's, which is refused below
        found = config["style_weights"] = found or weighting.of_styles(
            style_weight, style, trainer, content, {**weights, **style_factors}
        )
        logging.info("The style weights are %s.", found)
        found = np.array(list(found.values()), np.float32)
        mean = float(found.mean())
        trainer.style_factors = found / (mean or 1.0)
        weights |= {term: mean * each for term, each in style_factors.items()}
        weights["total_variation"] = total_variation_weight
        compile_trainer(
            trainer,
            weights,
            steps=steps,
            learning_rate=learning_rate,
            warmup_steps=warmup_steps,
            jit=jit,
        )
        # Builds the losses, too: under JAX fit() would spend the first batch on that.
        trainer.compute_loss(black, y_pred=stylised)
        if tune == "style" and not start:
            photos = np.concatenate(content.sample(bases.PHOTOS))
            bases.start_nearest(trainer, base, photos)
        trainer.reset_metrics()
    # Only now, when nothing is wrong with the arguments: they are the directory's then.
    runs.claim(output_dir, {**config, "photographs": content.count})
    if start:
        logging.info("Going on from step %d of %d.", start, steps)
        backup.restore(trainer)

    generator = Generator(names, **network)
    generator.build((None, None, None, 3))
    monitor = Monitor(output_dir, log_every, content.validation, generator, start)
    began = time.perf_counter()
    if start < steps:  # else only saving the result is left to do
        rows = mixtures.draw(names, steps * batch_size, blends=blends, seed=seed)
        rows = rows.reshape(steps, batch_size, len(names))[start:]
        _fit(trainer, content.batches, rows, [monitor, backup])
    seconds = time.perf_counter() - began
    trained = trainer.generator.get_weights()
    # The last step's own result shows in no loss.
    if trainer.stop_training or not all(np.isfinite(w).all() for w in trained):
        gc.collect()  # else TensorFlow's own remark on the unread batches comes last
        raise ValueError(
            f"The loss became NaN at step {steps_done(trainer)}. Give a lower "
            "--learning_rate or --style_weight, and a new --output_dir."
        )
    if content.broken:
        logging.warning(
            "%d pictures could not be read and were left out, the first being '%s'.",
            len(content.broken),
            min(content.broken),
        )

    generator.set_weights(trained)
    if tune == "style":
        generator = transfer.extended(base, generator)
    figures = {
        "photographs": content.count - len(content.broken),
        "final": monitor.rows[-1],
        "seconds": round(seconds, 1),
        "resumed_at": start,
        "images_per_second": round((steps - start) * batch_size / seconds, 3),
    }
    return runs.finish(output_dir, generator, config, figures)


def _open_content(dataset, content_dir, *, data_dir, download, **shared):
    """The pictures to train on; a warning where they are too few."""
    if content_dir:
        content = sources.from_folder(content_dir, **shared)
    elif dataset == "synthetic":
        return sources.from_synthetic(**shared)
    else:
        content = sources.from_tfds(
            dataset, data_dir=data_dir, download=download, **shared
        )
    if content.count < sources.FEW_PICTURES:
        logging.warning(
            "Only %d photographs: the style will sit well on ones like them and may "
            "smear or blotch on others. %d and more of all kinds are safe.",
            content.count,
            sources.FEW_PICTURES,
        )
    return content


def _fit(trainer, batches, rows, callbacks):
    """Trains on batches of photographs, each with its rows of style weights."""
    try:
        trainer.fit(
            mixtures.paired(batches, rows),
            steps_per_epoch=len(rows),
            shuffle=False,  # the batches' order is that of the steps
            callbacks=[keras.callbacks.TerminateOnNaN(), *callbacks],
        )
    except Exception:
        # TensorFlow makes one of its own, of many lines, of a dataset's error.
        if failure := getattr(batches, "failure", None):
            raise failure from None
        raise


def _replicas():
    """The scope of all GPUs under TensorFlow; elsewhere one that does nothing."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        if len(tf.config.list_physical_devices("GPU")) > 1:
            return tf.distribute.MirroredStrategy().scope()
    return contextlib.nullcontext()
