"""The commands styles, sheet and blend; test_cli has the one without a name."""

import io
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from commandline import Command, files, run_process
from PIL import Image

from fast_style import Stylizer, images
from fast_style.command import sheets


@pytest.fixture
def fast_style(capsys, gallery):
    return Command(capsys, gallery)


@pytest.fixture
def drawn(monkeypatch):
    """The arguments of each call of sheets.draw."""
    calls = []
    draw = sheets.draw

    def record(pictures, captions, **options):
        calls.append((pictures, captions, options))
        return draw(pictures, captions, **options)

    monkeypatch.setattr(sheets, "draw", record)
    return calls


def test_styles_are_listed_in_columns(folder, fast_style, capsys):
    assert fast_style("styles") == 0
    assert capsys.readouterr().out == "wave\nscream  The Scream  Edvard Munch  1893\n"


def test_styles_as_json(folder, fast_style, model, capsys):
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


def test_sheet_has_the_photo_and_every_style(folder, fast_style, photo, drawn, capsys):
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


def test_flags_reach_the_sheet(folder, fast_style, drawn, gallery):
    arguments = ["sheet", "photo.png", "-o", "out.webp", "--columns=1"]
    arguments += ["--strength=0.5", "--fade=pixels", "--keep_color", "luminance"]
    assert fast_style(*arguments, "--max_size", "40") == 0
    ((pictures, _, options),) = drawn
    small = images.read("photo.png", max_size=40).pixels
    expected = Stylizer(gallery).stylize(
        small, strength=0.5, fade="pixels", keep_color="luminance"
    )
    np.testing.assert_array_equal(pictures[1], expected)
    np.testing.assert_array_equal(pictures[0], small)
    assert options["columns"] == 1
    assert images.read("out.webp").format == "WEBP"


def test_sheet_of_a_large_picture_has_small_ones(folder, fast_style, drawn):
    Image.new("RGB", (1200, 900)).save("large.png")
    assert fast_style("sheet", "large.png") == 0
    assert drawn[0][0][0].shape == (384, 512, 3)


def test_sheet_is_described_as_json(folder, fast_style, capsys):
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
        "stroke": 1.0,
    }


def test_blend_goes_from_one_style_to_the_other(folder, fast_style, photo, drawn):
    assert fast_style("blend", "photo.png", "wave", "scream") == 0
    ((pictures, captions, options),) = drawn
    wave, scream = 255.0 - photo, photo[..., ::-1].astype(float)
    for picture, share in zip(pictures, (0, 0.25, 0.5, 0.75, 1), strict=True):
        expected = (1 - share) * wave + share * scream
        np.testing.assert_allclose(picture, expected, atol=0.51)
    assert captions[0] == ("100% wave",) and captions[4] == ("100% scream",)
    assert captions[1] == ("75% wave, 25% scream",)
    assert options["columns"] == 5
    assert files(folder) == ["photo-wave-to-scream.png", "photo.png"]


def test_blend_with_the_photo_is_a_strip_of_strengths(
    folder, fast_style, photo, drawn, gallery
):
    names = ("wave", "photo")
    assert fast_style("blend", "photo.png", *names, "--steps=3") == 0
    assert fast_style("blend", "photo.png", *names[::-1], "--steps=3") == 0
    ((pictures, captions, _), (reverse, *_)) = drawn
    half = Stylizer(gallery).stylize(photo, strength=0.5)
    np.testing.assert_array_equal(pictures, [255 - photo, half, photo])
    np.testing.assert_array_equal(reverse, pictures[::-1])
    assert captions[1:] == [("50% wave, 50% photo",), ("100% photo",)]


def test_blend_with_the_photo_works_with_every_model(
    folder, fast_style, model, photo, drawn
):
    arguments = ["blend", "photo.png", "photo", "wave", "--steps=3", "--strength=0.6"]
    assert fast_style(*arguments, "--model", model) == 0
    ((pictures, *_),) = drawn
    for picture, strength in zip(pictures, (0, 0.3, 0.6), strict=True):
        expected = (1 - strength) * photo + strength * (255.0 - photo)
        np.testing.assert_allclose(picture, expected, atol=0.51)


@pytest.mark.parametrize("size", [(16, 16), (17, 1600), (2400, 24), (2400, 40)])
def test_tiny_and_thin_pictures_have_sheets(folder, fast_style, size):
    Image.new("RGB", size, "teal").save("thin.png")
    assert fast_style("sheet", "thin.png") == 0
    assert fast_style("blend", "thin.png", "wave", "scream", "--columns=2") == 0
    assert (images.read("thin-sheet.png").pixels == (0, 128, 128)).all(-1).any()


def test_sheet_of_a_phone_photo_is_upright_and_has_no_exif(folder, fast_style, drawn):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera"
    Image.open("photo.png").save("phone.jpg", exif=exif)
    assert fast_style("sheet", "phone.jpg") == 0
    assert drawn[0][0][0].shape == (53, 37, 3)
    assert images.read("phone-sheet.jpg").exif is None


