import io
import os

import numpy as np
import pytest
from PIL import Image

from fast_style import color, metadata
from fast_style.catalogue import Style
from fast_style.runner import count_cores
from fast_style.stylizer import Stylizer


@pytest.fixture(scope="module")
def stylizer(model):
    return Stylizer(model, num_threads=1)


@pytest.fixture(scope="module")
def with_photo(gallery):
    """A Stylizer of a model with the row "photo", which halves a picture."""
    return Stylizer(gallery, num_threads=1)


def swapped(pixels):
    return pixels[..., ::-1]


def test_first_style_is_the_default(stylizer, photo):
    assert stylizer.styles == ("wave", "scream")
    np.testing.assert_array_equal(stylizer.stylize(photo), 255 - photo)


@pytest.mark.parametrize("size", [(16, 16), (37, 53), (64, 17), (37, 53)])
def test_any_size_comes_out_at_its_own_size(stylizer, size):
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    np.testing.assert_array_equal(stylizer.stylize(pixels), 255 - pixels)


def test_style_is_chosen_by_name(stylizer, photo):
    expected = swapped(photo)
    np.testing.assert_array_equal(stylizer.stylize(photo, styles="scream"), expected)
    weighted = stylizer.stylize(photo, styles={"scream": 3.0, "wave": 0.0})
    np.testing.assert_array_equal(weighted, expected)


def test_weights_are_normalised_and_mix(stylizer, photo):
    expected = 0.75 * (255 - photo.astype(float)) + 0.25 * swapped(photo)
    result = stylizer.stylize(photo, styles={"wave": 3, "scream": 1})
    np.testing.assert_allclose(result, expected, atol=0.51)
    assert stylizer.weights({"wave": 3, "scream": 1}) == {"wave": 0.75, "scream": 0.25}


@pytest.mark.parametrize("strength", [0.0, 0.3, 1.0])
def test_strength_fades_from_the_photo(stylizer, photo, strength):
    expected = (1 - strength) * photo + strength * (255.0 - photo)
    result = stylizer.stylize(photo, strength=strength)
    assert result.dtype == np.uint8
    np.testing.assert_allclose(result, expected, atol=0.51)


def test_strength_zero_is_a_copy_without_the_network(model, photo):
    def network(**_inputs):
        raise AssertionError("the network was called")

    result = Stylizer(model, network=network).stylize(photo, strength=0)
    np.testing.assert_array_equal(result, photo)
    assert not np.shares_memory(result, photo)


def test_colors_are_kept_before_the_fade(stylizer, photo):
    for mode, keep in {
        "luminance": color.keep_luminance,
        "histogram": color.keep_histogram,
    }.items():
        kept = keep(photo, 255 - photo)
        result = stylizer.stylize(photo, keep_color=mode)
        np.testing.assert_array_equal(result, kept)
        half = stylizer.stylize(photo, keep_color=mode, strength=0.5)
        np.testing.assert_allclose(half, photo / 2 + kept / 2, atol=0.51)


def test_the_photo_is_a_row_and_no_style(stylizer, with_photo, photo):
    assert stylizer.rows == stylizer.styles == ("wave", "scream")
    assert with_photo.rows == ("photo", "wave", "scream")
    assert with_photo.styles == ("wave", "scream")
    np.testing.assert_array_equal(with_photo.stylize(photo), 255 - photo)
    result = with_photo.stylize(photo, styles="scream")
    np.testing.assert_array_equal(result, swapped(photo))


def test_the_photo_is_mixed_by_name(with_photo, stylizer, photo):
    result = with_photo.stylize(photo, styles={"photo": 3, "wave": 1})
    expected = 0.75 * photo / 2 + 0.25 * (255.0 - photo)
    np.testing.assert_allclose(result, expected, atol=0.51)
    with pytest.raises(ValueError, match="No style 'photo' in this model"):
        stylizer.stylize(photo, styles={"photo": 3, "wave": 1})


