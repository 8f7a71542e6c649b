"""The page in a real browser: for every screen and everybody."""

import io

import httpx
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import TWO, begin, choose, take
from PIL import Image

# The controls whose texts are cut.
CUT = """() => [...document.querySelectorAll("#fields select, .chip")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .filter((element) => {
    const { offsetWidth } = element;
    if (element.matches("select")) element.style.width = "max-content";
    const cut = Math.max(element.offsetWidth, element.scrollWidth) > offsetWidth;
    element.style.width = "";
    return cut;
  })
  .map(({ id }) => id)"""

# Where the sign of 100 % stands: to the right of the number?
SIGN = """() => {
  const [text] = document.querySelector("#strength-value").childNodes;
  const range = document.createRange();
  const [number, sign] = [0, text.length - 1].map((place) => {
    range.setStart(text, place);
    range.setEnd(text, place + 1);
    return range.getBoundingClientRect().left;
  });
  return number < sign;
}"""


def test_page_fits_every_screen_and_shows_the_picture(page):
    begin(page, TWO)
    page.click("summary")
    least = {  # px of the picture's height, by the screen; the last is a page at 400 %
        (2560, 1440): 1000,
        (1366, 768): 450,
        (1300, 820): 500,
        (1130, 740): 430,
        (820, 1180): 380,
        (640, 400): 180,
        (844, 390): 180,
        (390, 844): 260,
        (320, 700): 130,
        (360, 640): 190,
        (320, 568): 130,
        (320, 256): 120,
    }
    for direction, mask in (("ltr", False), ("rtl", True)):
        page.evaluate("(direction) => (document.dir = direction)", direction)
        if mask:
            page.click("#mask")
        for (width, height), pixels in least.items():
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert (width, height, wide) == (width, height, width)
            box = page.locator("#frame").bounding_box()
            assert box["height"] > (90 if mask else pixels), (width, height, box)
            assert page.evaluate(CUT) == [], (width, height)
            if page.locator("#strength").is_visible():
                assert page.evaluate(SIGN)
            if page.locator("#bar").is_visible() and height > 500:
                last = page.locator("#mask-done" if mask else ".style").first
                bar = page.locator("#bar").bounding_box()
                assert bottom(last.bounding_box()) <= bar["y"] == height - bar["height"]
            if not mask:
                page.locator(".style").last.scroll_into_view_if_needed()
    page.evaluate("document.dir = 'ltr'")


def bottom(box):
    return box["y"] + box["height"]


