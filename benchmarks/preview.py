"""Time the page from a slider to its preview: python -m benchmarks.preview

Needs an idle machine, Chromium (apt-get install chromium), the extra [dev], and half a
minute.
"""

import statistics
from collections.abc import Sequence

import numpy as np

from benchmarks import browsing, report, script
from benchmarks.report import Target
from fast_style.runner import count_cores

MEDIAN, P95 = 0.150, 0.300  # s, promised
PAUSES = {"one at a time": None, "dragged": 30}  # ms between two moves
BLEND = "#styles=wave:1,starry_night:0.5"
AT_REST = "#frame[aria-busy=false]"
LOOKS = "() => performance.getEntriesByName('looks', 'measure').length > 0"
# Returns for each preview the ms from the move that it shows: to the page's own mark,
# set when it is drawn, and to the frame after, which the screen shows.
MOVE = """async ([moves, pause]) => {
  const slider = document.querySelector("#parts li:nth-child(2) input");
  const drawn = [], shown = [];
  let moved, seen;
  const observer = new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries()) {
      // Where the hand rests early, the whole picture takes the place of a preview.
      const preview = name === "preview";
      if (preview) drawn.push(duration);
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
  return [drawn, shown];
}"""
Times = tuple[list[float], list[float]]  # ms until drawn, and until on the screen


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument(
        "--moves", type=int, default=60, help="Moves of the slider, in each way."
    )
    script.add_output(parser, script.DOCUMENT)
    options = parser.parse_args(arguments)
    with browsing.Server() as server:
        times, version = measure(server.url, options.moves)
    _, shown = times["one at a time"]
    targets = [
        Target("median, s", statistics.median(shown) / 1000, MEDIAN),
        Target("95th percentile, s", p95(shown) / 1000, P95),
    ]
    lines = [cells(way, options.moves, times[way]) for way in times]
    section = SECTION.format(
        machine=report.machine(count_cores()),
        version=version,
        targets=report.target_table("to the screen, one at a time", targets),
        pause=PAUSES["dragged"],
        table=report.table(HEADER, lines),
    )
    report.publish(section, options.output)


def measure(url: str, moves: int) -> tuple[dict[str, Times], str]:
    """Return the page's times for each way to move a slider, and Chromium's version."""
    with browsing.chromium() as browser:
        page = browser.new_page()
        page.goto(f"{url}/{BLEND}")
        page.wait_for_function(LOOKS)  # the tiles are painted
        times = {}
        for way, pause in PAUSES.items():
            page.wait_for_selector(AT_REST)
            page.evaluate(MOVE, [3, None])  # warms up
            times[way] = page.evaluate(MOVE, [moves, pause])
        return times, browser.version


def cells(way: str, moves: int, times: Times) -> list[str]:
    """Return a line of the table."""
    _, shown = times
    return [
        f"{way}, {len(shown)} of {moves} shown",
        *(f"{statistics.median(ms):.0f}, {p95(ms):.0f}" if ms else "-" for ms in times),
    ]


def p95(times: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return float(np.percentile(times, 95))


HEADER = ["moves", "drawn: median, p95, ms", "on the screen: median, p95, ms"]
SECTION = """## From a slider to the preview

Made by `python -m benchmarks.preview` on:

- {machine}
- Chromium {version} on the same machine, without a window

{targets}

The page's sample, previewed at 384 px, stylized by the server in a blend of two styles.
A script moves a slider of the blend: either as soon as the last preview is shown, or
every {pause} ms like a hand that drags, where a newer move replaces one that waits. The
times are those from the move that a preview shows until the preview is drawn, and until
it is on the screen.

{table}
"""


if __name__ == "__main__":
    script.run(main)
