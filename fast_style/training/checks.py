"""What a training can know to be wrong before Keras is loaded, which takes seconds."""

from pathlib import Path

from fast_style import gallery, images, trained
from fast_style.fields import FilePath, SettingError
from fast_style.training import paintings, runs
from fast_style.training.settings import Settings


def check_files(settings: Settings, output_dir: FilePath | None) -> None:
    """Check that the files of a training are there, and its directory is free.

    Args:
        settings: The settings of the training.
        output_dir: Its directory; None on a host that writes nothing.

    Raises:
        OSError: A file is missing, or the directory cannot be written.
        ValueError: A file or the directory holds something else.
    """
    if output_dir is not None:
        with runs.reserved(output_dir):
            pass
    for painting in settings.paintings:
        paintings.read(painting.path, painting.size)
    if settings.sample:
        images.read_size(settings.sample)
    base, weights = settings.base_model, settings.vgg16_weights
    if base and str(base) not in gallery.trainable_models():
        trained.find(base)
    if settings.content_dir and not Path(settings.content_dir).is_dir():
        problem = f"is '{settings.content_dir}', which is no folder; give one."
        raise SettingError("content_dir", problem)
    if settings.loss_network == "vgg16" and weights != "imagenet":
        if not Path(weights).is_file():
            problem = f"is '{weights}', which is no file; give a .h5 file."
            raise SettingError("vgg16_weights", problem)
