"""Which pictures can serve as paintings, at what size, and how they are named."""

import numpy as np
import pytest
from PIL import Image

from fast_style import profiles
from fast_style.fields import SettingError
from fast_style.training import paintings
from fast_style.training.settings import Settings
from fast_style.training.train import train

TEAL = np.full((100, 130, 3), (0, 128, 128), np.uint8)


def noisy(deviation):
    noise = np.random.default_rng(0).normal(0, deviation, TEAL.shape)
    return (TEAL + noise).clip(0, 255).astype(np.uint8)


def specked():
    pixels = TEAL.copy()
    pixels[40:48, 60:68] = 255  # half a hundredth of the picture
    return pixels


def transparent():
    colours = np.random.default_rng(0).integers(0, 256, (100, 130, 4), np.uint8)
    colours[..., 3] = 0
    return colours


def test_a_painting_is_brought_to_its_size_but_at_most_doubled(painting):
    assert paintings.read(painting, 384).shape == (160, 180, 3)
    assert paintings.read(painting, 120).shape == (120, 135, 3)
    assert paintings.read(painting, 64).shape == (64, 72, 3)


def test_a_painting_of_a_wide_gamut_is_learned_in_srgb(tmp_path):
    p3 = profiles.of_code_points(12, 13)
    pixels = np.random.default_rng(0).integers(60, 200, (100, 130, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "p3.png", icc_profile=p3)
    learned = paintings.read(tmp_path / "p3.png", 100)
    np.testing.assert_array_equal(learned, profiles.in_srgb(pixels.copy(), p3))
    assert np.abs(learned.astype(int) - pixels).max() > 5


@pytest.mark.parametrize(
    "pixels",
    [TEAL, TEAL[..., 0], noisy(2), specked(), transparent()],
    ids=["colour", "grey", "noise", "speck", "transparent"],
)
def test_a_nearly_flat_picture_is_refused(pixels, tmp_path):
    path = tmp_path / "flat.png"
    Image.fromarray(pixels).save(path)
    with pytest.raises(ValueError, match="flat.png' is nearly one flat colour; give"):
        paintings.read(path, 384)


def test_noise_that_averages_out_at_the_paintings_size_is_flat(tmp_path):
    noise = np.random.default_rng(0).normal(128, 10, (800, 800))
    Image.fromarray(noise.clip(0, 255).astype(np.uint8)).save(tmp_path / "noise.png")
    with pytest.raises(ValueError, match="nearly one flat colour"):
        paintings.read(tmp_path / "noise.png", 100)


def test_drawings_and_hazy_pictures_are_not_flat(tmp_path):
    drawing = np.full((100, 100), 250, np.uint8)
    drawing[::10, :20] = 20  # grey, and a fiftieth is ink
    hazy = np.tile(np.linspace(100, 120, 100), (80, 1)).astype(np.uint8)
    colourful = transparent()
    colourful[30:, :, 3] = 255
    for name, pixels in (("ink", drawing), ("haze", hazy), ("hole", colourful)):
        path = tmp_path / f"{name}.png"
        Image.fromarray(pixels).save(path)
        height, width = pixels.shape[:2]
        assert paintings.read(path, 384).shape == (2 * height, 2 * width, 3)


def test_paintings_that_cannot_serve_are_refused_before_all_else(tmp_path):
    text = tmp_path / "text.png"
    text.write_text("no picture")
    small = tmp_path / "small.png"
    Image.new("RGB", (200, 63)).save(small)
    flat = tmp_path / "flat.png"
    Image.fromarray(TEAL).save(flat)
    for path, message in (
        (tmp_path / "none.png", "Cannot open"),
        (text, "Cannot read .*text.png"),
        (small, "is 200x63 px; give one of 64 px or more"),
        (flat, "nearly one flat colour"),
    ):
        with pytest.raises((OSError, ValueError), match=message):
            train(Settings(style=path), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_style_has_options_after_commas(tmp_path):
    path = tmp_path / "a.b.jpg"
    parse = paintings.parse
    assert parse(path, 384) == (path, "a.b", 384, 1.0)
    assert parse(f"{path},name=wave", 384) == (path, "wave", 384, 1.0)
    painting = parse(f"{path}, size=512,weight=0.5 ,name=my wave", 384)
    assert painting == (path, "my wave", 512, 0.5)


def test_commas_in_a_path_belong_to_it():
    path = "Munch, 1893, The Scream.png"
    painting = paintings.parse(f"{path},name=scream, size=100", 384)
    assert painting[1:] == ("scream", 100, 1.0) and painting.path.name == path


def test_a_style_is_named_without_the_blanks_around_its_files_name():
    assert paintings.parse(" my wave .jpg", 384).name == "my wave"


def test_a_file_with_a_comma_in_its_name_is_a_path_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a,size=70.jpg").touch()
    with pytest.raises(ValueError, match="name is 'a,size=70'; give PATH,name=NAME"):
        paintings.parse("a,size=70.jpg", 384)  # a file, whose name is no style's
    assert paintings.parse("b.jpg,size=70", 384).path == tmp_path / "b.jpg"


@pytest.mark.parametrize(
    "options, message",
    [
        ("strength=2", "'strength=2' is not an option; give PATH,name=NAME"),
        ("size=big", "'size=big' is not an option"),
        ("name", "name is ''; give PATH,name=NAME"),
        ("name=photo", "is not 'photo' and has no"),
        ("name=a:b", "name is 'a:b'"),
        ("name=a\tb", "name is 'a.tb'"),
        ("name=a/b", "name is 'a/b'"),
        ("size=63", "a size of 64 px or more"),
        ("weight=0", "a weight above 0"),
        ("weight=inf", "a weight above 0"),
        ("weight=nan", "a weight above 0"),
    ],
)
def test_a_malformed_option_is_refused_in_one_line(options, message):
    with pytest.raises(SettingError, match=message) as raised:
        paintings.parse(f"wave.jpg,{options}", 384)
    assert "\n" not in str(raised.value)


def test_transparent_parts_are_white_paper_and_a_line_tells(tmp_path, caplog):
    colours = transparent()
    colours[:40, :, 3] = 255
    colours[40:70, :, 3] = 128
    Image.fromarray(colours).save(tmp_path / "cut out.png")
    pixels = paintings.read(tmp_path / "cut out.png", 100).astype(float)
    np.testing.assert_array_equal(pixels[:40], colours[:40, :, :3])
    half = (colours[40:70, :, :3] * 128.0 + 255 * 127) / 255
    np.testing.assert_allclose(pixels[40:70], half, atol=1)
    assert (pixels[70:] == 255).all()
    assert (
        "cut out.png' has transparent parts: they are learned as white" in caplog.text
    )


def test_an_opaque_alpha_channel_changes_nothing(tmp_path, caplog):
    colours = transparent()
    colours[..., 3] = 255
    Image.fromarray(colours).save(tmp_path / "opaque.png")
    pixels = paintings.read(tmp_path / "opaque.png", 100)
    np.testing.assert_array_equal(pixels, colours[..., :3])
    assert not caplog.records
