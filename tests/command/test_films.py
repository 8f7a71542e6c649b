"""Films and animations on the command line, beside pictures."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from commandline import Command, files, run_process
from film_files import make, pictures_of, scene, times_of
from PIL import Image

from fast_style import Stylizer, animations
from fast_style.animations import Animation, Frame


@pytest.fixture
def fast_style(capsys, model):
    return Command(capsys, model)


@pytest.fixture
def clip(folder):
    """The current directory with clip.mp4, of three frames, and photo.png."""
    make("clip.mp4", times=(0, 1, 2), sound="aac")
    return folder


def animated(path, count=3):
    frames = [Frame(scene(i), milliseconds=50 * (i + 1)) for i in range(count)]
    animations.write(path, frames, plays=2)
    return path


def negatives(pictures):
    """Whether pictures are those of `scene`, painted by the model's first style."""
    expected = [255 - scene(number).astype(int) for number in range(len(pictures))]
    return np.abs(np.stack(pictures) - expected).mean() < 5


def test_a_film_is_painted_beside_itself(clip, fast_style, capsys):
    assert fast_style("clip.mp4") == 0
    out, err = capsys.readouterr()
    assert out.startswith("clip-wave.mp4 in ") and err == ""
    assert times_of("clip-wave.mp4") == times_of("clip.mp4")
    assert negatives(pictures_of("clip-wave.mp4"))


def test_nosteady_paints_each_frame_by_itself(clip, fast_style):
    assert fast_style("clip.mp4", "-o", "steady.mp4") == 0
    assert fast_style("clip.mp4", "-o", "alone.mp4", "--nosteady") == 0
    last = 255 - scene(2)[:12, :16].astype(int)
    away = {
        name: np.abs(pictures_of(f"{name}.mp4")[-1][:12, :16] - last).mean()
        for name in ("steady", "alone")
    }
    assert away["alone"] < 4 < away["steady"]


def test_flags_reach_the_film(clip, fast_style, model):
    flags = ["--style", "scream", "--strength=0.5", "--keep_color=luminance"]
    assert fast_style("clip.mp4", "-o", "b.mkv", *flags, "--max_size=40") == 0
    painted = pictures_of("b.mkv")
    assert painted.shape == (3, 30, 40, 3)
    small = np.array(Image.fromarray(scene(0)).resize((40, 30)))
    expected = Stylizer(model).stylize(
        small, styles="scream", strength=0.5, keep_color="luminance"
    )
    assert np.abs(painted[0].astype(int) - expected).mean() < 5


def test_folder_of_films_and_pictures(clip, fast_style, capsys):
    (clip / "in" / "deep").mkdir(parents=True)
    Path("clip.mp4").rename("in/deep/clip.mp4")
    make("in/old.avi", codec="mpeg4", options={}, times=(0, 1))
    animated("in/a.gif")
    Path("photo.png").rename("in/photo.png")
    assert fast_style("in", "-o", "out") == 0
    assert capsys.readouterr().out.startswith("4 files in ")
    assert files(clip / "out") == ["a.gif", "deep/clip.mp4", "old.mp4", "photo.png"]


def test_json_has_a_line_for_each_film(clip, fast_style, capsys):
    assert fast_style("clip.mp4", "photo.png", "-o", "out/", "--json") == 0
    film, picture = map(json.loads, capsys.readouterr().out.splitlines())
    assert film.items() >= {"width": 64, "height": 48, "frames": 3}.items()
    assert film["seconds"] > 0 and film["fps"] > 0 and film["styles"] == {"wave": 1.0}
    assert film["output"] == "out/clip.mp4" and "frames" not in picture


def test_skip_existing_and_resume_leave_out_what_is_done(clip, fast_style, capsys):
    assert fast_style("clip.mp4") == 0
    assert "exist" in fast_style.fails("clip.mp4").partition("error")[2]
    for flag in ("--skip_existing", "--resume"):
        capsys.readouterr()
        assert fast_style("clip.mp4", flag) == 0
        assert capsys.readouterr().out == "1 skipped that exist already\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["clip.mp4", "-o", "a.jpg"], "'a.jpg' is no name for a film"),
        (["clip.mp4", "-o", "a.avi"], "Cannot write 'a.avi' as a film. End it in"),
        (["photo.png", "-o", "a.mp4"], "is a film's name, and 'photo.png' is no film"),
        (["clip.mp4", "photo.png", "-o", "a.mp4"], "'a.mp4' is a name for one"),
        (["clip.mp4", "-o", "-"], "'clip.mp4' is a film. Give a file as --output."),
        (["sheet", "clip.mp4"], "it is a film. Films are painted by fast-style FILM"),
        (["film.jpg"], "it is a film."),
    ],
)
def test_what_films_cannot_be_is_one_line(clip, fast_style, words, reason):
    Path("film.jpg").write_bytes(Path("clip.mp4").read_bytes())
    before = files(clip)
    assert reason in fast_style.fails(*words)
    assert files(clip) == before


