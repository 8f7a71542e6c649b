"""The page in a real browser: pictures that come in, and what goes wrong."""

import base64
import io
import json

import numpy as np
import pytest
from pages import IDLE, choose, differ, open_picture, pixels, size, take
from PIL import Image
from serving import encoded

# What the page shows for eight seconds goes at once.
IMPATIENT = """() => {
  const patient = (self.patient = setTimeout);
  self.setTimeout = (act, ms) => patient(act, ms === 8000 ? 0 : ms);
}"""


def hand_over(page, event, data, count=1):
    """Give the page files as a drop or a paste does."""
    page.evaluate(
        """([event, data, count]) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          const files = new DataTransfer();
          for (let i = 0; i < count; i++)
            files.items.add(new File([bytes], `${event}.png`, { type: "image/png" }));
          const options = { bubbles: true, cancelable: true };
          const action =
            event === "drop"
              ? new DragEvent("drop", { ...options, dataTransfer: files })
              : new ClipboardEvent("paste", { ...options, clipboardData: files });
          document.body.dispatchEvent(action);
        }""",
        [event, base64.b64encode(data).decode(), count],
    )


def test_a_picture_can_be_dropped_or_pasted(page, photo):
    for event in ("drop", "paste"):
        hand_over(page, event, encoded(photo))
        page.locator("#name", has_text=f"{event}.png, 53 × 37 px").wait_for()
        page.wait_for_selector(IDLE)
        assert size(page) == (37, 53)
        assert differ(pixels(page), pixels(page, "#before"))
    hand_over(page, "drop", encoded(photo), count=3)
    page.locator("#toast", has_text="Only one picture is opened; 2 more are").wait_for()
    assert "drop.png" in page.inner_text("#name")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("notes.txt", b"hello", "Cannot read 'notes.txt' as an image. Give one of "),
        ("cut.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "Cannot read 'cut.jpg'"),
        ("zero.jpg", b"", "'zero.jpg' is empty."),
        ("dot.png", encoded(np.zeros((9, 40, 3), np.uint8)), "'dot.png' is 40 × 9 px."),
    ],
)
def test_a_bad_file_is_explained_and_the_picture_stays(page, name, data, words):
    choose(page, data, name, "")
    page.locator("#alarm").wait_for()
    assert words in page.inner_text("#alarm-text")
    assert page.text_content("#quiet") == ""  # no longer that the file is read
    assert "astronaut.jpg" in page.inner_text("#name")
    page.click("#alarm-close")
    take(page, "The Scream")
    page.wait_for_selector(IDLE)
    assert not page.locator("#alarm").is_visible()


def test_turned_transparent_and_tiff_pictures_come_out_right(page, photo):
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    Image.fromarray(photo).save(file, "JPEG", exif=exif)
    open_picture(page, file.getvalue(), "turned.jpg", "image/jpeg")
    assert size(page) == size(page, "#before") == (53, 37)
    alpha = np.dstack([photo, np.zeros((37, 53), np.uint8)])
    alpha[:, 20:, 3] = 255
    open_picture(page, encoded(alpha), "clear.png")
    assert not pixels(page)[:, :20, 3].any()
    assert (pixels(page)[:, 20:, 3] == 255).all()
    open_picture(page, encoded(photo, "TIFF"), "photo.tif", "image/tiff")
    assert "The server read this picture because" in page.inner_text("#toast-text")
    assert size(page) == (37, 53)


def test_a_picture_over_the_limit_is_reduced_with_a_notice(page):
    noise = np.random.default_rng(0).integers(0, 256, (500, 1500, 3), np.uint8)
    page.evaluate(IMPATIENT)
    open_picture(page, encoded(noise), "huge.png")
    assert "huge.png' is larger than the server" in page.inner_text("#toast-text")
    assert "1500 × 500 px" in page.inner_text("#name")
    assert size(page) == (43, 128)
    page.locator("#strength").fill("50")  # the word goes, and the notice stays
    page.wait_for_selector(IDLE)
    assert page.inner_text("#toast-text").startswith("'huge.png'")
    open_picture(page, encoded(np.zeros((60, 3000, 3), np.uint8)), "wide.png")
    notice = page.inner_text("#toast-text")
    assert "'wide.png' is painted with 2048 × 41 px" in notice
    assert "huge.png" not in notice
    page.focus("#toast-close")
    page.keyboard.press("Enter")
    assert not page.locator("#toast").is_visible()
    page.evaluate("self.setTimeout = patient")


