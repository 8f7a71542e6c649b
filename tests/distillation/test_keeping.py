"""The distillation that keeps faces, with a tiny generator and a stand-in detector."""

import dataclasses

import numpy as np
import pytest
from generators import save, small_generator
from PIL import Image

from fast_style.content.faces import Face
from fast_style.distillation import face_distiller
from fast_style.distillation.face_distiller import FaceDistiller, style_weights
from fast_style.distillation.keeping import keep_faces
from fast_style.distillation.portraits import Portraits, look
from fast_style.distillation.settings import FaceSettings
from fast_style.fields import SettingError
from fast_style.network.loading import load_generator, save_generator
from fast_style.styles import Rows

ROWS = ("wave", "photo", "scream")


def detector(pixels):
    """Find a face where a photograph is red."""
    y, x = np.nonzero(pixels[..., 0] > 200)
    if not len(x):
        return []
    return [Face(np.array([x.min(), y.min(), x.max(), y.max()]), np.zeros((6, 2)), 0.9)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Photographs without red, four of them with a red face."""
    folder = tmp_path_factory.mktemp("people")
    rng = np.random.default_rng(0)
    for i in range(6):
        blocks = rng.integers(20, 180, (5, 5, 3), np.uint8)
        pixels = np.array(Image.fromarray(blocks).resize((64, 64), Image.BICUBIC))
        pixels[..., 0] = 30
        if i < 4:
            x, y = rng.integers(5, 35, 2)
            pixels[y : y + 24, x : x + 20] = [240, 170, 140]
        Image.fromarray(pixels).save(folder / f"{i}.png")
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "small.keras"
    save_generator(small_generator(ROWS), path)
    return path


@pytest.fixture(scope="module")
def settings(folder, model):
    return FaceSettings(
        model=model,
        content_dir=folder,
        face_detector="none.tflite",
        image_size=32,
        batch_size=2,
        steps=4,
        backup_every=2,
    )


def test_target_and_loss_are_as_in_numpy():
    rng = np.random.default_rng(0)
    painted, gentle, errors = rng.normal(0, 20, (3, 2, 4, 5, 3))
    masks = rng.uniform(0, 1, (2, 4, 5, 1))
    np.testing.assert_allclose(
        face_distiller.laid_over(painted, gentle, masks),
        (1 - masks) * painted + masks * gentle,
    )
    expected = ((1 + 3 * masks) * np.sqrt(errors**2 + 16) / 127.5).mean()
    loss = face_distiller.charbonnier(errors, masks, 3.0)
    np.testing.assert_allclose(loss, expected)


def test_faces_get_a_share_of_the_strength_drawn():
    rng, rows = np.random.default_rng(0), Rows(ROWS)
    drawn = np.array([style_weights(rows, 0.4, rng) for _ in range(400)])
    np.testing.assert_allclose(drawn.sum(axis=2), 1, atol=1e-6)
    full, gentle = drawn[:, 0], drawn[:, 1]
    styles = [0, 2]
    np.testing.assert_allclose(gentle[:, styles], 0.4 * full[:, styles], atol=1e-6)
    faded = full[:, 1] > 0
    assert 0.15 < faded.mean() < 0.35 and full[:, 1].max() < 0.71
    blended = (full[:, styles] > 0).all(axis=1)
    assert 0.02 < blended.mean() < 0.15  # half of the pairs are of one style
    assert 0.4 < (full[~blended, 0] > 0).mean() < 0.6


@pytest.mark.slow
def test_the_student_paints_faces_gently_and_the_rest_as_before(settings, folder):
    changed = dict(steps=100, learning_rate=5e-3, strength=0.2, face_weight=1.0)
    settings = dataclasses.replace(settings, **changed)
    portraits = Portraits(look(folder, detector), settings)
    distiller = FaceDistiller(load_generator(settings.model), portraits, settings)
    first, *_ = [distiller.train_step() for _ in range(settings.steps)]
    assert first["faces"] == pytest.approx(first["faces at the start"], rel=1e-4)
    assert first["elsewhere"] == pytest.approx(0, abs=1e-3)

    rng = np.random.default_rng(100)
    drawn = [portraits.draw(rng) for _ in range(4)]
    photos, masks = (np.concatenate(part) for part in zip(*drawn, strict=True))
    full, gentle = (np.tile(np.float32(w), (8, 1)) for w in ([1, 0, 0], [0.2, 0.8, 0]))
    painted, wanted = distiller.teacher(photos, full), distiller.teacher(photos, gentle)
    result = distiller.student(photos, full)

    def left(shares, aim):
        """The squared error as a share of what lies between the two strengths."""
        errors = [(shares * e**2).numpy().sum() for e in (result - aim, way)]
        return errors[0] / errors[1]

    way = wanted - painted
    assert left(masks, wanted) < 0.5
    assert left(1 - masks, painted) < 0.6


@pytest.mark.slow
def test_an_interrupted_distillation_ends_as_an_unbroken_one(
    settings, tmp_path, caplog
):
    settings = dataclasses.replace(settings, precision="bfloat16", learning_rate=1e-2)
    unbroken, broken = tmp_path / "unbroken.keras", tmp_path / "broken.keras"
    keep_faces(settings, unbroken, tmp_path / "one", detector=detector)

    def interrupt(step):
        if step == 3:  # the last backup is of step 2
            raise KeyboardInterrupt

    work = broken, tmp_path / "two"
    with pytest.raises(KeyboardInterrupt):
        keep_faces(settings, *work, detector=detector, on_step=interrupt)
    assert not broken.exists()
    steps = []
    with caplog.at_level("INFO", "absl"):
        keep_faces(settings, *work, on_step=steps.append)  # knows the faces
    assert steps == [3, 4]
    assert "Going on from step 2." in caplog.text
    assert "error in faces" in caplog.text and "grey levels" in caplog.text
    start, one, other = map(load_generator, (settings.model, unbroken, broken))
    assert one.styles == ROWS and one.get_config() == start.get_config()
    for before, after, same in zip(
        start.get_weights(), one.get_weights(), other.get_weights(), strict=True
    ):
        np.testing.assert_allclose(after, same, rtol=0, atol=1e-5)
        assert after.dtype == np.float32 and (after != before).any()


def test_mistakes_are_told_before_the_work(settings, tmp_path):
    output, work_dir = tmp_path / "gentle.keras", tmp_path / "work"
    save(tmp_path / "two.keras")

    def attempt(output=output, **changed):
        keep_faces(dataclasses.replace(settings, **changed), output, work_dir)

    with pytest.raises(SettingError, match="output is .*a.tflite'; give .* in .keras"):
        attempt(output=tmp_path / "a.tflite")
    with pytest.raises(OSError, match="Cannot find .*kiss'. Give a run directory"):
        attempt(model="kiss")
    with pytest.raises(SettingError, match="model is .* which has no row 'photo'"):
        attempt(model=tmp_path / "two.keras")
    with pytest.raises(OSError, match="Cannot open 'none.tflite'.*Give face_detection"):
        attempt()
    assert not work_dir.exists()  # a corrected command may use it
    keep_faces(
        dataclasses.replace(settings, steps=0), output, work_dir, detector=detector
    )
    with pytest.raises(ValueError, match="holds another distillation"):
        attempt()
