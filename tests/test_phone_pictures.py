"""Photographs as phones make them: HEIC, and what lies in a file beside the picture."""

import io
import json

import imagecodecs
import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401 - registers the format
import pytest
import tifffile
from commandline import Command
from PIL import ExifTags, Image

from fast_style import images, profiles

pillow_heif.register_heif_opener()
MP4 = b"\0\0\0\x18ftypmp42" + bytes(12) + b"\0\0\0\x08mdat"
GAIN_MAP = b'http://ns.adobe.com/xap/1.0/\0<x hdrgm:Version="1.0"/>'


def smooth(width=96, height=64):
    """Return a picture that codecs keep nearly as it is."""
    y, x = np.mgrid[:height, :width] / [[[height]], [[width]]]
    return np.rint(255 * np.stack([x, y, (x + y) / 2], -1)).astype(np.uint8)


def encoded(pixels, format, **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, quality=95, **options)
    return file.getvalue()


def segment(content, marker=0xE1):
    """Return a part of a JPEG's header."""
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content


def ultra_hdr():
    """Return a JPEG with a gain map behind it, as Android writes it."""
    return with_second(encoded(smooth(), "JPEG"), segment(GAIN_MAP))


def with_second(jpeg, header=b""):
    """Return a JPEG of two pictures, and more in the header of the first."""
    file = io.BytesIO(jpeg)
    second = Image.fromarray(smooth()[::2, ::2])
    with Image.open(file) as image:
        result = io.BytesIO()
        image.save(result, "MPO", save_all=True, append_images=[second], quality=95)
    return result.getvalue()[:2] + header + result.getvalue()[2:]


def read(data):
    return images.read(io.BytesIO(data))


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_heic_is_read(mode):
    pixels = smooth()
    alpha = np.where(np.arange(96) < 48, 0, 200).astype(np.uint8)
    if mode == "RGBA":
        pixels = np.dstack([pixels, np.broadcast_to(alpha, (64, 96))])
    elif mode == "L":
        pixels = pixels[..., 1]
    picture = read(encoded(pixels, "HEIF", chroma=444))
    assert picture.format == "HEIF"
    shown = pixels[..., None] if mode == "L" else pixels[..., :3]
    difference = np.abs(picture.pixels - shown.astype(float))
    assert difference[:, 48:].mean() < 2
    assert (picture.alpha is not None) == (mode == "RGBA")
    if mode == "RGBA":
        assert np.abs(picture.alpha[:, ::95] - [0.0, 200]).max() < 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_heic_is_turned_once(orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Kodak"
    upright = read(encoded(smooth(), "PNG", exif=exif)).pixels.astype(float)
    picture = read(encoded(smooth(), "HEIF", exif=exif.tobytes()))
    assert picture.pixels.shape == upright.shape
    assert np.abs(picture.pixels - upright).mean() < 2
    kept = Image.Exif()
    kept.load(picture.exif)
    assert dict(kept) == {ExifTags.Base.Make: "Kodak"}


def test_heic_of_ten_bits_is_read_and_of_a_high_dynamic_range_refused():
    wide = smooth().astype(np.uint16) * 257
    heif = pillow_heif.from_bytes("RGB;16", (96, 64), wide.tobytes())
    file = io.BytesIO()
    heif.save(file, quality=95, chroma=444)
    assert np.abs(read(file.getvalue()).pixels - smooth().astype(float)).mean() < 2
    heif.save(file, color_primaries=9, transfer_characteristics=16)
    with pytest.raises(images.Unreadable, match=r"high dynamic range \(PQ\)"):
        read(file.getvalue())


@pytest.mark.parametrize("format", ["HEIF", "AVIF"])
def test_a_high_dynamic_range_is_refused_that_a_profile_tells(format):
    p3, told = profiles.of_code_points(12, 13), b"cicp\0\0\0\0\x09\x12\0\1"
    with pytest.raises(images.Unreadable, match=r"high dynamic range \(HLG\)"):
        read(encoded(smooth(), format, icc_profile=p3 + told))


@pytest.mark.parametrize("part", [0.1, 0.9])
def test_damaged_heic_is_one_line(part):
    data = encoded(smooth(), "HEIF")
    with pytest.raises(ValueError, match="Cannot read .*damaged") as error:
        read(data[: int(part * len(data))])
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "left_out"),
    [
        (encoded(smooth(), "JPEG"), ()),
        (encoded(smooth(), "HEIF"), ()),
        (with_second(encoded(smooth(), "JPEG")), ("further pictures",)),
        (ultra_hdr(), ("gain map",)),
        (encoded(smooth(), "JPEG") + MP4, ("film",)),
        (encoded(smooth(), "HEIF") + MP4, ("film",)),
        (ultra_hdr() + MP4, ("gain map", "film")),
    ],
)
def test_the_main_picture_is_read_and_the_rest_named(data, left_out):
    picture = read(data)
    assert np.abs(picture.pixels - smooth().astype(float)).mean() < 2
    assert picture.left_out == left_out
    assert not picture.first_of_many


def test_json_says_what_is_left_out(folder, capsys, model):
    (folder / "a.jpg").write_bytes(ultra_hdr() + MP4)
    (folder / "b.heic").write_bytes(encoded(smooth(), "HEIF"))
    assert Command(capsys, model)("a.jpg", "b.heic", "-o", "out/", "--json") == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["left_out"] == ["gain map", "film"]
    assert second["output"] == "out/b.png" and "left_out" not in second
    assert (folder / "out" / "b.png").exists()


