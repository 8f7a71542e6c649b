"""Files cut short or with a flipped bit give no picture that is wrong in silence."""

import struct
import zlib

import imagecodecs
import numpy as np
import other_files
import picture_files
import png_files
import pytest
import tiff_files
import tifffile
from PIL import Image

from fast_style import images

FILES = {  # what makes the files, the first name of the one to damage, another reader
    "TIFF": (lambda: tiff_files.stored("plain"), "RGB u1", tiff_files.decode),
    "planes": (lambda: tiff_files.stored("tiles"), "RGB u2, sep", tiff_files.decode),
    "deflated": (lambda: tiff_files.stored("deflate"), "grey u1", tiff_files.decode),
    "PNG": (png_files.files, "RGB 8.png", imagecodecs.png_decode),
    "PNG of 16 bits": (png_files.files, "grey 16.png", imagecodecs.png_decode),
    "palette": (png_files.files, "palette 8", imagecodecs.png_decode),
    "JPEG": (other_files.jpeg, "RGB 0 .jpg", imagecodecs.jpeg8_decode),
    "progressive": (other_files.jpeg, "RGB 2 pro", imagecodecs.jpeg8_decode),
    "WebP": (other_files.webp, "lossless False", imagecodecs.webp_decode),
    "lossless": (other_files.webp, "lossless True", imagecodecs.webp_decode),
    "AVIF": (other_files.avif, "8 False", imagecodecs.avif_decode),
    "JPEG 2000": (other_files.jpeg2000, "RGB 8.jp2", imagecodecs.jpeg2k_decode),
    "BMP": (other_files.bmp, "RGB.bmp", imagecodecs.bmp_decode),
    "GIF": (other_files.gif, "plain.gif", imagecodecs.gif_decode),
    "PPM": (other_files.ppm, "255.ppm", None),  # where each byte is a colour
    "TGA": (other_files.tga, "24 20 packed", None),
}


@pytest.fixture(params=FILES)
def damaged(request, tmp_path):
    """A reader of variants of one file: its bytes, the reader, another reader."""
    source, name, decode = FILES[request.param]
    case = next(case for case in source() if case.name.startswith(name))
    path = tmp_path / f"a{case.name[case.name.rindex('.') :]}"

    def read(data):
        path.write_bytes(data)
        try:
            return images.read(path).pixels.astype(float)
        except (ValueError, OSError) as error:
            assert "\n" not in str(error)
            return None

    return case.data, read, decode


def test_files_cut_short_are_refused(damaged):
    data, read, _ = damaged
    whole = read(data)
    for part in np.linspace(0.02, 0.99, 20):
        pixels = read(data[: int(part * len(data))])
        assert pixels is None or np.array_equal(pixels, whole)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_flipped_bits_are_noticed_where_another_reader_notices_them(damaged):
    data, read, decode = damaged
    whole, generator = read(data), np.random.default_rng(0)
    for _ in range(60 if decode else 0):
        broken = bytearray(data)
        # The first tenth has the header, where another size is no damage.
        place = generator.integers(len(data) // 10, len(data))
        broken[place] ^= 1 << generator.integers(8)
        pixels = read(broken)
        if pixels is not None and not np.array_equal(pixels, whole):
            # An error here is one that images.read should have raised.
            expected = rgb_of(decode(bytes(broken)))
            np.testing.assert_allclose(pixels, expected, atol=2)


def rgb_of(samples):
    """Return samples of 8 or 16 bits, grey or RGB, perhaps of planes, as RGB."""
    samples = samples / (257 if samples.dtype == np.uint16 else 1)
    if samples.ndim == 2:
        return np.repeat(samples[..., None], 3, -1)
    return np.moveaxis(samples, 0, -1) if len(samples) == 3 else samples[..., :3]


def test_a_wrong_checksum_of_png_is_refused(tmp_path, photo):
    path = tmp_path / "a.png"
    Image.fromarray(photo).save(path)
    data = bytearray(path.read_bytes())
    data[-13] ^= 1  # before the chunk IEND
    path.write_bytes(data)
    with pytest.raises(ValueError, match="damaged or cut short .a checksum is wrong"):
        images.read(path)


def test_a_wrong_sum_of_a_deflated_tiff_is_refused(tmp_path, photo):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, photo, compression="zlib", metadata=None)
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        end = page.dataoffsets[0] + page.databytecounts[0]
    data = bytearray(path.read_bytes())
    data[end - 1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="damaged or cut short .*incorrect data check"):
        images.read(path)


def test_a_deflated_tiff_with_its_bits_from_the_right_is_no_damaged_one(
    tmp_path, photo
):
    height, width, _ = photo.shape
    deflated = np.frombuffer(zlib.compress(photo.tobytes()), np.uint8)
    turned = np.packbits(np.unpackbits(deflated, bitorder="little")).tobytes()
    tags = {"t262": 2, "t258": (8,) * 3, "t277": 3, "t266": 2}
    data = picture_files.tiff(width, height, turned, **tags)
    tag = struct.pack("<HHI", 259, 3, 1)  # the compression
    assert data.count(tag + b"\1\0") == 1
    path = tmp_path / "a.tif"
    path.write_bytes(data.replace(tag + b"\1\0", tag + b"\x08\0"))
    np.testing.assert_array_equal(images.read(path).pixels, photo)
