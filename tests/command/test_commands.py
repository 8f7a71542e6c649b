"""The commands styles, sheet and blend; test_cli has the one without a name."""

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from commandline import command, fails, fast_style, files
from PIL import Image

from fast_style import images, stylizer
from fast_style.command import cli, sheets


@pytest.fixture(autouse=True)
def default_model(gallery, monkeypatch):
    monkeypatch.setattr(stylizer, "DEFAULT_MODEL", gallery)


@pytest.fixture
def drawn(monkeypatch):
    """What has been asked of sheets.draw."""
    calls = []
    draw = sheets.draw

    def record(pictures, captions, **options):
        calls.append((pictures, captions, options))
        return draw(pictures, captions, **options)

    monkeypatch.setattr(sheets, "draw", record)
    return calls


def test_styles_are_listed_in_columns(folder, capsys):
    assert fast_style("styles") == 0
    assert capsys.readouterr().out == "wave\nscream  The Scream  Edvard Munch  1893\n"


def test_styles_as_json(folder, model, capsys):
    assert fast_style("styles", "--json", "--model", model) == 0
    wave, scream = json.loads(capsys.readouterr().out)
    nothing = dict.fromkeys(("title", "artist", "year", "credit"))
    assert wave == {"name": "wave", **nothing}
    assert scream == {
        "name": "scream",
        "title": "The Scream",
        "artist": "Edvard Munch",
        "year": "1893",
        "credit": "public domain, the artist died in 1944",
    }


def test_sheet_has_the_photo_and_every_style(folder, photo, drawn, capsys):
    assert fast_style("sheet", "photo.png") == 0
    ((pictures, captions, _),) = drawn
    np.testing.assert_array_equal(pictures, [photo, 255 - photo, photo[..., ::-1]])
    assert captions == [
        ("photo", "the photograph"),
        ("wave",),
        ("scream", "The Scream", "Edvard Munch, 1893"),
    ]
    assert files(folder) == ["photo-sheet.png", "photo.png"]
    out, err = capsys.readouterr()
    assert out.startswith("photo-sheet.png in ") and err == ""
    expected = sheets.draw(pictures, captions)
    np.testing.assert_array_equal(images.read("photo-sheet.png").pixels, expected)


def test_flags_reach_the_sheet(folder, drawn):
    arguments = ["sheet", "photo.png", "-o", "out.webp", "--columns=1"]
    arguments += ["--strength=0.5", "--fade=pixels", "--keep_color", "luminance"]
    assert fast_style(*arguments, "--max_size", "40") == 0
    ((pictures, _, options),) = drawn
    small = images.read("photo.png", max_size=40).pixels
    expected = stylizer.Stylizer().stylize(
        small, strength=0.5, fade="pixels", keep_color="luminance"
    )
    np.testing.assert_array_equal(pictures[1], expected)
    np.testing.assert_array_equal(pictures[0], small)
    assert options["columns"] == 1
    assert Image.open("out.webp").format == "WEBP"


def test_sheet_of_a_large_picture_has_small_ones(folder, drawn):
    Image.new("RGB", (1200, 900)).save("large.png")
    assert fast_style("sheet", "large.png") == 0
    assert drawn[0][0][0].shape == (384, 512, 3)


def test_sheet_tells_what_it_is_as_json(folder, capsys):
    assert fast_style("sheet", "photo.png", "--json", "--strength=0.5") == 0
    line = json.loads(capsys.readouterr().out)
    height, width = images.read("photo-sheet.png").pixels.shape[:2]
    assert line.pop("seconds") >= 0
    assert line == {
        "input": "photo.png",
        "output": "photo-sheet.png",
        "width": width,
        "height": height,
        "cells": [
            {"styles": {}, "strength": 0.0},
            {"styles": {"wave": 1.0}, "strength": 0.5},
            {"styles": {"scream": 1.0}, "strength": 0.5},
        ],
        "fade": "network",
        "keep_color": "none",
    }


