import numpy as np
import pytest

from benchmarks.faces import movements
from fast_style.content.faces import Face

WIDTH = 40  # px


def face(x, y):
    centre = np.array([x, y], float)
    box = np.concatenate([centre - WIDTH / 2, centre + WIDTH / 2])
    return Face(box, centre + np.arange(12).reshape(6, 2), 1.0)


@pytest.mark.parametrize("shift", [(0, 0), (6, 0), (0, 12), (-8, 6)])
def test_a_shifted_face_moves_by_that_much(shift):
    (moved,) = movements([face(100, 150)], [face(100 + shift[0], 150 + shift[1])])
    assert moved == pytest.approx(np.hypot(*shift) / WIDTH)


def test_lost_faces_have_not_moved():
    photo = [face(100, 100), face(300, 100)]
    assert movements(photo, []) == [None, None]
    assert movements(photo, [face(302, 100)]) == [None, pytest.approx(2 / 40)]
    assert movements(photo, [face(200, 100)]) == [None, None]
    twice = [face(100, 100), face(104, 100)]
    assert movements(twice, [face(101, 100)]) == [pytest.approx(1 / 40), None]
