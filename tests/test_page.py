"""The page, in a real browser."""

import base64
import io
import json
import re
import shlex
from contextlib import contextmanager

import httpx
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from serving import decoded, encoded

from fast_style import cli

IDLE = "#frame[aria-busy=false]"
TWO = "#styles=scream:0.6,wave:0.3&strength=0.8&keep_color=luminance&size=512"


@pytest.fixture
def visit(chromium, studio):
    """Opens the page in a window of its own; errors of a script fail the test."""
    contexts, errors = [], []

    def open_page(hash="", *, url=None, prepare=None, wait=True, **options):
        contexts.append(chromium.new_context(reduced_motion="reduce", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(error))
        if prepare:
            prepare(page)
        page.goto(f"{url or studio}/{hash}")
        if wait:
            page.wait_for_selector(IDLE)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


def pixels(page, canvas="#after"):
    """What a canvas holds, uint8 (H, W, 4)."""
    width, height, data = page.evaluate(
        """(name) => {
          const { width, height } = document.querySelector(name);
          const context = document.querySelector(name).getContext("2d");
          const { data } = context.getImageData(0, 0, width, height);
          let text = "";
          for (const value of data) text += String.fromCharCode(value);
          return [width, height, btoa(text)];
        }""",
        canvas,
    )
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


def differ(one, other):
    return np.abs(one.astype(int) - other).mean() > 3


def upload(page, data, name="photo.png", kind="image/png"):
    page.set_input_files("#file", {"name": name, "mimeType": kind, "buffer": data})


def uploaded(page, data, name="photo.png", kind="image/png"):
    upload(page, data, name, kind)
    page.locator("#name", has_text=name).wait_for()
    page.wait_for_selector(IDLE)


def saved(page):
    with page.expect_download() as download:
        page.click("#download")
    return download.value


def brush(page, *places):
    """Draws a stroke through places given as shares of the picture's sides."""
    box = page.locator("#frame").bounding_box()
    for i, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if not i:
            page.mouse.down()
    page.mouse.up()
    page.evaluate("() => new Promise(requestAnimationFrame)")


@contextmanager
def counted(page):
    """Counts the paintings that are asked for at once, and all of them."""
    counts = {"now": 0, "most": 0, "all": 0}

    def count(by):
        def note(request):
            if request.url.endswith("/api/stylize"):
                counts["now"] += by
                counts["all"] += by > 0
                counts["most"] = max(counts["most"], counts["now"])

        return note

    page.on("request", count(1))
    page.on("requestfinished", count(-1))
    page.on("requestfailed", count(-1))
    yield counts


def test_first_visit_shows_a_painted_sample_and_asks_no_other_host(visit, studio):
    urls = []
    page = visit(prepare=lambda page: page.on("request", lambda r: urls.append(r.url)))
    assert "Painted 512 × 512 px in " in page.inner_text("#status")
    assert page.locator(".style").count() == 18
    assert page.locator(".style.active .title").all_inner_texts() == [
        "The Great Wave off Kanagawa"
    ]
    assert differ(pixels(page), pixels(page, "#before"))
    assert all(url.startswith((studio, "blob:")) for url in urls)
    assert not page.context.cookies()


def test_sliders_repaint_live_one_request_at_a_time(visit):
    page = visit()
    before = pixels(page)
    with counted(page) as counts:
        for value in range(10, 100, 5):
            page.get_by_label("Share of The Scream").fill(str(value))
        page.get_by_label("Share of Udnie").fill("50")
        page.wait_for_function("performance.getEntriesByName('preview').length > 1")
        page.wait_for_selector(IDLE)
    after = pixels(page)
    assert after.shape == before.shape == (512, 512, 4)
    assert differ(after, before)
    assert counts["most"] == 1
    assert counts["all"] < 19
    shares = page.locator(".active output").all_inner_texts()
    assert shares == ["41 %", "39 %", "20 %"]
    assert "scream:0.95,udnie:0.5" in page.url


def test_a_click_takes_a_style_alone_and_reset_the_first(visit):
    page = visit(TWO)
    page.get_by_role("button", name="Composition VII").click()
    assert page.locator(".active .title").all_inner_texts() == ["Composition VII"]
    page.click("#surprise")
    assert page.locator(".active").count() in (2, 3)
    page.click("#reset")
    page.wait_for_selector(IDLE)
    assert page.locator(".active .title").all_inner_texts() == [
        "The Great Wave off Kanagawa"
    ]
    assert page.url.endswith("#styles=wave:1")


def test_no_share_at_all_is_the_photograph(visit):
    page = visit()
    page.get_by_label("Share of The Great Wave").fill("0")
    page.wait_for_selector(IDLE)
    assert "No style has a share" in page.inner_text("#status")
    assert np.array_equal(pixels(page), pixels(page, "#before"))


def test_address_restores_the_setting_and_its_bad_values_do_not_matter(visit):
    def setting(page):
        names = ("#strength", "#keep-color", "#size", "#fade")
        shares = page.eval_on_selector_all(".active input", "all => all.map(e => e.value)")
        return [*shares, *(page.input_value(name) for name in names)]

    page = visit(TWO.replace("512", "384"))
    assert setting(page) == ["30", "60", "80", "luminance", "384", ""]
    page = visit("#styles=nobody:1,wave:x&strength=7&keep_color=<b>&size=1e9&fade=no")
    assert setting(page) == ["100", "100", "none", "", ""]


def test_divider_moves_by_keyboard_and_pointer(visit):
    page = visit()
    divider = page.get_by_role("slider", name="Photograph beside painting")
    divider.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "PageUp"):
        page.keyboard.press(key)
    assert divider.get_attribute("aria-valuenow") == "14"
    assert divider.get_attribute("aria-valuetext") == "14 % photograph, 86 % painting"
    brush(page, (0.3, 0.5), (0.75, 0.4))
    assert divider.get_attribute("aria-valuenow") == "75"
    edge = "getComputedStyle(document.querySelector('#before')).clipPath"
    assert re.search(r"inset\(0p?x? calc\(25%\)|inset\(0px 25%", page.evaluate(edge))
    page.click("#compare")
    assert not divider.is_visible()