def test_blend_goes_from_one_style_to_the_other(folder, photo, drawn, capsys):
    assert fast_style("blend", "photo.png", "wave", "scream") == 0
    ((pictures, captions, options),) = drawn
    one, other = 255.0 - photo, photo[..., ::-1].astype(float)
    for picture, share in zip(pictures, (0, 0.25, 0.5, 0.75, 1), strict=True):
        expected = (1 - share) * one + share * other
        np.testing.assert_allclose(picture, expected, atol=0.51)
    assert captions[0] == ("100% wave",) and captions[4] == ("100% scream",)
    assert captions[1] == ("75% wave, 25% scream",)
    assert options["columns"] == 5
    assert files(folder) == ["photo-wave-to-scream.png", "photo.png"]


def test_blend_with_the_photo_is_a_strip_of_strengths(folder, photo, drawn):
    names = ("wave", "photo")
    assert fast_style("blend", "photo.png", *names, "--steps=3") == 0
    assert fast_style("blend", "photo.png", *names[::-1], "--steps=3") == 0
    ((pictures, captions, _), (reverse, *_)) = drawn
    half = stylizer.Stylizer().stylize(photo, strength=0.5)
    np.testing.assert_array_equal(pictures, [255 - photo, half, photo])
    np.testing.assert_array_equal(reverse, pictures[::-1])
    assert captions[1:] == [("50% wave, 50% photo",), ("100% photo",)]


def test_blend_with_the_photo_works_with_every_model(folder, model, photo, drawn):
    arguments = ["blend", "photo.png", "photo", "wave", "--steps=3", "--strength=0.6"]
    assert fast_style(*arguments, "--model", model) == 0
    ((pictures, *_),) = drawn
    for picture, strength in zip(pictures, (0, 0.3, 0.6), strict=True):
        expected = (1 - strength) * photo + strength * (255.0 - photo)
        np.testing.assert_allclose(picture, expected, atol=0.51)


@pytest.mark.parametrize("size", [(16, 16), (17, 1600), (2400, 24), (2400, 40)])
def test_tiny_and_thin_pictures_have_sheets(folder, size):
    Image.new("RGB", size, "teal").save("thin.png")
    assert fast_style("sheet", "thin.png") == 0
    assert fast_style("blend", "thin.png", "wave", "scream", "--columns=2") == 0
    assert (images.read("thin-sheet.png").pixels == (0, 128, 128)).all(-1).any()


def test_sheet_of_a_phone_photo_is_upright_and_tells_nothing_of_it(folder, drawn):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera"
    Image.open("photo.png").save("phone.jpg", exif=exif)
    assert fast_style("sheet", "phone.jpg") == 0
    assert drawn[0][0][0].shape == (53, 37, 3)
    assert not Image.open("phone-sheet.jpg").getexif()


def test_transparent_parts_show_the_paper(folder):
    image = Image.open("photo.png").convert("RGBA")
    image.putalpha(0)
    image.save("clear.png")
    assert fast_style("sheet", "clear.png") == 0
    sheet = Image.open("clear-sheet.png")
    assert sheet.mode == "RGB"
    assert (np.array(sheet)[:37] == sheets.PAPER).all()


