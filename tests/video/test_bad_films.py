"""Films that cannot be read as they should: one clear line, or the right result."""

import io
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from fractions import Fraction

import av
import numpy as np
import pytest
from film_files import add_sound, make, packets_of, pictures_of, scene, times_of
from PIL import Image

from fast_style import files
from fast_style.video import films
from fast_style.video.films import Order
from fast_style.video.reading import Film


def paint(source, target):
    notes = []
    films.paint(source, Order(target, lambda pixels: pixels, note=notes.append))
    return notes


def refusal(folder, source):
    """The one line that refuses a film; nothing is left of it."""
    before = set(folder.iterdir())
    with pytest.raises((ValueError, OSError)) as caught:
        paint(source, folder / "out.mp4")
    assert set(folder.iterdir()) == before
    text = str(caught.value)
    assert "\n" not in text and str(source) in text
    return text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty: it has 0 bytes."),
        (b"no film at all" * 99, "it is damaged, cut short or of another kind."),
        (b"#EXTM3U\n/etc/passwd\n", "it is damaged, cut short or of another kind."),
    ],
    ids=["empty", "text", "playlist"],
)
def test_what_is_no_film_is_refused(tmp_path, content, reason):
    (tmp_path / "a.mp4").write_bytes(content)
    assert reason in refusal(tmp_path, tmp_path / "a.mp4")


def test_a_missing_film_is_refused(tmp_path):
    assert "No such file" in refusal(tmp_path, tmp_path / "a.mp4")


def test_a_picture_with_a_films_name_is_told(tmp_path):
    Image.new("RGB", (64, 48)).save(tmp_path / "a.mp4", "JPEG")
    assert "it is a JPEG picture." in refusal(tmp_path, tmp_path / "a.mp4")


@pytest.mark.parametrize("cover", [False, True])
def test_sound_alone_is_refused(tmp_path, cover):
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        sound = container.add_stream("aac", rate=48000)
        sound.codec_context.layout = "mono"
        if cover:
            picture = container.add_stream("mjpeg", rate=1)
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuvj420p"
            picture.disposition = picture.disposition.attached_pic
            frame = av.VideoFrame.from_ndarray(scene(0)).reformat(format="yuvj420p")
            frame.pts = 0
            container.mux(picture.encode(frame))
            container.mux(picture.encode())
        add_sound(container, sound)
    text = refusal(tmp_path, tmp_path / "a.mp4")
    assert text.endswith("has no moving pictures, only sound.")


def test_a_codec_that_is_not_known_is_refused(tmp_path):
    data = make(tmp_path / "a.mp4").read_bytes()
    assert b"avc1" in data
    (tmp_path / "a.mp4").write_bytes(data.replace(b"avc1", b"zzz1"))
    assert "cannot decode. Convert it" in refusal(tmp_path, tmp_path / "a.mp4")


def test_damaged_packets_are_counted_and_left_out(tmp_path):
    source = make(
        tmp_path / "a.mp4",
        times=tuple(range(12)),
        sound="aac",
        options={"g": "1", "bf": "0", "crf": "1"},
    )
    data = bytearray(source.read_bytes())
    for content, _ in packets_of(source, "video")[4:6]:
        place = data.find(content)
        data[place : place + len(content)] = bytes(len(content))
    source.write_bytes(data)
    notes = paint(source, tmp_path / "b.mp4")
    assert notes == [f"'{source}' has 2 damaged packets, and goes on after them."]
    kept = [time for i, time in enumerate(range(12)) if i not in (4, 5)]
    assert times_of(tmp_path / "b.mp4") == [Fraction(time, 25) for time in kept]
    assert packets_of(tmp_path / "b.mp4", "audio") == packets_of(source, "audio")


def test_nothing_readable_is_refused(tmp_path):
    source = make(tmp_path / "a.mp4", times=(0, 1))
    data = bytearray(source.read_bytes())
    for content, _ in packets_of(source, "video"):
        place = data.find(content)
        data[place : place + len(content)] = bytes(len(content))
    source.write_bytes(data)
    assert "no frame of it is readable." in refusal(tmp_path, source)


def test_a_film_that_is_cut_short_is_painted_as_far_as_it_goes(tmp_path):
    source = make(tmp_path / "a.mkv", times=tuple(range(40)))
    data = source.read_bytes()
    source.write_bytes(data[: int(0.8 * len(data))])
    *_, note = paint(source, tmp_path / "b.mkv")
    assert "s: it is cut short." in note and f"The pictures of '{source}' end " in note
    assert 5 < len(times_of(tmp_path / "b.mkv")) < 35


