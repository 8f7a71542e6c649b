"""What becomes of a film: its frames painted, all else as it was."""

from fractions import Fraction

import av
import numpy as np
import pytest
from film_files import (
    NTSC,
    make,
    packets_of,
    pictures_of,
    scene,
    times_of,
)
from moving_frames import Grid, pan

from benchmarks import film_clips
from fast_style.command.jobs import Look
from fast_style.video import films
from fast_style.video.colors import colors_of
from fast_style.video.films import FilmOptions, Order
from fast_style.video.steady import SteadyPainter


def same(pixels):
    return pixels


def negative(pixels):
    return 255 - pixels


def paint(source, target, painter=same, **options):
    """Paint a film and return the notes."""
    notes = []
    films.paint(
        source, Order(target, painter, FilmOptions(**options), note=notes.append)
    )
    return notes


def stream_of(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return {
            "size": (stream.width, stream.height),
            "aspect": stream.sample_aspect_ratio,
            "pix_fmt": stream.pix_fmt,
            "codec": stream.codec_context.name,
            "tags": (stream.color_range, stream.colorspace, stream.color_primaries),
        }


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
@pytest.mark.parametrize(
    ("times", "time_base"),
    [
        (range(9), NTSC),
        ((0, 1, 40, 41, 42, 300, 301), Fraction(1, 600)),
        ((70, 900, 1000), Fraction(1, 1234)),
        ((0,), Fraction(1, 25)),
    ],
    ids=["ntsc", "gaps", "late", "single"],
)
def test_each_frame_keeps_its_time(tmp_path, monkeypatch, suffix, times, time_base):
    monkeypatch.setattr(films, "SEGMENT_FRAMES", 4)
    source = make(tmp_path / f"a{suffix}", times=tuple(times), time_base=time_base)
    paint(source, tmp_path / f"b{suffix}")
    assert len(times_of(source)) == len(times)
    assert times_of(tmp_path / f"b{suffix}") == times_of(source)


def test_frames_are_painted_in_order_across_segments(tmp_path, monkeypatch):
    monkeypatch.setattr(films, "SEGMENT_FRAMES", 3)
    source = make(tmp_path / "a.mp4", times=tuple(range(8)))
    seen = []

    def painter(pixels):
        seen.append(pixels)
        return 255 - pixels

    assert paint(source, tmp_path / "b.mp4", painter, quality=100) == []
    expected = np.stack([scene(number) for number in range(8)]).astype(int)
    assert np.abs(np.stack(seen) - expected).mean() < 3
    painted = pictures_of(tmp_path / "b.mp4")
    assert np.abs(painted - (255 - expected)).mean() < 4
    assert [path.name for path in tmp_path.iterdir()] != []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "b.mp4"]


