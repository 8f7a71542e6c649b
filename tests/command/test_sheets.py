import numpy as np
import pytest
from PIL import ImageFont

from fast_style.command import sheets

PAPER = np.array(sheets.PAPER)


def flat(height, width, level):
    return np.full((height, width, 3), level, np.uint8)


def places(sheet, picture):
    """Return the top left corners of a flat picture on a sheet, row by row."""
    height, width = picture.shape[:2]
    same = (sheet == picture[0, 0]).all(-1)
    corners = []
    while same.any():
        y, x = divmod(int(same.argmax()), same.shape[1])
        assert same[y : y + height, x : x + width].all()
        same[y : y + height, x : x + width] = False
        corners.append((y, x))
    return corners


@pytest.mark.parametrize("size", [(16, 16), (37, 53), (16, 700), (700, 16), (512, 340)])
def test_every_picture_is_there_whole(size):
    levels = [10, 60, 130, 150, 180]
    pictures = [flat(*size, level) for level in levels]
    sheet = sheets.draw(pictures, [()] * 5, columns=2)
    assert sheet.dtype == np.uint8 and sheet.shape[2] == 3
    corners = [places(sheet, picture) for picture in pictures]
    assert [len(copies) for copies in corners] == [1] * 5
    (y0, x0), (y1, x1), (y2, x2), (y3, x3), (y4, x4) = (copies[0] for copies in corners)
    assert y0 == y1 < y2 == y3 < y4 and x0 == x2 == x4 < x1 == x3
    assert (sheet[: y0 - 1] == PAPER).all() and (sheet[:, : x0 - 1] == PAPER).all()


def test_captions_stand_under_their_pictures():
    picture = flat(60, 300, 120)
    captions = [("wave", "Hokusai"), (), ("wave", "Hokusai")]
    sheet = sheets.draw([picture] * 3, captions, columns=3)
    (y, first), (_, second), (_, third) = places(sheet, picture)
    under = sheet[y + 60 :]
    assert (under[:, first : first + 300] != PAPER).any()
    assert (under[:, second : second + 300] == PAPER).all()
    np.testing.assert_array_equal(
        under[:, first : first + 300], under[:, third : third + 300]
    )
    assert under[:, first : first + 300].min() < 60  # dark enough to read


def test_long_captions_stay_in_their_column():
    picture = flat(60, 300, 120)
    sheet = sheets.draw([picture] * 2, [("long " * 99,), ()], columns=2)
    (y, first), (_, second) = places(sheet, picture)
    assert (sheet[y + 60 :, first + 250 : first + 300] != PAPER).any()
    assert (sheet[y + 60 :, first + 300 :] == PAPER).all()


def test_lines_too_long_end_in_an_ellipsis():
    font = ImageFont.load_default(20)
    assert sheets.fit_line("wave", font, 200) == "wave"
    cut = sheets.fit_line("a" + 60 * " " + "wave", font, 40)
    assert cut == "a…"
    assert font.getlength(sheets.fit_line("wave" * 20, font, 200)) <= 200


def test_accents_are_drawn_above_their_letters():
    def ink(text):
        picture = flat(20, 300, 120)
        sheet = sheets.draw([picture], [(text,)])
        (y, x) = places(sheet, picture)[0]
        return (sheet[y + 20 :, x:] != PAPER).any(-1)

    plain, accented = ink("Durer"), ink("Dürer")
    assert plain.shape == accented.shape
    changed = np.argwhere(plain != accented)
    assert len(changed) and accented[plain].all()
    rows, columns = np.nonzero(plain)
    top_of_u = plain[:, columns.min() + 14].argmax()  # the first stroke of the u
    assert changed[:, 0].max() <= top_of_u
    assert changed[:, 1].max() < (columns.min() + columns.max()) / 2
    # As one code point or as two.
    np.testing.assert_array_equal(ink("Du\N{COMBINING DIAERESIS}rer"), accented)


@pytest.mark.parametrize(
    ("size", "count", "shape"),
    [((512, 512), 19, (4, 5)), ((340, 512), 2, (1, 2)), ((20, 900), 6, (6, 1))],
)
def test_sheet_has_a_shape_to_look_at(size, count, shape):
    picture = flat(*size, 120)
    corners = places(sheets.draw([picture] * count, [("a",)] * count), picture)
    assert (len({y for y, _ in corners}), len({x for _, x in corners})) == shape


def test_more_columns_than_pictures_leave_no_gap():
    picture = flat(40, 300, 120)
    sheets_of = [sheets.draw([picture] * 2, [()] * 2, columns=c) for c in (2, 9)]
    np.testing.assert_array_equal(*sheets_of)


def test_alpha_shows_the_paper():
    alpha = np.full((40, 300), 255, np.uint8)
    alpha[:, 150:], alpha[0, 0] = 0, 128
    picture = flat(40, 300, 0)
    sheet = sheets.draw([picture], [()], alpha=alpha)
    whole = sheets.draw([picture], [()])
    y, x = places(whole, picture)[0]
    cell = sheet[y : y + 40, x : x + 300]
    assert (cell[:, 150:] == PAPER).all() and (cell[1:, :150] == 0).all()
    np.testing.assert_allclose(cell[0, 0], PAPER / 2, atol=2)