def test_bad_films_do_not_stop_the_others(clip, fast_style, capsys):
    Path("empty.mp4").touch()
    Path("text.mov").write_text("no film")
    assert fast_style("empty.mp4", "text.mov", "clip.mp4", "-o", "out/") == 1
    first, second, count = capsys.readouterr().err.splitlines()
    assert "'empty.mp4' is empty" in first and "'text.mov' as a film" in second
    assert count == "fast-style: error: 2 of 3 failed."
    assert files(clip / "out") == ["clip.mp4"]


def test_notes_of_a_film_are_lines_on_stderr(clip, fast_style, capsys):
    assert fast_style("clip.mp4", "-o", "a.webm") == 0
    err = capsys.readouterr().err
    note = "'a.webm' takes no aac sound, so it is coded anew as opus."
    assert err == f"fast-style: note: {note}\n"


@pytest.mark.slow
def test_libraries_print_nothing(clip, model):
    data = bytearray(Path("clip.mp4").read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    Path("bad.mp4").write_bytes(data)
    words = ["--model", model, "clip.mp4", "bad.mp4", "-o", "out/"]
    process = run_process(*words, cwd=clip, text=True)
    lines = process.stderr.splitlines()
    assert all(line.startswith("fast-style: ") for line in lines), lines


def test_without_the_extra_a_film_is_one_line(clip, fast_style, monkeypatch, capsys):
    loaded = [name for name in sys.modules if name.startswith("fast_style.video")]
    for name in loaded:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "av", None)
    assert fast_style("clip.mp4", "photo.png", "-o", "out/") == 1
    error, _ = capsys.readouterr().err.splitlines()
    assert "Cannot paint 'clip.mp4': " in error
    assert error.endswith("Install the extra video: pip install '.[video]'")
    assert files(clip / "out") == ["photo.png"]


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_an_animation_stays_one_without_the_extra(
    folder, fast_style, monkeypatch, suffix
):
    monkeypatch.setitem(sys.modules, "av", None)
    animated(f"a{suffix}")
    assert fast_style(f"a{suffix}") == 0
    with Animation(f"a-wave{suffix}") as animation:
        painted = list(animation)
    assert [frame.milliseconds for frame in painted] == [50, 100, 150]
    assert animation.plays == 2
    assert negatives([frame.pixels for frame in painted])


def test_an_animation_keeps_its_transparency(folder, fast_style):
    alpha = np.full((48, 64), 255, np.uint8)
    alpha[:20] = 0
    animations.write("a.gif", [Frame(scene(i), alpha) for i in range(2)])
    assert fast_style("a.gif", "-o", "b.webp") == 0
    with Animation("b.webp") as animation:
        for frame in animation:
            np.testing.assert_array_equal(frame.alpha, alpha)


def test_json_of_an_animation_counts_its_frames(folder, fast_style, capsys):
    animated("a.gif")
    assert fast_style("a.gif", "--json", "--max_size=32") == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["width"], line["height"], line["frames"]) == (32, 24, 3)


@pytest.mark.slow
def test_an_animation_to_stdout(folder, model):
    animated("a.gif")
    process = run_process("--model", model, "a.gif", "-o", "-", cwd=folder)
    Path("b.gif").write_bytes(process.stdout)
    assert process.stderr == b"" and animations.is_animation("b.gif")


def test_animations_and_films_become_each_other(clip, fast_style):
    assert fast_style("clip.mp4", "-o", "b.gif") == 0
    assert animations.is_animation("b.gif")
    animated("a.gif")
    assert fast_style("a.gif", "-o", "b.mp4") == 0
    assert len(times_of("b.mp4")) == 3


def test_a_camera_is_painted_while_it_runs(clip, fast_style, capsys):
    assert fast_style("--camera", "clip.mp4", "-o", "b.mp4", "--json") == 0
    line = json.loads(capsys.readouterr().out)
    assert line["input"] == "clip.mp4" and line["output"] == "b.mp4"
    assert line["frames"] == len(times_of("b.mp4")) == 3 - line["dropped"]
    assert negatives(pictures_of("b.mp4")[:1])


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["photo.png", "--camera"], "Give --camera alone, without pictures"),
        (["--camera=clip.mp4", "-o", "a.png"], "'a.png' is no film's name."),
        (["--camera=clip.mp4", "-o", "clip.mp4"], "'clip.mp4' exists already."),
        (["--camera=/dev/none", "-o", "a.mp4"], "Cannot open camera '/dev/none': "),
    ],
)
def test_what_a_camera_cannot_do_is_one_line(clip, fast_style, words, reason):
    assert reason in fast_style.fails(*words)
    assert files(clip) == ["clip.mp4", "photo.png"]
