"""Which files are read, and what is said of the others."""

import io
import os
import re
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fast_style import animations, images, kinds

STARTS = {
    "HEIC": b"\0\0\0\x18ftypheic" + bytes(12),
    "JPEG XL": b"\0\0\0\x0cJXL \r\n\x87\n",
    "RAW": b"FUJIFILMCCD-RAW 0201",
    "Photoshop": b"8BPS\0\1",
    "SVG": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">',
    "PDF": b"%PDF-1.7\n",
}


@pytest.mark.parametrize("kind", kinds.FOREIGN, ids=lambda kind: kind.name)
def test_a_foreign_kind_is_told_with_its_remedy(tmp_path, kind):
    content = STARTS[kind.name] + bytes(100)
    for name in (f"a{kind.suffixes[0]}", "a.jpg"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(images.Unreadable) as error:
            images.read(tmp_path / name)
        path = str(tmp_path / name)
        damaged = ", and damaged or of a rare kind" if kind.is_read else ""
        assert str(error.value) == (
            f"Cannot read {path!r}: it is {kind.name}{damaged}. {kind.remedy}"
        )
        assert kind.advice in str(error.value)
    with pytest.raises(images.Unreadable, match=f"it is {kind.name}"):
        images.read(io.BytesIO(content))


@pytest.mark.parametrize("kind", kinds.FOREIGN, ids=lambda kind: kind.name)
def test_a_foreign_kind_is_known_by_name(kind):
    for suffix in kind.suffixes:
        assert kinds.foreign_by_name(f"folder/IMG{suffix.upper()}") is kind
    assert (set(kind.suffixes) <= kinds.IMAGE_SUFFIXES) == kind.is_read


def test_a_kind_without_its_plugin_is_told_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    (tmp_path / "a.heic").write_bytes(STARTS["HEIC"] + bytes(100))
    with pytest.raises(images.Unreadable) as error:
        images.read(tmp_path / "a.heic")
    assert str(error.value).endswith(
        "it is HEIC. No module named 'pillow_heif'. Install the extra heif: pip "
        "install '.[heif]', or convert it, for example: heif-convert photo.heic "
        "photo.jpg. An iPhone saves JPEG with Settings, Camera, Formats, Most "
        "Compatible."
    )


@pytest.mark.parametrize("name", ["a.jpg", "a.txt", "a", ".heic"])
def test_other_names_are_of_no_foreign_kind(name):
    assert kinds.foreign_by_name(name) is None


@pytest.mark.parametrize("start", [b"", b"<html>", b"\0\0\0\x18ftypavif"])
def test_other_content_is_of_no_foreign_kind(start):
    assert kinds.foreign_by_content(start) is None


def test_films_are_known_by_name_and_content():
    assert kinds.is_film("folder/CLIP.MP4") and not kinds.is_film("mp4")
    assert not kinds.FILM_SUFFIXES & kinds.IMAGE_SUFFIXES
    assert set(kinds.WRITABLE_FILMS) <= kinds.FILM_SUFFIXES
    for start in (b"\0\0\0\x18ftypisom", b"\x1a\x45\xdf\xa3", b"RIFF....AVI LIST"):
        assert kinds.foreign_by_content(start) is kinds.FILM


def test_raw_of_many_makers_is_known_by_content():
    for start in (b"\0\0\0\x18ftypcrx ", b"IIRO", b"IIU\0", b"II*\0\x10\0\0\0CR\x02\0"):
        assert kinds.foreign_by_content(start) is kinds.RAW


@pytest.mark.parametrize("start", [b"II\x1a\0\0\0HEAPCCDR", b"MM\0*", b"\0MRM"])
def test_what_cannot_be_opened_is_of_the_kind_that_its_name_says(tmp_path, start):
    path = tmp_path / "a.NEF"
    path.write_bytes(start + bytes(100))
    with pytest.raises(images.Unreadable, match="it is RAW. Develop it"):
        images.read(path)


def test_a_tga_is_told_by_its_name(tmp_path, photo):
    Image.fromarray(photo).save(tmp_path / "a.TGA")
    picture = images.read(tmp_path / "a.TGA")
    np.testing.assert_array_equal(picture.pixels, photo)
    os.rename(tmp_path / "a.TGA", tmp_path / "a.jpg")
    with pytest.raises(images.Unreadable, match="Cannot read .*a.jpg"):
        images.read(tmp_path / "a.jpg")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_read_once(tmp_path):  # which Pillow leaves open
    os.mkfifo(tmp_path / "a.jpg")
    writer = threading.Thread(target=(tmp_path / "a.jpg").write_bytes, args=[b"meow"])
    writer.start()
    with pytest.raises(images.Unreadable, match="Cannot read .*a.jpg"):
        images.read(tmp_path / "a.jpg")
    writer.join()


def test_the_documents_table_of_formats_is_right():
    text = (Path(__file__).parents[1] / "docs" / "apply.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in re.findall(r"^\| .*", text, re.M)]
    told = {name: cells for name, *cells in rows if cells[0].startswith(".")}
    for kind in kinds.FOREIGN:
        suffixes, is_read, written = told.pop(kind.name)
        assert set(suffixes.removesuffix(" and others").split()) <= set(kind.suffixes)
        extra = f"by the extra `{kind.extra}`" if kind.plugin else "no"
        assert (is_read.removesuffix(", but see below"), written) == (extra, "no")
    documented = {}
    for suffixes, is_read, written in told.values():
        assert is_read == "yes"
        documented |= dict.fromkeys(suffixes.split(), written)
    assert documented == {
        suffix: "yes"
        if format in kinds.WRITABLE
        else "as an animation"
        if format in animations.WRITABLE
        else "no"
        for suffix, format in kinds.FORMATS.items()
    }
