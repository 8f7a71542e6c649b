import json
import os
from pathlib import Path

import numpy as np
import pytest
from commandline import fails, fast_style, files
from PIL import Image

from fast_style import images, styles, stylizer
from fast_style.command import cli, jobs


@pytest.fixture(autouse=True)
def default_model(model, monkeypatch):
    monkeypatch.setattr(stylizer, "DEFAULT_MODEL", model)


def test_one_picture_to_a_file(folder, photo, capsys):
    assert fast_style("photo.png", "-o", "out.png") == 0
    np.testing.assert_array_equal(images.read("out.png").pixels, 255 - photo)
    out, err = capsys.readouterr()
    assert out.startswith("out.png in ") and err == ""


def test_name_beside_the_input_is_the_default(folder, photo):
    assert fast_style("photo.png") == 0
    assert fast_style("photo.png", "--style", "scream:1,wave:3") == 0
    assert files(folder) == ["photo-scream-wave.png", "photo-wave.png", "photo.png"]


def test_folder_beside_the_input_is_the_default(folder):
    (folder / "in" / "a").mkdir(parents=True)
    os.rename("photo.png", "in/a/photo.png")
    assert fast_style("in") == 0
    assert files(folder) == ["in-wave/a/photo.png", "in/a/photo.png"]


def test_flags_reach_the_picture(folder, photo):
    arguments = ["photo.png", "-o", "b.png", "--style", "wave:1,scream:1"]
    arguments += ["--strength=0.5", "--keep_color", "luminance", "--max_size", "40"]
    assert fast_style(*arguments) == 0
    small = images.read("photo.png", max_size=40).pixels
    assert small.shape == (28, 40, 3)
    expected = stylizer.Stylizer().stylize(
        small,
        styles={"wave": 0.5, "scream": 0.5},
        strength=0.5,
        keep_color="luminance",
    )
    np.testing.assert_array_equal(images.read("b.png").pixels, expected)


def test_another_model(folder, model, monkeypatch):
    monkeypatch.setattr(stylizer, "DEFAULT_MODEL", folder / "none.tflite")
    assert fast_style("photo.png", "--model", model) == 0


def test_suffix_and_format_decide_the_kind_of_file(folder):
    Image.open("photo.png").save("photo.gif")
    assert fast_style("photo.png", "-o", "b.webp") == 0
    assert fast_style("photo.gif", "photo.png", "-o", "out", "--format=jpeg") == 1
    assert fast_style("photo.gif", "-o", "gif/") == 0
    assert fast_style("photo.png", "-o", "jpeg/", "--format=jpeg") == 0
    kinds = {name: Image.open(name).format for name in files(folder)}
    assert kinds == {
        "photo.png": "PNG",
        "photo.gif": "GIF",
        "b.webp": "WEBP",
        "gif/photo.png": "PNG",
        "jpeg/photo.jpg": "JPEG",
    }


def test_folder_keeps_its_structure(folder):
    for name in ("in/a.png", "in/sub/b.PNG", "in/sub/.hidden.png"):
        Path(name).parent.mkdir(exist_ok=True, parents=True)
        Path(name).write_bytes(Path("photo.png").read_bytes())
    Path("in/notes.txt").write_text("no picture")
    assert fast_style("in", "photo.png", "-o", "out") == 0
    assert files(folder / "out") == ["a.png", "photo.png", "sub/b.PNG"]


def test_results_inside_the_input_folder_are_not_read_again(folder):
    for _ in range(2):
        assert fast_style(".", "-o", "out", "--overwrite") == 0
    assert files(folder) == ["out/photo.png", "photo.png"]


def test_folder_with_broken_pictures(folder, photo, capsys):
    os.mkdir("in")
    image = Image.fromarray(photo)
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save("in/good.jpg")
    image.convert("CMYK").save("in/cmyk.jpg")
    image.save("in/rotated.jpg", exif=exif)
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    image.save("in/alpha.png")
    Image.new("RGB", (1, 1)).save("in/one.png")
    Path("in/text.png").write_text("no picture")
    Path("in/empty.jpg").touch()
    Path("in/cut.jpg").write_bytes(Path("in/good.jpg").read_bytes()[:700])
    assert fast_style("in", "-o", "out") == 1
    out, err = capsys.readouterr()
    assert files(folder / "out") == ["alpha.png", "cmyk.jpg", "good.jpg", "rotated.jpg"]
    assert [line.split("'")[1] for line in err.splitlines()] == [
        "in/cut.jpg",
        "in/empty.jpg",
        "in/one.png",
        "in/text.png",
    ]
    assert all(line.startswith("fast-style: error: ") for line in err.splitlines())
    assert out.startswith("4 pictures in ")
    assert images.read("out/rotated.jpg").pixels.shape == (53, 37, 3)
    assert images.read("out/alpha.png").alpha is not None
    inverted = 255.0 - images.read("in/cmyk.jpg").pixels
    assert np.abs(images.read("out/cmyk.jpg").pixels - inverted).mean() < 3


def test_existing_files_need_overwrite(folder, photo, capsys):
    Path("out.png").write_text("precious")
    assert "'out.png' exists already. Give --overwrite" in fails(
        capsys, "photo.png", "-o", "out.png"
    )
    assert Path("out.png").read_text() == "precious"
    assert fast_style("photo.png", "-o", "out.png", "--overwrite") == 0
    np.testing.assert_array_equal(images.read("out.png").pixels, 255 - photo)


