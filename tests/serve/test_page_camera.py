"""The page in a real browser: the camera's photographs and its live picture."""

import numpy as np
from pages import IDLE, count_requests, pixels, replace_backend, size, take

# A phone's two cameras, of which a test may hold back the streams, or refuse them.
CAMERAS = """
  self.asked = [];
  self.streams = [];
  const devices = navigator.mediaDevices;
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    if (self.refuse) throw new DOMException("", "NotAllowedError");
    const { facingMode: { ideal }, ...video } = constraints.video;
    asked.push(ideal);
    const stream = await getUserMedia({ video });
    const [track] = stream.getVideoTracks();
    const settings = track.getSettings.bind(track);
    track.getSettings = () => ({ ...settings(), facingMode: ideal });
    streams.push(stream);
    if (self.held) await new Promise((resolve) => held.push(resolve));
    return stream;
  };
  devices.enumerateDevices = async () => Array(2).fill({ kind: "videoinput" });
  ImageCapture.prototype.takePhoto = async () => {
    if (self.unable) throw new DOMException("", "NotSupportedError");
    const canvas = new OffscreenCanvas(2600, 1950);
    canvas.getContext("2d").fillRect(0, 0, 9, 9);
    return canvas.convertToBlob({ type: "image/jpeg" });
  };"""


def test_the_camera_takes_photographs_or_says_why_not(visit):
    page = visit(
        prepare=lambda page: page.add_init_script(CAMERAS), permissions=["camera"]
    )

    def photograph():
        page.click("#camera")
        page.locator("#camera-shutter:enabled").click()
        page.wait_for_function("() => !document.querySelector('dialog[open]')")
        page.locator("#name", has_text="camera.jpg").wait_for()
        page.wait_for_selector(IDLE)

    photograph()  # as large as the camera's photographs are
    assert "2600 × 1950 px" in page.inner_text("#name")
    page.evaluate("self.unable = true")
    photograph()  # a frame of its video
    assert size(page, "#before") == (1080, 1920)

    page.click("#camera")
    page.locator("#camera-shutter:enabled").wait_for()
    assert page.evaluate("asked.at(-1)") == "environment"
    assert page.locator(".mirrored").count() == 0
    page.click("#camera-turn")
    page.locator(".mirrored").wait_for()
    assert page.evaluate("asked.at(-1)") == "user"
    page.keyboard.press("Escape")
    assert not page.is_visible("#camera-dialog")
    page.wait_for_function("() => streams.every((stream) => !stream.active)")

    # A stream that comes after the dialog was closed is let go.
    page.evaluate("self.held = []")
    for number in (1, 2):
        page.click("#camera")
        page.wait_for_function(f"() => held.length === {number}")
        if number == 1:
            page.keyboard.press("Escape")
    page.evaluate("held.forEach((resolve) => resolve())")
    page.locator("#camera-shutter:enabled").wait_for()
    active = "streams.slice(-2).map((stream) => stream.active)"
    assert page.evaluate(active) == [False, True]
    page.click("#camera-close")
    page.wait_for_function("() => streams.every((stream) => !stream.active)")

    page.evaluate("self.refuse = true")
    page.click("#camera")
    page.locator("#camera-message", has_text="may not use the camera").wait_for()
    page.keyboard.press("Escape")
    assert not page.is_visible("#camera-dialog")


# A phone that can be turned.
LENS = """
  self.lens = document.createElement("canvas");
  self.turn = (width, height) => {
    [lens.width, lens.height] = [width, height];
    lens.getContext("2d").fillRect(0, 0, 9, 9);
  };
  navigator.mediaDevices.getUserMedia = async () => {
    turn(320, 180);
    setInterval(() => lens.getContext("2d").fillRect(0, 0, 9, 9), 20);
    return (self.stream = lens.captureStream(30));
  };"""
PAINTER = """export const create = async () => ({
  async paint(source, settings) {
    const image = await source.pixels();
    for (let i = 0; i < image.data.length; i += 4)
      image.data[i] = settings.styles.scream ? 255 : 0;
    return { image, ms: 1 };
  },
  close() {},
});"""


def test_the_camera_is_painted_live_in_the_browser(visit):
    def prepare(page):
        page.add_init_script(LENS)
        replace_backend(page, PAINTER)

    page = visit(prepare=prepare)
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
        page.evaluate("turn(180, 320)")
        page.locator("#status", has_text="144 × 256 px, ").wait_for()
        ratio = "document.querySelector('#table').style.getPropertyValue('--ratio')"
        page.wait_for_function(f"() => Number({ratio}) === 180 / 320")
    assert counts["all"] == 0
    take(page, "The Great Wave")
    page.click("#live-stop")
    assert page.evaluate("document.activeElement.id") == "camera"
    page.wait_for_selector(IDLE)
    assert np.array_equal(pixels(page), sample)
    assert not page.is_visible("#live-tools")
    page.click("#camera")
    page.click("#camera-live")
    page.locator("#status", has_text="frames a second").wait_for()
    assert page.evaluate("document.activeElement.id") == "live-stop"
    page.evaluate("stream.getTracks()[0].dispatchEvent(new Event('ended'))")
    page.locator("#alarm", has_text="The camera's picture has ended.").wait_for()
    assert not page.is_visible("#live-tools")
