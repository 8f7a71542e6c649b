"""The generator's borders: a picture's edges, its tiles, and where the skip lies."""

import numpy as np
import pytest
import tensorflow as tf
from generators import (
    EIGHTH,
    HALF,
    SHAPES,
    TINY,
    pictures,
    randomised,
    without_statistics,
)

from fast_style.network.generator import Generator
from fast_style.network.mirroring import mirrored_indices


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
    step = 1 if upsampling == "nearest" else generator.geometry.stride
    for row in range(step):
        for column in range(step):
            values = result[0, row::step, column::step]
            assert np.ptp(values, axis=(0, 1)).max() < 0.5


@pytest.mark.parametrize("upsampling", ["nearest", "transposed"])
@pytest.mark.parametrize("shape", SHAPES)
def test_result_is_the_middle_of_that_for_the_mirrored_picture(shape, upsampling):
    shape = {**shape, "residual_blocks": 0}  # which mirror their own features
    generator = randomised(Generator(**shape, upsampling=upsampling))
    generator = without_statistics(generator)  # which would see the wider margin
    photo = pictures(40, 56)
    margin, stride = sum(generator.geometry.margin), generator.geometry.stride
    margin += -margin % stride  # so that strides start at the same pixels
    wide = np.pad(photo, [(0, 0), (margin,) * 2, (margin,) * 2, (0, 0)], "reflect")
    expected = np.asarray(generator(wide))[:, margin:-margin, margin:-margin]
    result = np.asarray(generator(photo))
    assert np.ptp(result) > 5
    np.testing.assert_allclose(result, expected, atol=0.05)


@pytest.mark.parametrize("shape", SHAPES)
def test_tile_with_its_border_is_a_part_of_the_whole(shape):
    generator = without_statistics(randomised(Generator(**shape)))
    border, stride = max(generator.geometry.border), generator.geometry.stride
    border += -border % stride
    photo = pictures(3 * border + 5, 3 * border + 11)
    top, left = border + stride, border + 2 * stride
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
    "arguments, margin, border",
    [
        ({"filters": "full"}, (12, 16), (52, 56)),
        ({"filters": "full", "upsampling": "transposed"}, (11, 17), (51, 57)),
        ({"filters": "light"}, (16, 24), (80, 88)),
    ],
)
def test_margin_is_what_the_convolutions_take_away(arguments, margin, border):
    generator = Generator(**arguments)
    geometry = generator.geometry
    assert (geometry.margin, geometry.border) == (margin, border)
    generator.build((None, None, None, 3))
    side = 5 * geometry.stride
    blocks = (side + sum(margin)) // 2
    shape = (1, blocks, blocks, 12)
    for block in generator.blocks:
        shape = block.compute_output_shape(shape, (1, 1))
    # The last convolution works on blocks of two, so some pixels are cut off again.
    more = side + (2 if generator.filters[0] else 4)
    assert generator.pixels.compute_output_shape(shape) == (1, more, more, 3)


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


def test_generator_of_an_earlier_version_is_made():
    generator = Generator(**TINY)
    config = {**generator.get_config(), "mirror": "picture"}
    assert Generator.from_config(config).architecture == generator.architecture
