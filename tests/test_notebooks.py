"""Painting by a call, and how notebooks show models and styles."""

import io
import re
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from fast_style import catalogue, gallery, images
from fast_style.catalogue import Style
from fast_style.stylizer import Stylizer


@pytest.fixture(scope="module")
def stylizer(model):
    return Stylizer(model, num_threads=1)


def test_an_array_gives_an_array(stylizer, photo):
    np.testing.assert_array_equal(stylizer(photo), 255 - photo)
    grey = stylizer(photo[..., 0])
    np.testing.assert_array_equal(grey, np.stack([255 - photo[..., 0]] * 3, -1))


@pytest.mark.parametrize("kind", [str, Path, Image.open])
def test_a_picture_gives_a_picture_of_pillows(stylizer, folder, photo, kind):
    painted = stylizer(kind("photo.png"), styles="scream", strength=1.0)
    assert isinstance(painted, Image.Image)
    np.testing.assert_array_equal(np.asarray(painted), photo[..., ::-1])


def test_transparency_profile_and_exif_stay_with_a_picture(stylizer, photo, tmp_path):
    image = Image.fromarray(photo)
    alpha = Image.linear_gradient("L").resize(image.size)
    image.putalpha(alpha)
    exif = Image.Exif()
    exif[0x013B] = "A. Painter"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.save(tmp_path / "photo.png", exif=exif, icc_profile=profile)
    painted = stylizer(tmp_path / "photo.png")
    np.testing.assert_array_equal(np.asarray(painted)[..., :3], 255 - photo)
    np.testing.assert_array_equal(np.asarray(painted.getchannel("A")), alpha)
    assert painted.info["icc_profile"] == profile
    assert painted.getexif()[0x013B] == "A. Painter"


def test_wrong_arguments_of_a_call_are_those_of_stylize(stylizer, folder):
    with pytest.raises(ValueError, match="'kiss'"):
        stylizer("photo.png", styles="kiss")
    with pytest.raises(OSError, match="none.png"):
        stylizer("none.png")


def pictures_in(page):
    """The pictures of a notebook's HTML by their names."""
    found = re.findall(r'<img src="data:image/jpeg;base64,(\S+)" alt="(\w+)"', page)
    return {
        name: np.asarray(Image.open(io.BytesIO(b64decode(data))), np.float32)
        for data, name in found
    }


def test_a_style_of_the_gallery_shows_its_thumbnail_and_who_painted_it():
    page = catalogue.read()["wave"]._repr_html_()
    expected = np.asarray(Image.open(catalogue.thumbnails() / "wave.jpg"))
    np.testing.assert_array_equal(pictures_in(page)["wave"], expected)
    assert "The Great Wave off Kanagawa, Katsushika Hokusai, c. 1831" in page


def test_a_style_of_ones_own_shows_its_name_alone():
    page = Style("scream")._repr_html_()  # no title: not the gallery's
    assert "<b>scream</b>" in page and "<img" not in page
    assert "&lt;script&gt;" in Style("wave", "<script>")._repr_html_()


def test_a_model_shows_all_styles_and_paints_what_has_no_thumbnail(stylizer):
    own, known = stylizer.catalogue["wave"], stylizer.catalogue["scream"]
    assert known.title and not own.title
    shown = pictures_in(stylizer._repr_html_())
    assert shown.keys() == {"wave", "scream"}
    thumbnail = Image.open(catalogue.thumbnails() / "scream.jpg")
    np.testing.assert_array_equal(shown["scream"], thumbnail)
    sample = images.read(gallery.SAMPLE, max_size=192).pixels
    np.testing.assert_allclose(shown["wave"], 255.0 - sample, atol=30)  # JPEG