def test_steps_at_once_give_what_they_give_one_after_the_other(tmp_path):
    source, frames = tmp_path / "a.mp4", pan(16, (0, 1), (96, 256))
    film_clips.write(source, frames, lossless=True)
    painter, called = (SteadyPainter(Grid(), Look()) for _ in range(2))
    assert paint(source, tmp_path / "b.mp4", painter) == []
    paint(source, tmp_path / "c.mp4", lambda pixels: called(pixels))
    painted = (tmp_path / "b.mp4").read_bytes()
    assert painted == (tmp_path / "c.mp4").read_bytes()


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_frames_come_out_upright(tmp_path, degrees):
    source = make(tmp_path / "a.mp4", rotation=degrees, aspect=Fraction(2, 1))
    shapes = []

    def painter(pixels):
        shapes.append(pixels.shape)
        return pixels

    paint(source, tmp_path / "b.mp4", painter)
    upright = np.rot90(scene(0).astype(int), degrees // 90)
    assert set(shapes) == {upright.shape}
    with av.open(str(tmp_path / "b.mp4")) as container:
        assert next(container.decode(video=0)).rotation == 0
    assert np.abs(pictures_of(tmp_path / "b.mp4")[0] - upright).mean() < 4
    aspect = Fraction(2, 1) if degrees == 180 else Fraction(1, 2)
    assert stream_of(tmp_path / "b.mp4")["aspect"] == aspect


@pytest.mark.parametrize("color_range", [1, 2], ids=["limited", "full"])
@pytest.mark.parametrize("matrix", [1, 6, 9], ids=["709", "601", "2020"])
def test_colors_keep_their_meaning(tmp_path, matrix, color_range):
    tags = {"colorspace": matrix, "color_range": color_range}
    source = make(tmp_path / "a.mp4", tags=tags)
    seen = []
    look = lambda pixels: seen.append(pixels) or pixels  # noqa: E731
    paint(source, tmp_path / "b.mp4", look, quality=100)
    expected = scene(0).mean((0, 1))
    np.testing.assert_allclose(seen[0].mean((0, 1)), expected, atol=1)
    painted = pictures_of(tmp_path / "b.mp4")[0]
    np.testing.assert_allclose(painted.mean((0, 1)), expected, atol=1)
    assert stream_of(tmp_path / "b.mp4")["tags"][:2] == (1, matrix)


@pytest.mark.parametrize(("height", "matrix"), [(576, 6), (720, 1)])
def test_untold_colors_are_those_that_players_assume(tmp_path, height, matrix):
    source = make(tmp_path / "a.mp4", size=(64, height), times=(0,), untold=matrix)
    assert stream_of(source)["tags"] == (0, 2, 2)
    seen = []
    paint(source, tmp_path / "b.mp4", lambda pixels: seen.append(pixels) or pixels)
    expected = scene(0, (64, height)).mean((0, 1))
    np.testing.assert_allclose(seen[0].mean((0, 1)), expected, atol=1)
    assert stream_of(tmp_path / "b.mp4")["tags"] == (1, matrix, 2)


@pytest.mark.slow
def test_high_dynamic_range_is_brought_down_with_a_note(tmp_path):
    tags = {"colorspace": 9, "color_range": 1, "color_primaries": 9, "color_trc": 16}
    ten = {"pix_fmt": "yuv420p10le", "codec": "libx265"}
    source = make(
        tmp_path / "a.mp4",
        times=(0, 1),
        tags=tags,
        options={"x265-params": "log-level=none"},
        **ten,
    )
    (note,) = paint(source, tmp_path / "b.mp4")
    assert "high dynamic range (PQ), which is brought down to BT.709." in note
    painted = stream_of(tmp_path / "b.mp4")
    assert painted["tags"] == (1, 1, 1) and painted["pix_fmt"] == "yuv420p"
    flat = pictures_of(tmp_path / "b.mp4")[0]
    assert flat.std() > 20


@pytest.mark.parametrize(("transfer", "name"), [(16, "PQ"), (18, "HLG"), (1, "")])
def test_high_dynamic_range_is_known(transfer, name):
    frame = av.VideoFrame(64, 48, "yuv420p10le")
    frame.colorspace, frame.color_trc = 9, transfer
    assert colors_of(frame).hdr == name
    assert (colors_of(frame).written.matrix == 1) == bool(name)


@pytest.mark.parametrize("sound", ["aac", "libopus", "pcm_s16le"])
@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_sound_is_copied_packet_by_packet(tmp_path, sound, suffix):
    if (sound, suffix) == ("libopus", ".mov"):
        suffix = ".mp4"
    source = make(tmp_path / f"a{suffix}", sound=sound)
    target = tmp_path / f"b{suffix}"
    assert paint(source, target) == []
    assert len(packets_of(source, "audio")) > 5
    assert packets_of(target, "audio") == packets_of(source, "audio")


def test_subtitles_language_and_titles_are_kept(tmp_path):
    metadata = {"title": "A day", "creation_time": "2020-02-03T04:05:06.000000Z"}
    source = make(tmp_path / "a.mp4", subtitles=True, metadata=metadata)
    paint(source, tmp_path / "b.mp4")
    words = packets_of(source, "subtitle")
    assert words and packets_of(tmp_path / "b.mp4", "subtitle") == words
    with av.open(str(tmp_path / "b.mp4")) as container:
        assert metadata.items() <= container.metadata.items()


def test_sound_that_a_container_does_not_take_is_coded_anew(tmp_path):
    source = make(tmp_path / "a.mp4", sound="aac", subtitles=True)
    notes = paint(source, tmp_path / "b.webm")
    assert notes == [
        f"'{tmp_path / 'b.webm'}' takes no aac sound, so it is coded anew as opus.",
        f"'{tmp_path / 'b.webm'}' takes no mov_text subtitles, so it is left out.",
    ]
    with av.open(str(tmp_path / "b.webm")) as container:
        sound = np.concatenate(
            [frame.to_ndarray() for frame in container.decode(audio=0)], axis=-1
        )
        assert container.streams.audio[0].codec_context.name == "opus"
    assert sound.shape[-1] >= 12000 and sound.std() > 0.05


def test_webm_is_vp9_of_any_size(tmp_path):
    source = make(tmp_path / "a.mkv", size=(61, 45), pix_fmt="yuv444p", times=(0, 1, 2))
    assert paint(source, tmp_path / "b.webm") == []
    painted = stream_of(tmp_path / "b.webm")
    assert painted["size"] == (61, 45) and painted["codec"] == "vp9"
    assert times_of(tmp_path / "b.webm") == times_of(source)


def test_odd_sizes_are_kept_in_h264_with_a_note(tmp_path):
    source = make(tmp_path / "a.mkv", size=(61, 45), pix_fmt="yuv444p", times=(0, 1))
    (note,) = paint(source, tmp_path / "b.mp4")
    assert "odd width or height, which H.264 keeps in 4:4:4 alone." in note
    painted = stream_of(tmp_path / "b.mp4")
    assert painted["size"] == (61, 45) and painted["pix_fmt"] == "yuv444p"


def test_larger_films_are_brought_down_to_even_sides(tmp_path):
    source = make(tmp_path / "a.mp4", size=(100, 70), times=(0,))
    paint(source, tmp_path / "b.mp4", max_size=50)
    assert stream_of(tmp_path / "b.mp4")["size"] == (50, 36)
    paint(source, tmp_path / "c.mp4", max_size=100)
    assert stream_of(tmp_path / "c.mp4")["size"] == (100, 70)


def test_quality_decides_the_size_of_the_file(tmp_path):
    rng = np.random.default_rng(0)
    source = make(tmp_path / "a.mp4")
    sizes = []
    for quality in (30, 95):
        noise = rng.integers(0, 256, (48, 64, 3), np.uint8)
        paint(source, tmp_path / "b.mp4", lambda _, n=noise: n, quality=quality)
        sizes.append((tmp_path / "b.mp4").stat().st_size)
    assert sizes[1] > 1.5 * sizes[0]


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_a_film_becomes_an_animation(tmp_path, suffix):
    from fast_style.animations import Animation

    source = make(tmp_path / "a.mp4", times=(0, 1, 2, 6), sound="aac")
    paint(source, tmp_path / f"b{suffix}", negative)
    with Animation(tmp_path / f"b{suffix}") as animation:
        frames = list(animation)
    assert [frame.milliseconds for frame in frames][:3] == [40, 40, 160]
    error = np.abs(frames[0].pixels - (255 - scene(0).astype(int))).mean()
    assert len(frames) == 4 and error < 8


def test_an_animation_becomes_a_film(tmp_path):
    from fast_style import animations

    frames = [animations.Frame(scene(i), milliseconds=50 * (i + 1)) for i in range(3)]
    for suffix in (".gif", ".png"):
        animations.write(tmp_path / f"a{suffix}", frames)
        paint(tmp_path / f"a{suffix}", tmp_path / "b.mp4")
        assert times_of(tmp_path / "b.mp4") == [0, Fraction(1, 20), Fraction(3, 20)]


def test_all_but_the_painting_is_done_by_the_library(tmp_path, model):
    from fast_style import Stylizer, video

    source = make(tmp_path / "a.mp4", times=(0, 1, 2))
    done = []
    painted = video.stylize(
        source,
        tmp_path / "new" / "b.mp4",
        stylizer=Stylizer(model),
        styles={"wave": 1.0},
        progress=lambda *counts: done.append(counts),
    )
    assert (painted.width, painted.height, painted.frames) == (64, 48, 3)
    assert done == [(1, 3), (2, 3), (3, 3)]
    error = pictures_of(tmp_path / "new" / "b.mp4")[0] - (255 - scene(0).astype(int))
    assert np.abs(error).mean() < 4


@pytest.mark.parametrize("target", ["b.mp4", "b.mkv"])
def test_a_film_cut_from_a_broadcast_begins_at_its_own_start(tmp_path, target):
    times = tuple(range(250, 256))
    changes = {"codec": "mpeg2video", "options": {"bf": "2"}, "sound": "mp2"}
    source = make(tmp_path / "a.mpg", times=times, **changes)
    assert times_of(source)[0] > 5
    paint(source, tmp_path / target)
    moved = times_of(source)[0] - times_of(tmp_path / target)[0]
    result = [time + moved for time in times_of(tmp_path / target)]
    assert np.allclose(np.array(result, float), np.array(times_of(source), float))
    with av.open(str(tmp_path / target)) as container:
        assert container.start_time < 20_000
    with av.open(str(source)) as container:
        start = container.start_time / av.time_base
    assert start > 0.1 and abs(float(moved) - start) < 0.002


def test_chapters_and_attachments_are_kept(tmp_path):
    plain = make(tmp_path / "plain.mkv")
    chapter = {"id": 1, "start": 0, "end": 120, "time_base": Fraction(1, 1000)}
    chapter["metadata"] = {"title": "One"}
    with (
        av.open(str(plain)) as source,
        av.open(str(tmp_path / "a.mkv"), "w") as container,
    ):
        stream = container.add_stream_from_template(source.streams.video[0])
        container.add_attachment("font.ttf", "font/ttf", b"abc")
        container.set_chapters([chapter])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
    assert paint(tmp_path / "a.mkv", tmp_path / "b.mkv") == []
    (note,) = paint(tmp_path / "a.mkv", tmp_path / "b.mp4")
    assert note.endswith("b.mp4' takes no attachment, so it is left out.")
    for name in ("b.mkv", "b.mp4"):
        with av.open(str(tmp_path / name)) as container:
            (kept,) = container.chapters()
            assert kept["metadata"]["title"] == "One"
            assert kept["end"] * kept["time_base"] == Fraction(3, 25)
