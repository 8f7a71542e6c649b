"""Photographs from a folder."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fast_style.content import sources
from fast_style.content.crops import Share

OPTIONS = {"image_size": 48, "batch_size": 3, "steps": 10}


def all_crops(batches):
    return np.concatenate([batches[step] for step in range(len(batches))])


def write(path, width, height, color="teal"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (width, height), color).save(path)
    return path


def cut_short(path):
    """A JPEG whose header is whole and whose end is missing."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 80, 3), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:2000])
    return path


def test_a_folder_gives_batches_of_crops(photographs):
    content = sources.from_folder(photographs, **OPTIONS)
    assert len(content.batches) == 10
    assert content.batches[9].shape == (3, 48, 48, 3)
    assert content.batches[9].dtype == np.uint8
    assert content.count == 11  # one of twelve is held back
    assert content.validation.shape == (1, 48, 48, 3)
    assert content.validation.dtype == np.uint8


def test_same_seed_gives_the_same_batches(photographs):
    first, second = (
        sources.from_folder(photographs, **OPTIONS, seed=1) for _ in range(2)
    )
    np.testing.assert_array_equal(all_crops(first.batches), all_crops(second.batches))
    np.testing.assert_array_equal(first.validation, second.validation)
    changed = sources.from_folder(photographs, **OPTIONS, seed=2)
    assert (all_crops(first.batches) != all_crops(changed.batches)).any()


def test_an_interrupted_training_goes_on_with_the_batches_it_would_have_seen(
    photographs,
):
    whole = sources.from_folder(photographs, **OPTIONS)
    rest = sources.from_folder(photographs, **OPTIONS, start=4)
    assert len(rest.batches) == 6
    np.testing.assert_array_equal(
        all_crops(rest.batches), all_crops(whole.batches)[12:]
    )


@pytest.mark.parametrize("resident", [False, True])
def test_hosts_share_the_batches_of_one(photographs, resident):
    options = {**OPTIONS, "batch_size": 6, "resident": resident}
    whole = sources.from_folder(photographs, **options)
    parts = [
        sources.from_folder(photographs, **options, share=Share(host, 3))
        for host in range(3)
    ]
    for step in (0, 9):
        shared = np.concatenate([part.batches[step] for part in parts])
        np.testing.assert_array_equal(shared, whole.batches[step])
    for part in parts:
        np.testing.assert_array_equal(part.sample(6)[0], whole.sample(6)[0])
        np.testing.assert_array_equal(part.validation, whole.validation)
        assert part.digest == whole.digest


def test_other_photographs_have_another_digest(photographs, tmp_path):
    shutil.copytree(photographs, tmp_path / "other")
    (tmp_path / "other" / "03.png").rename(tmp_path / "other" / "3.png")
    digests = {
        sources.from_folder(folder, **OPTIONS).digest
        for folder in (photographs, tmp_path / "other")
    }
    assert len(digests) == 2


def test_batches_do_not_depend_on_the_order_they_are_asked_for(photographs):
    forwards = sources.from_folder(photographs, **OPTIONS).batches
    backwards = sources.from_folder(photographs, **OPTIONS).batches
    expected = all_crops(forwards)[-3:]
    np.testing.assert_array_equal(backwards[9], expected)
    np.testing.assert_array_equal(forwards[9], expected)


def test_each_pass_shows_every_picture_once_in_a_new_order(tmp_path):
    for i in range(9):
        write(tmp_path / f"{i}.png", 50, 50, (i, 0, 0))
    content = sources.from_folder(tmp_path, image_size=48, batch_size=3, steps=6)
    shown = all_crops(content.batches)[:, 0, 0, 0].reshape(2, 9)
    assert [sorted(row) for row in shown] == [list(range(9))] * 2
    assert list(shown[0]) != list(shown[1])


