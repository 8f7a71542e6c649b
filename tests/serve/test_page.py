"""The page in a real browser: its settings and their results."""

import re
import shlex

import numpy as np
from pages import (
    IDLE,
    TWO,
    count_requests,
    differ,
    download,
    drag,
    open_picture,
    pixels,
    result,
    share,
    take,
)
from PIL import Image
from serving import decoded, encoded

from fast_style.command import cli


def test_first_visit_shows_a_painted_sample_and_asks_no_other_host(visit, studio):
    urls = []
    page = visit(
        "", prepare=lambda page: page.on("request", lambda r: urls.append(r.url))
    )
    assert "Painted 512 × 512 px in " in page.inner_text("#status")
    assert page.locator(".style").count() == 42
    assert page.locator(".style.active .title").all_inner_texts() == [
        "The Great Wave off Kanagawa"
    ]
    assert differ(pixels(page), pixels(page, "#before"))
    assert all(url.startswith((studio, "blob:")) for url in urls)
    assert not page.context.cookies()


def test_sliders_repaint_live_one_request_at_a_time(visit):
    page = visit()
    before = pixels(page)
    with count_requests(page) as counts:
        for value in range(10, 100, 5):
            share(page, "The Scream", str(value))
        share(page, "Udnie", "50")
        page.wait_for_function(
            "() => performance.getEntriesByName('preview').length > 1"
        )
        page.wait_for_selector(IDLE)
    after = pixels(page)
    assert after.shape == before.shape == (128, 128, 4)
    assert differ(after, before)
    assert counts["most"] == 1
    assert counts["all"] < 19
    shares = page.locator("#parts .share").all_inner_texts()
    assert shares == ["41 %", "39 %", "20 %"]
    setting = "#styles=wave:1,scream:0.95,udnie:0.5&size=128"
    assert page.url.endswith(setting)
    assert page.get_attribute("#frame", "data-shown") == setting


def test_strokes_are_reduced_with_the_preview(visit):
    asked = []

    def note(request):
        if request.url.endswith("/api/stylize"):
            form = request.post_data_buffer
            asked.append(re.search(rb'name="stroke"\r\n\r\n(.*?)\r\n', form)[1])

    page = visit("#styles=wave:1", prepare=lambda page: page.on("request", note))
    for stroke in ("4", "1", "auto"):
        asked.clear()
        page.select_option("#stroke", stroke)
        page.wait_for_selector(IDLE)
        # A preview of 384 px, then the whole of 512.
        assert asked == [b"3" if stroke == "4" else stroke.encode(), stroke.encode()]


def test_results_no_longer_shown_are_freed(visit):
    count = """
      self.held = 0;
      const make = self.createImageBitmap;
      self.createImageBitmap = async (...values) => {
        const bitmap = await make(...values);
        self.held++;
        return bitmap;
      };
      const close = ImageBitmap.prototype.close;
      ImageBitmap.prototype.close = function () {
        self.held--;
        close.call(this);
      };"""
    page = visit(prepare=lambda page: page.add_init_script(count))
    held = page.evaluate("held")
    for value in ("10", "40", "80"):
        share(page, "The Scream", value)
        page.wait_for_selector(IDLE)
    assert page.evaluate("held") == held
    page.click("#mask")  # draws the last result again, which must not be freed


def test_a_click_applies_a_style_alone_and_reset_the_first_style(visit):
    page = visit(TWO)
    take(page, "Composition VII")
    assert page.locator(".active .title").all_inner_texts() == ["Composition VII"]
    page.click("#surprise")
    assert page.locator(".active").count() in (2, 3)
    page.click("#reset")
    page.wait_for_selector(IDLE)
    assert page.locator(".active .title").all_inner_texts() == [
        "The Great Wave off Kanagawa"
    ]
    assert page.url.endswith("#styles=wave:1")


def test_without_any_share_the_result_is_the_photograph(visit, photo):
    page = visit("")
    page.get_by_role("button", name="Take The Great Wave").last.click()
    page.wait_for_selector(IDLE)
    assert "No style has a share, so this" in page.inner_text("#status")
    assert np.array_equal(pixels(page), pixels(page, "#before"))
    open_picture(page, encoded(photo))
    assert np.array_equal(result(page), photo)
    page.click("summary")
    assert page.inner_text("#shell").endswith("--strength 0")


