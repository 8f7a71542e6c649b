"""The distillation as a whole, on tiny pictures."""

import numpy as np
import pytest

from fast_style.distillation.making import make_compact
from fast_style.distillation.settings import CompactSettings
from fast_style.fields import SettingError
from fast_style.perception import STYLE_LAYERS
from fast_style.perception.compact import compact


@pytest.fixture
def options(vgg16_weights, photographs, painting):
    return dict(
        content_dir=photographs,
        style_dir=painting.parent,
        vgg16_weights=vgg16_weights,
        image_size=32,
        painting_size=40,
        batch_size=2,
        steps=2,
        regression_batches=2,
        positions=20,
        backup_every=1,
    )


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.usefixtures("eagerly")
def test_compact_network_is_made_and_goes_on_where_it_was(options, tmp_path, caplog):
    paths = tmp_path / "compact.npz", tmp_path / "work"
    ranks = {"block1_conv2": 4, "block2_conv1": 6}

    def interrupt(step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_compact(CompactSettings(**options), *paths, ranks=ranks, on_step=interrupt)
    assert not paths[0].exists()

    with pytest.raises(ValueError, match="holds another distillation"):
        make_compact(CompactSettings(**options, seed=1), *paths)

    steps = []
    with caplog.at_level("INFO", "absl"):
        make_compact(
            CompactSettings(**options), *paths, ranks=ranks, on_step=steps.append
        )
    assert steps == [2]
    assert "Going on from step 1." in caplog.text
    network = compact(STYLE_LAYERS, weights=paths[0])
    features = network(np.full((1, 32, 32, 3), 80, np.float32))
    assert all(np.isfinite(values).all() for values in features.values())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"image_size": 41}, "image_size is 41; give 40 or less"),
        ({"image_size": 31}, "image_size is 31; give 32 or more"),
        ({"precision": "half"}, "precision is 'half'; give one of float32, bfloat16"),
        ({"learning_rate": float("nan")}, "learning_rate is nan; give 0 or more"),
    ],
)
def test_settings_that_cannot_be_are_refused(changed, message):
    options = dict(content_dir="photos", style_dir="paintings", painting_size=40)
    with pytest.raises(SettingError, match=message):
        CompactSettings(**{**options, "image_size": 40, **changed})
