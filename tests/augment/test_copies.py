"""fast-style dataset: a stylised copy of a folder, the same however it was made."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from commandline import Command, files
from PIL import Image

from fast_style import Stylizer, images
from fast_style import files as written
from fast_style.augment import Choices
from fast_style.augment.copies import Maker, index_of
from fast_style.augment.orders import Order

LISTS = ["dataset.json", "manifest.jsonl", "skipped.jsonl"]
FLAGS = ["--per_image", "2", "--strength", "0.4,1", "--blend", "2", "--seed", "3"]


@pytest.fixture
def fast_style(capsys, model):
    command = Command(capsys, model)

    def run(*arguments):
        return command("dataset", *arguments)

    run.fails = lambda *arguments: command.fails("dataset", *arguments)
    return run


@pytest.fixture
def pictures(folder):
    """The current directory with in/cat/a.png, in/cat/b.jpg, in/dog/a.gif."""
    photo = Image.open("photo.png")
    os.makedirs("in/cat")
    os.makedirs("in/dog")
    photo.save("in/cat/a.png")
    photo.rotate(90).save("in/cat/b.jpg")
    photo.rotate(180).save("in/dog/a.gif")
    return folder


def lines(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def contents(folder):
    """The bytes of the pictures in a folder, by name."""
    names = [name for name in files(Path(folder)) if "json" not in name]
    return {name: Path(folder, name).read_bytes() for name in names}


def test_labels_stay_and_the_manifest_tells_what_was_drawn(
    pictures, fast_style, model, capsys
):
    assert fast_style("in", "-o", "out", *FLAGS) == 0
    names = ["a-1.png", "a-2.png", "b-1.jpg", "b-2.jpg"]
    results = [*(f"cat/{name}" for name in names), "dog/a-1.png", "dog/a-2.png"]
    assert files(pictures / "out") == sorted([*LISTS, *results])
    out, err = capsys.readouterr()
    assert out.startswith("6 pictures in ") and "out/manifest.jsonl" in out
    assert err == ""
    manifest = lines("out/manifest.jsonl")
    assert [line["file"] for line in manifest] == results
    assert lines("out/skipped.jsonl") == []
    stylizer = Stylizer(model)
    choices = Choices(strength=(0.4, 1.0), blend=2, seed=3)
    for line in manifest:
        draw = choices.draw(line["index"], stylizer.styles)
        assert (draw.styles, draw.strength) == (line["styles"], line["strength"])
        if line["file"].endswith(".png"):
            photo = images.read(Path("in", line["source"])).pixels
            expected = stylizer.stylize(photo, **draw._asdict())
            result = images.read(Path("out", line["file"])).pixels
            np.testing.assert_array_equal(result, expected)


def test_shards_make_what_one_run_makes(pictures, fast_style):
    assert fast_style("in", "-o", "out", *FLAGS) == 0
    for part in (2, 3, 1):
        assert fast_style("in", "-o", "parts", *FLAGS, "--shard", f"{part}/3") == 0
    assert contents("parts") == contents("out")
    parts = [line for i in "123" for line in lines(f"parts/manifest-{i}-of-3.jsonl")]
    by_file = sorted(parts, key=lambda line: line["file"])
    assert by_file == lines("out/manifest.jsonl")


def test_other_pictures_change_nothing(pictures, fast_style):
    assert fast_style("in", "-o", "out") == 0
    shutil.copy("in/cat/a.png", "in/cat/0.png")
    assert fast_style("in", "-o", "more") == 0
    more = contents("more")
    assert more.pop("cat/0.png") and more == contents("out")
    assert index_of("cat/a.png", 1) != index_of("cat/a.png", 2)


def test_run_goes_on_with_what_is_missing(pictures, fast_style, capsys):
    assert fast_style("in", "-o", "out", *FLAGS) == 0
    before, manifest = contents("out"), Path("out/manifest.jsonl").read_bytes()
    kept = Path("out/cat/a-1.png").stat().st_mtime_ns
    Path("out/cat/a-2.png").unlink()
    Path("out/dog/a-1.png").write_bytes(b"")  # as a power failure leaves it
    Path("out/manifest.jsonl").unlink()
    capsys.readouterr()
    assert fast_style("in", "-o", "out", *FLAGS) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 pictures in ") and ", 4 skipped that exist already" in out
    assert contents("out") == before
    assert Path("out/manifest.jsonl").read_bytes() == manifest
    assert Path("out/cat/a-1.png").stat().st_mtime_ns == kept


def test_pictures_that_cannot_be_read_are_listed(pictures, fast_style, capsys):
    shutil.copy("in/cat/a.png", "in/cat/c.png")
    Path("in/cat/b.jpg").write_bytes(b"no picture")
    assert fast_style("in", "-o", "out") == 1
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("fast-style: error: Cannot read 'in/cat/b.jpg' as an image")
    assert last == "fast-style: error: 1 of 4 failed; 'out/skipped.jsonl' lists them."
    (skipped,) = lines("out/skipped.jsonl")
    assert skipped == {"source": "cat/b.jpg", "error": first.partition("error: ")[2]}
    made = [line["file"] for line in lines("out/manifest.jsonl")]
    assert made == ["cat/a.png", "cat/c.png", "dog/a.png"]
    Image.open("in/cat/a.png").save("in/cat/b.jpg")
    assert fast_style("in", "-o", "out") == 0
    assert lines("out/skipped.jsonl") == [] and len(lines("out/manifest.jsonl")) == 4


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a signal of Unix")
def test_a_killed_run_goes_on_to_the_same_bytes(pictures, fast_style, model):
    large = images.read("in/cat/b.jpg", max_size=0)
    for number in range(40):
        images.write(large, f"in/dog/{number:02d}.png")
    code = "from fast_style.command import cli; cli.run()"
    words = ["dataset", "in", "-o", "out", "--model", str(model)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", code, *words], env=environment)
    while not Path("out/dog").is_dir() or len(os.listdir("out/dog")) < 3:
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not Path("out/manifest.jsonl").exists()
    for path in Path("out").rglob("*.png"):
        images.read(path)  # whole
    assert fast_style("in", "-o", "out") == fast_style("in", "-o", "whole") == 0
    left = {name for name in contents("out") if "/." in name}  # temporary files
    assert len(left) <= 8
    results = {k: v for k, v in contents("out").items() if k not in left}
    assert results == contents("whole")


def test_a_stopped_run_ends_after_the_results_at_hand(pictures, model):
    order = Order("in", "out", Choices(), per_image=100, model=str(model))

    def stop(*_progress):
        raise KeyboardInterrupt

    maker = Maker(order)
    with pytest.raises(KeyboardInterrupt):
        maker.run(stop, print)
    made = contents("out")
    assert 100 <= len(made) == maker.copy.painted < 300
    time.sleep(0.05)
    assert contents("out") == made  # no thread goes on


def test_a_full_disk_ends_the_run_in_one_line(
    pictures, fast_style, monkeypatch, capsys
):
    def refuse(_picture, path, *_arguments, **_options):
        raise written.problem(path, OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr(images, "write", refuse)
    assert fast_style("in", "-o", "out") == 1
    note, error = capsys.readouterr().err.splitlines()
    assert note == (
        "fast-style: note: 0 pictures are painted. The same command goes on."
    )
    assert "error: Cannot write 'out/cat/a.png': No space left on device." in error
    assert files(pictures / "out") == ["dataset.json"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give a folder and an output: fast-style dataset IN -o OUT."),
        (["in"], "Give a folder and an output"),
        (["in", "in", "-o", "out"], "Give a folder and an output"),
        (["none", "-o", "out"], "Cannot open 'none': No such file or directory."),
        (["empty", "-o", "out"], "No pictures in 'empty'."),
        (["in", "-o", "in/out"], "--output is 'in/out', which lies in 'in'."),
        (["in", "-o", "in"], "--output is 'in', which lies in 'in'."),
        (["in", "-o", "other"], "--output is 'other', which holds other files."),
        (["in", "-o", "photo.png"], "Cannot open 'photo.png': Not a directory."),
        (["in", "-o", "out", "--styles", "wawe"], "No style 'wawe' in this model."),
        (["in", "-o", "out", "--blend", "3"], "--blend is 3, and there are 2 styles."),
        (["in", "-o", "out", "--strength", "1,0.5"], "'1,0.5' is invalid. Give one"),
        (["in", "-o", "out", "--strength", "2"], "'2' is invalid. Give one number"),
        (["in", "-o", "out", "--shard", "3/2"], "'3/2' is invalid. Give a part and"),
        (["in", "-o", "out", "--shard", "0/2"], "'0/2' is invalid. Give a part and"),
        (["in", "-o", "out", "--shard", "2"], "'2' is invalid. Give a part and"),
        (["in", "-o", "out", "--per_image", "0"], "Give a whole number of at least 1."),
        (["in", "-o", "out", "--style", "wave"], "Did you mean --styles?"),
        (["in", "-o", "out", "--model", "none"], "'none'"),
        (["twice", "-o", "out"], "'twice/A.gif' and 'twice/a.png' would both become"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    pictures, fast_style, arguments, message
):
    os.mkdir("empty")
    os.mkdir("other")
    os.mkdir("twice")
    Path("other/notes.txt").touch()
    shutil.copy("in/dog/a.gif", "twice/A.gif")
    shutil.copy("photo.png", "twice/a.png")
    before = files(pictures)
    assert message in fast_style.fails(*arguments)
    assert files(pictures) == before and not Path("out").exists()


def test_other_flags_do_not_mix_with_earlier_results(pictures, fast_style):
    assert fast_style("in", "-o", "out") == 0
    before = contents("out")
    error = fast_style.fails("in", "-o", "out", "--seed", "1")
    assert "--seed is not what 'out' was begun with. Give the flags in" in error
    assert "--per_image is not" in fast_style.fails("in", "-o", "out", "--per_image=2")
    assert contents("out") == before


def test_help_shows_each_default(capsys):
    assert Command(capsys)("dataset", "--help") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert text.startswith("usage: fast-style dataset IN -o OUT [flags]")
    for flag in text[text.index("options:") :].split(" --")[1:]:
        assert "Default: " in flag or flag.split()[0] in ("output", "help")
