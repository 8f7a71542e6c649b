"""Photographs of wide gamuts: the network sees sRGB, and the profile is kept."""

import io

import numpy as np
import pytest
from commandline import Command
from PIL import Image, ImageCms

from fast_style import Stylizer, arrays, images, profiles
from fast_style.images import Picture

P3 = profiles.of_code_points(12, 13)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def converted(pixels, source, target):
    """Convert pixels between two profiles exactly."""
    image = ImageCms.profileToProfile(
        Image.fromarray(pixels),
        *(ImageCms.ImageCmsProfile(io.BytesIO(icc)) for icc in (source, target)),
        outputMode="RGB",
        flags=ImageCms.Flags.NOOPTIMIZE,
    )
    return np.asarray(image)


@pytest.fixture
def p3(photo):
    """A photograph in the numbers of Display P3, without colours beyond sRGB."""
    return converted(photo, SRGB, P3)


def test_a_p3_photograph_looks_painted_as_in_srgb(model, photo, p3):
    stylizer = Stylizer(model)
    painted = stylizer.stylize(p3, icc=P3)
    expected = converted(stylizer.stylize(photo), SRGB, P3)
    assert np.abs(painted.astype(int) - expected).max() <= 5
    assert np.abs(painted.astype(int) - expected).mean() < 0.7
    assert np.abs(stylizer.stylize(p3).astype(int) - expected).mean() > 2
    in_place = p3.copy()
    stylizer.stylize_in_place(in_place, icc=P3)
    np.testing.assert_array_equal(in_place, painted)


def test_what_stays_of_the_photograph_keeps_its_wide_colors(model):
    photo = np.full((32, 32, 3), [0, 255, 0], np.uint8)  # beyond sRGB
    stylizer = Stylizer(model)
    look = {"strength": 0.5, "fade": "pixels", "icc": P3}
    full = stylizer.stylize(photo, icc=P3).astype(float)
    mixed = stylizer.stylize(photo, **look)
    np.testing.assert_allclose(mixed, (photo + full) / 2, atol=0.51)
    np.testing.assert_array_equal(stylizer.stylize(photo, strength=0, icc=P3), photo)
    deep = stylizer.stylize(photo * np.uint16(257), **look)
    np.testing.assert_allclose(deep / 257, (photo + full) / 2, atol=0.01)


def test_a_file_that_is_taken_for_pixels_becomes_srgb(folder, model, p3):
    images.write(Picture(p3, icc=P3), folder / "p3.png")
    expected = profiles.in_srgb(p3.copy(), P3)
    assert np.abs(expected.astype(int) - p3).max() > 5
    np.testing.assert_array_equal(arrays.photograph(folder / "p3.png"), expected)
    stylizer = Stylizer(model)
    painted = stylizer.stylize(folder / "p3.png", icc=P3)  # of the file, told twice
    np.testing.assert_array_equal(painted, stylizer.stylize(expected))


def test_own_colors_are_kept_in_p3(model, photo, p3):
    stylizer, look = Stylizer(model), {"keep_color": "histogram"}
    painted = stylizer.stylize(p3, icc=P3, **look)
    expected = converted(stylizer.stylize(photo, **look), SRGB, P3)
    assert np.abs(painted.astype(int) - expected).mean() < 4


@pytest.mark.parametrize("icc", [SRGB, None, b"no profile"])
def test_colors_of_srgb_and_of_broken_profiles_are_left(model, photo, icc):
    stylizer = Stylizer(model)
    painted = stylizer.stylize(photo, icc=icc)
    np.testing.assert_array_equal(painted, stylizer.stylize(photo))


def test_the_command_keeps_the_profile(folder, capsys, model, photo, p3):
    images.write(Picture(p3, icc=P3), folder / "p3.png")
    command = Command(capsys, model)
    assert command("p3.png", "photo.png", "-o", "out/") == 0
    painted, plain = (images.read(folder / "out" / n) for n in ("p3.png", "photo.png"))
    assert painted.icc == P3 and plain.icc is None
    shown = converted(painted.pixels, P3, SRGB)
    assert np.abs(shown.astype(int) - plain.pixels).mean() < 1


@pytest.mark.parametrize(("transfer", "name"), [(16, "PQ"), (18, "HLG")])
def test_a_profile_of_a_high_dynamic_range_is_refused(transfer, name):
    told = b"cicp\0\0\0\0" + bytes((9, transfer, 0, 1))
    with pytest.raises(profiles.Untold, match=f"high dynamic range .{name}."):
        profiles.check_range(SRGB + told)
    profiles.check_range(SRGB)
    profiles.check_range(P3 + b"cicp\0\0\0\0" + bytes((12, 13, 0, 1)))
