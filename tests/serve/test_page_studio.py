"""The page in a real browser: one journey through the studio, on a desk and a phone."""

import json

from pages import (
    IDLE,
    PHONE,
    begin,
    differ,
    drag,
    open_picture,
    parts,
    pixels,
    share,
    size,
    take,
)
from serving import encoded


def tiles(page, mark):
    return page.locator(f".style.{mark} .title").all_inner_texts()


def test_a_first_visit_shows_the_picture_in_every_style(visit, studio, photo):
    urls = []
    page = visit(
        "",
        looks=True,
        prepare=lambda page: page.on("request", lambda r: urls.append(r.url)),
    )
    assert "Painted 512 × 512 px in " in page.inner_text("#status")
    assert differ(pixels(page), pixels(page, "#before"))
    assert tiles(page, "active") == parts(page) == ["The Great Wave off Kanagawa"]
    page.wait_for_function("() => document.querySelectorAll('.painted').length === 42")
    looks = page.eval_on_selector_all(
        ".look",
        """(all) => all.map((look) => {
          const { data } = look.getContext("2d").getImageData(0, 0, 160, 160);
          return [look.width, look.height, data.reduce((a, b) => a + b)];
        })""",
    )
    assert {(width, height) for width, height, _ in looks} == {(160, 160)}
    assert len({total for *_, total in looks}) == 42
    assert all(url.startswith((studio, "blob:")) for url in urls)
    assert not page.context.cookies()
    page.click("#samples button >> nth=1")
    page.locator("#name", has_text="cat.jpg, 451 × 300 px").wait_for()
    page.wait_for_function("() => document.querySelectorAll('.painted').length === 42")
    assert page.eval_on_selector(".look", "(look) => look.width / look.height") > 1.4
    open_picture(page, encoded(photo))
    assert not page.locator("#samples").is_visible()


def test_tiles_are_grouped_searched_and_show_their_paintings(page):
    assert page.locator("#styles h3").all_inner_texts()[0] == "Woodcuts and prints"
    page.fill("#search", "monet")
    names = page.locator(".style:visible .title").all_inner_texts()
    assert names == ["Impression, Sunrise", "Bridge over a Pond of Water Lilies"]
    assert page.locator("#styles h3:visible").count() == 1
    page.fill("#search", "felix fen")
    assert "Félix Fénéon" in page.locator(".style:visible .title").inner_text()
    page.fill("#search", "nobody")
    assert "No style has “nobody”" in page.inner_text("#styles-none")
    field, none = (page.locator(f"#{id}") for id in ("search", "styles-none"))
    assert none.bounding_box()["y"] - field.bounding_box()["y"] < 60
    page.fill("#search", "")
    tile = page.locator(".style", has_text="The Scream")
    tile.hover()
    page.wait_for_selector(".peeking [src='/api/styles/scream/painting']")
    page.mouse.move(5, 5)
    assert "peeking" not in tile.get_attribute("class")
    page.focus("#surprise")
    place = """() => [...document.querySelectorAll(".style")].indexOf(
      document.activeElement.closest(".style"))"""
    for key, index in (("Tab", 0), ("ArrowRight", 1), ("ArrowDown", 4), ("Home", 0)):
        page.keyboard.press(key)
        assert page.evaluate(place) == index  # the first group has a row of four
    page.wait_for_selector(".style[data-name=wave].peeking")
    heading = page.locator("#styles h3").first.bounding_box()
    window = page.locator(".window").first.bounding_box()
    assert window["y"] - heading["y"] - heading["height"] >= 7  # the ring's room
    page.keyboard.press("Tab")  # to its "+"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#blend') !== null")


def test_a_blend_is_made_and_what_it_replaces_comes_back(page):
    share(page, "The Scream", 50)
    share(page, "Udnie", 50)
    assert page.locator("#parts .share").all_inner_texts() == ["50 %", "25 %", "25 %"]
    page.get_by_role("button", name="Take The Scream out of the blend").last.click()
    assert "out of the blend" in page.evaluate("document.activeElement.ariaLabel")
    assert len(parts(page)) == 2
    page.get_by_label("Share of Udnie").fill("0")  # its slider stays
    assert len(parts(page)) == 2
    page.get_by_label("Share of Udnie").fill("40")
    take(page, "Composition VII")
    assert tiles(page, "active") == parts(page) == ["Composition VII"]
    assert page.inner_text("#toast-text") == "The blend was replaced."
    page.click("#toast-act")
    assert len(parts(page)) == 2
    assert not page.locator("#toast").is_visible()
    page.click("#surprise")
    assert len(parts(page)) in (2, 3)
    page.click("#reset")
    page.wait_for_selector(IDLE)
    assert parts(page) == ["The Great Wave off Kanagawa"]
    assert page.url.endswith("#styles=wave:1&stroke=auto")
    for _ in range(2):
        page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    assert len(parts(page)) in (2, 3)


def test_holding_shows_the_photograph_and_a_divider_compares(page):
    frame = page.locator("#frame")
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.wait_for_selector("#frame.peeking")
    assert page.locator("#before").is_visible()
    page.mouse.up()
    assert not page.locator("#before").is_visible()
    page.focus("#peek")
    for key, pressed in (("Enter", "true"), ("Space", "false")):
        page.keyboard.press(key)
        assert page.get_attribute("#peek", "aria-pressed") == pressed
        assert page.locator("#before").is_visible() is (pressed == "true")
    page.click("#compare")
    divider = page.get_by_role("slider", name="Photograph beside result")
    divider.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "PageUp"):
        page.keyboard.press(key)
    assert divider.get_attribute("aria-valuenow") == "14"
    assert divider.get_attribute("aria-valuetext") == "14 % photograph, 86 % result"
    drag(page, (0.3, 0.5), (0.75, 0.4))
    assert divider.get_attribute("aria-valuenow") == "75"
    page.click("#compare")
    assert not divider.is_visible()