@pytest.mark.parametrize("fade", [None, "network"])
def test_strength_fades_in_the_network_where_it_can(with_photo, photo, fade):
    result = with_photo.stylize(photo, strength=0.3, fade=fade)
    expected = 0.7 * photo / 2 + 0.3 * (255.0 - photo)
    np.testing.assert_allclose(result, expected, atol=0.51)
    assert with_photo.choose_fade(fade) == "network"


def test_fade_in_the_network_scales_a_mixture(with_photo, photo):
    styles = {"photo": 1, "scream": 1, "wave": 2}
    result = with_photo.stylize(photo, styles=styles, strength=0.4)
    painted = 0.25 * swapped(photo) + 0.5 * (255.0 - photo)
    expected = (0.6 + 0.4 * 0.25) * photo / 2 + 0.4 * painted
    np.testing.assert_allclose(result, expected, atol=0.51)


@pytest.mark.parametrize("rows", ["model", "gallery"])
def test_fade_over_pixels_works_with_every_model(request, photo, rows):
    stylizer = Stylizer(request.getfixturevalue(rows), num_threads=1)
    result = stylizer.stylize(photo, strength=0.3, fade="pixels")
    expected = 0.7 * photo + 0.3 * (255.0 - photo)
    np.testing.assert_allclose(result, expected, atol=0.51)


def test_model_without_the_row_photo_fades_over_pixels(stylizer):
    assert stylizer.choose_fade(None) == "pixels"


def test_colors_are_kept_after_a_fade_in_the_network(with_photo, photo):
    half = with_photo.stylize(photo, strength=0.5)
    result = with_photo.stylize(photo, strength=0.5, keep_color="luminance")
    np.testing.assert_array_equal(result, color.keep_luminance(photo, half))


def test_strength_zero_is_the_photo_in_either_fade(with_photo, photo):
    for fade in ("network", "pixels"):
        result = with_photo.stylize(photo, strength=0, fade=fade)
        np.testing.assert_array_equal(result, photo)


def test_wrong_fade_is_refused(stylizer, photo):
    with pytest.raises(ValueError, match="no row 'photo' for it. Give 'pixels'"):
        stylizer.stylize(photo, fade="network")
    with pytest.raises(ValueError, match="fade is 'glass'. Give one of network, pix"):
        stylizer.stylize(photo, fade="glass")


def test_model_knows_who_painted_its_styles(with_photo):
    assert list(with_photo.catalogue) == ["wave", "scream"]
    assert with_photo.catalogue["wave"] == Style("wave")
    scream = with_photo.catalogue["scream"]
    assert (scream.title, scream.artist) == ("The Scream", "Edvard Munch")


def test_views_and_readonly_arrays_are_taken(stylizer, photo):
    view = photo[:, ::-1]
    view.flags.writeable = False
    np.testing.assert_array_equal(stylizer.stylize(view), 255 - view)


@pytest.mark.parametrize("kind", ["path", "text", "file", "Pillow", "RGBA", "grey"])
def test_photographs_of_many_kinds_are_taken(stylizer, photo, tmp_path, kind):
    path = tmp_path / "a.png"
    image = Image.fromarray(photo)
    image.save(path)
    given = {
        "path": path,
        "text": str(path),
        "file": io.BytesIO(path.read_bytes()),
        "Pillow": image,
        "RGBA": image.convert("RGBA"),
        "grey": photo[..., 1],
    }[kind]
    expected = photo[..., [1, 1, 1]] if kind == "grey" else photo
    np.testing.assert_array_equal(stylizer.stylize(given), 255 - expected)


def test_a_grey_picture_of_16_bits_from_pillow_is_scaled(stylizer, photo):
    deep = Image.fromarray(photo[..., 1].astype(np.uint16) * 257)
    expected = 255 - photo[..., [1, 1, 1]]
    np.testing.assert_array_equal(stylizer.stylize(deep), expected)


