import io
import struct
import subprocess
import sys

import numpy as np
import picture_files
import pytest
import tifffile
from PIL import Image, ImageCms

from fast_style import images
from fast_style.images import Picture

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def save(image, path, format=None, **options):
    image.save(path, format, **options)
    return path


def test_rgb_png_is_read_exactly(tmp_path, photo):
    path = save(Image.fromarray(photo), tmp_path / "a.png")
    picture = images.read(path)
    np.testing.assert_array_equal(picture.pixels, photo)
    assert picture.pixels.flags.writeable
    assert (picture.alpha, picture.icc, picture.exif) == (None, None, None)
    assert picture.format == "PNG"


@pytest.mark.parametrize("suffix", images.FORMATS)
def test_every_format_is_read_and_most_are_written(tmp_path, photo, suffix):
    path = save(Image.fromarray(photo), tmp_path / f"a{suffix}", images.FORMATS[suffix])
    picture = images.read(path)
    assert picture.format == images.FORMATS[suffix]
    assert np.abs(picture.pixels.astype(int) - photo).mean() < 6
    if picture.format in images.WRITABLE:
        images.write(picture, tmp_path / f"b{suffix}")
        again = images.read(tmp_path / f"b{suffix}")
        assert again.format == picture.format
        assert np.abs(again.pixels.astype(int) - picture.pixels).mean() < 1.5


def test_open_files_are_read_too(tmp_path, photo):
    path = save(Image.fromarray(photo), tmp_path / "a.png")
    np.testing.assert_array_equal(
        images.read(io.BytesIO(path.read_bytes())).pixels, photo
    )


def test_exif_too_long_for_jpeg_is_left_out(photo):
    picture = Picture(photo, exif=b"Exif\0\0" + bytes(70_000))
    assert images.encode(picture, format="JPEG")


@pytest.mark.parametrize("format", images.WRITABLE)
def test_alpha_is_kept_or_laid_on_white(photo, format):
    alpha = np.full(photo.shape[:2], 255, np.uint8)
    alpha[:16, :16] = 0
    alpha[16:, 32:] = 128
    data = images.encode(Picture(photo, alpha), format=format)
    if format in ("JPEG", "BMP"):
        pixels = images.read(io.BytesIO(data)).pixels
        part = alpha[..., None] / 255
        expected = photo * part + 255 * (1 - part)
        assert np.abs(pixels - expected).mean() < 2
        assert pixels[:8, :8].min() > 250
    else:
        np.testing.assert_array_equal(images.read(io.BytesIO(data)).alpha, alpha)


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png", ".avif", ".tif"])
def test_first_frame_of_several(tmp_path, suffix):
    frames = [Image.new("RGB", (53, 37), c) for c in ("red", "lime", "blue")]
    options = {"save_all": True, "append_images": frames[1:]}
    path = save(frames[0], tmp_path / f"a{suffix}", **options)
    picture = images.read(path)
    np.testing.assert_allclose(picture.pixels - np.array([255.0, 0, 0]), 0, atol=2)
    assert picture.first_of_many
    single = save(frames[0], tmp_path / f"b{suffix}")
    assert not images.read(single).first_of_many


def test_a_preview_is_no_second_page(tmp_path, photo):
    path = tmp_path / "a.tif"
    with tifffile.TiffWriter(path) as file:
        file.write(photo)
        file.write(photo[::2, ::2], subfiletype=1)
    picture = images.read(path)
    np.testing.assert_array_equal(picture.pixels, photo)
    assert not picture.first_of_many


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
@pytest.mark.parametrize(
    ("size", "expected"), [((400, 300), (100, 75)), ((90, 180), (50, 100))]
)
def test_max_size_shrinks_the_longer_side(tmp_path, suffix, size, expected):
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.putalpha(image.convert("L").point(lambda value: 128 + value // 2))
    image = image if suffix == ".png" else image.convert("RGB")
    picture = images.read(save(image, tmp_path / f"a{suffix}"), max_size=100)
    assert picture.pixels.shape[1::-1] == expected
    if suffix == ".png":
        assert picture.alpha.shape[::-1] == expected
    wanted = np.linspace(0, 255, expected[1])
    np.testing.assert_allclose(picture.pixels[..., 0].mean(1), wanted, atol=6)


@pytest.mark.parametrize(
    ("size", "expected"), [((2000, 40), (16, 800)), ((41, 2001), (781, 16))]
)
def test_min_size_stops_the_shrinking(tmp_path, size, expected):
    path = save(Image.new("RGB", size), tmp_path / "thin.png")
    shape = images.read(path, max_size=100, min_size=16).pixels.shape[:2]
    assert shape == expected
    assert images.read(path, min_size=16).pixels.shape[1::-1] == size


def test_max_size_never_enlarges(tmp_path, photo):
    path = save(Image.fromarray(photo), tmp_path / "a.png")
    np.testing.assert_array_equal(images.read(path, max_size=100).pixels, photo)


def test_jpeg_is_of_full_color_resolution(photo):
    with Image.open(io.BytesIO(images.encode(Picture(photo), format="JPEG"))) as image:
        assert {layer[1:3] for layer in image.layer} == {(1, 1)}


def test_a_picture_as_it_lies_in_the_file_keeps_its_gamma(tmp_path, photo):
    path = tmp_path / "a.png"
    gamma = struct.pack(">I", 100_000)
    rows = [row.tobytes() for row in photo]
    path.write_bytes(picture_files.png(53, 37, rows, 8, 2, gAMA=gamma))
    assert (images.read(path).pixels > photo).mean() > 0.9
    np.testing.assert_array_equal(images.read(path, upright=False).pixels, photo)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory in kB")
def test_reading_takes_no_more_memory_than_pillows_picture_and_its_array(tmp_path):
    path = save(Image.effect_noise((4000, 3000), 50).convert("RGB"), tmp_path / "a.jpg")
    code = """
import resource, sys
from fast_style import images
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
images.read(sys.argv[1])
print(peak() - before)
"""
    process = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    )
    # 4 bytes a pixel in Pillow, 3 in the array; one copy more would be 11.
    assert 1024 * int(process.stdout) / (4000 * 3000) < 9


def test_quality_changes_the_size():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    for format in ("JPEG", "WEBP", "AVIF"):
        low = images.encode(Picture(noise), format=format, quality=20)
        assert len(low) < len(images.encode(Picture(noise), format=format)) / 2


@pytest.mark.parametrize("size", [17, 37, 80])
def test_short_side_is_resized(photo, size):
    for pixels in (photo, photo.transpose(1, 0, 2).copy()):
        result = images.resize_short_side(pixels, size)
        assert result.dtype == np.uint8 and min(result.shape[:2]) == size
        ratio = max(result.shape[:2]) / size
        assert ratio == pytest.approx(53 / 37, abs=0.6 / size)
