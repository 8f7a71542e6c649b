"""The whole generator, held against what is asked of it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from fast_style.network.generator import Generator
from fast_style.network.mirroring import mirrored_indices

TINY = {"filters": (4, 6, 8), "residual_blocks": 1}
EIGHTH = {"filters": (4, 5, 6, 8), "residual_blocks": 1}  # has a third stride, a skip
# Has no features at full resolution.
HALF = {"filters": (0, 5, 6, 8), "residual_blocks": 1}
SHAPES = [TINY, EIGHTH, HALF]


def pictures(height, width, number=1):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (number, height, width, 3)).astype(np.float32)


def randomised(generator):
    """Build a generator and give it random weights of the usual size."""
    generator.build((None, None, None, 3))
    rng = np.random.default_rng(1)
    for weight in generator.weights:
        deviation = 0.3 if len(weight.shape) == 2 else 0.05
        value = rng.normal(0, deviation, weight.shape)
        weight.assign(value + (weight.name == "gamma"))
    return generator


def without_statistics(generator):
    """Leave out a built generator's normalisation, which sees the whole picture."""
    for block in generator.blocks:
        inner = getattr(block, "first", None), getattr(block, "second", None), block
        for layer in inner:
            if hasattr(layer, "normalization"):
                layer.normalization.call = lambda inputs, style_weights: inputs
    return generator


@pytest.mark.parametrize("upsampling", ["nearest", "transposed"])
@pytest.mark.parametrize("shape", SHAPES)
def test_result_has_the_size_of_the_picture(shape, upsampling):
    generator = Generator(**shape, upsampling=upsampling)
    for size in ((16, 16), (37, 53), (161, 121), (18, 19), (31, 25)):
        assert generator(pictures(*size)).shape == (1, *size, 3)
    batch = generator(np.zeros((3, 64, 64, 3), np.uint8))
    assert batch.shape == (3, 64, 64, 3)


def test_presets_accept_any_size():
    for preset in ("light", "full", "bold"):
        generator = Generator(filters=preset)
        for size in ((16, 16), (37, 53)):
            assert generator(pictures(*size)).shape == (1, *size, 3)


@pytest.mark.parametrize("shape", SHAPES)
def test_size_of_the_picture_may_be_left_open(shape):
    symbolic = keras.Input((None, None, 3))
    assert Generator(**shape)(symbolic).shape == (None, None, None, 3)


@pytest.mark.parametrize("size", [(15, 40), (40, 15), (1, 1)])
def test_picture_under_16_px_is_refused(size):
    with pytest.raises(ValueError, match=f"{size[1]}x{size[0]} px .* 16 px or more"):
        Generator(**TINY)(pictures(*size))


def test_results_are_float32_in_0_to_255():
    generator = randomised(Generator(**TINY, dtype="mixed_bfloat16"))
    generator.pixels.kernel.assign(1e3 * generator.pixels.kernel)
    result = generator(pictures(37, 53))
    assert keras.backend.standardize_dtype(result.dtype) == "float32"
    result = np.asarray(result)
    assert result.min() == 0 and result.max() == 255


def test_new_generator_gives_pictures_of_middle_tones():
    result = np.asarray(Generator(filters="light")(pictures(64, 64)))
    assert result.min() > 32 and result.max() < 223  # far from tanh's flat ends


@pytest.mark.parametrize(
    "preset, millions, filters", [("full", 1.68, (32, 64, 128)), ("light", 0.42, None)]
)
def test_presets_have_the_papers_number_of_weights(preset, millions, filters):
    generator = Generator(filters=preset)
    generator.build((None, None, None, 3))
    assert generator.count_params() == pytest.approx(1e6 * millions, rel=0.01)
    if filters:
        assert generator.filters == filters


def test_picture_is_mirrored_as_by_numpy():
    for size, before, after in ((16, 5, 6), (37, 36, 3), (16, 52, 59), (2, 9, 9)):
        indices = mirrored_indices(size, before, before + size + after)
        expected = np.pad(np.arange(size), (before, after), mode="reflect")
        np.testing.assert_array_equal(indices, expected)


