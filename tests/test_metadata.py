import json
import zipfile

import pytest

from fast_style import metadata

CONTENT = {"fast_style": "1.2", "styles": ["wave"], "generator": {"filters": [1, 2]}}


@pytest.fixture
def flatbuffer(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(b"\x1c\0\0\0TFL3" + bytes(100))
    return path


def test_attached_metadata_is_read_again(flatbuffer):
    before = flatbuffer.read_bytes()
    metadata.attach(flatbuffer, CONTENT)
    assert metadata.read(flatbuffer) == {"format": 1, **CONTENT}
    assert flatbuffer.read_bytes().startswith(before)
    assert zipfile.ZipFile(flatbuffer).namelist() == ["fast_style.json"]


def test_attached_file_is_the_text(flatbuffer):
    metadata.attach(flatbuffer, CONTENT)
    text = zipfile.ZipFile(flatbuffer).read("fast_style.json").decode()
    assert text == metadata.dumps(CONTENT)
    assert json.loads(text)["styles"] == ["wave"]


def test_model_without_metadata_is_refused(flatbuffer):
    with pytest.raises(ValueError, match="or no model of .*fast-style export"):
        metadata.read(flatbuffer)


def test_damaged_model_is_refused(flatbuffer):
    metadata.attach(flatbuffer, CONTENT)
    content = bytearray(flatbuffer.read_bytes())
    content[50] ^= 1
    flatbuffer.write_bytes(content)
    with pytest.raises(ValueError, match="is damaged.*fast-style export[.]$"):
        metadata.read(flatbuffer)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 1}'])
def test_broken_metadata_is_refused(flatbuffer, text):
    with zipfile.ZipFile(flatbuffer, "a") as archive:
        archive.writestr("fast_style.json", text)
    with pytest.raises(ValueError, match="carries no readable fast_style.json"):
        metadata.read(flatbuffer)


def test_newer_format_is_refused(flatbuffer):
    with zipfile.ZipFile(flatbuffer, "a") as archive:
        archive.writestr("fast_style.json", '{"format": 2, "styles": ["a"]}')
    with pytest.raises(ValueError, match="format 2.*Install a newer"):
        metadata.read(flatbuffer)


@pytest.mark.parametrize("styles", [[], ["photo"], "wave", None])
def test_missing_styles_are_refused(flatbuffer, styles):
    metadata.attach(flatbuffer, {"styles": styles})
    with pytest.raises(ValueError, match="names no styles"):
        metadata.read(flatbuffer)


def test_missing_file_is_one_line(tmp_path):
    with pytest.raises(OSError, match="Cannot open .*none.tflite.*No such file"):
        metadata.read(tmp_path / "none.tflite")


def test_folder_is_answered_by_the_files_in_it(tmp_path):
    with pytest.raises(OSError, match="is a folder. Give a .tflite file; fast"):
        metadata.read(tmp_path)
    for name, size in {"float32": 40, "int8": 10}.items():
        (tmp_path / f"fast_style_{name}.tflite").write_bytes(bytes(size))
    with pytest.raises(OSError, match="such as .*fast_style_int8.tflite"):
        metadata.read(tmp_path)