def jpegs(path, pixels, time_base=Fraction(1, 25), times=None):
    """Write a film whose frames are JPEG pictures, each of its own size."""
    height, width = pixels[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_mux_stream("mjpeg", rate=25, width=width, height=height)
        stream.time_base = time_base
        for number, picture in enumerate(pixels):
            file = io.BytesIO()
            Image.fromarray(picture).save(file, "JPEG", quality=95)
            packet = av.Packet(file.getvalue())
            packet.stream, packet.time_base = stream, time_base
            packet.pts = packet.dts = times[number] if times else number
            packet.is_keyframe = True
            container.mux(packet)
    return path


def test_frames_of_another_size_are_scaled_to_the_first(tmp_path):
    small, large = scene(0), scene(0, (128, 96))
    source = jpegs(tmp_path / "a.mkv", [small, large, small, large])
    notes = paint(source, tmp_path / "b.mkv")
    text = f"'{source}' has 2 frames of another size, scaled to the first's."
    assert notes == [text]
    painted = pictures_of(tmp_path / "b.mkv").astype(int)
    assert painted.shape == (4, 48, 64, 3)
    assert np.abs(painted[1] - small).mean() < 4


@pytest.mark.parametrize("side", [8208, 8])
def test_sides_that_no_film_has_are_refused(tmp_path, side):
    source = jpegs(tmp_path / "a.mkv", [np.zeros((32, side, 3), np.uint8)])
    assert f"is {side} x 32 px." in refusal(tmp_path, source)
    if side > 32:
        assert "max_size of 8192 or less." in refusal(tmp_path, source)


def test_a_film_for_which_the_disk_is_too_small_is_refused(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(9, 8, 1))
    with pytest.raises(files.Unwritable, match="GB are free. Free some"):
        paint(make(tmp_path / "a.mp4"), tmp_path / "b.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of Unix")
def test_a_disk_that_fills_up_leaves_nothing_half(tmp_path):
    source = make(tmp_path / "a.mp4")
    code = (
        "import resource, sys, numpy\n"
        "from fast_style import files\n"
        "from fast_style.video import films\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "noise = numpy.random.default_rng(0)\n"
        "paint = lambda x: noise.integers(0, 256, x.shape, numpy.uint8)\n"
        "try: films.paint('a.mp4', films.Order('b.mp4', paint))\n"
        "except OSError as error: print(error)\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert process.stdout == "Cannot write 'b.mp4': File too large.\n", process.stderr
    assert process.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


def test_names_that_are_no_films_are_refused(tmp_path):
    source = make(tmp_path / "a.mp4")
    with pytest.raises(ValueError, match="b.avi' as a film. End it in .mp4, .m4v"):
        paint(source, tmp_path / "b.avi")


def test_painter_that_changes_the_size_is_refused(tmp_path):
    source = make(tmp_path / "a.mp4")
    order = Order(tmp_path / "b.mp4", lambda pixels: pixels[1:])
    with pytest.raises(ValueError, match="Give one that keeps the size."):
        films.paint(source, order)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_names_are_no_addresses_and_no_patterns(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = make(tmp_path / "plain.mp4").rename("pipe:0.mp4")
    paint("pipe:0.mp4", "concat:%03d.mp4")
    assert times_of("file:concat:%03d.mp4") == times_of(f"file:{source}")


def test_frames_without_a_time_of_their_own_follow_each_other(tmp_path):
    pictures = [scene(number) for number in range(4)]
    source = jpegs(tmp_path / "a.mkv", pictures, Fraction(1, 10000), (0, 1, 2, 400))
    notes = paint(source, tmp_path / "b.mkv")
    assert notes == [f"'{source}' has 2 frames without a time of their own."]
    assert len(times_of(tmp_path / "b.mkv")) == 4


def test_an_unknown_matrix_is_refused(tmp_path):
    tags = {"colorspace": 8, "color_range": 1}
    source = make(tmp_path / "a.mp4", pix_fmt="yuv444p", tags=tags)
    assert "the matrix 8 of H.273, which is not read." in refusal(tmp_path, source)


def test_interlaced_films_are_painted_with_a_note(tmp_path):
    options = {"x264-params": "interlaced=1"}
    source = make(tmp_path / "a.mp4", options=options)
    (note,) = paint(source, tmp_path / "b.mp4")
    assert "is interlaced, and painted so." in note


def test_transparent_parts_are_white(tmp_path):
    pixels = np.zeros((48, 64, 4), np.uint8)
    pixels[:24, :, 3] = 255
    with av.open(str(tmp_path / "a.mov"), "w") as container:
        stream = container.add_stream("qtrle", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "argb"
        frame = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(
            format="argb"
        )
        frame.pts = 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with Film(tmp_path / "a.mov") as film:
        (frame,) = film.frames()
    assert (frame.pixels[:24] == 0).all() and (frame.pixels[24:] == 255).all()
