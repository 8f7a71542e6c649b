"""The page in a real browser, under fingers."""

import numpy as np
from pages import IDLE, PHONE, TWO, pixels, touch

# Stands in for a phone's sheet, which wants a fresh click where a test says so.
SHEET = """
  navigator.canShare = ({ files }) => files.length === 1;
  navigator.share = async ({ files: [file] }) => {
    if (self.late) throw new DOMException("", "NotAllowedError");
    self.shared = [file.name, file.type];
  };
  Object.defineProperty(navigator, "userActivation", { value: { isActive: false } });"""
ACTIVE = ".style.active"

# What a finger finds hard to meet: its name and size, px.
SMALL_TARGETS = """() => [
    ...document.querySelectorAll("button, select, summary, input"),
  ]
  .filter((element) => element.checkVisibility() && !element.closest("label"))
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, { width, height }]) => Math.min(width, height) < 44)
  .map(([{ id, className }, { width, height }]) => [id || className, width, height])"""


def middle(page, selector, x=0.5, y=0.5):
    """Return a place in an element, given by shares of its width and height."""
    box = page.locator(selector).first.bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def swipe(page, start, dx=0, dy=0):
    """Move a finger along a line, px."""
    x, y = start
    touch(page, *([(x + dx * k / 12, y + dy * k / 12)] for k in range(13)))


def hold(page, selector):
    """Hold a finger on an element until that shows what is under it."""
    session = page.context.new_cdp_session(page)
    x, y = middle(page, selector)
    point = {"touchPoints": [{"x": x, "y": y}]}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart"} | point)
    page.wait_for_selector(f"{selector}.peeking")
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_selector(f"{selector}:not(.peeking)")


def test_fingers_scroll_slide_and_tap(visit):
    page = visit(TWO, prepare=lambda page: page.add_init_script(SHEET), **PHONE)
    before = page.url
    slider = "#parts input"

    # A finger that goes up or down changes nothing, wherever it starts.
    swipe(page, middle(page, slider, 0.8), dx=3, dy=-90)
    swipe(page, middle(page, "#frame"), dx=3, dy=-90)
    swipe(page, middle(page, ".solo"), dx=3, dy=-90)
    page.click("#compare")
    swipe(page, middle(page, "#frame", 0.2, 0.9), dx=3, dy=-90)
    assert page.get_attribute("#divider", "aria-valuenow") == "50"
    assert page.locator(".peeking").count() == 0
    assert page.locator(ACTIVE).count() == 2
    assert page.url == before
    assert page.is_disabled("#undo")

    # One that stays shows the photograph, or the painting of a style.
    page.click("#compare")
    hold(page, "#frame")
    page.click("#compare")
    hold(page, ".style[data-name=plum_park]")
    assert page.locator(ACTIVE).count() == 2

    # One that goes to the side scrolls the strip, moves the divider and a slider.
    swipe(page, middle(page, ".solo", 0.5), dx=-150)
    left = "document.querySelector('#styles').scrollLeft"
    page.wait_for_function(f"() => {left} > 60")
    assert page.locator(ACTIVE).count() == 2
    swipe(page, middle(page, "#frame", 0.5), dx=-60)
    assert int(page.get_attribute("#divider", "aria-valuenow")) < 45
    value = int(page.input_value(f"{slider} >> nth=0"))
    swipe(page, middle(page, slider, value / 100), dx=-40)
    assert int(page.input_value(f"{slider} >> nth=0")) < value - 10
    touch(page, [middle(page, slider, 0.2)])
    assert 10 < int(page.input_value(f"{slider} >> nth=0")) < 30
    page.wait_for_selector(IDLE)

    # One finger draws the mask. Two enlarge the picture, and draw nothing.
    page.click("#mask")
    x, y = middle(page, "#frame", 0.3, 0.3)
    whole = pixels(page)
    beside = [[(x + 2 * k, y), (x + 2 * k, y + 40)] for k in range(8)]
    touch(page, [(x, y)], [(x + 3, y)], *beside, [(x, y)], [(x + 40, y)])
    assert np.array_equal(pixels(page), whole)
    assert page.is_disabled("#mask-undo")
    touch(page, [(x, y)], [(x + 10, y)], [(x + 40, y)])
    assert not np.array_equal(pixels(page), whole)
    assert page.is_enabled("#mask-undo")

    # The bar shares the result; where that took too long, it takes another tap.
    page.evaluate("self.late = true")
    page.click("#bar [data-press='#share']")
    page.locator("#toast", has_text="Ready to share.").wait_for()
    page.evaluate("self.late = false")
    page.click("#toast-act")
    page.wait_for_function("() => self.shared")
    name, kind = page.evaluate("self.shared")
    assert name.startswith("astronaut-") and kind == "image/jpeg"

    # All that is pressed is large enough, however the screen is held.
    for width, height in ((390, 844), (844, 390), (768, 1024)):
        page.set_viewport_size({"width": width, "height": height})
        for _ in range(2):  # with the mask's tools, and without
            assert page.evaluate(SMALL_TARGETS) == []
            page.click("#mask")
    page.set_viewport_size({"width": 844, "height": 390})
    page.click("#mask-done")
    page.click("#adjust-open")
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.locator("#strength").is_visible()
    sheet = page.locator("#adjust").bounding_box()
    assert sheet["x"] >= page.locator("#panel").bounding_box()["x"]
    ground = "getComputedStyle(document.querySelector('#adjust'), '::backdrop')"
    assert page.evaluate(f"{ground}.backgroundColor") == "rgba(0, 0, 0, 0)"
    page.keyboard.press("Escape")

    # A dialog has its headings and switches on a phone, too.
    page.evaluate("document.querySelector('#many-dialog').showModal()")
    assert page.locator("#many-dialog h3").is_visible()
    box = page.locator("#many-sheet").bounding_box()
    assert (box["width"], box["height"]) == (34, 20)
    assert middle(page, "#many-look")[1] > middle(page, "#many-size", y=1)[1]