def test_transparent_parts_show_the_paper(folder, fast_style):
    image = Image.open("photo.png").convert("RGBA")
    image.putalpha(0)
    image.save("clear.png")
    assert fast_style("sheet", "clear.png") == 0
    sheet = images.read("clear-sheet.png")
    assert sheet.alpha is None
    assert (sheet.pixels[:37] == sheets.PAPER).all()


@pytest.mark.slow
def test_sheet_from_stdin_to_stdout(folder, gallery):
    data = Path("photo.png").read_bytes()
    process = run_process("sheet", "-", "--model", gallery, "--format=jpeg", input=data)
    assert (process.returncode, process.stderr) == (0, b"")
    assert images.read(io.BytesIO(process.stdout)).format == "JPEG"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["styles", "photo.png"], "'photo.png' is no flag"),
        (["styles", "--model", "none.tflite"], "Cannot open 'none.tflite'"),
        (["sheet"], "Give one picture: fast-style sheet PHOTO"),
        (["sheet", "photo.png", "photo.png"], "Give one picture"),
        (["sheet", "empty"], "'empty' is a folder"),
        (["sheet", "none.jpg"], "Cannot open 'none.jpg'"),
        (
            ["sheet", "photo.png", "--style", "wave"],
            "sheet has no flag --style",
        ),
        (["sheet", "photo.png", "--columns", "0"], "columns"),
        (["sheet", "photo.png", "-o", "out.xyz"], "Cannot write 'out.xyz'"),
        (["sheet", "photo.png", "-o", "-", "--json"], "--json needs stdout"),
        (["sheet", "photo.png", "-o", "photo.png"], "exists already"),
        (["blend", "photo.png", "wave"], "Give a picture and two different styles"),
        (
            ["blend", "photo.png", "wave", "wave"],
            "Give a picture and two different styles",
        ),
        (["blend", "photo.png", "wave", "wawe"], "No style 'wawe' in this model"),
        (["blend", "photo.png", "wave", "photo", "--steps=1"], "steps"),
        (["photo.png", "--stroke", "9"], "stroke is '9'. Give a number from 1 to 8"),
        (["--overwrite", "sheet"], "Give sheet first, as in: fast-style sheet"),
    ],
)
def test_bad_input_is_one_line(folder, fast_style, arguments, message):
    os.mkdir("empty")
    assert message in fast_style.fails(*arguments)
    assert files(folder) == ["photo.png"]


def test_fade_a_model_cannot_is_one_line_before_any_work(folder, fast_style, model):
    for arguments in (["photo.png"] * 2, ["sheet", "photo.png"]):
        error = fast_style.fails(*arguments, "--fade=network", "--model", model)
        assert "this model has no row 'photo'" in error


def test_too_large_a_sheet_is_refused_before_any_work(folder, fast_style, monkeypatch):
    monkeypatch.setattr(Stylizer, "stylize", None)
    Image.new("RGB", (1600, 1200)).save("large.png")
    arguments = ("--max_size=0", "--steps=100", "--columns=10")
    error = fast_style.fails("blend", "large.png", "wave", "scream", *arguments)
    assert re.search(
        r"A sheet of \d+ x \d+ px is too large for a PNG file. Give", error
    )


def test_strip_longer_than_its_format_holds_is_refused_before_any_work(
    folder, fast_style, monkeypatch
):
    monkeypatch.setattr(Stylizer, "stylize", None)
    blend = ("blend", "photo.png", "wave", "scream", "--steps=100", "--columns=100")
    assert "too large for a WEBP file" in fast_style.fails(*blend, "-o", "out.webp")
    assert files(folder) == ["photo.png"]


def test_many_steps_stand_in_equal_rows(folder, fast_style, drawn):
    blend = ("blend", "photo.png", "wave", "scream")
    assert fast_style(*blend, "--steps=21") == 0
    assert drawn[0][2]["columns"] == 7


def test_sheets_in_a_folder_do_not_take_the_photographs_name(folder, fast_style):
    assert fast_style("sheet", "photo.png", "-o", ".") == 0
    assert fast_style("blend", "photo.png", "wave", "scream", "-o", "new/") == 0
    assert files(folder) == [
        "new/photo-wave-to-scream.png",
        "photo-sheet.png",
        "photo.png",
    ]


def test_existing_sheet_needs_overwrite(folder, fast_style):
    Path("photo-sheet.png").write_text("precious")
    assert "exists already" in fast_style.fails("sheet", "photo.png")
    assert Path("photo-sheet.png").read_text() == "precious"
    assert fast_style("sheet", "photo.png", "--overwrite") == 0
    assert images.read("photo-sheet.png").format == "PNG"


def test_pictures_named_like_commands_are_given_with_their_folder(
    folder, fast_style, photo
):
    os.mkdir("sheet")
    os.rename("photo.png", "sheet/photo.png")
    assert fast_style("./sheet") == 0
    result = images.read("sheet-wave/photo.png").pixels
    np.testing.assert_array_equal(result, 255 - photo)
