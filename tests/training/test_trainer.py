"""The training step, held against NumPy."""

import keras
import numpy as np
import pytest
from loss_networks import small_loss_network

from fast_style.network.generator import Generator
from fast_style.perception import STYLE_LAYERS
from fast_style.perception.compact import compact
from fast_style.perception.losses import has_contrast, saturation
from fast_style.perception.objective import windows
from fast_style.perception.repetition import repetition
from fast_style.training.trainer import StyleTransferTrainer

CONTENT = ("block1_conv2",)
STYLE = ("block1_conv1", "block1_conv2", "block2_conv1")
WEIGHTS = {
    "content_block1_conv2": 5.0,
    "style_block1_conv1": 6e3,
    "style_block1_conv2": 9e3,
    "style_block2_conv1": 2e4,
    "total_variation": 0.1,
    "repetition": 9e3,
}
MEAN = np.float32([103.939, 116.779, 123.68])


def pictures(number=2, height=21, width=30, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (number, height, width, 3), np.uint8)


def inputs(photos):
    """Photographs, all in the one style."""
    return photos, np.ones((len(photos), 1), np.float32)


def made(styles, paintings, dtype="float32"):
    """A built and compiled trainer of a small generator."""
    keras.utils.set_random_seed(0)
    trainer = StyleTransferTrainer(
        Generator(styles, filters=(4, 6, 8), residual_blocks=0),
        small_loss_network(dtype),
        paintings,
        content_layers=CONTENT,
        style_layers=STYLE,
    )
    trainer((pictures(1), np.eye(1, len(styles), dtype=np.float32)))
    trainer.compile(
        "adam",
        loss=trainer.loss_terms(),
        loss_weights=WEIGHTS,
        run_eagerly=True,  # saves the time to trace the step
    )
    return trainer


PAINTING = pictures(1, 70, 66, seed=1)[0]


@pytest.fixture
def trainer():
    return made(("style",), [PAINTING])


def features(trainer, images):
    """Features of pictures in NumPy, {layer: (B, H, W, C)}."""
    values = trainer.loss_network(images.astype(np.float32)[..., ::-1] - MEAN)
    return {layer: np.asarray(value) for layer, value in values.items()}


def gram(values):
    _, height, width, channels = values.shape
    products = np.einsum("bhwc,bhwd->bcd", values, values)
    return products / (height * width * channels)


def grams(trainer, images):
    values = features(trainer, images)
    return {layer: gram(values[layer]) for layer in STYLE}


def painting_grams(trainer, painting):
    """The mean Gram matrices of a painting's windows, {layer: (C, C)}."""
    values = [grams(trainer, window[None]) for window in windows(painting)]
    return {k: np.mean([value[k][0] for value in values], axis=0) for k in STYLE}


def expected_terms(trainer, photos):
    """Every term in NumPy, from the pictures of the generator."""
    stylized = np.asarray(trainer.generator(photos))
    result, content = features(trainer, stylized), features(trainer, photos)
    style = painting_grams(trainer, PAINTING)
    terms = {f"content_{k}": np.mean((result[k] - content[k]) ** 2) for k in CONTENT}
    for layer in STYLE:
        difference = gram(result[layer]) - style[layer]
        relative = np.mean(difference**2) / np.mean(style[layer] ** 2)
        terms[f"style_{layer}"] = relative
    rows, columns = np.diff(stylized, axis=1), np.diff(stylized, axis=2)
    variation = (rows**2).sum((1, 2, 3)) + (columns**2).sum((1, 2, 3))
    terms["total_variation"] = variation.mean()
    terms["repetition"] = np.mean(repetition(stylized))
    return terms


def test_loss_is_the_weighted_sum_of_the_terms(trainer):
    photos = pictures(2, 72, 80)  # large enough to repeat something
    expected = expected_terms(trainer, photos)
    logs = trainer.train_on_batch(inputs(photos), return_dict=True)
    assert set(expected) == set(trainer.loss_terms()) == set(WEIGHTS)
    for name, value in expected.items():
        assert logs[f"{name}_loss"] == pytest.approx(value, rel=1e-3), name
        assert WEIGHTS[name] * value > 0.01 * logs["loss"]  # so that each counts
    weighted = sum(WEIGHTS[name] * value for name, value in expected.items())
    assert logs["loss"] == pytest.approx(weighted, rel=1e-3)


