"""What a folder holds: pictures by suffix, and what is left out of them."""

import os

import pytest

from fast_style import folders, kinds

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and pipes of Unix")


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).touch()


def names_of(paths, folder):
    return [path.relative_to(folder).as_posix() for path in paths]


def test_pictures_are_found_by_suffix_in_order(tmp_path):
    touch(
        tmp_path, "b.JPG", "a/z.png", "a/x.webp", "note.txt", ".hid.png", ".git/i.png"
    )
    found = folders.search(tmp_path)
    assert names_of(found.pictures, tmp_path) == ["a/x.webp", "a/z.png", "b.JPG"]
    assert names_of(found.others, tmp_path) == ["note.txt"]
    assert not found.special and not found.errors


def test_other_files_are_counted_by_kind_in_one_line(tmp_path):
    touch(tmp_path, "a.txt", "b.xmp", "c/d.TXT", "README", "good.png")
    (line,) = folders.search(tmp_path).left_out()
    assert line == (
        f"Left out what is no picture, '{tmp_path}/README' first: "
        "1 without suffix, 2 .txt, 1 .xmp."
    )


def test_kinds_that_must_be_converted_are_told_how(tmp_path):
    touch(tmp_path, "a.HEIC", "b.heif", "c.heic", "d.dng", "e.jfif", "f.avif", "g.txt")
    # As where no plugin of Pillow's is installed.
    found = folders.search(tmp_path, frozenset(kinds.FORMATS))
    assert names_of(found.pictures, tmp_path) == ["e.jfif", "f.avif"]
    heic, raw, other = found.left_out()
    first = f"Left out HEIC, '{tmp_path}/a.HEIC' first: 2 .heic, 1 .heif. "
    assert heic == first + kinds.HEIC.remedy and "heif-convert" in heic
    assert raw.startswith(f"Left out RAW, '{tmp_path}/d.dng': 1 .dng. Develop it")
    assert other == f"Left out what is no picture, '{tmp_path}/g.txt': 1 .txt."


def test_a_folder_of_pictures_leaves_nothing_out(tmp_path):
    touch(tmp_path, "a.jpg", "b/c.png")
    assert folders.search(tmp_path).left_out() == []


def test_linked_folders_are_searched_once_and_by_their_own_name(tmp_path):
    touch(tmp_path, "in/z/a.png", "elsewhere/deep/b.png")
    (tmp_path / "in/again").symlink_to("z")
    (tmp_path / "in/z/loop").symlink_to("..")
    (tmp_path / "in/link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in/other_link").symlink_to(tmp_path / "elsewhere")
    found = folders.search(tmp_path / "in")
    assert names_of(found.pictures, tmp_path) == ["in/link/deep/b.png", "in/z/a.png"]
    assert found.left_out() == []


def test_a_link_to_a_folder_above_is_left_out_and_named(tmp_path):
    touch(tmp_path, "in/a.png", "private.png")
    (tmp_path / "in/up").symlink_to("..")
    found = folders.search(tmp_path / "in")
    assert names_of(found.pictures, tmp_path) == ["in/a.png"]
    assert found.left_out() == [
        f"Left out '{tmp_path}/in/up', which links to a folder above."
    ]


def test_broken_links_are_pictures_that_cannot_be_read(tmp_path):
    (tmp_path / "itself.jpg").symlink_to("itself.jpg")
    (tmp_path / "nowhere.png").symlink_to("none.png")
    found = folders.search(tmp_path)
    assert names_of(found.pictures, tmp_path) == ["itself.jpg", "nowhere.png"]


def test_pipes_are_left_out_and_named(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    (line,) = folders.search(tmp_path).left_out()
    assert line == f"Left out '{tmp_path}/pipe.jpg', which is no file."


def test_folders_that_cannot_be_opened_are_errors(tmp_path, monkeypatch):
    touch(tmp_path, "a/locked/b.png", "a/c.png")
    scan = os.scandir

    def scandir(path):
        if os.fspath(path).endswith("locked"):  # a test may run as root, who may all
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = folders.search(tmp_path)
    assert names_of(found.pictures, tmp_path) == ["a/c.png"]
    (error,) = found.errors.values()
    assert str(error) == f"Cannot open '{tmp_path}/a/locked': Permission denied."
    with pytest.raises(OSError, match="Cannot open '.*locked': Permission denied"):
        folders.search(tmp_path / "a/locked")