def test_a_slow_picture_does_not_replace_a_later_one(page, photo):
    held = []
    page.route("**/api/stylize", lambda route: held.append(route), times=1)
    choose(page, encoded(photo, "TIFF"), "slow.tif", "image/tiff")
    page.locator("#status", has_text="Reading").wait_for()
    open_picture(page, encoded(photo), "quick.png")
    (route,) = held
    with page.expect_response("**/api/stylize"):
        route.continue_()
    page.wait_for_timeout(300)
    assert "quick.png" in page.inner_text("#name")
    assert not page.locator("#alarm").is_visible()


@pytest.mark.parametrize("path", ["api/styles", "page/sample.jpg"])
def test_a_failed_start_is_explained_and_the_page_is_idle(visit, path):
    error = {"error": "The backend is away."}

    def prepare(page):
        page.route(f"**/{path}", lambda route: route.fulfill(status=503, json=error))

    page = visit(prepare=prepare)
    assert page.inner_text("#alarm-text") == error["error"]


def test_a_failed_download_is_explained(page):
    page.route("**/api/stylize", lambda route: route.abort())
    take(page, "The Scream")
    page.locator("#alarm", has_text="The server does not answer").wait_for()
    page.click("#download")
    page.locator("#status", has_text="Not saved.").wait_for()
    page.unroute("**/api/stylize")
    with page.expect_download():
        page.click("#alarm-retry")


def test_a_busy_server_is_asked_again(visit):
    busy = {"error": "Too many pictures are waiting already. Try again."}
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
    take(page, "The Scream")
    page.locator("#alarm").wait_for()
    assert page.inner_text("#alarm-text") == busy["error"]


def test_a_model_without_thumbnails_is_shown(visit):
    style = {"name": "my_style", "thumbnail": None}
    style |= dict.fromkeys(("title", "artist", "year", "credit"))
    changes = {"styles": [style], "fade": "pixels", "fades": ["pixels"]}
    changes |= {"model": "mine.tflite", "browser": None}

    def answer(route):
        route.fulfill(json=route.fetch().json() | changes)

    def prepare(page):
        page.route("**/api/styles", answer)

    page = visit("#styles=wave:1", prepare=prepare)
    page.locator("#alarm").wait_for()
    assert "No style 'my_style' in this model" in page.inner_text("#alarm-text")
    assert page.locator(".style .title").all_inner_texts() == ["My style"]
    assert not page.locator("#surprise").is_visible()
    assert not page.locator("#fade").is_visible()
    page.click("summary")
    assert page.inner_text("#shell").endswith("--style my_style --model mine.tflite")


def test_page_offers_the_servers_choices_and_limits(visit, photo):
    changes = {"keep_color": ["none", "histogram", "new_mode"], "formats": ["png"]}
    changes |= {"min_size": 40, "max_size": 500, "command": {"suffixes": [".tif"]}}

    def prepare(page):
        def answer(route):
            route.fulfill(json=route.fetch().json() | changes)

        page.route("**/api/styles", answer)

    page = visit("#keep_color=luminance&size=39", prepare=prepare)
    options = "options => options.map((option) => [option.value, option.text])"
    offered = {
        name: page.eval_on_selector_all(f"#{name} option", options)
        for name in ("keep-color", "format", "size", "fade")
    }
    assert offered["keep-color"] == [
        ["none", "Painting's colours"],
        ["histogram", "Photo's palette"],
        ["new_mode", "new_mode"],
    ]
    assert offered["format"] == [["png", "PNG"]]
    assert offered["size"] == [["", "500 px, max."], ["384", "384 px"]]
    assert [value for value, _ in offered["fade"]] == ["network", "pixels"]
    assert page.input_value("#keep-color") == "none"
    page.click("summary")
    assert page.inner_text("#shell").endswith("--max_size 500")
    assert page.inner_text("#python").endswith('"astronaut-wave.png")')
    choose(page, encoded(photo), "small.png")
    page.locator("#alarm", has_text="at least 40 × 40 px").wait_for()
