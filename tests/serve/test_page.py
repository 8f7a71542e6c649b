"""The page in a real browser: its settings and their results."""

import re
import shlex

import numpy as np
from pages import (
    IDLE,
    TWO,
    begin,
    count_requests,
    differ,
    download,
    open_picture,
    pixels,
    result,
    share,
)
from PIL import Image
from serving import decoded, encoded

from fast_style.command import cli


def test_sliders_repaint_live_one_request_at_a_time(page):
    share(page, "The Scream", 5)
    share(page, "Udnie", 5)
    page.wait_for_selector(IDLE)
    before = pixels(page)
    with count_requests(page) as counts:
        page.get_by_label("Share of The Scream").evaluate(
            """async (slider) => {
              for (slider.value = 5; slider.value < 95; ) {
                slider.value = Number(slider.value) + 5;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                await new Promise(requestAnimationFrame);
              }
            }"""
        )
        share(page, "Udnie", "50")
        page.wait_for_selector(IDLE)
    after = pixels(page)
    assert after.shape == before.shape == (128, 128, 4)
    assert differ(after, before)
    assert counts["most"] == 1
    assert counts["all"] < 19
    shares = page.locator("#parts .share").all_inner_texts()
    assert shares == ["41 %", "39 %", "20 %"]
    page.click("#mask")
    text = page.inner_text("#layer-brushed-text")
    assert re.findall(r"\d+ %", text) == shares
    page.click("#mask")
    setting = "#styles=wave:1,scream:0.95,udnie:0.5&size=128"
    page.wait_for_url(f"**/{setting}")
    assert page.get_attribute("#frame", "data-shown") == setting


def test_strokes_are_reduced_with_the_preview(page):
    asked = []

    def note(request):
        if request.url.endswith("/api/stylize"):
            form = request.post_data_buffer
            fields = re.findall(rb'name="(stroke|size)"\r\n\r\n(.*?)\r\n', form)
            asked.append({name.decode(): text.decode() for name, text in fields})

    begin(page, "#styles=wave:1")
    page.on("request", note)
    for stroke in ("4", "auto"):
        asked.clear()
        page.select_option("#stroke", stroke)
        page.wait_for_selector(IDLE)
        preview, whole = asked
        assert whole == {"stroke": stroke, "size": "512"}
        assert int(preview["size"]) < 512
        if stroke == "auto":
            assert preview["stroke"] == stroke
        else:
            times = max(1, 4 * int(preview["size"]) / 512)
            assert float(preview["stroke"]) == times
    page.remove_listener("request", note)


def test_previews_are_as_large_as_is_painted_in_time(page):
    sizes = page.evaluate(
        """async () => {
          const pace = await import("/page/js/pace.js?anew");
          const sizes = [];
          for (const speed of [1e-4, 1e-2, 1e-4]) { // ms for a pixel
            for (let preview = 0; preview < 20; preview++) {
              const painting = speed * (pace.previewSize() + 40) ** 2;
              pace.note(painting, painting + 20);
            }
            sizes.push(pace.previewSize());
          }
          return sizes;
        }"""
    )
    assert sizes == [384, 160, 384]


def test_other_work_waits_while_previews_follow_a_slider(page):
    states = page.evaluate(
        """async () => {
          const { Scheduler } = await import("/page/js/scheduler.js?anew");
          const painted = [];
          const paint = async ({ preview }) => painted.push(preview);
          const scheduler = new Scheduler({ paint, onBusy() {}, onError() {} });
          let rested = await scheduler.rested();
          const states = [rested];
          scheduler.changed();
          scheduler.rested().then(() => (rested = true));
          for (let frame = 0; frame < 40; frame++) {
            scheduler.changed();
            await new Promise(requestAnimationFrame);
          }
          states.push(rested, painted.includes(false));
          await scheduler.rested();
          return [...states, rested];
        }"""
    )
    assert states == [None, None, False, True]


def test_results_no_longer_shown_are_freed(page):
    page.evaluate(
        """() => {
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
          };
        }"""
    )
    share(page, "The Scream", 10)
    page.wait_for_selector(IDLE)
    held = page.evaluate("held")
    for value in ("40", "80"):
        share(page, "The Scream", value)
        page.wait_for_selector(IDLE)
    assert page.evaluate("held") == held
    page.click("#mask")  # draws the last result again, which must not be freed


def test_without_any_share_the_result_is_the_photograph(page, photo):
    begin(page, "#styles=wave:1")
    page.get_by_role("button", name="Take The Great Wave").last.click()
    page.wait_for_selector(IDLE)
    assert "No style has a share, so this" in page.inner_text("#status")
    assert np.array_equal(pixels(page), pixels(page, "#before"))
    open_picture(page, encoded(photo))
    assert np.array_equal(result(page), photo)
    page.click("summary")
    assert page.inner_text("#shell").endswith("--strength 0")


def test_address_restores_the_settings_and_invalid_values_are_named(page):
    def go(hash):
        page.evaluate("(hash) => (location.hash = hash)", hash)
        page.wait_for_function("() => !location.hash.includes('nobody')")
        page.wait_for_selector(IDLE)

    def settings(page):
        names = ("#strength", "#keep-color", "#stroke", "#size", "#fade")
        shares = page.eval_on_selector_all(
            "#parts input", "all => all.map(e => e.value)"
        )
        return [*shares, *(page.input_value(name) for name in names)]

    go(TWO)
    assert settings(page) == ["30", "60", "80", "luminance", "2.5", "128", "network"]
    go("#styles=nobody:1,wave:x&strength=7&keep_color=<b>&stroke=9&size=1e9&fade=no")
    assert settings(page) == ["100", "100", "none", "1", "", "network"]
    assert page.inner_text("#alarm-text") == (
        "The link asks for 'style nobody:1', 'style wave:x', 'strength 7', "
        "'keep_color <b>', 'stroke 9', 'fade no', 'size 1e9', which this server does "
        "not have."
    )
    go("#styles=wave:1&rest_styles=nobody:1,scream:0&size=128")
    assert page.inner_text("#alarm-text") == (
        "The link asks for 'style nobody:1', which this server does not have. "
        "The link's setting outside the mask needs a mask. Press Mask to paint it."
    )
    page.click("#mask")
    page.click("#mask-clear")
    photo = Image.fromarray(pixels(page, "#before")).resize((128, 128))
    page.wait_for_selector(IDLE)
    assert not differ(pixels(page), np.array(photo))


def test_link_holds_all_settings(page, studio):
    begin(page, TWO)
    page.select_option("#fade", "pixels")
    page.click("#link")
    page.locator("#link", has_text="Copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    settings = "styles=wave:0.3,scream:0.6&strength=0.8&fade=pixels"
    assert link == f"{studio}/#{settings}&keep_color=luminance&stroke=2.5&size=128"
    page.click("#mask")
    page.click("#mask-clear")
    page.wait_for_selector(IDLE)  # what is painted is told in the same place
    page.click("#link")
    page.locator("#status", has_text="Copied. A link holds no mask.").wait_for()


def test_download_and_both_snippets_give_the_same_picture(page, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (9, 13, 3), np.uint8))
    name = "it's a photo.png"
    photo = encoded(np.array(small.resize((131, 97), Image.BICUBIC)))
    begin(page, TWO.replace("128", "100"))
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


def test_python_lines_name_a_file_that_can_be_written(page):
    frames = encoded(np.zeros((37, 53), np.uint8), "GIF")
    open_picture(page, frames, "anim.gif", "image/gif")
    assert page.text_content("#python").endswith('"anim-wave.png")')
