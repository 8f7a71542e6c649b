"""The page in a real browser: for every screen and everybody."""

import httpx
from axe_playwright_python.sync_playwright import Axe
from pages import TWO, choose


def test_page_fits_every_width(visit):
    page = visit(TWO)
    page.click("summary")
    page.click("#mask")
    for width in (360, 800, 1130, 1290, 2560):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_picture_stays_in_sight_on_a_phone(visit):
    page = visit(TWO, viewport={"width": 360, "height": 740})
    page.get_by_role("slider", name="Share of Balloon").scroll_into_view_if_needed()
    assert page.locator("#frame").bounding_box()["y"] > 0


def test_phone_held_sideways_has_room_for_styles_and_mask(visit):
    page = visit(TWO, viewport={"width": 844, "height": 340})
    page.get_by_role("slider", name="Share of Balloon").scroll_into_view_if_needed()
    assert page.locator("#frame").bounding_box()["y"] > 0
    page.click("#mask")
    assert page.locator("#frame").bounding_box()["height"] > 140


def test_axe_finds_no_serious_fault(visit):
    page = visit(TWO)
    faults = serious_faults(page)
    choose(page, b"hello", "notes.txt", "text/plain")
    page.locator("#alarm").wait_for()
    page.click("summary")
    page.click("#mask")
    faults += serious_faults(page)
    page.click("#camera")
    faults += serious_faults(page)
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
