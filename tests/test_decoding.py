"""Every kind of picture file is read upright, in 8 bits and in RGB."""

import io
import struct

import numpy as np
import picture_files
import pytest
import tifffile
from PIL import ExifTags, Image, ImageCms

from fast_style import images

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def save(image, path, **options):
    image.save(path, **options)
    return path


def linear_grey_profile():
    """Return the smallest ICC profile of a grey scale with a gamma of 1."""
    curve = b"curv" + bytes(8)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    header = struct.pack(
        ">I4xI4s4s4s12x4s28x3i48x",
        176 + len(white),
        0x02100000,
        b"mntr",
        b"GRAY",
        b"XYZ ",
        b"acsp",
        63190,
        65536,
        54061,
    )
    tags = struct.pack(
        ">I4sII4sII", 2, b"wtpt", 156, len(white), b"kTRC", 156 + len(white), 12
    )
    return header + tags + white + curve


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg"])
def test_orientation_is_applied_and_dropped(tmp_path, photo, orientation, suffix):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = Image.fromarray(photo)
    stored = image.transpose(undo[orientation]) if orientation > 1 else image
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = "Ada"
    path = save(stored, tmp_path / f"a{suffix}", exif=exif)
    picture = images.read(path)
    np.testing.assert_allclose(
        picture.pixels.astype(int), photo, atol=0 if suffix != ".jpg" else 30
    )
    kept = Image.Exif()
    kept.load(picture.exif)
    assert dict(kept) == {ExifTags.Base.Artist: "Ada"}


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_exif_and_icc_are_kept(tmp_path, photo, suffix):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Kodak"
    if suffix != ".tif":  # there it is the size itself
        exif[ExifTags.Base.ImageWidth] = 9999
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2020:01:02 03:04:05"
    details[ExifTags.Base.ExifImageWidth] = 9999
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    path = save(
        Image.fromarray(photo),
        tmp_path / f"a{suffix}",
        exif=exif.tobytes(),
        icc_profile=SRGB,
    )
    images.write(images.read(path), tmp_path / f"b{suffix}")
    with Image.open(tmp_path / f"b{suffix}") as image:
        assert image.info["icc_profile"] == SRGB
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    assert exif[ExifTags.Base.Make] == "Kodak"
    assert exif.get(ExifTags.Base.ImageWidth) in (None, 53)
    assert details == {ExifTags.Base.DateTimeOriginal: "2020:01:02 03:04:05"}
    assert gps == {ExifTags.GPS.GPSLatitudeRef: "N"}


def test_exif_of_a_big_tiff_is_kept_as_other_files_hold_it(tmp_path, photo):
    path = tmp_path / "a.tif"
    tags = [(271, "s", 0, "Kodak", True), (315, "s", 0, "Ada", True)]
    tifffile.imwrite(path, photo, bigtiff=True, extratags=tags, metadata=None)
    picture = images.read(path)
    for format in images.WRITABLE:
        if format != "BMP":
            with Image.open(io.BytesIO(images.encode(picture, format=format))) as image:
                exif = image.getexif()
            assert exif[ExifTags.Base.Make] == "Kodak"
            assert exif[ExifTags.Base.Artist] == "Ada"


def test_broken_exif_is_dropped(tmp_path, photo):
    path = save(Image.fromarray(photo), tmp_path / "a.jpg", exif=b"Exif\0\0garbage")
    assert images.read(path).exif is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "YCbCr", "I;16"])
def test_modes_become_rgb(tmp_path, photo, mode):
    grey = Image.fromarray(photo).convert("L")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        image = Image.fromarray(photo).convert(mode)
    picture = images.read(save(image, tmp_path / "a.tif"))
    expected = grey if mode in ("L", "LA", "I;16") else image
    expected = np.asarray(expected.convert("RGB")).astype(int)
    rounding = 1 if mode == "YCbCr" else 0
    np.testing.assert_allclose(picture.pixels, expected, atol=rounding)
    assert (picture.alpha is not None) == (mode == "LA")


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_16_bit_grey_is_scaled_not_clipped(tmp_path, suffix):
    ramp = np.linspace(0, 65535, 37 * 53).reshape(37, 53).astype(np.uint16)
    picture = images.read(save(Image.fromarray(ramp), tmp_path / f"a{suffix}"))
    np.testing.assert_array_equal(picture.pixels[..., 1], np.rint(ramp / 257))


