"""Pictures of 16 bits: read whole, painted in 8, and written in 16."""

import io
import json

import imagecodecs
import numpy as np
import pytest
import tifffile
from commandline import Command
from PIL import ExifTags, Image, ImageCms

from fast_style import Stylizer, color, images, memory
from fast_style.images import Picture

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture
def deep():
    """A picture with every lower byte, uint16 (37, 53, 3)."""
    return np.random.default_rng(0).integers(0, 65536, (37, 53, 3), np.uint16)


def tiff(pixels, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, photometric="rgb", metadata=None, **options)
    return file.getvalue()


def read(data, **options):
    return images.read(io.BytesIO(data), depth=16, **options)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"byteorder": ">"},
        {"compression": "zlib", "predictor": True},
        {"compression": "lzw"},
        {"tile": (16, 16)},
    ],
)
def test_tiff_is_read_whole(deep, options):
    np.testing.assert_array_equal(read(tiff(deep, **options)).pixels, deep)


def test_png_is_read_whole(deep):
    data = imagecodecs.png_encode(deep)
    np.testing.assert_array_equal(read(data).pixels, deep)
    assert images.read(io.BytesIO(data)).pixels.dtype == np.uint8
    small = read(data, max_size=30).pixels
    assert small.dtype == np.uint16 and small.shape == (21, 30, 3)
    assert np.abs(small.mean((0, 1)) - deep.mean((0, 1))).max() < 2000


@pytest.mark.parametrize("encode", [imagecodecs.png_encode, tifffile.imwrite])
def test_grey_is_read_whole(deep, encode):
    grey, file = deep[..., 0].copy(), io.BytesIO()
    if encode is tifffile.imwrite:
        encode(file, grey, photometric="miniswhite", metadata=None)
        grey = 65535 - grey
    else:
        file.write(encode(grey))
    np.testing.assert_array_equal(read(file.getvalue()).pixels, np.dstack([grey] * 3))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "TIFF"])
def test_a_picture_of_8_bits_has_8(photo, format):
    file = io.BytesIO()
    Image.fromarray(photo).save(file, format)
    assert read(file.getvalue()).pixels.dtype == np.uint8


def test_planes_are_read_in_8_bits(deep):
    data = tiff(deep.transpose(2, 0, 1).copy(), planarconfig="separate")
    assert np.abs(read(data).pixels - deep / 257).max() <= 1


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
@pytest.mark.parametrize("transparent", [False, True])
def test_what_is_written_has_every_bit_and_its_metadata(deep, format, transparent):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Kodak"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.LensModel] = "50 mm"
    alpha = np.full((37, 53), 255, np.uint8)
    alpha[:9] = 7
    picture = Picture(deep, alpha if transparent else None, SRGB, exif.tobytes())
    data = images.encode(picture, format=format)
    decode = imagecodecs.png_decode if format == "PNG" else imagecodecs.tiff_decode
    decoded = decode(data)
    np.testing.assert_array_equal(decoded[..., :3], deep)
    if transparent:
        np.testing.assert_array_equal(decoded[..., 3], alpha * np.uint16(257))
    again = read(data)
    np.testing.assert_array_equal(again.pixels, deep)
    assert again.icc == SRGB
    kept = Image.Exif()
    kept.load(again.exif)
    assert kept[ExifTags.Base.Make] == "Kodak"
    details = kept.get_ifd(ExifTags.IFD.Exif)
    assert details[ExifTags.Base.LensModel] == "50 mm"


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_dots_an_inch_are_written(deep, format):
    data = images.encode(Picture(deep), format=format, dpi=300)
    with Image.open(io.BytesIO(data)) as image:
        assert image.getexif()[ExifTags.Base.XResolution] == 300
        assert image.getexif()[ExifTags.Base.ResolutionUnit] == 2


def test_what_a_format_cannot_hold_is_told_in_one_line(deep):
    with pytest.raises(ValueError, match="of 53 x 37 px as TIFF .*. Try PNG.$"):
        images.encode(Picture(deep, exif=b"no block of EXIF"), format="TIFF")


