"""The studio's page in a browser, for tests: what it shows, what a hand does there."""

import base64
from contextlib import contextmanager

import numpy as np

IDLE = "#frame[aria-busy=false]"
SMALL = "#size=128"
TWO = "#styles=scream:0.6,wave:0.3&strength=0.8&keep_color=luminance&size=128"


def pixels(page, canvas="#after"):
    """What a canvas holds, uint8 (H, W, 4)."""
    width, height, data = page.evaluate(
        """async (name) => {
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
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


def wait_for_width(page, width):
    """Until the page is idle and its painting so many pixels wide."""
    page.wait_for_function(
        """(width) => document.querySelector("#after").width === width
            && document.querySelector("#frame").ariaBusy === "false" """,
        arg=width,
    )


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


def drag(page, *places):
    """Drags the pointer through places given as shares of the picture's sides."""
    box = page.locator("#frame").bounding_box()
    for i, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if not i:
            page.mouse.down()
    page.mouse.up()


def offer(page, module):
    """Makes a page, before it is opened, paint in the browser by this module."""

    def add(route):
        browser = {"module": "/page/js/fake.js"}
        route.fulfill(json=route.fetch().json() | {"browser": browser})

    page.route("**/api/styles", add)
    kind = "text/javascript"
    page.route("**/fake.js", lambda r: r.fulfill(body=module, content_type=kind))


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