@pytest.mark.parametrize(
    "size, before, after", [(16, 5, 6), (37, 36, 3), (16, 52, 59), (2, 9, 9), (9, 0, 4)]
)
def test_mirroring_takes_no_remainder_of_a_negative_number(size, before, after):
    # ONNX rounds it towards zero, so a converted model would show another border.
    with tf.Graph().as_default() as graph:
        mirrored_indices(tf.constant(size), before, before + size + after)
        divisions = [op for op in graph.get_operations() if op.type == "FloorMod"]
        operands = [operand for op in divisions for operand in op.inputs]
        with tf.compat.v1.Session() as session:
            values = session.run(operands)
    assert values and all((value >= 0).all() for value in values)


@pytest.mark.parametrize("upsampling", ["nearest", "transposed"])
def test_constant_picture_stays_constant_up_to_its_border(upsampling):
    generator = randomised(Generator(**TINY, upsampling=upsampling))
    photo = np.full((1, 37, 53, 3), (200.0, 90.0, 30.0), np.float32)
    result = np.asarray(generator(photo))
    # Transposed convolutions leave a pattern of the stride grid. Normalisation enlarges
    # the rounding errors of constant features 300 times.
    step = 1 if upsampling == "nearest" else generator.stride
    for row in range(step):
        for column in range(step):
            values = result[0, row::step, column::step]
            assert np.ptp(values, axis=(0, 1)).max() < 0.5


@pytest.mark.parametrize("upsampling", ["nearest", "transposed"])
@pytest.mark.parametrize("shape", SHAPES)
def test_result_is_the_middle_of_that_for_the_mirrored_picture(shape, upsampling):
    generator = randomised(Generator(**shape, upsampling=upsampling))
    generator = without_statistics(generator)  # which would see the wider border
    photo = pictures(40, 56)
    margin = sum(generator.border)
    margin += -margin % generator.stride  # so that strides start at the same pixels
    wide = np.pad(photo, [(0, 0), (margin,) * 2, (margin,) * 2, (0, 0)], "reflect")
    expected = np.asarray(generator(wide))[:, margin:-margin, margin:-margin]
    result = np.asarray(generator(photo))
    assert np.ptp(result) > 10
    np.testing.assert_allclose(result, expected, atol=0.05)


@pytest.mark.parametrize("shape", SHAPES)
def test_tile_with_its_border_is_a_part_of_the_whole(shape):
    generator = without_statistics(randomised(Generator(**shape)))
    border = max(generator.border)
    border += -border % generator.stride
    photo = pictures(3 * border + 5, 3 * border + 11)
    top, left = border + generator.stride, border + 2 * generator.stride
    tile = photo[:, top - border :, left - border :].copy()
    # The generator subtracts the mean colour, so the rest gets that of the tile.
    outside = np.ones(photo.shape[1:3], bool)
    outside[top - border :, left - border :] = False
    photo[:, outside] += tile.mean(axis=(1, 2)) - photo[:, outside].mean(axis=1)
    expected = np.asarray(generator(photo))[:, top:, left:]
    result = np.asarray(generator(tile))[:, border:, border:]
    assert np.ptp(result) > 10
    np.testing.assert_allclose(result, expected, atol=0.05)


@pytest.mark.parametrize(
    "arguments, border",
    [
        ({"filters": "light"}, (52, 56)),
        ({"filters": "light", "upsampling": "transposed"}, (51, 57)),
        ({"filters": "bold", "residual_blocks": 4}, (80, 88)),
        ({"filters": "bold", "mirror": "features"}, (16, 24)),
    ],
)
def test_border_is_what_the_convolutions_take_away(arguments, border):
    generator = Generator(**arguments)
    assert generator.border == border
    generator.build((None, None, None, 3))
    side = 5 * generator.stride
    blocks = (side + sum(border)) // 2
    shape = (1, blocks, blocks, 12)
    for block in generator.blocks:
        shape = block.compute_output_shape(shape, (1, 1))
    # The last convolution works on blocks of two, so two pixels are cut off again.
    assert generator.pixels.compute_output_shape(shape) == (1, side + 2, side + 2, 3)


