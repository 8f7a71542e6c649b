"""The studio's page in a browser, for tests: what it shows and how to use it."""

import base64
from contextlib import contextmanager

import numpy as np
from serving import decoded

IDLE = "#frame[aria-busy=false]"
SMALL = "#styles=wave:1&size=128"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
TWO = (
    "#styles=scream:0.6,wave:0.3&strength=0.8&keep_color=luminance&stroke=2.5&size=128"
)


BEGIN = """async (hash) => {
  const load = (name) => import(`/page/js/${name}.js`);
  const find = (selector) => document.querySelector(selector);
  const names = ["studio", "settings", "state", "samples", "strip"];
  const [studio, { fromHash }, { state }, samples, strip] =
    await Promise.all(names.map(load));
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  const choice = find("#in-browser");
  if (choice.checked) choice.click();
  while (choice.disabled) await new Promise(requestAnimationFrame);
  self.browser ??= state.info.browser;
  state.info.browser = self.browser;
  if (!find("#mask-tools").hidden) find("#mask").click();
  if (find("#compare").ariaPressed === "true") find("#compare").click();
  find("#zoom-fit").click();
  find("details").open = false;
  self.sample ??= await samples.load();
  const { settings, rest, size } = fromHash(hash, state.info);
  await studio.go({ settings, rest, size, strokes: [], file: self.sample });
  studio.recallState(null);
  find("#format").value = state.picture.format;
  strip.open(null);
  find("#alarm").hidden = true;
  find("#toast-close").click();
}"""


def begin(page, hash=SMALL):
    """Bring an opened page to the sample and the settings of a hash."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(
        color_scheme="light", forced_colors="none", reduced_motion="reduce"
    )
    page.evaluate(BEGIN, hash)
    page.wait_for_selector(IDLE)


def pixels(page, canvas="#after"):
    """Return the pixels of a canvas, uint8 (H, W, 4)."""
    width, height, data = page.evaluate(
        """async (name) => {
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          const { width, height } = document.querySelector(name);
          const context = document.querySelector(name).getContext("2d");
          const { data } = context.getImageData(0, 0, width, height);
          let text = "";
          for (let i = 0; i < data.length; i += 32768) {
            text += String.fromCharCode(...data.subarray(i, i + 32768));
          }
          return [width, height, btoa(text)];
        }""",
        canvas,
    )
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


def size(page, canvas="#after"):
    """Return height and width of a canvas."""
    sides = "(canvas) => [canvas.height, canvas.width]"
    return tuple(page.eval_on_selector(canvas, sides))


def wait_for_width(page, width):
    """Wait until the page is idle and its result is `width` pixels wide."""
    page.wait_for_function(
        """(width) => document.querySelector("#after").width === width
            && document.querySelector("#frame").ariaBusy === "false" """,
        arg=width,
    )


def differ(first, second):
    """Return whether two pictures differ more than rounding and encoding explain."""
    return np.abs(first.astype(int) - second).mean() > 3


def parts(page):
    """Return the titles in the tray of the blend."""
    return page.locator("#parts .title").all_inner_texts()


def take(page, title):
    """Press the tile of a style, which takes it alone."""
    page.locator(".solo", has_text=title).first.click()


def share(page, title, value):
    """Set the slider of a style's share, which is added first if it is not chosen."""
    slider = page.get_by_label(f"Share of {title}")
    if not slider.count():
        page.locator(".style", has_text=title).locator(".add").first.click()
    slider.fill(str(value))


def choose(page, data, name="photo.png", kind="image/png"):
    """Choose a file in the page's file dialog."""
    page.set_input_files("#file", {"name": name, "mimeType": kind, "buffer": data})


def open_picture(page, data, name="photo.png", kind="image/png"):
    """Choose a picture's file and wait for its result."""
    choose(page, data, name, kind)
    page.locator("#name", has_text=name).wait_for()
    page.wait_for_selector(IDLE)


def download(page):
    """Press the download button and return the download."""
    with page.expect_download() as event:
        page.click("#download")
    return event.value


def result(page):
    """Return the pixels of the file that the download button saves."""
    return decoded(download(page).path().read_bytes())


def drag(page, *places):
    """Drag the pointer through places, each a share of width and height."""
    box = page.locator("#frame").bounding_box()
    for i, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if not i:
            page.mouse.down()
    page.mouse.up()


def touch(page, *moments):
    """Move fingers: each moment is a list of their places in px, empty at the end."""
    session = page.context.new_cdp_session(page)
    before = 0
    for places in [*moments, []]:
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        kind = "touchMove"
        if len(points) != before:
            kind = "touchStart" if len(points) > before else "touchEnd"
        event = {"type": kind, "touchPoints": points}
        session.send("Input.dispatchTouchEvent", event)
        page.wait_for_timeout(20)
        before = len(points)
    page.wait_for_timeout(200)


def replace_backend(page, module):
    """Make a page that is not open yet paint in the browser with this module."""

    def add(route):
        browser = {"module": "/page/js/fake.js"}
        route.fulfill(json=route.fetch().json() | {"browser": browser})

    page.route("**/api/styles", add)
    kind = "text/javascript"
    page.route("**/fake.js", lambda r: r.fulfill(body=module, content_type=kind))


def paint_by(page, module):
    """Make an open page paint in the browser with this module, until `begin`."""
    name = f"fake-{abs(hash(module))}.js"  # a browser loads an address once
    kind = "text/javascript"
    page.route(f"**/{name}", lambda r: r.fulfill(body=module, content_type=kind))
    page.evaluate(
        """async (module) => {
          const { state } = await import("/page/js/state.js");
          state.info.browser = { module };
          document.querySelector("#in-browser-field").hidden = false;
        }""",
        f"/page/js/{name}",
    )


@contextmanager
def count_requests(page):
    """Count the requests to stylize: open ones, most open at a time, and all."""
    counts = {"open": 0, "most": 0, "all": 0}

    def count(change):
        def handle(request):
            if request.url.endswith("/api/stylize"):
                counts["open"] += change
                counts["all"] += change > 0
                counts["most"] = max(counts["most"], counts["open"])

        return handle

    page.on("request", count(1))
    page.on("requestfinished", count(-1))
    page.on("requestfailed", count(-1))
    yield counts