def test_download_and_both_lines_give_the_same_picture(visit, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (9, 13, 3), np.uint8))
    name = "it's a photo.png"
    photo = encoded(np.array(small.resize((131, 97), Image.BICUBIC)))
    page = visit(TWO.replace("512", "100"))
    uploaded(page, photo, name)
    download = saved(page)
    assert download.suggested_filename == "it's a photo-wave-scream.png"
    page.click("summary")
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(photo)
    line = shlex.split(page.inner_text("#shell"))
    assert cli.main(line) == 0
    made = tmp_path / download.suggested_filename
    expected = decoded(made.read_bytes())
    assert np.array_equal(decoded(download.path().read_bytes()), expected)
    made.unlink()
    exec(page.inner_text("#python"), {})
    assert np.array_equal(decoded(made.read_bytes()), expected)
    page.select_option("#format", "webp")
    assert Image.open(saved(page).path()).format == "WEBP"
    assert page.inner_text("#shell").endswith("-wave-scream.webp'")


def test_mask_paints_inside_and_leaves_the_photograph_outside(visit):
    page = visit()
    whole = pixels(page)
    page.click("#mask")
    assert np.array_equal(pixels(page), pixels(page, "#before"))
    brush(page, (0.3, 0.3), (0.4, 0.35), (0.5, 0.3))
    masked, photo = pixels(page), pixels(page, "#before")
    assert np.array_equal(masked[200:], photo[200:])
    assert np.abs(masked[150:160, 190:220].astype(int) - whole[150:160, 190:220]).max() < 3
    page.select_option("#format", "png")
    file = decoded(saved(page).path().read_bytes())[..., :3]
    assert np.array_equal(file[300:], photo[300:, :, :3])
    assert differ(file[140:170, 180:230], photo[140:170, 180:230, :3])
    page.get_by_label("Erase").check(force=True)
    brush(page, (0.3, 0.3), (0.4, 0.35), (0.5, 0.3))
    page.click("#mask-undo")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert np.array_equal(pixels(page), masked)
    page.click("#mask-clear")
    page.click("#mask-done")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert np.array_equal(pixels(page), whole)