@pytest.mark.parametrize("shape", SHAPES)
def test_skip_keeps_the_photograph_where_the_blocks_give_nothing(shape):
    photo = pictures(37, 53)
    deviations = {}
    for skip in (True, False):
        generator = randomised(Generator(**shape, skip=skip))
        block = next(b for b in generator.blocks if b.name == "upsample_1")
        block.normalization.gamma.assign(0 * block.normalization.gamma)
        block.normalization.beta.assign(0 * block.normalization.beta)
        corners = generator(photo)[:, ::2, ::2]  # one pixel of each 2x2 block
        deviations[skip] = np.asarray(corners).std(axis=(1, 2)).max()
    assert deviations[True] > 5 and deviations[False] < 0.5


@pytest.mark.parametrize("shape", [EIGHTH, HALF])
def test_skip_keeps_features_where_they_were(shape):
    generator = randomised(Generator(**shape))
    block = next(b for b in generator.blocks if b.name == "upsample_1")
    block.kernel.assign(0 * block.kernel)
    dot = np.full((1, 80, 80, 3), 100.0, np.float32)
    dot[:, 40:44, 24:28] = 255.0
    result = np.asarray(without_statistics(generator)(dot))[:, ::2, ::2]
    change = np.abs(result - np.median(result, axis=(1, 2))[:, None, None])[0].sum(-1)
    y, x = np.mgrid[0:80:2, 0:80:2]
    centre = [(change * axis).sum() / change.sum() for axis in (y, x)]
    np.testing.assert_allclose(centre, (41.5, 25.5), atol=4)


def test_four_filters_mean_a_skip_unless_it_is_refused():
    assert Generator(filters="bold").skip and not Generator(filters="light").skip
    assert not Generator(filters="bold", skip=False).skip
    config = Generator(filters="light").get_config()
    del config["skip"]  # as in the files of versions before there was a skip
    assert not Generator.from_config(config).skip


def test_pictures_of_a_batch_do_not_mix():
    generator = randomised(Generator(**TINY))
    batch = pictures(37, 53, 3)
    together = np.asarray(generator(batch))
    for photo, expected in zip(batch, together, strict=True):
        np.testing.assert_allclose(generator(photo[None])[0], expected, atol=0.01)


@pytest.mark.parametrize("styles", [("a", "b"), ("a", "photo")])
def test_one_picture_with_several_rows_gives_a_result_for_each(styles):
    generator = randomised(Generator(styles, **TINY))
    photo, rows = pictures(37, 53), np.float32([[1, 0], [0.25, 0.75]])
    together = np.asarray(generator(photo, rows))
    alone = [np.asarray(generator(photo, row[None]))[0] for row in rows]
    np.testing.assert_allclose(together, alone, atol=0.01)
    assert np.abs(together[0] - together[1]).max() > 5


@pytest.mark.parametrize(
    "filters, skip", [((4, 6, 8), None), ((4, 5, 6, 8), None), ((4, 5, 6, 8), False)]
)
def test_saved_generator_is_the_same_when_loaded(filters, skip, tmp_path):
    generator = Generator(("wave", "scream"), filters, 2, "transposed", skip=skip)
    generator = randomised(generator)
    generator.save(tmp_path / "generator.keras")
    loaded = keras.saving.load_model(tmp_path / "generator.keras")
    assert loaded.get_config() == generator.get_config()
    assert loaded.styles == ("wave", "scream")
    photo, weights = pictures(37, 53), np.array([[0.25, 0.75]], np.float32)
    np.testing.assert_array_equal(loaded(photo, weights), generator(photo, weights))