def test_default_layers_are_those_of_the_paper():
    trainer = StyleTransferTrainer(
        Generator(filters=(4, 6, 8), residual_blocks=0),
        compact(STYLE_LAYERS),
        [pictures(1, 64, 64)[0]],
    )
    assert trainer.objective.content_layers == ("block3_conv3",)
    layers = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")
    assert trainer.objective.style_layers == tuple(trainer.style_targets) == layers


def test_step_changes_the_generator_and_not_the_loss_network(trainer):
    networks = trainer.generator, trainer.loss_network
    generator, frozen = (network.get_weights() for network in networks)
    trainer.train_on_batch(inputs(pictures()))
    assert len(trainer.trainable_variables) == len(generator)
    for before, after in zip(generator, trainer.generator.get_weights(), strict=True):
        assert np.abs(after - before).max() > 0
    for before, after in zip(frozen, trainer.loss_network.get_weights(), strict=True):
        np.testing.assert_array_equal(after, before)


def test_fit_makes_the_loss_smaller(trainer):
    fitted = trainer.fit(inputs(pictures()), batch_size=2, epochs=6, verbose=0)
    losses = fitted.history["loss"]
    assert losses[-1] < 0.98 * losses[0]


def test_saturation_is_the_share_of_values_at_the_ends():
    images = np.array([[[0.0, 0.4, 0.6], [128.0, 254.4, 254.6]]])
    assert float(saturation(images)) == pytest.approx(3 / 6)


def test_saturation_of_results_and_photographs_is_logged(trainer):
    photos = pictures()
    photos[:, :10] = 255
    logs = trainer.test_on_batch(inputs(photos), return_dict=True)
    expected = np.mean((photos == 0) | (photos == 255))
    assert logs["photos_saturated"] == pytest.approx(expected)
    assert logs["saturated"] == 0
    trainer.generator.pixels.bias.assign([0.0, 100.0, 0.0])
    trainer.reset_metrics()
    logs = trainer.test_on_batch(inputs(photos), return_dict=True)
    assert logs["saturated"] == pytest.approx(1 / 3)


def test_16_bit_features_give_nearly_the_same_loss():
    exact, half = (
        made(("style",), [PAINTING], dtype).test_on_batch(
            inputs(pictures()), return_dict=True
        )
        for dtype in ("float32", "bfloat16")
    )
    for term in ("content_block1_conv2", "style_block2_conv1"):
        value = exact[f"{term}_loss"]
        assert half[f"{term}_loss"] != value
        assert half[f"{term}_loss"] == pytest.approx(value, rel=0.03)


OTHER_PAINTING = pictures(1, 80, 64, seed=2)[0] // 2


@pytest.fixture(scope="module")
def gallery():
    """A trainer of two styles and the photograph whose rows differ."""
    trainer = made(("wave", "scream", "photo"), [PAINTING, OTHER_PAINTING])
    rng = np.random.default_rng(3)
    for table in trainer.generator.tables:
        table.assign(table + rng.normal(0, 0.3, table.shape))
    return trainer


def style_terms(trainer, photos, weights):
    """The logged style terms, {layer: value}."""
    trainer.reset_metrics()
    scores = trainer.test_on_batch((photos, np.float32(weights)), return_dict=True)
    weighted = sum(WEIGHTS[name] * scores[f"{name}_loss"] for name in WEIGHTS)
    assert scores["loss"] == pytest.approx(weighted, rel=1e-4)
    return {layer: scores[f"style_{layer}_loss"] for layer in STYLE}


@pytest.mark.parametrize(
    "weights",
    [
        [[1, 0, 0], [0, 1, 0]],  # each picture in a style of its own
        [[0.3, 0.7, 0], [0, 1, 0]],  # a blend
        [[0.25, 0, 0.75], [0.25, 0.5, 0.25]],  # at less than full strength
    ],
)
def test_target_is_the_blend_of_the_gram_matrices(gallery, weights):
    photos = pictures()
    first, second = (
        painting_grams(gallery, image) for image in (PAINTING, OTHER_PAINTING)
    )
    stylized = np.asarray(gallery.generator(photos, np.float32(weights)))
    result, photo = grams(gallery, stylized), grams(gallery, photos)
    for layer, term in style_terms(gallery, photos, weights).items():
        targets = [
            w[0] * first[layer] + w[1] * second[layer] + w[2] * photo[layer][i]
            for i, w in enumerate(weights)
        ]
        scales = [1 / np.square(style[layer]).mean() for style in (first, second)]
        expected = [
            np.square(result[layer][i] - targets[i]).mean()
            * (w[0] * scales[0] + w[1] * scales[1])
            / (w[0] + w[1])
            for i, w in enumerate(weights)
        ]
        assert term == pytest.approx(np.mean(expected), rel=1e-3)


