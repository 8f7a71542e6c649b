import keras
import numpy as np
import pytest

from fast_style.network.generator import Generator
from fast_style.perception.loss_networks import vgg16
from fast_style.training.trainer import StyleTransferTrainer, saturation

CONTENT = ("block2_conv1",)
STYLE = ("block1_conv2", "block2_conv1", "block3_conv1")
WEIGHTS = {
    "content_block2_conv1": 1.0,
    "style_block1_conv2": 5.0,
    "style_block2_conv1": 20.0,
    "style_block3_conv1": 200.0,
    "total_variation": 1e-4,
}
MEAN = np.array([103.939, 116.779, 123.68], np.float32)


def pictures(number=2, height=37, width=53, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (number, height, width, 3), np.uint8)


def inputs(photos):
    """Photographs, all in the one style."""
    return photos, np.ones((len(photos), 1), np.float32)


@pytest.fixture
def trainer(vgg16_weights):
    keras.utils.set_random_seed(0)
    trainer = StyleTransferTrainer(
        Generator(filters=(4, 6, 8), residual_blocks=1),
        vgg16([*CONTENT, *STYLE], vgg16_weights),
        pictures(1, 70, 66, seed=1),
        content_layers=CONTENT,
        style_layers=STYLE,
    )
    trainer(inputs(np.zeros((1, 37, 53, 3), np.float32)))
    trainer.compile("adam", loss=trainer.loss_terms(), loss_weights=WEIGHTS)
    return trainer


def gram(features):
    _, height, width, channels = features.shape
    products = np.einsum("bhwc,bhwd->bcd", features, features)
    return products / (height * width * channels)


def expected_terms(trainer, photos):
    """Every term, in NumPy, from what the networks put out."""

    def features(images):
        images = images.astype(np.float32)[..., ::-1] - MEAN
        return {k: np.asarray(v) for k, v in trainer.loss_network(images).items()}

    stylised = np.asarray(trainer.generator(photos))
    result, content = features(stylised), features(photos)
    style = features(pictures(1, 70, 66, seed=1))
    terms = {f"content_{k}": np.mean((result[k] - content[k]) ** 2) for k in CONTENT}
    for layer in STYLE:
        difference = gram(result[layer]) - gram(style[layer])
        terms[f"style_{layer}"] = np.mean(difference**2)
    rows, columns = np.diff(stylised, axis=1), np.diff(stylised, axis=2)
    total = (rows**2).sum((1, 2, 3)) + (columns**2).sum((1, 2, 3))
    terms["total_variation"] = total.mean()
    return terms


def test_loss_is_the_weighted_sum_of_the_terms(trainer):
    photos = pictures()
    expected = expected_terms(trainer, photos)
    logs = trainer.train_on_batch(inputs(photos), return_dict=True)
    assert set(expected) == set(WEIGHTS)
    for name, value in expected.items():
        assert logs[f"{name}_loss"] == pytest.approx(value, rel=1e-3), name
        assert WEIGHTS[name] * value > 0.01 * logs["loss"]  # each one tells
    weighted = sum(WEIGHTS[name] * value for name, value in expected.items())
    assert logs["loss"] == pytest.approx(weighted, rel=1e-3)


def test_terms_bear_the_names_of_their_layers(trainer):
    assert set(trainer.loss_terms()) == set(WEIGHTS)


def test_defaults_are_the_papers_layers(vgg16_weights):
    layers = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")
    trainer = StyleTransferTrainer(
        Generator(filters=(4, 6, 8), residual_blocks=0),
        vgg16(layers, vgg16_weights),
        pictures(1, 64, 64),
    )
    assert trainer.content_layers == ("block3_conv3",)
    assert trainer.style_layers == layers


def test_photographs_go_only_as_far_as_the_content_layer(trainer):
    names = [layer.name for layer in trainer.photo_network.layers]
    assert names[-1] == "block2_conv1"
    assert trainer.loss_network.layers[-1].name == "block3_conv1"


def test_step_changes_the_generator_and_not_the_loss_network(trainer):
    generator, frozen = (
        network.get_weights() for network in (trainer.generator, trainer.loss_network)
    )
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


def test_saturation_is_logged_of_results_and_photographs(trainer):
    photos = pictures()
    photos[:, :20] = 255
    logs = trainer.test_on_batch(inputs(photos), return_dict=True)
    expected = np.mean((photos == 0) | (photos == 255))
    assert logs["photos_saturated"] == pytest.approx(expected)
    assert logs["saturated"] == 0
    trainer.generator.pixels.bias.assign([0.0, 100.0, 0.0])
    trainer.reset_metrics()
    logs = trainer.test_on_batch(inputs(photos), return_dict=True)
    assert logs["saturated"] == pytest.approx(1 / 3)


