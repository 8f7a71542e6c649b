"""Times painting in the browser: python -m benchmarks.stylizing_in_browser

Wants Chromium, playwright and what scripts/vendor_litert fetches. Compares each picture
with LiteRT's here.
"""

import base64
import statistics

import numpy as np

from benchmarks import studio
from fast_style import Stylizer, images

PHOTO = studio.ROOT / "examples" / "astronaut.jpg"
SIZES = (256, 384, 512)  # px, of a square
RUNS = 10
STYLE = "wave"
START = """async () => {
  const info = await (await fetch("/api/styles")).json();
  const { create } = await import(info.browser.module);
  self.backend = await create(info);
}"""
PAINT = """async ([data, size, style, runs]) => {
  const bytes = Uint8ClampedArray.from(atob(data), (c) => c.charCodeAt(0));
  const image = new ImageData(bytes, size, size);
  const source = { preview: true, pixels: async () => image };
  const settings = { styles: { [style]: 1 }, strength: 1, keepColor: "none" };
  const times = [];
  let painted;
  for (let run = 0; run < runs; run++) {
    painted = await backend.paint(source, settings);
    times.push(painted.ms);
  }
  const text = Array.from(painted.image.data, (x) => String.fromCharCode(x)).join("");
  return [times, btoa(text)];
}"""


def main():
    with studio.server() as url:
        measure(url)


def measure(url):
    stylizer, photo = Stylizer(), images.read(PHOTO).pixels
    print("threads   size  first, ms  median, ms  least, ms  within 2   PSNR, dB")
    with studio.chromium() as browser:
        # A page that is not isolated from other sites is given no threads.
        for threads, path in (("no", "/healthz"), ("yes", "/page/js/dom.js")):
            page = browser.new_page()
            page.goto(url + path)
            page.evaluate(START)
            for size in SIZES:
                pixels = images.resize_short_side(photo, size)
                rgba = np.dstack([pixels, np.full((size, size), 255, np.uint8)])
                data = base64.b64encode(rgba.tobytes()).decode()
                times, text = page.evaluate(PAINT, [data, size, STYLE, RUNS])
                found = np.frombuffer(base64.b64decode(text), np.uint8)
                painted = found.reshape(size, size, 4)[..., :3].astype(int)
                far = np.abs(painted - stylizer.stylize(pixels, styles=STYLE))
                print(
                    f"{threads:7} {size:6} {times[0]:10.0f}"
                    f" {statistics.median(times[1:]):11.0f} {min(times):10.0f}"
                    f" {(far <= 2).mean():9.4f}"
                    f" {10 * np.log10(255**2 / np.square(far).mean()):10.1f}"
                )
            page.close()


if __name__ == "__main__":
    main()
