"""Photographs painted from the command line; test_flags has the flags themselves."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from commandline import Command, files
from PIL import Image

from fast_style import Stylizer, catalogue, images, styles


@pytest.fixture
def fast_style(capsys, model):
    return Command(capsys, model)


def test_one_picture_to_a_file(folder, fast_style, photo, capsys):
    assert fast_style("photo.png", "-o", "out.png") == 0
    np.testing.assert_array_equal(images.read("out.png").pixels, 255 - photo)
    out, err = capsys.readouterr()
    assert out.startswith("out.png in ") and err == ""


@pytest.mark.parametrize("command", [[], ["sheet"]])
def test_first_frame_of_an_animation_is_painted_with_a_note(
    folder, fast_style, capsys, command
):
    frames = [Image.new("RGB", (40, 40), color) for color in ("red", "blue")]
    frames[0].save("film.gif", save_all=True, append_images=frames[1:])
    assert fast_style(*command, "film.gif", "-o", "out.bmp") == 0
    note = (
        "fast-style: note: 'film.gif' has more frames or pages. The first is painted."
    )
    assert note in capsys.readouterr().err.splitlines()
    if not command:
        assert (images.read("out.bmp").pixels == (0, 255, 255)).all()


def test_name_beside_the_input_is_the_default(folder, fast_style, photo):
    assert fast_style("photo.png") == 0
    assert fast_style("photo.png", "--style", "scream:1,wave:3") == 0
    assert files(folder) == ["photo-scream-wave.png", "photo-wave.png", "photo.png"]


def test_folder_beside_the_input_is_the_default(folder, fast_style):
    (folder / "in" / "a").mkdir(parents=True)
    os.rename("photo.png", "in/a/photo.png")
    assert fast_style("in") == 0
    assert files(folder) == ["in-wave/a/photo.png", "in/a/photo.png"]


def test_flags_reach_the_picture(folder, fast_style, photo, model):
    arguments = ["photo.png", "-o", "b.png", "--style", "wave:1,scream:1"]
    arguments += ["--strength=0.5", "--keep_color", "luminance", "--max_size", "50"]
    arguments += ["--stroke", "1.5"]
    assert fast_style(*arguments) == 0
    small = images.read("photo.png", max_size=50).pixels
    assert small.shape == (35, 50, 3)
    expected = Stylizer(model).stylize(
        small,
        styles={"wave": 0.5, "scream": 0.5},
        strength=0.5,
        keep_color="luminance",
        stroke=1.5,
    )
    np.testing.assert_array_equal(images.read("b.png").pixels, expected)


def test_embedded_gallery_is_the_default_model(folder, capsys):
    assert Command(capsys)("photo.png") == 0
    first = next(iter(catalogue.read()))
    assert capsys.readouterr().out.startswith(f"photo-{first}.png in ")


def test_suffix_and_format_decide_the_kind_of_file(folder, fast_style):
    Image.open("photo.png").save("photo.gif")
    assert fast_style("photo.png", "-o", "b.webp") == 0
    assert fast_style("photo.gif", "-o", "gif/") == 0
    assert fast_style("photo.png", "-o", "jpeg/", "--format=jpeg") == 0
    formats = {name: images.read(name).format for name in files(folder)}
    assert formats == {
        "photo.png": "PNG",
        "photo.gif": "GIF",
        "b.webp": "WEBP",
        "gif/photo.png": "PNG",
        "jpeg/photo.jpg": "JPEG",
    }


def test_folder_keeps_its_structure(folder, fast_style):
    for name in ("in/a.png", "in/sub/b.PNG", "in/sub/.hidden.png"):
        Path(name).parent.mkdir(exist_ok=True, parents=True)
        Path(name).write_bytes(Path("photo.png").read_bytes())
    Path("in/notes.txt").write_text("no picture")
    assert fast_style("in", "photo.png", "-o", "out") == 0
    assert files(folder / "out") == ["a.png", "photo.png", "sub/b.PNG"]


def test_results_inside_the_input_folder_are_not_read_again(folder, fast_style):
    for _ in range(2):
        assert fast_style(".", "-o", "out", "--overwrite") == 0
    assert files(folder) == ["out/photo.png", "photo.png"]


def test_folder_with_broken_pictures(folder, fast_style, photo, capsys):
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
    *lines, count = err.splitlines()
    assert [line.split("'")[1] for line in lines] == [
        "in/cut.jpg",
        "in/empty.jpg",
        "in/one.png",
        "in/text.png",
    ]
    assert all(line.startswith("fast-style: error: ") for line in lines)
    assert count == "fast-style: error: 4 of 8 failed."
    assert out.startswith("4 pictures in ")
    assert images.read("out/rotated.jpg").pixels.shape == (53, 37, 3)
    assert images.read("out/alpha.png").alpha is not None
    inverted = 255.0 - images.read("in/cmyk.jpg").pixels
    assert np.abs(images.read("out/cmyk.jpg").pixels - inverted).mean() < 3


def test_existing_files_need_overwrite(folder, fast_style, photo):
    Path("out.png").write_text("precious")
    assert "'out.png' exists already. Give --overwrite" in fast_style.fails(
        "photo.png", "-o", "out.png"
    )
    assert Path("out.png").read_text() == "precious"
    assert fast_style("photo.png", "-o", "out.png", "--overwrite") == 0
    np.testing.assert_array_equal(images.read("out.png").pixels, 255 - photo)


def test_input_is_not_written_over(folder, fast_style, photo):
    assert "exists already" in fast_style.fails("photo.png", "-o", ".")
    assert "exists already" in fast_style.fails(".", "-o", ".")
    np.testing.assert_array_equal(images.read("photo.png").pixels, photo)
    assert fast_style("photo.png", "-o", ".", "--overwrite") == 0
    np.testing.assert_array_equal(images.read("photo.png").pixels, 255 - photo)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "No picture given"),
        ([""], "A picture's name is empty."),
        (["photo.png", "-o", ""], "argument -o/--output: it is empty. Give a path."),
        (["photo.png", "--model="], "argument --model: it is empty. Give a path."),
        (["-", "-o", "new/"], "'new/' is a folder. Give a file for one from stdin."),
        (["photo.png", "-o", f"{256 * 'a'}.png"], "is too long for a file's name."),
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
        (["photo.png", "--max_size", "16"], "too thin at max_size=16. Give a larger"),
        (["photo.png", "--model", "none.tflite"], "Cannot open 'none.tflite'"),
        (["photo.png", "--model", "photo.png"], "damaged, or no model of fast_style"),
        (["photo.png", "-o", "out.gif"], "'out.gif': GIF can be read, not written."),
        (["photo.png", "-o", "new"], " For a folder, end it in /.\n"),
        (["photo.png", "-o", "out.xyz"], "Cannot write 'out.xyz'"),
        (["photo.png", "-o", "a.png", "--format", "jpeg"], "no name for a JPEG"),
        (["photo.png", "-o", "photo.png/a.png"], "Cannot write 'photo.png/a.png'"),
        (["photo.png", "-o", "-", "--json"], "--json needs stdout"),
        (["-", "photo.png"], "one picture alone"),
        (["empty"], "No pictures in 'empty'"),
        (["none/"], "Cannot open 'none/': No such file"),
        (["photo.png/"], "Cannot open 'photo.png/': Not a directory."),
        (["photo.png", "scream"], "Cannot open 'scream'. Did you mean --style scream?"),
        (["monet"], "Cannot open 'monet': No such file"),
        (["sytles"], "Cannot open 'sytles'. Did you mean fast-style styles?"),
        (["help"], "Cannot open 'help'. Did you mean fast-style --help?"),
        ([".", "-o", "a.png"], "'a.png' is a name for one picture. Give 'a.png/'"),
        (["photo.png"] * 2 + ["-o", "a.JPG"], "Give 'a.JPG/' for a folder."),
    ],
)
def test_bad_input_is_one_line(folder, fast_style, arguments, message):
    os.mkdir("empty")
    assert message in fast_style.fails(*arguments)
    assert files(folder) == ["photo.png"]


def test_full_disk_is_one_line(folder, fast_style, monkeypatch):
    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    error = fast_style.fails("photo.png", "-o", "out.png")
    assert "Cannot write 'out.png': No space left on device." in error
    assert files(folder) == ["photo.png"]


def test_json_has_a_line_for_each_picture(folder, fast_style, capsys):
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
        "stroke": 1.0,
    }
    assert bad.keys() == {"input", "error"} and bad["input"] == "text.png"
    assert "Cannot read 'text.png' as an image." in bad["error"]


def test_style_has_a_short_flag(folder, fast_style):
    assert fast_style("photo.png", "-s", "scream") == 0
    assert files(folder) == ["photo-scream.png", "photo.png"]


def test_styles_given_one_by_one_are_blended(folder, fast_style, capsys):
    styles = ("--style=wave:1", "--style", "scream:3")
    assert fast_style("photo.png", *styles, "--json") == 0
    line = json.loads(capsys.readouterr().out)
    assert line["styles"] == {"wave": 0.25, "scream": 0.75}


def test_styles_as_text():
    assert styles.parse(None) is None
    assert styles.parse("wave") == {"wave": 1.0}
    expected = {"wave": 0.6, "scream": 0.4}
    assert styles.parse("wave:0.6, scream:0.4") == expected


def test_stdin_does_not_write_over_a_file(folder, fast_style):
    assert "exists already" in fast_style.fails("-", "-o", "photo.png")


def test_several_pictures_go_to_a_folder_named_like_a_picture(folder, fast_style):
    assert fast_style(".", "-o", "new.png/") == 0
    os.mkdir("existing.jpg")
    assert fast_style("photo.png", "-o", "existing.jpg") == 0
    assert files(folder) == ["existing.jpg/photo.png", "new.png/photo.png", "photo.png"]


def test_photographs_named_like_styles_and_commands_are_painted(folder, fast_style):
    for name in ("wave", "styels"):
        Path(name).write_bytes(Path("photo.png").read_bytes())
    assert fast_style("styels", "wave", "-o", "new/") == 0
    assert files(folder / "new") == ["styels.png", "wave.png"]


def test_folder_given_as_a_dot(folder, fast_style):
    assert fast_style(".") == 0
    beside = folder.with_name(f"{folder.name}-wave")
    assert files(beside) == files(folder) == ["photo.png"]