def test_several_names_are_mixed_in_equal_parts(stylizer, photo):
    expected = stylizer.stylize(photo, styles={"wave": 1, "scream": 1})
    for styles in (["wave", "scream"], ("scream", "wave"), {"wave", "scream"}):
        result = stylizer.stylize(photo, styles=styles)
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        (np.zeros((37, 53, 3), np.float32), r"float32 \(37, 53, 3\).*uint8"),
        (np.zeros((37, 53, 4), np.uint8), r"\(37, 53, 4\).*Give pixels\[..., :3\]"),
        (np.zeros((15, 53, 3), np.uint8), "at least 16 x 16 px"),
        ([[[0, 0, 0]]], "A list is no picture. Give a path, an open file or a pic"),
        (b"P6 1 1 255", "A bytes is no picture"),
    ],
)
def test_wrong_pixels_are_refused(stylizer, pixels, message):
    with pytest.raises(ValueError, match=message):
        stylizer.stylize(pixels)


@pytest.mark.parametrize(
    ("styles", "message"),
    [
        ("wawe", "No style 'wawe'.*Did you mean wave"),
        ({"zzz": 1}, "has wave, scream"),
        ({"wave": -1}, "'wave' is -1. Give 0 or more"),
        ({"wave": float("nan")}, "is nan"),
        ({"wave": float("inf")}, "is inf"),
        ({"wave": 0, "scream": 0}, "weight above 0"),
        ({}, "weight above 0"),
        ([], "weight above 0"),
        (["wave", "wawe"], "No style 'wawe'"),
        (3, "styles are 3. Give a name, names, or weights by name"),
        ([1], "styles are .1.. Give a name, names, or weights by name"),
        (b"wave", "styles are b'wave'. Give a name"),
        ([["wave"]], "styles are ..'wave'... Give a name"),
        ({1: 1.0}, "styles are .1: 1.0.. Give a name"),
        ({"wave": None}, "weight of style 'wave' is None. Give 0 or more"),
        ({"wave": "1"}, "weight of style 'wave' is '1'. Give 0 or more"),
    ],
)
def test_wrong_styles_are_refused(stylizer, photo, styles, message):
    with pytest.raises(ValueError, match=message):
        stylizer.stylize(photo, styles=styles)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan"), "1"])
def test_wrong_strength_is_refused(stylizer, photo, strength):
    with pytest.raises(ValueError, match="strength is .* from 0 to 1"):
        stylizer.stylize(photo, strength=strength)


def test_wrong_keep_color_is_refused(stylizer, photo):
    with pytest.raises(ValueError, match="'hue'. Give one of none, luminance, hist"):
        stylizer.stylize(photo, keep_color="hue")


def test_broken_model_is_refused(tmp_path):
    path = tmp_path / "broken.tflite"
    path.write_bytes(b"\x1c\0\0\0TFL3" + bytes(100))
    metadata.attach(path, {"styles": ["wave"]})
    with pytest.raises(
        ValueError, match="Cannot load .*broken.tflite.*fast-style export"
    ):
        Stylizer(path)


def test_model_with_other_styles_than_it_says_is_refused(model, tmp_path):
    path = tmp_path / "odd.tflite"
    path.write_bytes(model.read_bytes())
    with pytest.warns(UserWarning, match="Duplicate name"):
        metadata.attach(path, {"styles": ["wave"]})
    with pytest.raises(ValueError, match="Cannot load"):
        Stylizer(path)


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("200000 10000", 8), ("150000 100000", 2), ("50000 100000", 1), ("max 100000", 8)],
)
def test_cores_are_those_that_a_container_may_use(quota, cores, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8), raising=False)
    file = tmp_path / "cpu.max"
    assert count_cores(file) == 8
    file.write_text(quota + "\n")
    assert count_cores(file) == cores