def test_every_button_without_a_visible_text_has_a_tooltip(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("#mask")
    buttons = "#stage button, header button, #panel button"
    bare = page.eval_on_selector_all(
        buttons,
        """(all) => all
          .filter((button) => {
            const label = button.querySelector(".label");
            const seen = !label || label.getBoundingClientRect().width > 1;
            const named = (seen && button.innerText) || button.title;
            return button.checkVisibility() && !named;
          })
          .map((button) => button.id)""",
    )
    assert bare == []


def test_only_messages_are_read_aloud_by_themselves(page):
    live = "output, [aria-live], [role=status], [role=alert], [role=log]"
    ids = "(all) => all.map((element) => element.id)"
    assert page.eval_on_selector_all(live, ids) == [
        *("alarm", "quiet", "styles-none", "camera-message"),
        *("teach-state", "many-state", "take-hint", "take-state", "token-problem"),
    ]


def track(page, name):
    """Return the pixels of a slider, and the one beside it, its background's."""
    slider = page.get_by_label(f"Share of {name}", exact=True)
    image = Image.open(io.BytesIO(slider.screenshot()))
    pixels = np.array(image.convert("RGB")).astype(float)
    return pixels, pixels[1, 1]


def contrast(first, second):
    """Return the WCAG's ratio of two colours' luminances."""
    values = np.stack([first, second]) / 255
    linear = np.where(
        values <= 0.03928, values / 12.92, ((values + 0.055) / 1.055) ** 2.4
    )
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_slider_shows_all_of_its_track(page, scheme):
    begin(page, "#styles=wave:0.5,scream:0.2&size=128")
    page.emulate_media(color_scheme=scheme)
    for name in ("The Great Wave off Kanagawa", "The Scream"):
        pixels, ground = track(page, name)
        middle = pixels[pixels.shape[0] // 2, -20]
        assert contrast(middle, ground) >= 3


def test_forced_colours_show_tracks_switch_and_states(page):
    begin(page, "#styles=wave:1,scream:0.5&size=128")
    page.emulate_media(forced_colors="active")
    page.click("#compare")
    pixels, ground = track(page, "The Scream")
    column = pixels[:, -20]
    assert max(contrast(pixel, ground) for pixel in column) > 3  # the empty part's edge
    row = pixels[pixels.shape[0] // 2]
    assert contrast(row[20], row[-20]) > 3  # what is filled, and what is not
    style = "(element, name) => getComputedStyle(element)[name]"

    def look(selector, name):
        return page.locator(selector).first.evaluate(style, name)

    for selector in ("#compare", "#choose"):
        assert look(selector, "backgroundColor") != look("#mask", "backgroundColor")
    assert look(".style.active .window", "outlineStyle") == "solid"
    off = look("#in-browser", "backgroundColor")
    page.locator("#in-browser").evaluate("(box) => (box.checked = true)")
    assert look("#in-browser", "backgroundColor") != off
    assert look("#in-browser", "borderStyle") == "solid"


def test_busy_shows_without_motion(page):
    look = "getComputedStyle(document.querySelector('#frame'), '::after').visibility"
    assert page.evaluate(look) == "hidden"
    held = []
    page.route("**/api/stylize", lambda route: held.append(route))
    take(page, "The Scream")
    assert page.inner_text("#status") == "Painting …"
    page.wait_for_function(f"() => {look} === 'visible'")
    for route in held:
        route.abort()


@pytest.mark.parametrize("part", ["styles.js", None])
def test_a_page_that_does_not_start_says_so(chromium, studio, part):
    context = chromium.new_context(java_script_enabled=part is not None)
    page = context.new_page()
    if part:
        page.route(f"**/{part}", lambda route: route.abort())
    page.goto(studio)
    notice = page.locator("#unstarted")
    notice.wait_for(timeout=20_000)
    assert "The studio has not started." in notice.inner_text()
    assert ("It needs JavaScript" in notice.inner_text()) is (part is None)
    context.close()


def test_axe_finds_no_serious_fault(page):
    assert page.locator("#unstarted").count() == 0
    begin(page, TWO)
    take(page, "Udnie")  # shows the toast
    faults = serious_faults(page)
    choose(page, b"hello", "notes.txt", "text/plain")
    page.locator("#alarm").wait_for()
    page.click("summary")
    page.click("#mask")
    faults += serious_faults(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Adjust").last.click()
    faults += serious_faults(page)
    page.keyboard.press("Escape")
    page.click("#mask")
    for button in ("#presets", "#camera"):
        page.click(button)
        faults += serious_faults(page)
        page.keyboard.press("Escape")
    assert faults == []


def serious_faults(page):
    """Return what axe calls serious or critical, in the light and the dark colours."""
    page.emulate_media(color_scheme="light")
    violations = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    rules = {"runOnly": ["color-contrast"]}
    violations += Axe().run(page, options=rules).response["violations"]
    return [
        (violation["id"], violation["nodes"][0]["html"])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]


def test_browsers_keep_files_and_ask_whether_they_changed(studio):
    for path in ("/", "/page/js/main.js", "/page/sample.jpg"):
        answer = httpx.get(studio + path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"
        headers = {"If-None-Match": answer.headers["ETag"]}
        assert httpx.get(studio + path, headers=headers).status_code == 304
    script = httpx.get(f"{studio}/page/js/main.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    for path in (
        "/page/",
        "/page/%2e%2e/page.py",
        "/page/%2e%2e%2fapi.py",
        "/page/none",
    ):
        assert httpx.get(studio + path).status_code == 404
