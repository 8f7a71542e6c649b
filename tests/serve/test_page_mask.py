"""The page in a real browser: its mask."""

import numpy as np
from pages import IDLE, differ, drag, open_picture, pixels, result, take
from serving import encoded


def test_mask_paints_inside_and_leaves_the_photograph_outside(visit):
    page = visit("")
    whole = pixels(page)
    page.click("#mask")
    assert np.array_equal(pixels(page), pixels(page, "#before"))
    drag(page, (0.3, 0.3), (0.4, 0.35), (0.5, 0.3))
    masked, photo = pixels(page), pixels(page, "#before")
    assert np.array_equal(masked[230:], photo[230:])
    assert (
        np.abs(masked[168:180, 196:216].astype(int) - whole[168:180, 196:216]).max() < 3
    )
    page.select_option("#format", "png")
    file = result(page)[..., :3]
    assert np.array_equal(file[300:], photo[300:, :, :3])
    assert differ(file[144:168, 184:224], photo[144:168, 184:224, :3])
    page.get_by_label("Erase").check(force=True)
    drag(page, (0.3, 0.3), (0.4, 0.35), (0.5, 0.3))
    page.click("#mask-undo")
    assert np.array_equal(pixels(page), masked)
    page.click("#mask-clear")
    page.click("#mask-done")
    assert page.evaluate("document.activeElement.id") == "mask"
    assert np.array_equal(pixels(page), whole)


def test_a_second_setting_applies_outside_the_mask(visit):
    page = visit("#styles=scream:1&size=128")
    scream = pixels(page)
    page.click("#mask")
    page.click("#rest-keep")
    take(page, "The Starry Night")
    drag(page, (0.5, 0.2))
    page.wait_for_selector(IDLE)
    mixed = pixels(page)
    assert np.abs(mixed[75:].astype(int) - scream[75:]).max() < 3
    assert differ(mixed[23:29, 60:67], scream[23:29, 60:67])
    assert "rest_styles=scream:1" in page.url


def test_mask_keeps_a_pictures_transparency(visit):
    page = visit()
    picture = np.full((128, 128, 4), 128, np.uint8)
    open_picture(page, encoded(picture))
    page.click("#mask")
    drag(page, (0.3, 0.5), (0.7, 0.5))
    page.wait_for_selector(IDLE)
    file = result(page)
    assert differ(file[64, 64, :3], picture[64, 64, :3])
    assert np.abs(file[..., 3].astype(int) - 128).max() <= 2


def test_mask_is_painted_by_keyboard(visit):
    page = visit("")
    page.click("#mask")
    page.locator("#brush").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    after, photo = pixels(page), pixels(page, "#before")
    assert differ(after[226:246, 246:266], photo[226:246, 246:266])
    assert np.array_equal(after[:100], photo[:100])
    page.click("#mask-done")
    assert "used" in page.get_attribute("#mask", "class")
    open_picture(page, encoded(np.zeros((37, 53, 3), np.uint8)))
    # The mask stays, fitted to the new picture.
    assert "The mask stays." in page.inner_text("#alarm-text")
    assert "used" in page.get_attribute("#mask", "class")
    after, photo = pixels(page), pixels(page, "#before")
    assert differ(after[15:20, 24:29], photo[15:20, 24:29])
    assert np.array_equal(after[:5], photo[:5])


def test_mask_is_filled_and_inverted(visit):
    page = visit("")
    whole = pixels(page)
    page.click("#mask")
    photo = pixels(page)
    page.click("#mask-fill")
    assert np.abs(pixels(page).astype(int) - whole).max() <= 1
    page.get_by_label("Erase").check(force=True)
    drag(page, (0.5, 0.2))
    hole = pixels(page)
    assert np.array_equal(hole[95:110, 250:262], photo[95:110, 250:262])
    assert np.abs(hole[300:].astype(int) - whole[300:]).max() <= 1
    page.click("#mask-invert")
    inverted = pixels(page)
    assert np.array_equal(inverted[300:], photo[300:])
    assert differ(inverted[95:110, 250:262], photo[95:110, 250:262])
    page.click("#mask-invert")
    assert np.array_equal(pixels(page), hole)


def test_a_brush_is_followed_at_the_size_of_the_screen(visit):
    page = visit()
    sides = page.evaluate(
        """async () => {
          const mask = await import("/page/js/mask.js");
          const { makeCanvas } = await import("/page/js/canvas.js");
          const [result, photo] = [makeCanvas(2048, 1536), makeCanvas(2048, 1536)];
          mask.fit(photo);
          return [mask.applyForScreen(result, photo), mask.apply(result, photo)].map(
            ({ width, height }) => [width, height],
          );
        }"""
    )
    assert sides == [[1024, 768], [2048, 1536]]