@pytest.mark.parametrize("residual_blocks", [0, 2])
@pytest.mark.parametrize("shape", SHAPES)
def test_mirroring_features_changes_little_but_at_the_edges(shape, residual_blocks):
    arguments = {**shape, "residual_blocks": residual_blocks}
    applied = randomised(Generator(**arguments))
    trained = Generator(**arguments, mirror="features")
    trained.build((None, None, None, 3))
    trained.set_weights(applied.get_weights())
    again = Generator.from_config(trained.get_config())
    assert again.mirror == "features" and again.border == trained.border
    photo = pictures(125, 163)
    result, training_result = (
        np.asarray(generator(photo)) for generator in (applied, trained)
    )
    assert result.shape == training_result.shape
    if residual_blocks:
        # Only the statistics differ inside the picture, by what the border adds.
        assert 0 < np.abs(result - training_result).mean() < 0.25 * result.std()
    else:
        np.testing.assert_array_equal(result, training_result)


def test_style_weights_choose_and_mix_rows():
    generator = randomised(Generator(("a", "b"), **TINY))
    photo = pictures(37, 53)

    def alone(mix):
        """The result of a generator of one style whose rows are mixed from both."""
        single = Generator(**TINY)
        single.build((None, None, None, 3))
        single.set_weights(
            [mix @ w if w.ndim == 2 else w for w in generator.get_weights()]
        )
        return np.asarray(single(photo))

    for mix in ([1, 0], [0, 1], [0.25, 0.75]):
        mix = np.array([mix], np.float32)
        np.testing.assert_allclose(generator(photo, mix), alone(mix), atol=0.01)
    first, second = (alone(np.array([mix])) for mix in ([1.0, 0.0], [0.0, 1.0]))
    assert np.abs(first - second).max() > 5


def test_several_styles_need_weights():
    with pytest.raises(ValueError, match=r"Give style_weights for .*'a', 'b'"):
        Generator(("a", "b"), **TINY)(pictures(16, 16))


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"filters": "heavy"}, "filters is 'heavy'; give one of full, light, bold or"),
        ({"filters": (4, 6)}, "three or four channel counts"),
        ({"filters": (4, 6, 8, 8, 8)}, "three or four channel counts"),
        ({"filters": (0, 6, 8)}, "from 1, or 0 as the first of four"),
        ({"styles": ()}, "one or more different names"),
        ({"styles": ("a", "a")}, "one or more different names"),
        ({"residual_blocks": -1}, "residual_blocks is -1"),
        ({"upsampling": "cubic"}, "upsampling is 'cubic'"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Generator(**arguments)


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_photographs_weight_is_its_share_of_the_result(dtype):
    styles = ("wave", "photo", "scream")
    generator = randomised(Generator(styles, dtype=dtype, **TINY))
    photos = pictures(37, 53, 2).astype(np.uint8)
    rows = np.float32([[0, 1, 0], [0.25, 0.75, 0]])
    result = np.asarray(generator(photos, rows))
    np.testing.assert_allclose(result[0], photos[0], atol=1e-3)
    # The rest is a picture of the network's own.
    rest = (result[1] - 0.75 * photos[1]) / 0.25
    assert rest.min() > -0.1 and rest.max() < 255.1 and rest.std() > 5


def test_photographs_row_changes_the_networks_share():
    generator = randomised(Generator(("wave", "photo"), **TINY))
    photos = pictures(37, 53)
    whole, half = (
        np.asarray(generator(photos, np.float32([row]))) for row in ([1, 0], [0.5, 0.5])
    )
    assert np.abs(half - (whole + photos) / 2).mean() > 1


def test_photographs_row_changes_nothing_at_weight_0():
    plain, with_photo = (
        randomised(Generator(styles, **TINY)) for styles in (("a", "b"), ("a", "photo"))
    )
    photos, row = pictures(37, 53), np.float32([[1, 0]])
    np.testing.assert_array_equal(plain(photos, row), with_photo(photos, row))
