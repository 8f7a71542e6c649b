"""The page in a real browser: the regions of a picture, each with its own setting."""

import numpy as np
from pages import IDLE, begin, differ, drag, open_picture, pixels, result, take
from serving import encoded

# Stands in for a browser that finds faces.
FACES = """self.FaceDetector = class {
  async detect({ width, height }) {
    const [x, y] = [0.7 * width, 0.2 * height];
    return [{ boundingBox: { x, y, width: 0.1 * width, height: 0.1 * height } }];
  }
};"""
ANEW = "import('/page/js/painting.js').then(({ showResult }) => showResult())"
LINE = [(0.3, 0.3), (0.4, 0.35), (0.5, 0.3)]
ON, OFF = np.s_[50:58, 56:66], np.s_[96:]  # px on that line, and far from it, of 128


def near(first, second):
    """Return whether two pictures are the same but for rounding."""
    return np.abs(first.astype(int) - second).max() <= 3


def pressed(page, selector):
    return page.get_attribute(selector, "aria-pressed") == "true"


def test_regions_are_drawn_undone_and_given_another_style(visit):
    page = visit(prepare=lambda page: page.add_init_script(FACES))
    whole = pixels(page)
    page.click("#mask")
    assert np.array_equal(pixels(page), whole)  # it starts with all of the picture
    page.click("#mask-clear")
    photo = pixels(page)
    page.click("#mask-undo")
    assert np.array_equal(pixels(page), whole)
    page.get_by_label("Erase").check(force=True)
    drag(page, *LINE)
    erased = pixels(page)
    assert near(erased[OFF], whole[OFF])
    assert not differ(erased[40:44, 50:70], photo[40:44, 50:70])
    # What was composed around the brush is what is composed anew, and what is saved.
    page.evaluate(ANEW)
    assert near(pixels(page), erased)
    page.select_option("#format", "png")
    assert not differ(result(page)[..., :3], erased[..., :3])

    # Its own undo leaves the settings alone.
    take(page, "The Scream")
    page.locator("#brush").focus()
    page.keyboard.press("Control+z")
    page.wait_for_selector(IDLE)
    scream = pixels(page)
    assert not near(scream[40:44, 50:70], photo[40:44, 50:70])
    page.click("#mask-redo")
    assert not differ(pixels(page)[40:44, 50:70], photo[40:44, 50:70])

    # Inverted, the line alone is painted; None is the photograph, All the painting.
    page.click("#mask-invert")
    assert near(pixels(page)[OFF], photo[OFF])
    page.click("#mask-clear")
    assert near(pixels(page), photo)
    assert page.is_checked("#brush-paint")
    drag(page, *LINE)
    assert near(pixels(page)[40:44, 54:66], scream[40:44, 54:66])
    page.click("#mask-fill")
    assert near(pixels(page), scream)
    assert page.is_disabled("#mask-fill")

    # A gradient fades from where the drag began to where it ended.
    page.get_by_label("Gradient").check(force=True)
    drag(page, (0.25, 0.5), (0.5, 0.5), (0.75, 0.5))
    faded = pixels(page)
    assert near(faded[:, :30], scream[:, :30])
    assert near(faded[:, 98:], photo[:, 98:])
    middle = (scream[:, 64].astype(int) + photo[:, 64]) / 2
    assert np.abs(faded[:, 64] - middle).mean() < 6

    # The rest has a setting of its own.
    page.click("#layer-rest")
    assert pressed(page, "#layer-rest") and not pressed(page, "#layer-brushed")
    take(page, "The Starry Night")
    page.wait_for_selector(IDLE)
    both = pixels(page)
    assert near(both[:, :30], scream[:, :30])
    assert differ(both[:, 98:], photo[:, 98:])
    assert "The Scream" in page.inner_text("#layer-brushed")
    assert "The Starry Night" in page.inner_text("#layer-rest")
    page.wait_for_function("() => location.hash.includes('rest_styles=starry_night:1')")
    page.click("#layer-brushed")

    # Keys change the brush, a switch shows the mask, faces are left out.
    before = int(page.input_value("#brush-size"))
    page.keyboard.press("]")
    assert int(page.input_value("#brush-size")) > before
    page.keyboard.press("[")
    assert int(page.input_value("#brush-size")) == before
    assert not page.is_visible("#overlay")
    page.get_by_label("Show mask").check()
    assert page.is_visible("#overlay")
    page.click("#mask-fill")
    page.click("#mask-faces")
    kept = pixels(page)
    assert near(kept[30:34, 94:98], both[30:34, 94:98])
    page.click("#mask-done")
    assert page.evaluate("document.activeElement.id") == "mask"
    assert "used" in page.get_attribute("#mask", "class")
    page.reload()
    page.wait_for_selector(IDLE)
    assert near(pixels(page), kept)
    assert "The Starry Night" in page.inner_text("#layer-rest")
    label = page.get_attribute("#result-list [aria-current]", "aria-label")
    assert label.endswith(" · Rest: The Starry Night")