def test_a_second_setting_paints_where_the_mask_is_not(visit):
    page = visit("#styles=scream:1")
    scream = pixels(page)
    page.click("#mask")
    page.click("#rest-keep")
    page.get_by_role("button", name="The Starry Night").click()
    brush(page, (0.5, 0.2))
    page.wait_for_selector(IDLE)
    mixed = pixels(page)
    assert np.abs(mixed[300:].astype(int) - scream[300:]).max() < 3
    assert differ(mixed[90:115, 240:270], scream[90:115, 240:270])
    assert "rest_styles=scream:1" in page.url


def test_mask_is_painted_by_keyboard(visit):
    page = visit()
    page.click("#mask")
    page.locator("#brush").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    after, photo = pixels(page), pixels(page, "#before")
    assert differ(after[226:246, 246:266], photo[226:246, 246:266])
    assert np.array_equal(after[:100], photo[:100])


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("notes.txt", b"hello", "Cannot read 'notes.txt' as an image. Give a JPEG, "),
        ("cut.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "Cannot read 'cut.jpg'"),
        ("dot.png", encoded(np.zeros((9, 40, 3), np.uint8)), "'dot.png' is 40 × 9 px."),
    ],
)
def test_a_bad_file_is_told_in_words_and_the_picture_stays(visit, name, data, words):
    page = visit()
    upload(page, data, name, "")
    page.locator("#alarm").wait_for()
    assert words in page.inner_text("#alarm-text")
    assert "astronaut.jpg" in page.inner_text("#name")
    page.click("#alarm-close")
    page.get_by_role("button", name="The Scream").click()
    page.wait_for_selector(IDLE)
    assert not page.locator("#alarm").is_visible()


def test_pictures_of_odd_kinds_come_out_right(visit, photo):
    page = visit("#styles=wave:1")
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.fromarray(photo).save(file, "JPEG", exif=exif)
    uploaded(page, file.getvalue(), "turned.jpg", "image/jpeg")
    assert pixels(page).shape == pixels(page, "#before").shape == (53, 37, 4)
    alpha = np.dstack([photo, np.zeros((37, 53), np.uint8)])
    alpha[:, 20:, 3] = 255
    uploaded(page, encoded(alpha), "clear.png")
    assert not pixels(page)[:, :20, 3].any()
    assert (pixels(page)[:, 20:, 3] == 255).all()
    uploaded(page, encoded(photo, "TIFF"), "photo.tif", "image/tiff")
    assert "The server read this picture" in page.inner_text("#alarm-text")
    assert pixels(page).shape == (37, 53, 4)


def test_a_picture_over_the_limit_is_made_smaller_and_told(visit):
    noise = np.random.default_rng(0).integers(0, 256, (800, 1100, 3), np.uint8)
    page = visit("#size=384")
    uploaded(page, encoded(noise), "huge.png")
    assert "huge.png' is more than the server takes" in page.inner_text("#alarm-text")
    assert "1100 × 800 px" in page.inner_text("#name")
    assert pixels(page).shape == (279, 384, 4)


def test_a_busy_server_is_asked_again(visit):
    busy = {"error": "Too many pictures wait already. Try again."}
    refused = []

    def refuse(route):
        refused.append(route)
        if len(refused) > left[0]:
            return route.continue_()
        headers = {"Retry-After": "0.05", "Content-Type": "application/json"}
        return route.fulfill(status=503, body=json.dumps(busy), headers=headers)

    left = [2]
    page = visit(prepare=lambda page: page.route("**/api/stylize", refuse))
    assert len(refused) > 2
    assert not page.locator("#alarm").is_visible()
    left[0] = 1000
    page.get_by_role("button", name="The Scream").click()
    page.locator("#alarm").wait_for()
    assert page.inner_text("#alarm-text") == busy["error"]


