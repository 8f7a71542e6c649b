"""Time stylizing in the browser: python -m benchmarks.stylizing_in_browser

Compares each picture with that of LiteRT in Python. Needs Chromium (apt-get install
chromium), the extra [dev], what scripts/vendor_litert downloads, and half a minute.
"""

import base64
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks import browsing, report, script
from fast_style import Stylizer, images

STYLE = "wave"
# A page that is not isolated from other sites gets no threads.
PATHS = {"no": "/healthz", "yes": "/page/js/dom.js"}
START = """async () => {
  const info = await (await fetch("/api/styles")).json();
  const { create } = await import(info.browser.module);
  self.backend = await create(info);
}"""
PAINT = """async ([data, size, style, runs]) => {
  const bytes = Uint8ClampedArray.from(atob(data), (c) => c.charCodeAt(0));
  // A worker takes the pixels over.
  const pixels = async () => new ImageData(bytes.slice(), size, size);
  const source = { preview: true, pixels };
  const look = { strength: 1, keepColor: "none", stroke: 1 };
  const settings = { styles: { [style]: 1 }, ...look };
  const times = [];
  let painted;
  for (let run = 0; run < runs; run++) {
    painted = await backend.paint(source, settings);
    times.push(painted.ms);
  }
  const text = Array.from(painted.image.data, (x) => String.fromCharCode(x)).join("");
  return [times, btoa(text)];
}"""
HEADER = ["threads", "size, px", "first, ms", "median, ms", "least, ms"]
HEADER += ["within 2 grey levels", "PSNR, dB"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument(
        "--sizes",
        type=script.names,
        default=["256", "384", "512"],
        help="Sides of the square pictures, in px.",
    )
    parser.add_argument("--runs", type=int, default=10, help="Runs of each, 2 or more.")
    options = parser.parse_args(arguments)
    sizes = [int(size) for size in options.sizes]
    with browsing.Server() as server:
        print(report.table(HEADER, measure(server.url, sizes, options.runs)))


def measure(url: str, sizes: Sequence[int], runs: int) -> list[list[str]]:
    """Return the table's lines: every size, without threads and with them."""
    lines = []
    with browsing.chromium() as browser:
        for threads, path in PATHS.items():
            page = browser.new_page()
            page.goto(url + path)
            page.evaluate(START)
            lines += [[threads, *cells(page, size, runs)] for size in sizes]
            page.close()
    return lines


def cells(page: Any, size: int, runs: int) -> list[str]:
    """Stylize a picture in a page, and return the figures of one size."""
    photo = images.resize_short_side(images.read(script.PHOTO).pixels, size)
    pixels = photo[:size, :size]
    times, stylized = paint(page, pixels, runs)
    distance = np.abs(stylized.astype(int) - Stylizer().stylize(pixels, styles=STYLE))
    return [
        str(size),
        f"{times[0]:.0f}",
        f"{statistics.median(times[1:]):.0f}",
        f"{min(times):.0f}",
        f"{(distance <= 2).mean():.4f}",
        report.decibels(np.square(distance).mean()),
    ]


def paint(page: Any, pixels: np.ndarray, runs: int) -> tuple[list[float], np.ndarray]:
    """Stylize a square in a page some times; return the times in ms and the picture."""
    size = len(pixels)
    rgba = np.dstack([pixels, np.full((size, size), 255, np.uint8)])
    data = base64.b64encode(rgba.tobytes()).decode()
    times, text = page.evaluate(PAINT, [data, size, STYLE, runs])
    stylized = np.frombuffer(base64.b64decode(text), np.uint8)
    return times, stylized.reshape(size, size, 4)[..., :3]


if __name__ == "__main__":
    script.run(main)