def test_sheet_from_stdin_to_stdout(folder, gallery):
    data = Path("photo.png").read_bytes()
    done = command("sheet", "-", "--model", gallery, "--format=jpeg", input=data)
    assert (done.returncode, done.stderr) == (0, b"")
    assert Image.open(io.BytesIO(done.stdout)).format == "JPEG"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["styles", "photo.png"], "'photo.png' is too much"),
        (["styles", "--model", "none.tflite"], "Cannot open 'none.tflite'"),
        (["sheet"], "Give one picture: fast-style sheet PHOTO"),
        (["sheet", "photo.png", "photo.png"], "Give one picture"),
        (["sheet", "empty"], "'empty' is a folder"),
        (["sheet", "none.jpg"], "Cannot open 'none.jpg'"),
        (["sheet", "photo.png", "--style", "wave"], "Unknown command line flag"),
        (["sheet", "photo.png", "--columns", "0"], "columns"),
        (["sheet", "photo.png", "-o", "out.xyz"], "Cannot write 'out.xyz'"),
        (["sheet", "photo.png", "-o", "-", "--json"], "--json needs stdout"),
        (["sheet", "photo.png", "-o", "photo.png"], "exists already"),
        (["blend", "photo.png", "wave"], "Give a picture and two styles"),
        (["blend", "photo.png", "wave", "wave"], "Give a picture and two styles"),
        (["blend", "photo.png", "wave", "wawe"], "No style 'wawe' in this model"),
        (["blend", "photo.png", "wave", "photo", "--steps=1"], "steps"),
        (["--overwrite", "sheet"], "Give sheet first, as in: fast-style sheet"),
    ],
)
def test_bad_input_is_one_line(folder, capsys, arguments, message):
    os.mkdir("empty")
    assert message in fails(capsys, *arguments)
    assert files(folder) == ["photo.png"]


def test_fade_a_model_cannot_is_one_line_before_any_work(folder, model, capsys):
    for arguments in (["photo.png"] * 2, ["sheet", "photo.png"]):
        error = fails(capsys, *arguments, "--fade=network", "--model", model)
        assert "this model has no row 'photo'" in error


def test_too_large_a_sheet_is_refused_before_any_work(folder, capsys, monkeypatch):
    assert fast_style("sheet", "photo.png") == 0
    height, width = images.read("photo-sheet.png").pixels.shape[:2]
    monkeypatch.setattr(stylizer.Stylizer, "stylize", None)
    again = ("sheet", "photo.png", "--overwrite")
    monkeypatch.setattr(images, "MAX_PIXELS", height * width - 1)
    error = fails(capsys, *again)
    assert f"of {width} x {height} px is too large for a PNG file. Give" in error


def test_strip_longer_than_its_format_holds_is_refused_before_any_work(
    folder, capsys, monkeypatch
):
    monkeypatch.setattr(stylizer.Stylizer, "stylize", None)
    blend = ("blend", "photo.png", "wave", "scream", "--steps=100", "--columns=100")
    assert "too large for a WEBP file" in fails(capsys, *blend, "-o", "out.webp")
    assert files(folder) == ["photo.png"]


def test_many_steps_stand_in_equal_rows(folder, drawn):
    blend = ("blend", "photo.png", "wave", "scream")
    assert fast_style(*blend, "--steps=21") == 0
    assert drawn[0][2]["columns"] == 7


def test_sheets_in_a_folder_do_not_take_the_photographs_name(folder):
    assert fast_style("sheet", "photo.png", "-o", ".") == 0
    assert fast_style("blend", "photo.png", "wave", "scream", "-o", "new/") == 0
    assert files(folder) == [
        "new/photo-wave-to-scream.png",
        "photo-sheet.png",
        "photo.png",
    ]


def test_existing_sheet_needs_overwrite(folder, capsys):
    Path("photo-sheet.png").write_text("precious")
    assert "exists already" in fails(capsys, "sheet", "photo.png")
    assert Path("photo-sheet.png").read_text() == "precious"
    assert fast_style("sheet", "photo.png", "--overwrite") == 0
    assert Image.open("photo-sheet.png").format == "PNG"


def test_pictures_named_like_commands_are_given_with_their_folder(folder, photo):
    os.mkdir("sheet")
    os.rename("photo.png", "sheet/photo.png")
    assert fast_style("./sheet") == 0
    result = images.read("sheet-wave/photo.png").pixels
    np.testing.assert_array_equal(result, 255 - photo)


@pytest.mark.parametrize("name", ["styles", "sheet", "blend"])
def test_every_command_has_its_help(capsys, name):
    assert fast_style("--help") == 0
    assert f"  {name} " in capsys.readouterr().out
    assert fast_style(name, "--help") == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: fast-style {name} ")
    for flag in cli.define_flags(name):
        assert f"-{flag}" in text
    assert max(map(len, text.splitlines())) <= 88
