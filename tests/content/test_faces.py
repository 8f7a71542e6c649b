import numpy as np
import pytest

from fast_style.content import faces
from fast_style.content.faces import Face

WIDTH = 48  # px of the model's square, of the face that the stand-in finds


def stand_in(batch):
    """Find one face, whose nose is where the batch is bright."""
    y, x = (axis.mean() for axis in np.nonzero(batch[0, ..., 0] > 0))
    anchors = faces.anchors()
    nearest = np.linalg.norm(anchors - [x, y], axis=1).argmin()
    boxes, logits = np.zeros((1, 896, 16)), np.full((1, 896, 1), -100.0)
    offset = np.array([x, y]) - anchors[nearest]
    points = [offset, [WIDTH, WIDTH]]
    points += [offset + step for step in ([-9, -9], [9, -9], [0, 0], [0, 9], [-15, 0])]
    boxes[0, nearest] = np.concatenate([*points, offset + [15, 0]])
    logits[0, nearest] = 3
    return boxes, logits


def bright(x, y, shape=(512, 512)):
    picture = np.zeros((*shape, 3), np.uint8)
    picture[y - 8 : y + 8, x - 8 : x + 8] = 255
    return picture


def face(x, y, width=40, score=1.0):
    centre = np.array([x, y], float)
    box = np.concatenate([centre - width / 2, centre + width / 2])
    return Face(box, centre + np.arange(12).reshape(6, 2), score)


@pytest.mark.parametrize("shape", [(512, 512), (384, 512), (512, 300)])
def test_a_face_is_found_where_it_is(shape):
    (found,) = faces.find(stand_in, bright(200, 300, shape))
    np.testing.assert_allclose(found.box, [152, 252, 248, 348], atol=2)
    np.testing.assert_allclose(found.landmarks[2], [200, 300], atol=2)
    assert found.score == pytest.approx(1 / (1 + np.exp(-3)))


def test_anchors_are_the_centres_of_two_grids():
    anchors = faces.anchors()
    assert anchors.shape == (896, 2)
    assert anchors[[0, 1, 2, 511]].tolist() == [[8, 8], [8, 8], [24, 8], [248, 248]]
    assert anchors[[512, 895]].tolist() == [[16, 16], [240, 240]]


def test_what_is_improbable_is_no_face():
    values = np.full((896, 16), 20.0)
    assert len(faces.decode(values, np.full(896, 0.1), 1)) == 896
    assert not faces.decode(values, np.full(896, -0.1), 1)
    assert not faces.decode(-values, np.full(896, 0.1), 1)  # a box inside out


def test_boxes_of_one_face_become_one():
    faces_found = [face(100, 100, score=0.6), face(300, 50), face(103, 100, score=0.9)]
    first, second = faces.merge(faces_found)
    assert (first.score, second.score) == (1.0, 0.9)
    expected = (0.6 * 80 + 0.9 * 83) / 1.5
    assert second.box[0] == pytest.approx(expected)
    assert faces.merge([]) == []


def test_overlap_is_the_shared_part():
    box = np.array([0.0, 0, 10, 10])
    assert faces.overlap(box, box) == 1
    assert faces.overlap(box, box + [5, 0, 5, 0]) == pytest.approx(1 / 3)
    assert faces.overlap(box, box + 10) == 0


def test_another_model_is_named(model, tmp_path):
    with pytest.raises(ValueError, match="has tensors of .* Give face_detection_back"):
        faces.open_network(model)
    (tmp_path / "text.tflite").write_text("no model")
    with pytest.raises(ValueError, match="Cannot load .*text.tflite"):
        faces.open_network(tmp_path / "text.tflite")
    with pytest.raises(OSError, match="missing.tflite"):
        faces.open_network(tmp_path / "missing.tflite")


@pytest.mark.slow
def test_a_model_is_run_by_litert(face_model):
    (found,) = faces.find(faces.open_network(face_model), bright(8, 8))
    np.testing.assert_allclose(found.box, [0, 0, 32, 32], atol=0.1)
