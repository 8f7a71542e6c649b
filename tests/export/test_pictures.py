"""Every kind of picture file, read by the SavedModel and by the server."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from sent_files import ALPHA, PALETTE, READABLE, REFUSED, RGB

from fast_style.export import pictures
from serve import Config, create_app, image_bytes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def decode():
    """The reader as a graph, which a SavedModel holds."""
    return tf.function(pictures.decode, [tf.TensorSpec((), tf.string)])


@pytest.fixture(scope="module")
def served(gallery):
    """The server's reader, with the server's settings."""
    app = create_app(Config(model=str(gallery), threads=1))

    def decode(data):
        with app.app_context():
            return image_bytes.decode(data)

    return decode


@pytest.mark.parametrize("kind", READABLE)
def test_server_and_saved_model_read_the_same(decode, served, kind):
    pixels, equal = decode(READABLE[kind]).numpy(), served(READABLE[kind])
    assert pixels.shape == equal.shape == (40, 56, 3)
    # Of 16 bits, one rounds and the other cuts off.
    assert np.abs(pixels.astype(int) - equal).max() <= ("16 bits" in kind)


@pytest.mark.parametrize("kind", REFUSED)
def test_server_and_saved_model_refuse_the_same(decode, served, kind):
    with pytest.raises(tf.errors.InvalidArgumentError):
        decode(REFUSED[kind])
    with pytest.raises(ValueError, match="image_bytes"):
        served(REFUSED[kind])


def test_jpeg_is_decoded_as_accurately_as_by_others(decode):
    for kind in ("JPEG", "JPEG, subsampled", "JPEG, progressive", "JPEG, grey"):
        others = Image.open(io.BytesIO(READABLE[kind])).convert("RGB")
        np.testing.assert_array_equal(decode(READABLE[kind]), others)


def test_transparent_parts_lie_on_white_and_those_of_gif_on_black(decode):
    visible = ALPHA[..., None] / 255
    expected = np.rint(255 - (255 - RGB) * visible)
    assert np.abs(decode(READABLE["PNG, alpha"]) - expected).max() <= 1
    hidden = np.asarray(PALETTE) == 3
    assert hidden.any()
    for kind, level in {
        "PNG, palette with a transparent colour": 255,
        "GIF, a transparent colour": 0,
    }.items():
        assert (decode(READABLE[kind]).numpy()[hidden] == level).all()


def test_message_says_what_is_read(decode):
    for kind, message in (
        ("TIFF", pictures.UNKNOWN),
        ("BMP, palette", pictures.INDEXED),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            decode(REFUSED[kind])