def test_regions_work_by_keyboard_and_fit_another_picture(page):
    begin(page, "")
    assert not page.is_visible("#layers")
    page.focus("#mask")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "brush"
    assert not page.is_visible("#mask-faces")  # this browser finds none
    lines = page.locator("#lines-shell")
    assert lines.text_content() == "The same result from a terminal"
    page.click("#mask-clear")
    assert lines.text_content() == "From a terminal, without the mask"
    page.locator("#brush").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    assert page.text_content("#quiet") == (
        "Painted, 50 % from the left and 46 % from the top"
    )
    after, photo = pixels(page), pixels(page, "#before")
    assert differ(after[226:246, 246:266], photo[226:246, 246:266])
    page.get_by_label("Gradient").check(force=True)
    page.locator("#brush").focus()
    for key in ("Space", *8 * ["ArrowLeft"], "Space"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "mask"
    assert not page.is_visible("#mask-tools")
    # The page's undo leaves strokes to the mask's redo, and the tool stays.
    page.click("#undo")
    page.click("#mask")
    assert page.is_checked("#brush-gradient")
    page.click("#mask-redo")
    page.click("#mask-done")
    after = pixels(page)
    assert differ(after[:, 300:], photo[:, 300:])
    assert near(after[:, :90], photo[:, :90])
    data = np.full((37, 53, 4), 128, np.uint8)
    open_picture(page, encoded(data))
    assert "was replaced. The mask stays." in page.inner_text("#toast-text")
    assert not page.locator("#alarm").is_visible()
    after, photo = pixels(page), pixels(page, "#before")
    assert differ(after[:, 40:, :3], photo[:, 40:, :3])
    assert near(after[:, :5], photo[:, :5])
    assert np.abs(result(page)[..., 3].astype(int) - 128).max() <= 2  # transparency


def test_the_hint_goes_with_the_tools(page):
    status = page.locator("#status")
    page.click("#mask")
    assert "The whole picture is brushed" in status.inner_text()
    page.click("#mask-done")
    assert status.inner_text() == ""


def test_no_stroke_copies_a_large_picture(page):
    made = page.evaluate(
        """async () => {
          const mask = await import("/page/js/mask.js");
          const { makeCanvas } = await import("/page/js/canvas.js");
          const [result, photo] = [makeCanvas(4096, 3072), makeCanvas(4096, 3072)];
          const canvas = document.querySelector("#after");
          mask.fit(photo);
          mask.show(canvas, result, photo);
          const areas = [];
          const { drawImage } = CanvasRenderingContext2D.prototype;
          CanvasRenderingContext2D.prototype.drawImage = function (image, ...rest) {
            areas.push(image.width * image.height);
            return drawImage.call(this, image, ...rest);
          };
          mask.show(canvas, result, photo, [0.5, 0.5, 0.6, 0.6]);
          const { width, height } = mask.apply(result, photo);
          return [Math.max(...areas.slice(0, 6)), canvas.width, width, height];
        }"""
    )
    assert made[0] <= made[1] ** 2
    assert made[1:] == [1024, 4096, 3072]
