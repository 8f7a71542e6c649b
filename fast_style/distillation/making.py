"""The distillation of the compact network, from its settings to its file."""

from collections.abc import Callable, Mapping
from os import PathLike

import keras
import numpy as np

from fast_style import folders, images
from fast_style.content import sources
from fast_style.distillation import loop
from fast_style.distillation.compression import RANKS, closed_form
from fast_style.distillation.crops import Crops
from fast_style.distillation.distiller import Distiller
from fast_style.distillation.settings import CompactSettings
from fast_style.network.configuration import keras_defaults
from fast_style.network.precision import policy
from fast_style.perception import STYLE_LAYERS
from fast_style.perception.compact import low_rank_vgg16, save_compact
from fast_style.perception.vgg16 import CHANNELS, vgg16


@keras_defaults()
def make_compact(
    settings: CompactSettings,
    output: str | PathLike[str],
    work_dir: str | PathLike[str],
    *,
    ranks: Mapping[str, int] = RANKS,
    on_step: Callable[[int], None] = lambda step: None,
) -> None:
    """Make the compact loss network, or go on where a distillation was interrupted.

    Args:
        settings: The settings of the distillation.
        output: Path of the .npz file to write.
        work_dir: Directory of the checkpoints, which is made if it is missing.
        ranks: {layer: rank} of the layers to compress (see compression.closed_form).
        on_step: Called after each step and its backup with the number of steps done.

    Raises:
        OSError: A folder or VGG16's weights cannot be found, or no file be written.
        ValueError: The directory holds another distillation.
    """
    loop.check(work_dir, settings, output)
    keras.utils.set_random_seed(settings.seed)
    paintings = {
        path.stem: images.resize_short_side(
            images.read(path).pixels, settings.painting_size
        )
        for path in folders.search(settings.style_dir).pictures
    }
    photos = sources.from_folder(
        settings.content_dir,
        image_size=8 * settings.image_size // 5,
        batch_size=settings.batch_size,
        steps=settings.steps + settings.regression_batches,
        seed=settings.seed,
    ).batches
    crops = Crops(photos, list(paintings.values()), settings.image_size)
    network = low_rank_vgg16(ranks, policy(settings.precision))
    vgg = vgg16(STYLE_LAYERS, settings.vgg16_weights, settings.precision)
    distiller = Distiller(network, vgg, paintings, crops, settings)

    def start() -> None:
        network.set_weights(_closed_form_weights(settings, crops, ranks))

    loop.train(distiller, settings, work_dir, start=start, on_step=on_step)
    save_compact(network, output)


def _closed_form_weights(
    settings: CompactSettings, crops: Crops, ranks: Mapping[str, int]
) -> list[np.ndarray]:
    """Return the weights that a distillation starts from."""
    pictures: list[np.ndarray] = []
    for step in range(settings.steps, settings.steps + settings.regression_batches):
        pictures += crops.draw(step, np.random.default_rng((settings.seed, step)))
    network = closed_form(
        vgg16(CHANNELS, settings.vgg16_weights),
        np.concatenate(pictures),
        ranks,
        settings.positions,
    )
    return network.get_weights()
