"""Animations between files and arrays: frames, durations, loop and transparency."""

import numpy as np
import pytest
from PIL import Image

from fast_style import animations
from fast_style.animations import Animation, Frame

SUFFIXES = [".gif", ".webp", ".png"]
DURATIONS = [50, 100, 70, 200, 110]


def frames(transparent=False):
    """Five frames; each has its own blue, and a hidden corner that grows."""
    for number, duration in enumerate(DURATIONS):
        y, x = np.mgrid[:30, :40]
        pixels = np.stack([x * 6, y * 8, 0 * x + 40 * number], -1).astype(np.uint8)
        alpha = np.full((30, 40), 255, np.uint8)
        alpha[:10, : 10 + number] = 0
        yield Frame(pixels, alpha if transparent else None, duration)


def read(path, **options):
    with Animation(path, **options) as animation:
        return list(animation), animation.plays


@pytest.mark.parametrize("transparent", [False, True])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_frames_durations_and_transparency_are_kept(tmp_path, suffix, transparent):
    animations.write(tmp_path / f"a{suffix}", frames(transparent))
    result, _ = read(tmp_path / f"a{suffix}")
    assert [frame.milliseconds for frame in result] == DURATIONS
    for frame, expected in zip(result, frames(transparent), strict=True):
        shown = np.s_[12:]
        error = frame.pixels[shown].astype(int) - expected.pixels[shown]
        assert np.abs(error).max() <= (0 if suffix == ".png" else 12)
        if transparent:
            np.testing.assert_array_equal(frame.alpha, expected.alpha)
        else:
            assert frame.alpha is None


@pytest.mark.parametrize("plays", [animations.ENDLESS, 1, 3])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_it_is_shown_as_often_as_before(tmp_path, suffix, plays):
    animations.write(tmp_path / f"a{suffix}", frames(), plays=plays)
    assert read(tmp_path / f"a{suffix}")[1] == plays


def test_durations_of_a_gif_do_not_drift(tmp_path):
    pixels = [frame.pixels for frame in frames()]
    shown = [Frame(picture, milliseconds=1000 / 24) for picture in pixels]
    animations.write(tmp_path / "a.gif", shown)
    result, _ = read(tmp_path / "a.gif")
    assert [frame.milliseconds for frame in result] == [40, 40, 40, 50, 40]


def test_hidden_pixels_have_the_colors_of_visible_ones(tmp_path):
    pixels, alpha = np.zeros((30, 40, 3), np.uint8), np.zeros((30, 40), np.uint8)
    pixels[:, 20:], alpha[:, 20:] = 200, 255
    other = Frame(255 - pixels, alpha)
    animations.write(tmp_path / "a.png", [Frame(pixels, alpha), other])
    (first, _), _ = read(tmp_path / "a.png")
    assert (first.pixels >= 199).all()


def test_picture_before_an_animated_png_is_no_frame(tmp_path):
    images = [Image.new("RGB", (40, 30), color) for color in ("red", "blue", "green")]
    options = {"save_all": True, "append_images": images[1:], "default_image": True}
    images[0].save(tmp_path / "a.png", **options)
    result, _ = read(tmp_path / "a.png")
    assert [tuple(frame.pixels[0, 0]) for frame in result] == [(0, 0, 255), (0, 128, 0)]


def test_larger_frames_are_brought_down(tmp_path):
    animations.write(tmp_path / "a.webp", frames())
    result, _ = read(tmp_path / "a.webp", max_size=20)
    assert {frame.pixels.shape for frame in result} == {(15, 20, 3)}


def test_profile_is_kept(tmp_path):
    profile = Image.core and bytes(16) + b"RGB " + bytes(108)
    for suffix in (".webp", ".png"):
        animations.write(tmp_path / f"a{suffix}", frames(), icc=profile)
        with Animation(tmp_path / f"a{suffix}") as animation:
            assert animation.icc == profile


def test_stills_and_other_files_are_no_animations(tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.gif")
    pages = Image.new("RGB", (40, 30))
    pages.save(tmp_path / "a.tif", save_all=True, append_images=[pages])
    (tmp_path / "b.gif").write_text("none")
    for name in ("a.gif", "a.tif", "b.gif", "missing.gif"):
        assert not animations.is_animation(tmp_path / name)
    animations.write(tmp_path / "c.webp", frames())
    assert animations.is_animation(tmp_path / "c.webp")


def test_animation_that_is_cut_short_is_refused(tmp_path):
    animations.write(tmp_path / "a.gif", frames())
    data = (tmp_path / "a.gif").read_bytes()
    (tmp_path / "a.gif").write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(ValueError, match="damaged or cut short"):
        read(tmp_path / "a.gif")


def test_frames_that_are_too_small_are_refused(tmp_path):
    small = [Image.new("RGB", (40, 15), color) for color in ("red", "blue")]
    small[0].save(tmp_path / "a.gif", save_all=True, append_images=small[1:])
    with pytest.raises(ValueError, match="is 40 x 15 px. Give one of at least 16 x 16"):
        Animation(tmp_path / "a.gif")


def test_other_names_are_refused(tmp_path):
    with pytest.raises(ValueError, match="End it in .gif, .webp or .png."):
        animations.write(tmp_path / "a.jpg", frames())
    assert not list(tmp_path.iterdir())