def test_address_restores_the_settings_and_invalid_values_are_named(visit):
    def settings(page):
        names = ("#strength", "#keep-color", "#stroke", "#size", "#fade")
        shares = page.eval_on_selector_all(
            "#parts input", "all => all.map(e => e.value)"
        )
        return [*shares, *(page.input_value(name) for name in names)]

    page = visit(TWO)
    assert settings(page) == ["30", "60", "80", "luminance", "2.5", "128", "network"]
    page = visit(
        "#styles=nobody:1,wave:x&strength=7&keep_color=<b>&stroke=9&size=1e9&fade=no"
    )
    assert settings(page) == ["100", "100", "none", "1", "", "network"]
    assert page.inner_text("#alarm-text") == (
        "The link asks for 'style nobody:1', 'style wave:x', 'strength 7', "
        "'keep_color <b>', 'stroke 9', 'fade no', 'size 1e9', which this server does "
        "not have."
    )
    page = visit("#styles=wave:1&rest_styles=nobody:1,scream:0&size=128")
    assert page.inner_text("#alarm-text") == (
        "The link asks for 'style nobody:1', which this server does not have. "
        "The link's setting outside the mask needs a mask. Press Mask to paint it."
    )
    page.click("#mask")
    photo = Image.fromarray(pixels(page, "#before")).resize((128, 128))
    page.wait_for_selector(IDLE)
    assert not differ(pixels(page), np.array(photo))


def test_link_holds_all_settings(visit, studio):
    page = visit(TWO, permissions=["clipboard-read", "clipboard-write"])
    page.select_option("#fade", "pixels")
    page.click("#link")
    page.locator("#link", has_text="Copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    settings = "styles=wave:0.3,scream:0.6&strength=0.8&fade=pixels"
    assert link == f"{studio}/#{settings}&keep_color=luminance&stroke=2.5&size=128"
    page.click("#mask")
    page.click("#link")
    page.locator("#status", has_text="Copied. A link holds no mask.").wait_for()


def test_divider_moves_by_keyboard_and_pointer(visit):
    page = visit()
    page.click("#compare")
    divider = page.get_by_role("slider", name="Photograph beside result")
    divider.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "PageUp"):
        page.keyboard.press(key)
    assert divider.get_attribute("aria-valuenow") == "14"
    assert divider.get_attribute("aria-valuetext") == "14 % photograph, 86 % result"
    drag(page, (0.3, 0.5), (0.75, 0.4))
    assert divider.get_attribute("aria-valuenow") == "75"
    edge = "getComputedStyle(document.querySelector('#before')).clipPath"
    assert re.search(r"inset\(0p?x? calc\(25%\)|inset\(0px 25%", page.evaluate(edge))
    page.click("#compare")
    assert not divider.is_visible()


def test_download_and_both_snippets_give_the_same_picture(visit, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (9, 13, 3), np.uint8))
    name = "it's a photo.png"
    photo = encoded(np.array(small.resize((131, 97), Image.BICUBIC)))
    page = visit(TWO.replace("128", "100"))
    open_picture(page, photo, name)
    file = download(page)
    assert file.suggested_filename == "it's a photo-wave-scream.png"
    page.click("summary")
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(photo)
    line = shlex.split(page.inner_text("#shell"))
    assert cli.main(line) == 0
    written = tmp_path / file.suggested_filename
    expected = decoded(written.read_bytes())
    assert np.array_equal(decoded(file.path().read_bytes()), expected)
    written.unlink()
    exec(page.inner_text("#python"), {})
    assert np.array_equal(decoded(written.read_bytes()), expected)
    page.select_option("#format", "webp")
    assert download(page).path().read_bytes()[8:12] == b"WEBP"
    assert page.inner_text("#shell").endswith("-wave-scream.webp'")


def test_python_lines_name_a_file_that_can_be_written(visit):
    page = visit("#styles=wave:1&size=128")
    frames = encoded(np.zeros((37, 53), np.uint8), "GIF")
    open_picture(page, frames, "anim.gif", "image/gif")
    assert page.text_content("#python").endswith('"anim-wave.png")')
