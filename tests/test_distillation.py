import numpy as np
import pytest

from fast_style import compression, distillation, loss_networks


@pytest.fixture
def arguments(vgg16_weights, photographs, painting, tmp_path, monkeypatch):
    monkeypatch.setattr(distillation, "REGRESSION_BATCHES", 2)
    monkeypatch.setattr(distillation, "PAINTING_SIZE", 40)
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
    taps = list(distillation.TAPS)
    distillation.make_compact(**arguments)
    with np.load(arguments["output"]) as file:
        first = dict(file)
    network = loss_networks.compact(taps, weights=arguments["output"])
    picture = np.full((1, 32, 32, 3), 80, np.float32)
    assert all(np.isfinite(f).all() for f in network(picture).values())

    def fail(*args):
        raise AssertionError("the closed form is in the checkpoint")

    monkeypatch.setattr(distillation, "closed_form", fail)
    distillation.make_compact(**{**arguments, "steps": 3})
    with np.load(arguments["output"]) as file:
        assert file.keys() == first.keys()
        assert any((file[name] != first[name]).any() for name in file)
        changed = np.abs(file["block3_conv1"].astype(float) - first["block3_conv1"])
        assert changed.max() < 1e-2  # one step away, not a new start