def test_16_bits_are_asked_their_memory(deep, monkeypatch):
    asked = []
    monkeypatch.setattr(memory, "require", lambda need, _text: asked.append(need))
    for depth in (8, 16):
        images.read(io.BytesIO(tiff(deep)), depth=depth)
    assert asked[1] > 4 * asked[0]


def test_hidden_parts_have_the_colors_around_them(deep):
    alpha = np.full((37, 53, 1), 65535, np.uint16)
    alpha[:, :20] = 0
    deep[:, 20:] = 257 * 99
    picture = read(imagecodecs.png_encode(np.concatenate([deep, alpha], -1)))
    assert (picture.pixels == 257 * 99).all()


def test_a_small_copy_has_no_rims_of_hidden_colors():
    pixels = np.full((90, 90, 4), 257 * 99, np.uint16)
    pixels[..., 3] = 65535
    pixels[20:61, 30:67] = 65535, 0, 0, 0
    data = imagecodecs.png_encode(pixels)
    eight = images.read(io.BytesIO(data), max_size=31).pixels  # mixed by their alpha
    assert np.abs(read(data, max_size=31).pixels / 257 - eight).max() <= 1


def test_a_picture_is_turned_as_its_exif_says(deep):
    data = images.encode(Picture(deep), format="TIFF")
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "RGB"
    turned = tiff(deep, extratags=[(ExifTags.Base.Orientation, "H", 1, 6, True)])
    np.testing.assert_array_equal(read(turned).pixels, np.rot90(deep, -1))


def test_other_formats_have_no_16_bits(deep):
    with pytest.raises(ValueError, match="WEBP files have no 16 bits. Give PNG or"):
        images.encode(Picture(deep), format="WEBP")


@pytest.mark.parametrize(
    "look",
    [
        {},
        {"strength": 0.0},
        {"strength": 0.4, "fade": "pixels"},
        {"keep_color": "luminance"},
        {"keep_color": "histogram", "strength": 0.5, "fade": "pixels"},
    ],
)
def test_what_stays_of_the_photograph_has_16_bits(model, deep, look):
    stylizer = Stylizer(model)
    painted = stylizer.stylize(deep, **look)
    assert painted.dtype == np.uint16
    eight = color.eight_bits(deep)
    levels, photo = painted / 257, deep / 257
    np.testing.assert_allclose(levels, stylizer.stylize(eight, **look), atol=1.5)
    inverted = 255.0 - eight  # by the model of the tests
    if look.get("fade") == "pixels" and "keep_color" not in look:
        np.testing.assert_allclose(levels, 0.6 * photo + 0.4 * inverted, atol=0.01)
    elif look.get("strength") == 0:
        np.testing.assert_array_equal(painted, deep)
    elif not look:
        np.testing.assert_array_equal(levels, inverted)
    in_place = deep.copy()
    stylizer.stylize_in_place(in_place, **look)
    np.testing.assert_array_equal(in_place, painted)


def test_the_command_writes_16_bits_where_they_are(folder, capsys, model, deep):
    (folder / "a.png").write_bytes(imagecodecs.png_encode(deep))
    command = Command(capsys, model)
    flags = ("--depth=16", "--strength=0", "--json")
    assert command("a.png", "photo.png", "-o", "out/", *flags) == 0
    out, err = capsys.readouterr()
    first, second = map(json.loads, out.splitlines())
    assert first["depth"] == 16 and "depth" not in second
    assert "'photo.png' is read in 8 bits, and so is the result." in err
    written = (folder / "out" / "a.png").read_bytes()
    np.testing.assert_array_equal(imagecodecs.png_decode(written), deep)
    assert command("a.png", "-o", "a.tif", *flags) == 0
    np.testing.assert_array_equal(tifffile.imread(folder / "a.tif"), deep)
    for words in (["-o", "a.jpg"], ["--format=webp"]):
        error = command.fails("a.png", *words, "--depth=16")
        assert "files have 8 bits. With --depth=16, give PNG or TIFF." in error