def test_16_bit_rgb_png_is_read(tmp_path, photo):
    wide = photo.astype(">u2") * 257
    rows = [row.tobytes() for row in wide]
    path = tmp_path / "a.png"
    path.write_bytes(picture_files.png(53, 37, rows, depth=16, color=2))
    np.testing.assert_array_equal(images.read(path).pixels, photo)


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0, 4e5])
def test_float_tiff_is_scaled(tmp_path, white):
    ramp = np.linspace(0, white, 37 * 53, dtype=np.float32).reshape(37, 53)
    picture = images.read(save(Image.fromarray(ramp), tmp_path / "a.tif"))
    expected = np.rint(ramp * (255 / white))
    np.testing.assert_allclose(picture.pixels[..., 0], expected, atol=1)


def test_float_tiff_with_highlights_and_nan(tmp_path):
    values = np.full((37, 53), 0.5, np.float32)
    values[0, :4] = [1.3, -1, np.nan, np.inf]
    picture = images.read(save(Image.fromarray(values), tmp_path / "a.tif"))
    assert picture.pixels[0, :5, 0].tolist() == [255, 0, 0, 0, 128]


def test_cmyk_jpeg_has_its_colors(tmp_path, photo):
    image = Image.fromarray(photo).convert("CMYK")
    path = save(image, tmp_path / "a.jpg", quality=98)  # Pillow writes Adobe's kind
    picture = images.read(path)
    assert b"Adobe" in path.read_bytes()
    assert np.abs(picture.pixels.astype(int) - photo).mean() < 3


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_profile_is_converted(tmp_path, mode):
    image = Image.new("L", (53, 37), 128).convert(mode)
    path = save(image, tmp_path / "a.png", icc_profile=linear_grey_profile())
    picture = images.read(path)
    assert picture.icc is None
    assert (picture.alpha is not None) == (mode == "LA")
    # Linear 128 / 255 is 188 in sRGB.
    np.testing.assert_allclose(picture.pixels, 188, atol=2)


def test_unreadable_cmyk_profile_is_dropped(tmp_path, photo):
    icc = bytes(16) + b"CMYK" + bytes(200)
    image = Image.fromarray(photo).convert("CMYK")
    picture = images.read(save(image, tmp_path / "a.tif", icc_profile=icc))
    assert picture.icc is None
    np.testing.assert_array_equal(picture.pixels, photo)


def test_palette_with_transparency(tmp_path):
    image = Image.new("P", (53, 37), 1)
    image.putpalette([255, 0, 255, 10, 200, 30])
    image.paste(0, (0, 0, 20, 37))
    picture = images.read(save(image, tmp_path / "a.png", transparency=0))
    assert picture.alpha[0, 0] == 0 and picture.alpha[0, 30] == 255
    # Nothing of the hidden magenta:
    np.testing.assert_allclose(picture.pixels - [10, 200, 30.0], 0, atol=2)


def test_hidden_colors_do_not_reach_visible_edges(tmp_path, photo):
    alpha = np.zeros((37, 53), np.uint8)
    alpha[10:20, 10:20] = 255
    alpha[20:25, 10:20] = 1
    hidden = np.where(alpha[..., None] > 0, photo, [255, 0, 255]).astype(np.uint8)
    path = save(Image.fromarray(np.dstack([hidden, alpha])), tmp_path / "a.png")
    picture = images.read(path)
    np.testing.assert_array_equal(picture.alpha, alpha)
    shown = alpha > 0
    np.testing.assert_array_equal(picture.pixels[shown], photo[shown])
    low, high = photo[shown].min(0) - 2, photo[shown].max(0) + 2
    assert ((picture.pixels >= low) & (picture.pixels <= high)).all()


def test_fully_transparent_picture_is_read(tmp_path):
    path = save(Image.new("RGBA", (53, 37), (9, 9, 9, 0)), tmp_path / "a.png")
    assert images.read(path).alpha.max() == 0
