"""Measure the studio's page in Chromium: python -m benchmarks.studio

Needs an idle machine, Chromium (apt-get install chromium), the extra [dev], and six
minutes.
"""

import argparse
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks import browsing, report, script, visits
from benchmarks.beside import SIZE, painting_seconds
from benchmarks.report import Target
from fast_style.runner import count_cores

MEDIAN, P95 = 0.120, 0.300  # s, promised
TILES, THIRTY = 1.5, 30  # s for so many tiles, promised
BLEND = "/#styles=wave:1,scream:0.5"
WARMING = 12  # moves, by which the previews' size fits the machine
PAUSES = {"one at a time": None, "dragged": 30}  # ms between two moves
# Returns for each preview the ms from the move that it shows: to the page's own mark,
# set when it is drawn, and to the frame after, which the screen shows; and its longer
# side in px.
MOVE = """async ([moves, pause]) => {
  const slider = document.querySelector("#parts input[type=range]");
  const { dataset } = document.querySelector("#frame");
  const drawn = [], shown = [], sizes = [];
  let moved, seen;
  const observer = new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries()) {
      // Where the hand rests early, the whole picture takes the place of a preview.
      const preview = name === "preview";
      if (preview) {
        drawn.push(duration);
        sizes.push(Number(/size=([0-9]+)/.exec(dataset.shown)[1]));
      }
      requestAnimationFrame(() => setTimeout(() => {
        if (preview) shown.push(performance.now() - startTime);
        if (startTime >= moved) seen();
      }));
    }
  });
  observer.observe({ entryTypes: ["measure"] });
  for (let move = 0; move < moves; move++) {
    const next = new Promise((resolve) => (seen = resolve));
    moved = performance.now();
    slider.value = 20 + (move * 37) % 80;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    if (pause === null || move + 1 === moves) await next;
    else await new Promise((resolve) => setTimeout(resolve, pause));
  }
  observer.disconnect();
  return [drawn, shown, sizes];
}"""
# ms until drawn, and until on the screen; px
Times = tuple[list[float], list[float], list[int]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument(
        "--moves", type=int, default=60, help="Moves of the slider, in each way."
    )
    parser.add_argument(
        "--visits", type=int, default=5, help="First visits, and new pictures."
    )
    parser.add_argument(
        "--uploads", type=int, default=30, help="Pictures opened before memory is read."
    )
    script.add_output(parser, script.DOCUMENT)
    options = parser.parse_args(arguments)
    with browsing.Server() as server, browsing.chromium() as browser:
        times = measure(browser, server.url, options.moves)
        figures, tiles = measure_visits(browser, server.url, options)
        version = browser.version
    alone, beside = painting_seconds(options.visits)
    figures += [
        [f"a painting of {SIZE} px, by REST", f"{1000 * alone:.0f} ms"],
        ["the same beside a training", f"{1000 * beside:.0f} ms"],
    ]
    _, shown, _ = times["one at a time"]
    targets = [
        Target("slider to the screen, median", statistics.median(shown) / 1000, MEDIAN),
        Target("slider to the screen, 95th percentile", p95(shown) / 1000, P95),
        Target(f"{THIRTY} tiles, at the pace of all", tiles, TILES),
    ]
    lines = [cells(way, options.moves, times[way]) for way in times]
    section = SECTION.format(
        machine=report.machine(count_cores()),
        version=version,
        targets=report.target_table("seconds", targets),
        pause=PAUSES["dragged"],
        table=report.table(HEADER, lines),
        figures=report.table(["what", "figure"], figures),
    )
    report.publish(section, options.output)


def measure_visits(
    browser: Any, url: str, options: argparse.Namespace
) -> tuple[list[list[str]], float]:
    """Return the table of figures of visits, and the seconds of 30 tiles."""
    first = statistics.median(visits.first_paintings(browser, url, options.visits))
    loaded = [number / 1000 for number in visits.bytes_of_visits(browser, url)]
    seconds, tiles = visits.seconds_of_looks(browser, url, options.visits)
    sent, further = visits.upload_bytes(browser, url, options.visits)
    moves = 8 * options.uploads
    early, late = visits.memory(browser, url, moves, options.uploads)
    slow = f"{visits.SLOW / visits.MEGABYTE:g} MB/s"
    figures = [
        ["a first visit, to the painted sample", f"{first:.2f} s"],
        ["loaded by a first visit", f"{loaded[0]:.0f} kB"],
        ["loaded by the next one", f"{loaded[1]:.0f} kB"],
        [f"a new picture in all {tiles} styles", f"{seconds:.2f} s"],
        [f"sent at {slow} for a picture", f"{sent / 1000:.0f} kB"],
        ["sent for each further setting", f"{max(further) / 1000:.1f} kB at most"],
        ["the tab's memory after 3 pictures", f"{early:.0f} MB"],
        [f"after {options.uploads}, and {moves} moves", f"{late:.0f} MB"],
    ]
    return figures, seconds * THIRTY / tiles


def measure(browser: Any, url: str, moves: int) -> dict[str, Times]:
    """Return the page's times for each way to move a slider."""
    page = browser.new_page()
    page.goto(url + BLEND)
    page.wait_for_function(f"() => ({visits.LOOKS})().length > 0")  # it rests then
    times = {}
    for way, pause in PAUSES.items():
        page.wait_for_selector(visits.IDLE)
        page.evaluate(MOVE, [WARMING, None])
        times[way] = page.evaluate(MOVE, [moves, pause])
    page.close()
    return times


def cells(way: str, moves: int, times: Times) -> list[str]:
    """Return a line of the table."""
    drawn, shown, sizes = times
    return [
        f"{way}, {len(shown)} of {moves} shown",
        *(
            f"{statistics.median(ms):.0f}, {p95(ms):.0f}" if ms else "-"
            for ms in (drawn, shown)
        ),
        f"{statistics.median(sizes):.0f}" if sizes else "-",
    ]


def p95(times: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return float(np.percentile(times, 95))


HEADER = [
    "moves",
    "drawn: median, p95, ms",
    "on the screen: median, p95, ms",
    "previews: median, px",
]
SECTION = """## The studio in a browser

Made by `python -m benchmarks.studio` on:

- {machine}
- Chromium {version} on the same machine, without a window

{targets}

A script moves a slider of a blend of two styles: either as soon as the last preview is
shown, or every {pause} ms like a hand that drags, where a newer move replaces one that
waits. The times are those from the move that a preview shows until the preview is
drawn, and until it is on the screen. Previews have 160 to 384 px, as many as the page
expects to be drawn in time, and are stylized by the server.

{table}

The pictures that are opened are JPEG files of 1600x1200 px. Bytes are counted between
the browser and the server, with all headers. The memory is that of the tab's process
alone, without what it shares, after its garbage was collected.

{figures}
"""


if __name__ == "__main__":
    script.run(main)