def test_zoom_enlarges_around_the_pointer_and_pans(page):
    begin(page, "#styles=wave:1")
    page.click("#zoom-100")
    assert page.inner_text("#zoom-level") == "100 %"
    assert page.locator("#frame").bounding_box()["width"] == 512
    page.click("#zoom-200")
    table = page.locator("#table")
    box = table.bounding_box()
    corner = {"x": 10, "y": 10}
    before = page.locator("#frame").bounding_box()
    page.mouse.move(box["x"] + corner["x"], box["y"] + corner["y"])
    page.mouse.wheel(0, -300)
    page.wait_for_function(
        "() => parseInt(document.querySelector('#zoom-level').textContent) > 300"
    )
    after = page.locator("#frame").bounding_box()
    places = [
        (box["x"] + 10 - frame["x"]) / frame["width"] for frame in (before, after)
    ]
    assert abs(places[0] - places[1]) < 0.005
    drag(page, (0.5, 0.5), (0.45, 0.45))
    assert page.locator("#frame").bounding_box()["x"] < after["x"] - 20
    page.keyboard.press("0")
    assert page.get_attribute("#zoom-fit", "aria-pressed") == "true"
    page.keyboard.press("+")
    page.keyboard.press("-")
    assert page.get_attribute("#zoom-fit", "aria-pressed") == "true"
    page.focus("#search")
    page.keyboard.press("+")
    assert page.input_value("#search") == "+"
    page.fill("#search", "")
    assert page.get_attribute("#zoom-fit", "aria-pressed") == "true"


def test_presets_are_saved_applied_exported_and_imported(page):
    begin(page, "#styles=wave:1,scream:0.5&strength=0.5&size=128")
    page.click("#presets")
    page.fill("#preset-name", "Soft waves")
    page.keyboard.press("Enter")
    with page.expect_download() as event:
        page.click("#presets-export")
    data = event.value.path().read_bytes()
    assert json.loads(data) == {
        "presets": [
            {"name": "Soft waves", "setting": "styles=wave:1,scream:0.5&strength=0.5"}
        ]
    }
    page.click("#presets-close")
    take(page, "Udnie")
    page.click("#presets")
    page.fill("#preset-name", "Soft waves")
    page.keyboard.press("Enter")
    page.locator("#toast", has_text="Replaced: Soft waves").wait_for()
    page.fill("#preset-name", "Later")
    page.keyboard.press("Enter")
    page.click("#toast-act")
    page.get_by_role("button", name="Remove Later").click()
    page.click("#toast-act")
    page.get_by_role("button", name="Remove Later").click()
    page.get_by_role("button", name="Soft waves", exact=True).click()
    assert len(parts(page)) == 2
    assert page.input_value("#strength") == "50"
    assert page.input_value("#size") == "128"
    page.click("#presets")
    page.get_by_role("button", name="Remove Soft waves").click()
    assert page.locator("#preset-list li").count() == 0
    file = {"name": "mine.json", "mimeType": "application/json", "buffer": data}
    page.set_input_files("#preset-file", file)
    page.locator("#preset-list", has_text="Soft waves").wait_for()
    page.get_by_role("button", name="Remove Soft waves").click()
    page.set_input_files("#preset-file", file | {"buffer": b'{"presets": [{}]}'})
    page.locator("#alarm", has_text="'mine.json' holds no presets.").wait_for()


def test_a_phone_has_a_strip_a_tray_a_bar_and_a_sheet(visit):
    page = visit("#styles=wave:1,scream:0.5&size=128", locale="de-DE", **PHONE)
    assert page.get_attribute("html", "lang") == "de"
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height == 844  # nothing scrolls but the strips
    assert size(page) == (128, 128)
    frame = page.locator("#frame").bounding_box()
    assert frame["width"] > 280
    for selector in ("#bar", "#parts", "#styles", "#name"):
        assert page.locator(selector).is_visible()
    for text in ("#status", ".style[data-name=plum_park] .title"):
        height, whole = page.locator(text).evaluate(
            "(element) => [element.clientHeight, element.scrollHeight]"
        )
        assert height >= whole > 0, text  # nothing is cut
    assert not page.locator("#strength").is_visible()
    page.get_by_role("button", name="Anpassen").last.click()
    page.locator("#strength").fill("40")
    page.keyboard.press("Escape")
    assert not page.locator("#strength").is_visible()
    page.locator("#bar").get_by_role("button", name="Rückgängig").click()
    assert page.locator("#strength").input_value() == "100"
    page.wait_for_selector(IDLE)
    with page.expect_download() as event:
        page.locator("#bar").get_by_role("button", name="Herunterladen").click()
    assert event.value.suggested_filename == "astronaut-wave-scream.jpg"
    refusal = {"status": 413, "json": {"error": "Send less."}}
    page.route("**/api/stylize", lambda route: route.fulfill(**refusal))
    page.locator("#parts input").first.fill("30")
    text = "Das ist mehr, als der Server annimmt: Send less."
    page.locator("#alarm", has_text=text).wait_for()