def test_pictures_held_back_are_not_trained_on(tmp_path):
    for i in range(30):
        write(tmp_path / f"{i}.png", 50, 50, (i, 0, 0))
    content = sources.from_folder(tmp_path, image_size=48, batch_size=3, steps=20)
    assert content.count == 27
    held_back = set(content.validation[:, 0, 0, 0])
    assert len(held_back) == 3
    assert not held_back & set(all_crops(content.batches)[:, 0, 0, 0])


def test_crops_keep_the_aspect_and_show_most_of_the_picture(tmp_path):
    """Pictures of coordinates: red rises from left to right, green downwards."""
    for name, (width, height) in {"wide": (400, 200), "high": (150, 300)}.items():
        y, x = np.mgrid[0:height, 0:width]
        pixels = np.stack([x, y, 0 * x], -1) * 255 / max(width, height)
        Image.fromarray(pixels.round().astype(np.uint8)).save(tmp_path / f"{name}.png")
    content = sources.from_folder(tmp_path, image_size=64, batch_size=8, steps=4)
    crops = all_crops(content.batches).astype(int)
    red = np.abs(crops[:, 32, 63, 0] - crops[:, 32, 0, 0])
    green = np.abs(crops[:, 63, 32, 1] - crops[:, 0, 32, 1])
    # 64 px of a short side brought to 72 px are 8/9 of it, that is 4/9 of the long one.
    most = 255 * 63 / 64 * 4 / 9
    assert red.max() == pytest.approx(most, abs=3)
    assert most / 2 - 3 < red.min() < 0.8 * most  # half of the crops are enlarged
    np.testing.assert_allclose(green, red, atol=3)
    flipped = crops[:, 32, 63, 0] < crops[:, 32, 0, 0]
    assert 0.2 < flipped.mean() < 0.8
    assert (crops[:, 63, 32, 1] > crops[:, 0, 32, 1]).all()  # never upside down
    corners = {tuple(crop) for crop in crops[:, 0, 0, :2]}
    assert len(corners) > 8


def test_small_pictures_are_not_resized_before_they_are_cropped(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (48, 51, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    content = sources.from_folder(tmp_path, image_size=48, batch_size=4, steps=5)
    windows = [pixels[:, left : left + 48] for left in range(4)]
    whole = [
        any((way == w).all() for way in (crop, crop[:, ::-1]) for w in windows)
        for crop in all_crops(content.batches)
    ]
    assert 0.2 < np.mean(whole) < 0.8  # the others are enlarged


def test_resident_photographs_give_the_crops_of_their_files(tmp_path):
    """Pictures of coordinates, on which every way to enlarge agrees."""
    for number, (width, height) in enumerate([(90, 64), (64, 71), (64, 64)]):
        y, x = np.mgrid[0:height, 0:width]
        pixels = np.stack([2 * x, 2 * y, 0 * x + 60 * number], -1)
        Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / f"{number}.png")
    options = dict(image_size=64, batch_size=8, steps=4, seed=3)
    content = sources.from_folder(tmp_path, resident=True, **options)
    plain = sources.from_folder(tmp_path, **options)
    assert content.count == plain.count == 3
    for boxes, crops in zip(content.batches, plain.batches, strict=True):
        assert boxes.shape == (8, 5)
        cut = np.asarray(content.resident(boxes))
        np.testing.assert_allclose(cut[:, 2:-2, 2:-2], crops[:, 2:-2, 2:-2], atol=1.1)
    np.testing.assert_array_equal(content.sample(8)[0], plain.batches[0])


def test_unusable_pictures_are_counted_in_one_warning(tmp_path, caplog):
    for i in range(3):
        write(tmp_path / f"good_{i}.png", 50, 50)
    write(tmp_path / "small.png", 47, 300)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "text.png").write_text("no picture")
    (tmp_path / "empty.jpg").write_bytes(b"")
    with caplog.at_level("WARNING"):
        content = sources.from_folder(tmp_path, **OPTIONS)
    assert content.count == 3
    assert len(caplog.records) == 1
    assert "Skipped 2 unreadable pictures and 1 with a side under 48" in caplog.text
    assert len(all_crops(content.batches)) == 30


