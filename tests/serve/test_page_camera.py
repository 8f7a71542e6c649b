"""The page in a real browser: the camera's photographs and its live picture."""

import numpy as np
from pages import IDLE, count_requests, pixels, replace_backend, size, take


def test_camera_gives_a_picture_or_a_reason(visit):
    page = visit(permissions=["camera"])
    page.click("#camera")
    page.locator("#camera-shutter:enabled").click()
    page.locator("#name", has_text="camera.jpg").wait_for()
    page.wait_for_selector(IDLE)
    assert size(page, "#before") == (1080, 1920)
    assert size(page) == (72, 128)
    page = visit()
    page.click("#camera")
    page.locator("#camera-message", has_text="may not use the camera").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#camera-dialog").is_visible()


def test_a_camera_that_starts_after_the_dialog_is_closed_is_released(visit):
    wait = """
      self.streams = [];
      const devices = navigator.mediaDevices;
      const getUserMedia = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (constraints) => {
        const stream = await getUserMedia(constraints);
        streams.push(stream);
        await new Promise((resolve) => (self.allow ??= []).push(resolve));
        return stream;
      };"""
    page = visit(
        prepare=lambda page: page.add_init_script(wait), permissions=["camera"]
    )
    for number in (1, 2):
        page.click("#camera")
        page.wait_for_function(f"() => self.allow?.length === {number}")
        if number == 1:
            page.keyboard.press("Escape")
    page.evaluate("allow.forEach((resolve) => resolve())")
    page.locator("#camera-shutter:enabled").wait_for()
    assert page.evaluate("streams.map((stream) => stream.active)") == [False, True]
    page.click("#camera-close")
    page.wait_for_function("() => streams.every((stream) => !stream.active)")


def test_the_camera_is_painted_live_in_the_browser(visit):
    module = """export const create = async () => ({
      async paint(source, settings) {
        const image = await source.pixels();
        for (let i = 0; i < image.data.length; i += 4)
          image.data[i] = settings.styles.scream ? 255 : 0;
        return { image, ms: 1 };
      },
      close() {},
    });"""

    def prepare(page):
        page.add_init_script("""
          const play = HTMLVideoElement.prototype.play;
          HTMLVideoElement.prototype.play = function () {
            self.stream = this.srcObject;
            return play.call(this);
          };""")
        replace_backend(page, module)

    page = visit(prepare=prepare, permissions=["camera"])
    sample = pixels(page)
    with count_requests(page) as counts:
        page.click("#camera")
        page.click("#camera-live")
        page.locator("#status", has_text="256 × 144 px, ").wait_for()
        assert size(page) == (144, 256)
        assert not pixels(page)[..., 0].any()
        take(page, "The Scream")
        page.wait_for_function("""() => {
          const context = document.querySelector("#after").getContext("2d");
          return context.getImageData(0, 0, 1, 1).data[0] === 255;
        }""")
    assert counts["all"] == 0
    take(page, "The Great Wave")
    page.click("#live-stop")
    assert page.evaluate("document.activeElement.id") == "camera"
    page.wait_for_selector(IDLE)
    assert np.array_equal(pixels(page), sample)
    assert not page.locator("#live-tools").is_visible()
    page.click("#camera")
    page.click("#camera-live")
    page.locator("#status", has_text="frames a second").wait_for()
    assert page.evaluate("document.activeElement.id") == "live-stop"
    page.evaluate("stream.getTracks()[0].dispatchEvent(new Event('ended'))")
    page.locator("#alarm", has_text="The camera's picture has ended.").wait_for()
    assert not page.locator("#live-tools").is_visible()


def test_turning_a_phone_while_live_changes_the_pictures_shape(visit):
    module = """export const create = async () => ({
      paint: async (source) => ({ image: await source.pixels(), ms: 1 }),
      close() {},
    });"""

    def prepare(page):
        page.add_init_script("""
          self.lens = document.createElement("canvas");
          self.turn = (width, height) => {
            [lens.width, lens.height] = [width, height];
            lens.getContext("2d").fillRect(0, 0, 9, 9);
          };
          navigator.mediaDevices.getUserMedia = async () => {
            turn(320, 180);
            setInterval(() => lens.getContext("2d").fillRect(0, 0, 9, 9), 20);
            return lens.captureStream(30);
          };""")
        replace_backend(page, module)

    page = visit(prepare=prepare)
    page.click("#camera")
    page.click("#camera-live")
    page.locator("#status", has_text="256 × 144 px, ").wait_for()
    page.evaluate("turn(180, 320)")
    page.locator("#status", has_text="144 × 256 px, ").wait_for()
    ratio = "Number(document.querySelector('#frame').style.getPropertyValue('--ratio'))"
    page.wait_for_function(f"() => {ratio} === 180 / 320")