def gallery_scales(gallery):
    """The scale of each style, {layer: scale}."""
    return [
        {k: 1 / np.square(g).mean() for k, g in painting_grams(gallery, image).items()}
        for image in (PAINTING, OTHER_PAINTING)
    ]


def test_style_factors_weigh_each_pictures_own_styles(gallery, monkeypatch):
    photos, weights = pictures(), ([1, 0, 0], [0, 0.4, 0.6])
    mixed = [0.5, 0.25, 0.25]
    plain = [style_terms(gallery, photos[i, None], [w]) for i, w in enumerate(weights)]
    plain_mixed = style_terms(gallery, photos[:1], [mixed])
    monkeypatch.setattr(gallery, "style_factors", np.float32([0.5, 3.0]))
    weighed = style_terms(gallery, photos, weights)
    weighed_mixed = style_terms(gallery, photos[:1], [mixed])
    for layer in STYLE:
        expected = (0.5 * plain[0][layer] + 3 * plain[1][layer]) / 2
        assert weighed[layer] == pytest.approx(expected, rel=1e-4)
        # The photograph's share does not count.
        scales = np.array([2, 1]) * [s[layer] for s in gallery_scales(gallery)]
        factor = np.dot(scales, [0.5, 3.0]) / scales.sum()
        expected = factor * plain_mixed[layer]
        assert weighed_mixed[layer] == pytest.approx(expected, rel=1e-4)


def test_panorama_is_covered_by_windows_of_its_short_side():
    panorama = np.broadcast_to(np.arange(100)[None, :, None], (40, 100, 3))
    parts = windows(panorama)
    assert [part.shape for part in parts] == [(40, 40, 3)] * 3
    assert [int(part[0, 0, 0]) for part in parts] == [0, 30, 60]
    upright = windows(panorama.swapaxes(0, 1))
    assert [int(part[0, 0, 0]) for part in upright] == [0, 30, 60]
    assert len(windows(panorama[:, :40])) == 1


def flat_and_not(value=255):
    photos = pictures()
    photos[0] = value
    return photos


def test_flat_photographs_are_found():
    photos = flat_and_not().astype(np.float32)
    np.testing.assert_array_equal(np.asarray(has_contrast(photos)), [0, 1])
    photos[0, 3, 4, 1] -= 8
    np.testing.assert_array_equal(np.asarray(has_contrast(photos)), [1, 1])


def test_flat_photograph_is_not_trained_on(trainer):
    """Its gradients are so large that Adam's averages would never recover."""
    both, other = flat_and_not(), flat_and_not()
    other[0] = pictures(1, seed=5)[0]  # what a photograph adds to the loss
    logs = trainer.test_on_batch(inputs(both), return_dict=True)
    trainer.reset_metrics()
    alone = trainer.test_on_batch(inputs(both[1:]), return_dict=True)
    assert logs["loss"] == pytest.approx(alone["loss"] / 2, rel=1e-4)
    trainer.train_on_batch(inputs(np.full_like(both, 128)))
    averages = [np.asarray(variable) for variable in trainer.optimizer.variables[2:]]
    assert all(np.abs(average).max() == 0 for average in averages)


def test_balance_moves_towards_the_similarity_that_is_asked_for(gallery):
    before = np.asarray(gallery.balance)
    gallery.keep_similarity(np.float32([-1, 1]), after=3)  # never and always below
    styles = np.float32([[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0], [0.5, 0, 0.5]])
    photos = pictures(4)
    gallery.test_on_batch((photos, styles))
    np.testing.assert_array_equal(np.asarray(gallery.balance), before)
    for _ in range(4):
        gallery.train_on_batch((photos, styles))
    np.testing.assert_array_equal(np.asarray(gallery.seen), [4, 4])  # alone
    wave, scream = np.asarray(gallery.balance)
    assert wave > 0 > scream


def test_balance_weighs_the_style_terms(gallery, monkeypatch):
    photos = pictures(1)
    gallery.balance.assign([0, 0])
    plain = style_terms(gallery, photos, [[1, 0, 0]])
    gallery.balance.assign([np.log(3), 0])
    heavier = style_terms(gallery, photos, [[1, 0, 0]])
    gallery.balance.assign([0, 0])
    for layer in STYLE:
        assert heavier[layer] == pytest.approx(3 * plain[layer], rel=1e-4)
