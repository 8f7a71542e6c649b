import numpy as np
import pytest

from fast_style.distillation import compression, distiller
from fast_style.perception import compact


@pytest.fixture
def arguments(vgg16_weights, photographs, painting, tmp_path, monkeypatch):
    monkeypatch.setattr(distiller, "REGRESSION_BATCHES", 2)
    monkeypatch.setattr(distiller, "PAINTING_SIZE", 40)
    monkeypatch.setattr(distiller, "BACKUP_EVERY", 1)
    monkeypatch.setattr(compression, "POSITIONS", 20)
    return dict(
        content_dir=photographs,
        style_dir=painting.parent,
        vgg16_weights=vgg16_weights,
        output=tmp_path / "compact.npz",
        work_dir=tmp_path / "work",
        image_size=32,
        batch_size=2,
        steps=2,
        learning_rate=1e-4,
        precision="float32",
        seed=0,
    )


def test_compact_network_is_made_and_goes_on_where_it_was(arguments, monkeypatch):
    def stop(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        train_step = distiller.Distiller.train_step

        def one_step(self):
            return train_step(self) if int(self.step) == 0 else stop()

        patch.setattr(distiller.Distiller, "train_step", one_step)
        with pytest.raises(KeyboardInterrupt):
            distiller.make_compact(**arguments)
    assert not arguments["output"].exists()

    with pytest.raises(ValueError, match="holds another distillation"):
        distiller.make_compact(**{**arguments, "seed": 1})

    # What was made in closed form, and the first step, are in the checkpoint.
    monkeypatch.setattr(distiller, "closed_form", stop)
    distiller.make_compact(**arguments)
    taps = list(distiller.TAPS)
    network = compact.compact(taps, weights=arguments["output"])
    picture = np.full((1, 32, 32, 3), 80, np.float32)
    assert all(np.isfinite(f).all() for f in network(picture).values())


def test_crops_larger_than_the_paintings_are_refused(arguments):
    with pytest.raises(ValueError, match="--image_size is 41; give 40 or less"):
        distiller.make_compact(**{**arguments, "image_size": 41})
    assert not arguments["work_dir"].exists()
