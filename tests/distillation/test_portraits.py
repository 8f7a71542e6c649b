"""The crops that a generator learns from to keep faces, and their masks."""

import numpy as np
import pytest
from PIL import Image

from fast_style.content.faces import Face
from fast_style.distillation import portraits
from fast_style.distillation.portraits import Portraits, mask
from fast_style.distillation.settings import FaceSettings
from fast_style.fields import SettingError

WIDTH, HEIGHT = 240, 160
BOX = np.array([90, 60, 120, 90])  # px


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two photographs whose red is the column, whose green is the row of a pixel."""
    folder = tmp_path_factory.mktemp("ramps")
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    for name, blue in (("face", 0), ("plain", 200)):
        pixels = np.stack([columns, rows, np.full_like(rows, blue)], -1)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{name}.png")
    return folder


def face(score=0.9):
    return Face(BOX, np.zeros((6, 2)), score)


def detector(pixels):
    return [] if pixels[0, 0, 2] else [face()]


@pytest.fixture
def crops(folder):
    def crops(**options):
        paths = dict(model="gallery", content_dir=folder, face_detector="none.tflite")
        settings = FaceSettings(**{**paths, "image_size": 64, **options})
        return Portraits(portraits.look(folder, detector), settings)

    return crops


def test_a_mask_covers_the_box_and_fades():
    left, top, right, bottom = box = 20, 24, 44, 60
    values = mask(np.array([[*box, 0.9]]), 96)
    assert values.shape == (96, 96, 1) and values.dtype == np.float32
    middle = (top + bottom) // 2
    assert (values[top:bottom, 32] == 1).all() and (
        values[middle, left:right] == 1
    ).all()
    assert 0 < values[top, left, 0] < 1  # a corner
    fading = values[middle, 44:, 0]
    assert (np.diff(fading) <= 0).all() and fading[0] == 1 and fading[-1] == 0
    assert (values[-20:] == 0).all()


def test_a_mask_is_a_smooth_step_of_the_distance():
    y, x = 70.5, 26.5
    distance = np.hypot((x - 40) / (0.62 * 30), (y - (50 - 0.08 * 40)) / (0.78 * 40))
    fade = (1.25 - distance) / (1.25 - 0.85)
    (value,) = mask(np.array([[25, 30, 55, 70, 0.9]]), 96)[70, 26]
    assert 0 < fade < 1
    assert value == pytest.approx(fade**2 * (3 - 2 * fade), abs=1e-6)


def test_doubtful_faces_count_less_and_none_not_at_all():
    faces = np.array([[10, 10, 20, 20, 0.55], [40, 40, 50, 50, 0.7]])
    values = mask(faces, 64)
    assert values[15, 15] == pytest.approx(0.5)
    assert values[45, 45] == 1
    assert not mask(faces[:0], 64).any()


def test_faces_lie_in_the_crops_where_they_lie_in_the_photograph(crops):
    rng = np.random.default_rng(0)
    drawn = [crops(plain_share=0.0).draw(rng) for _ in range(10)]
    photos, masks = (np.concatenate(part) for part in zip(*drawn, strict=True))
    assert photos.shape == (40, 64, 64, 3) and masks.shape == (40, 64, 64, 1)
    assert photos.dtype == masks.dtype == np.float32
    for photo, values in zip(photos, masks, strict=True):
        columns, rows = photo[..., 0][values[..., 0] == 1], photo[..., 1]
        assert columns.min() > 80 and columns.max() < 130
        assert np.median(columns) == pytest.approx(105, abs=6)
        assert rows[values[..., 0] == 1].min() > 45
    sides = np.ptp(photos[..., 0], axis=(1, 2))  # px of the photograph
    assert sides.min() < 40 and 90 < sides.max() <= HEIGHT
    mirrored = photos[:, 0, 0, 0] > photos[:, 0, -1, 0]
    assert 8 < mirrored.sum() < 32


def test_crops_without_faces_have_no_mask(crops):
    photos, masks = crops(plain_share=1.0).draw(np.random.default_rng(0))
    assert (photos[..., 2] == 200).all() and not masks.any()
    some = crops(batch_size=60).draw(np.random.default_rng(0))[0]
    assert 0.25 < (some[:, 0, 0, 2] == 200).mean() < 0.65


def test_draws_are_decided_by_the_random_numbers(crops):
    first, same, other = (
        crops().draw(np.random.default_rng((0, step)))[0] for step in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_crops_are_cut_from_photographs_smaller_than_they_are(crops):
    photos, masks = crops(image_size=400).draw(np.random.default_rng(0))
    assert photos.shape == (4, 400, 400, 3) and masks.any()


def test_faces_are_looked_for_in_all_that_can_be_read(tmp_path, caplog):
    (tmp_path / "below").mkdir()
    Image.new("RGB", (640, 1024)).save(tmp_path / "below" / "tall.png")
    (tmp_path / "broken.png").write_text("no picture")
    seen = []

    def find(pixels):
        seen.append(pixels.shape)
        return [face()]

    assert portraits.look(tmp_path, find) == {
        "below/tall.png": [[90 / 320, 60 / 512, 120 / 320, 90 / 512, 0.9]]
    }
    assert seen == [(512, 320, 3)]
    assert "Skipped 1 unreadable photographs" in caplog.text


def test_folders_that_do_not_serve_are_told(crops, folder, tmp_path):
    with pytest.raises(OSError, match="Cannot open .*missing"):
        portraits.look(tmp_path / "missing", detector)
    with pytest.raises(ValueError, match="holds no photograph that can be read. Give"):
        portraits.look(tmp_path, detector)
    settings = crops().settings
    for score in (None, 0.55):
        rows = [[0.1, 0.1, 0.2, 0.2, score]] if score else []
        with pytest.raises(ValueError, match="No face was found in the 2 photographs"):
            Portraits({"a.png": rows, "b.png": []}, settings)
    with pytest.raises(SettingError, match="plain_share is 0.4, but every .* give 0,"):
        Portraits({"a.png": [[0.1, 0.1, 0.2, 0.2, 0.9]]}, settings)