def test_16_bit_features_give_nearly_the_same_loss(vgg16_weights):
    photos = pictures()
    losses = {}
    for dtype in ("float32", "bfloat16"):
        keras.utils.set_random_seed(0)
        trainer = StyleTransferTrainer(
            Generator(filters=(4, 6, 8), residual_blocks=1),
            vgg16(CONTENT + STYLE[:1], vgg16_weights, dtype=dtype),
            pictures(1, 70, 66, seed=1),
            content_layers=CONTENT,
            style_layers=STYLE[:1],
        )
        trainer(inputs(np.zeros((1, 37, 53, 3), np.float32)))
        trainer.compile("adam", loss=trainer.loss_terms())
        losses[dtype] = trainer.test_on_batch(inputs(photos), return_dict=True)
    for name in ("content_block2_conv1_loss", "style_block1_conv2_loss"):
        half, exact = losses["bfloat16"][name], losses["float32"][name]
        assert half == pytest.approx(exact, rel=0.03)


STYLES = ("wave", "scream", "photo")


@pytest.fixture
def gallery(vgg16_weights):
    """A trainer of two styles and the photograph, its tables not all alike."""
    keras.utils.set_random_seed(0)
    trainer = StyleTransferTrainer(
        Generator(STYLES, filters=(4, 6, 8), residual_blocks=1),
        vgg16([*CONTENT, *STYLE], vgg16_weights),
        [pictures(1, 70, 66, seed=1)[0], pictures(1, 80, 64, seed=2)[0] // 2],
        content_layers=CONTENT,
        style_layers=STYLE,
    )
    trainer((np.zeros((1, 37, 53, 3), np.float32), np.eye(3, dtype=np.float32)[:1]))
    rng = np.random.default_rng(3)
    for weight in trainer.generator.weights:
        if weight.name in ("gamma", "beta"):
            weight.assign(weight + rng.normal(0, 0.3, weight.shape))
    return trainer


def style_terms(trainer, photos, weights):
    trainer.compile("adam", loss=trainer.loss_terms(), loss_weights=WEIGHTS)
    logs = trainer.test_on_batch((photos, np.float32(weights)), return_dict=True)
    assert logs["loss"] == pytest.approx(
        sum(WEIGHTS[name] * logs[f"{name}_loss"] for name in WEIGHTS), rel=1e-4
    )
    return {layer: logs[f"style_{layer}_loss"] for layer in STYLE}


@pytest.mark.parametrize(
    "weights",
    [
        [[1, 0, 0], [0, 1, 0]],  # each picture its own style
        [[0.3, 0.7, 0], [0, 1, 0]],  # a blend
        [[0.25, 0, 0.75], [0.25, 0.5, 0.25]],  # at less than full strength
    ],
)
def test_target_is_the_blend_of_the_gram_matrices(gallery, weights):
    photos = pictures()

    def grams(images):
        features = gallery.loss_network(images.astype(np.float32)[..., ::-1] - MEAN)
        return {layer: gram(np.asarray(features[layer])) for layer in STYLE}

    paintings = [
        grams(pictures(1, 70, 66, seed=1)),
        grams(pictures(1, 80, 64, seed=2) // 2),
    ]
    found = style_terms(gallery, photos, weights)
    stylised = np.asarray(gallery.generator(photos, np.float32(weights)))
    result, photo = grams(stylised), grams(photos)
    for layer in STYLE:
        expected = [
            np.mean(
                np.square(
                    result[layer][i]
                    - w[0] * paintings[0][layer][0]
                    - w[1] * paintings[1][layer][0]
                    - w[2] * photo[layer][i]
                )
            )
            for i, w in enumerate(weights)
        ]
        assert found[layer] == pytest.approx(np.mean(expected), rel=1e-3)


def test_factors_weigh_each_pictures_style_by_its_own(gallery):
    photos = pictures()
    one, other = ([1, 0, 0], [0, 0.4, 0.6])
    plain = [
        style_terms(gallery, photos[i : i + 1], [w]) for i, w in ((0, one), (1, other))
    ]
    gallery.style_factors = np.float32([0.5, 3.0])
    found = style_terms(gallery, photos, [one, other])
    blend = style_terms(gallery, photos[:1], [[0.5, 0.25, 0.25]])
    gallery.style_factors = np.float32([1.0, 1.0])
    before = style_terms(gallery, photos[:1], [[0.5, 0.25, 0.25]])
    for layer in STYLE:
        expected = (0.5 * plain[0][layer] + 3 * plain[1][layer]) / 2
        assert found[layer] == pytest.approx(expected, rel=1e-4)
        factor = (2 * 0.5 + 3.0) / 3  # of the paintings' shares alone
        assert blend[layer] == pytest.approx(factor * before[layer], rel=1e-4)
