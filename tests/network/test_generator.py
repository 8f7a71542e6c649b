"""The whole generator, held against what is asked of it."""

import keras
import numpy as np
import pytest
from generators import SHAPES, TINY, pictures, randomised

from fast_style.architecture import blocks_of
from fast_style.network.generator import Generator


@pytest.mark.parametrize("upsampling", ["nearest", "transposed"])
@pytest.mark.parametrize("shape", SHAPES)
def test_result_has_the_size_of_the_picture(shape, upsampling):
    generator = Generator(**shape, upsampling=upsampling)
    for size in ((16, 16), (37, 53), (161, 121), (18, 19), (31, 25)):
        assert generator(pictures(*size)).shape == (1, *size, 3)
    batch = generator(np.zeros((3, 64, 64, 3), np.uint8))
    assert batch.shape == (3, 64, 64, 3)


def test_presets_accept_any_size():
    for preset in ("light", "full"):
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
    "preset, millions, filters, blocks",
    [("full", 1.68, (32, 64, 128), 5), ("light", 1.39, (0, 32, 64, 128), 4)],
)
def test_presets_have_their_shape_and_number_of_weights(
    preset, millions, filters, blocks
):
    generator = Generator(filters=preset)
    generator.build((None, None, None, 3))
    assert generator.count_params() == pytest.approx(1e6 * millions, rel=0.01)
    assert (generator.filters, generator.residual_blocks) == (filters, blocks)


@pytest.mark.parametrize(
    "filters, blocks",
    [("full", 5), ("light", 4), ((4, 6, 8), 5), ((4, 6, 8, 8), 4), ((0, 6, 8, 8), 4)],
)
def test_blocks_suit_the_filters_unless_they_are_given(filters, blocks):
    assert blocks_of(filters) == blocks
    assert Generator(filters=filters).residual_blocks == blocks
    for given in (0, 2):
        generator = Generator(filters=filters, residual_blocks=given)
        assert generator.get_config()["residual_blocks"] == given


def test_four_filters_mean_a_skip_unless_it_is_refused():
    assert Generator(filters="light").skip and not Generator(filters="full").skip
    assert not Generator(filters="light", skip=False).skip
    config = Generator(filters="full").get_config()
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
        ({"filters": "heavy"}, "filters is 'heavy'; give one of full, light or"),
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