def test_what_is_no_picture_is_told(tmp_path, caplog):
    write(tmp_path / "good.png", 50, 50)
    (tmp_path / "notes.txt").touch()
    with caplog.at_level("WARNING"):
        assert sources.from_folder(tmp_path, **OPTIONS).count == 1
    assert f"Left out what is no picture, '{tmp_path}/notes.txt'" in caplog.text
    (tmp_path / "good.png").unlink()
    with pytest.raises(ValueError, match="Give another folder.*notes.txt': 1 .txt"):
        sources.from_folder(tmp_path, **OPTIONS)


def test_a_folder_of_usable_pictures_gives_no_warning(photographs, caplog):
    all_crops(sources.from_folder(photographs, **OPTIONS).batches)
    assert not caplog.records


@pytest.mark.parametrize("number", [2, 12])  # of whole pictures
def test_a_picture_that_turns_out_to_be_cut_short_is_replaced(tmp_path, number):
    for i in range(number):
        write(tmp_path / f"{i}.png", 50, 50)
    for seed in range(4):  # it takes every place, that of the held-back one too
        cut_short(tmp_path / "cut.jpg")
        content = sources.from_folder(tmp_path, **OPTIONS, seed=seed)
        crops = all_crops(content.batches)
        assert len(crops) == 30
        for pixels in (crops, content.validation):
            assert (pixels == (0, 128, 128)).all()
        assert content.broken == {tmp_path / "cut.jpg"}


def test_a_folder_without_a_usable_picture_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="holds no readable picture of 48 px"):
        sources.from_folder(tmp_path, **OPTIONS)
    cut_short(tmp_path / "cut.jpg")
    with pytest.raises(ValueError, match="holds no readable picture of 48 px"):
        sources.from_folder(tmp_path, **OPTIONS)


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(OSError, match="none"):
        sources.from_folder(tmp_path / "none", **OPTIONS)


@pytest.mark.slow
def test_a_folder_is_read_without_tensorflow(photographs):
    code = (
        "import sys; sys.modules['tensorflow'] = None\n"
        "from fast_style.content import sources\n"
        f"content = sources.from_folder({str(photographs)!r}, image_size=48)\n"
        "assert content.batches[0].shape == (4, 48, 48, 3)\n"
        "assert sys.modules['tensorflow'] is None"
    )
    root = str(Path(sources.__file__).parents[2])
    environment = {"KERAS_BACKEND": "numpy", "PYTHONPATH": root}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_a_folder_that_disappears_ends_the_batches_with_its_error(
    photographs, tmp_path
):
    folder = tmp_path / "photographs"
    shutil.copytree(photographs, folder)
    batches = sources.from_folder(folder, image_size=32, batch_size=3, steps=4).batches
    shutil.rmtree(folder)
    with pytest.raises(OSError, match="can be read any more.*Is its folder still"):
        batches[0]
    assert isinstance(batches.failure, OSError)


def test_a_sample_is_the_first_batches(photographs):
    content = sources.from_folder(photographs, image_size=32, batch_size=3, steps=4)
    sample = content.sample(5)
    assert [batch.shape for batch in sample] == [(3, 32, 32, 3)] * 2
    np.testing.assert_array_equal(sample[1], content.batches[1])
    assert len(content.sample(1000)) == 4


@pytest.mark.parametrize("start", [2, 4])
def test_a_sample_is_the_same_after_some_or_all_steps(photographs, start):
    options = dict(image_size=32, batch_size=3, steps=4)
    first = sources.from_folder(photographs, **options).sample(5)
    later = sources.from_folder(photographs, **options, start=start).sample(5)
    np.testing.assert_array_equal(later, first)