def test_input_is_not_written_over(folder, photo, capsys):
    assert "exists already" in fails(capsys, "photo.png", "-o", ".")
    assert "exists already" in fails(capsys, ".", "-o", ".")
    np.testing.assert_array_equal(images.read("photo.png").pixels, photo)
    assert fast_style("photo.png", "-o", ".", "--overwrite") == 0
    np.testing.assert_array_equal(images.read("photo.png").pixels, 255 - photo)


def test_two_inputs_for_one_output(folder, capsys):
    os.mkdir("in")
    Image.open("photo.png").save("in/photo.png")
    error = fails(capsys, "photo.png", "in/photo.png", "-o", "out", "--overwrite")
    assert "'photo.png' and 'in/photo.png' would both be written to" in error
    Image.open("photo.png").save("photo.bmp")
    assert "both" in fails(capsys, "photo.png", "photo.bmp", "--format", "webp")
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "No picture given"),
        (["none.jpg"], "Cannot open 'none.jpg': No such file"),
        (
            ["photo.png", "--style", "wawe"],
            "No style 'wawe' in this model. Did you mean wave?",
        ),
        (["photo.png", "--style=monet"], "in this model. It has wave, scream."),
        (["photo.png", "--style=wave:1,wave:2"], "Style 'wave' is there twice."),
        (["photo.png", "--style=wave", "--style=wave"], "Style 'wave' is there twice."),
        (["--strength=0.5", "sheet", "photo.png"], "Give sheet first, as in: fast-sty"),
        (["photo.png", "--style", "wave:x"], "no number after the colon"),
        (["photo.png", "--style", "wave:-1"], "Give 0 or more"),
        (["photo.png", "--strength", "2"], "strength"),
        (["photo.png", "--strength", "nan"], "strength is nan"),
        (["photo.png", "--keep_color", "hue"], "keep_color"),
        (["photo.png", "--max_size", "-1"], "max_size"),
        (["photo.png", "--max_size", "10"], "too thin at max_size=10"),
        (["photo.png", "--quality", "101"], "quality"),
        (["photo.png", "--nonsense"], "Unknown command line flag 'nonsense'"),
        (["photo.png", "--model", "none.tflite"], "Cannot open 'none.tflite'"),
        (["photo.png", "--model", "photo.png"], "carries no readable fast_style.json"),
        (["photo.png", "-o", "out.gif"], "Cannot write 'out.gif'"),
        (["photo.png", "-o", "out.xyz"], "Cannot write 'out.xyz'"),
        (["photo.png", "-o", "a.png", "--format", "jpeg"], "no name for a JPEG"),
        (["photo.png", "-o", "photo.png/a.png"], "Cannot write 'photo.png/a.png'"),
        (["photo.png", "-o", "-", "--json"], "--json needs stdout"),
        (["-", "photo.png"], "one picture alone"),
        (["empty"], "No pictures in 'empty'"),
    ],
)
def test_bad_input_is_one_line(folder, capsys, arguments, message):
    os.mkdir("empty")
    assert message in fails(capsys, *arguments)
    assert files(folder) == ["photo.png"]


def test_full_disk_is_one_line(folder, capsys, monkeypatch):
    def full(self, data):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    error = fails(capsys, "photo.png", "-o", "out.png")
    assert "Cannot write 'out.png': No space left on device." in error
    assert files(folder) == ["photo.png"]


def test_json_has_a_line_for_each_picture(folder, capsys):
    Path("text.png").write_text("no picture")
    arguments = ["photo.png", "text.png", "-o", "out", "--json", "--strength", "0.5"]
    assert fast_style(*arguments, "--style=wave:1,scream:3") == 1
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert good.pop("seconds") >= 0
    assert good == {
        "input": "photo.png",
        "output": "out/photo.png",
        "width": 53,
        "height": 37,
        "styles": {"wave": 0.25, "scream": 0.75},
        "strength": 0.5,
        "fade": "pixels",
        "keep_color": "none",
    }
    assert bad.keys() == {"input", "error"} and bad["input"] == "text.png"
    assert "Cannot read 'text.png' as an image." in bad["error"]


def test_styles_given_one_by_one_are_blended(folder, capsys):
    styles = ("--style=wave:1", "--style", "scream:3")
    assert fast_style("photo.png", *styles, "--json") == 0
    line = json.loads(capsys.readouterr().out)
    assert line["styles"] == {"wave": 0.25, "scream": 0.75}


def test_help_names_every_flag(capsys):
    assert fast_style("--help") == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: fast-style IN... [-o OUT]")
    for name in cli.define_flags():
        assert f"-{name}" in text
    assert "Default: 2048." in text and "0 (the photo) to 1" in text
    assert max(map(len, text.splitlines())) <= 88


def test_help_and_errors_change_no_other_programs_flags(capsys):
    from absl import flags

    before = set(flags.FLAGS)
    fast_style("--help")
    assert set(flags.FLAGS) == before


def test_styles_as_text():
    assert styles.parse(None) is None
    assert styles.parse("wave") == {"wave": 1.0}
    expected = {"wave": 0.6, "scream": 0.4}
    assert styles.parse("wave:0.6, scream:0.4") == expected


def test_stdin_does_not_write_over_a_file(folder, capsys):
    assert "exists already" in fails(capsys, "-", "-o", "photo.png")


def test_folder_given_as_a_dot(folder):
    assert fast_style(".") == 0
    beside = folder.with_name(f"{folder.name}-wave")
    assert files(beside) == files(folder) == ["photo.png"]


def test_plan_does_no_work(folder):
    planned = jobs.plan(["photo.png"], "new/", label="wave")
    assert planned == [jobs.Job("photo.png", "new/photo.png")]
    assert files(folder) == ["photo.png"]