def test_camera_gives_a_picture_or_says_why_not(visit):
    page = visit("#size=384", permissions=["camera"])
    page.click("#camera")
    page.locator("#camera-shutter:enabled").click()
    page.locator("#name", has_text="camera.jpg").wait_for()
    page.wait_for_selector(IDLE)
    assert differ(pixels(page), pixels(page, "#before"))
    page = visit()
    page.click("#camera")
    page.locator("#camera-message", has_text="may not use the camera").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#camera-dialog").is_visible()


def test_a_model_of_ones_own_needs_no_thumbnails(visit):
    style = {"name": "my_style", "thumbnail": None}
    style |= dict.fromkeys(("title", "artist", "year", "credit"))
    info = {"styles": [style], "fade": "pixels", "model": "mine.tflite"}
    info |= {"max_size": 2048, "max_upload": 20, "max_pixels": 50}

    def prepare(page):
        page.route("**/api/styles", lambda route: route.fulfill(json=info))

    page = visit("#styles=wave:1", prepare=prepare)
    page.locator("#alarm").wait_for()
    assert "No style 'my_style' in this model" in page.inner_text("#alarm-text")
    assert page.locator(".title").all_inner_texts() == ["My style"]
    assert not page.locator("#surprise").is_visible()
    assert not page.locator("#fade").is_visible()
    page.click("summary")
    assert page.inner_text("#shell").endswith("--style my_style --model mine.tflite")


def test_the_browser_paints_where_a_backend_for_it_is_served(visit):
    module = """export async function create() {
      return { async paint(source, settings, signal) {
        const image = await source.pixels();
        for (let i = 0; i < image.data.length; i++)
          if (i % 4 < 3) image.data[i] = 255 - image.data[i];
        return { image, ms: 12 };
      } };
    }"""

    def prepare(page):
        def add(route):
            info = route.fetch().json() | {"browser": "/page/js/browser"}
            route.fulfill(json=info)

        page.route("**/api/styles", add)
        kind = "text/javascript"
        page.route(
            "**/page/js/browser/browser.js",
            lambda route: route.fulfill(body=module, content_type=kind),
        )

    page = visit(prepare=prepare)
    with counted(page) as counts:
        page.get_by_label("Paint in this browser").check()
        page.locator("#status", has_text="0.012 s").wait_for()
        page.wait_for_selector(IDLE)
        inverted = 255 - pixels(page, "#before")[..., :3]
        assert np.array_equal(pixels(page)[..., :3], inverted)
        page.select_option("#format", "png")
        file = decoded(saved(page).path().read_bytes())[..., :3]
        assert np.array_equal(file, inverted)
    assert counts["all"] == 0
    page = visit()
    assert not page.get_by_label("Paint in this browser").is_visible()


@pytest.mark.parametrize("width", [360, 2560])
def test_no_width_needs_to_be_scrolled_sideways(visit, width):
    page = visit(TWO, viewport={"width": width, "height": 740})
    page.click("summary")
    page.click("#mask")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("slider", name="Share of Balloon").scroll_into_view_if_needed()
    assert page.locator("#frame").bounding_box()["y"] > -60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(visit, scheme):
    page = visit(TWO, color_scheme=scheme)
    found = check(page)
    upload(page, b"hello", "notes.txt", "text/plain")
    page.locator("#alarm").wait_for()
    page.click("summary")
    page.click("#mask")
    found += check(page)
    page.click("#camera")
    found += check(page)
    assert found == []


def check(page):
    """Names what axe finds that is serious or critical."""
    violations = Axe().run(page).response["violations"]
    return [
        (violation["id"], violation["nodes"][0]["html"])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]


def test_files_are_kept_and_asked_for_again(studio):
    for path in ("/", "/page/js/main.js", "/page/sample.jpg"):
        answer = httpx.get(studio + path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"
        kept = {"If-None-Match": answer.headers["ETag"]}
        assert httpx.get(studio + path, headers=kept).status_code == 304
    script = httpx.get(f"{studio}/page/js/main.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    for path in ("/page/", "/page/%2e%2e/page.py", "/page/..%2fapi.py", "/page/none"):
        assert httpx.get(studio + path).status_code == 404