def dng(small=False, colors=None, raw_first=False):
    """Return a DNG file: a thumbnail, the raw picture, and a preview of it."""
    preview = smooth()[::2, ::2] if small else smooth()
    raw = np.zeros((64, 96), np.uint16)
    about = [(50706, "B", 4, (1, 4, 0, 0), True), (274, "H", 1, 6, True)]
    about += [(271, "s", 0, "Kodak", True)]
    told = [(50970, "I", 1, colors, True)] if colors else []
    first = raw if raw_first else smooth()[::8, ::8]
    kind = {"photometric": 32803} if raw_first else {"photometric": "rgb"}
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        kind |= {"subfiletype": int(not raw_first), "extratags": about}
        writer.write(first, **kind, subifds=2, metadata=None)
        writer.write(raw, photometric=32803, subfiletype=0, metadata=None)
        writer.write(
            iter([encoded(preview, "JPEG")]),
            shape=preview.shape,
            dtype=np.uint8,
            photometric="ycbcr",
            compression="jpeg",
            rowsperstrip=len(preview),
            subfiletype=1,
            extratags=told,
            metadata=None,
        )
    return file.getvalue()


@pytest.mark.parametrize("raw_first", [False, True])
@pytest.mark.parametrize("colors", [None, 2])
def test_the_full_preview_of_a_dng_is_read(raw_first, colors):
    picture = read(dng(raw_first=raw_first, colors=colors))
    assert np.abs(picture.pixels - np.rot90(smooth(), -1).astype(float)).mean() < 2
    assert (picture.format, picture.left_out) == ("JPEG", ("raw data",))
    kept = Image.Exif()
    kept.load(picture.exif)
    assert kept[ExifTags.Base.Make] == "Kodak"
    assert ExifTags.Base.Orientation not in kept


def test_a_dng_that_is_open_stays_so():
    file = io.BytesIO(dng())
    images.read(file)
    assert not file.closed


@pytest.mark.parametrize("options", [{"small": True}, {"colors": 3}])
def test_a_dng_without_a_full_preview_is_told_its_remedy(tmp_path, options):
    (tmp_path / "a.dng").write_bytes(dng(**options))
    with pytest.raises(images.Unreadable, match="it is RAW.* Develop it in the camera"):
        images.read(tmp_path / "a.dng")


def test_a_damaged_dng_is_told_its_remedy(tmp_path):
    (tmp_path / "a.dng").write_bytes(dng()[:3000])
    with pytest.raises(ValueError, match="Cannot read .*a.dng"):
        images.read(tmp_path / "a.dng")


@pytest.mark.parametrize("boxes", [False, True])
@pytest.mark.parametrize("kind", ["grey", "RGB", "RGB of 16 bits"])
@pytest.mark.parametrize("size", [(96, 64), (61, 45), (1500, 16)])
def test_jpeg_xl_is_read(boxes, kind, size):
    pixels = values = smooth(*size)
    if kind == "grey":
        values = pixels[..., 0]
        pixels = np.dstack([values] * 3)
    elif kind != "RGB":
        values = pixels * np.uint16(257)
    data = imagecodecs.jpegxl_encode(values, lossless=True, usecontainer=boxes)
    picture = read(data)
    np.testing.assert_array_equal(picture.pixels, pixels)
    assert picture.format == "JXL"


def test_jpeg_xl_keeps_its_alpha():
    alpha = np.broadcast_to(np.uint8([[0] * 48 + [200] * 48]), (64, 96))
    pixels = np.dstack([smooth(), alpha])
    picture = read(imagecodecs.jpegxl_encode(pixels, lossless=True))
    np.testing.assert_array_equal(picture.alpha, alpha)


@pytest.mark.parametrize("from_jpeg", [False, True])
def test_jpeg_xl_is_turned_as_its_readers_turn_it(from_jpeg):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Kodak"
    if from_jpeg:  # then its EXIF block counts
        jpeg = encoded(smooth(), "JPEG", exif=exif)
        data = imagecodecs.jpegxl_encode_jpeg(jpeg, usecontainer=True)
        expected = np.rot90(smooth(), -1)
    else:
        data = encoded(smooth(), "JXL", exif=exif.tobytes())
        expected = smooth()
    picture = read(data)
    assert picture.pixels.shape == expected.shape
    assert np.abs(picture.pixels - expected.astype(float)).mean() < 2
    kept = Image.Exif()
    kept.load(picture.exif)
    assert dict(kept) == {ExifTags.Base.Make: "Kodak"}


@pytest.mark.parametrize("boxes", [False, True])
def test_a_large_jpeg_xl_is_refused_before_it_is_decoded(boxes):
    data = imagecodecs.jpegxl_encode(smooth(), lossless=True, usecontainer=boxes)
    assert images.read(io.BytesIO(data), max_pixels=64 * 96)
    with pytest.raises(images.TooLarge):  # and cannot be
        images.read(io.BytesIO(data[:100]), max_pixels=64 * 96 - 1)


@pytest.mark.parametrize("part", [0.2, 0.9])
def test_damaged_jpeg_xl_is_one_line(part):
    data = imagecodecs.jpegxl_encode(smooth(), lossless=True)
    with pytest.raises(ValueError, match="Cannot read .*damaged") as error:
        read(data[: int(part * len(data))])
    assert "\n" not in str(error.value)
