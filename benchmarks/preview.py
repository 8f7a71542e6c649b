"""Times the page from a slider to its preview: python -m benchmarks.preview

Wants an idle machine, Chromium (apt-get install chromium), the extra [dev], and half a
minute.
"""

import statistics
import sys

from absl import app, flags

from benchmarks import report, studio
from fast_style.stylizer import count_cores

HEADING = "## From a slider to the preview"
MEDIAN, P95 = 0.150, 0.300  # s, promised
DRAG = 30  # ms between the moves of a hand that drags
AT_REST = "#frame[aria-busy=false]"
# Gives for each preview the ms from the move that it shows: to the page's own mark, set
# when it is drawn, and to the frame after, which the screen shows.
MOVE = """async ([moves, pause]) => {
  const slider = document.querySelector(".style:nth-child(3) input[type=range]");
  const drawn = [], shown = [];
  let moved, seen;
  const observer = new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries()) {
      if (name !== "preview") continue;
      drawn.push(duration);
      requestAnimationFrame(() => setTimeout(() => {
        shown.push(performance.now() - startTime);
        if (startTime >= moved) seen();
      }));
    }
  });
  observer.observe({ entryTypes: ["measure"] });
  for (let move = 0; move < moves; move++) {
    const preview = new Promise((resolve) => (seen = resolve));
    moved = performance.now();
    slider.value = 20 + (move * 37) % 80;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    if (pause === null || move + 1 === moves) await preview;
    else await new Promise((resolve) => setTimeout(resolve, pause));
  }
  observer.disconnect();
  return [drawn, shown];
}"""

flags.DEFINE_integer("moves", 60, "Of the slider, each way of moving it.")
flags.DEFINE_string(
    "output",
    str(studio.ROOT / "docs" / "benchmarks.md"),
    "Markdown file; '' writes none.",
)


def measure(url, moves):
    """Gives the page's times of both ways to move a slider, and Chromium's version."""
    with studio.chromium() as browser:
        page = browser.new_page()
        page.goto(url)
        found = {}
        for label, pause in (("one at a time", None), ("dragged", DRAG)):
            page.wait_for_selector(AT_REST)
            page.evaluate(MOVE, [3, None])  # of this size and setting the first ones
            found[label] = page.evaluate(MOVE, [moves, pause])
        return found, browser.version


def row(label, moves, times):
    drawn, shown = times
    return [
        f"{label}, {len(shown)} of {moves} shown",
        *(f"{statistics.median(each):.0f}, {p95(each):.0f}" for each in (drawn, shown)),
    ]


def p95(times):
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def main(argv):
    del argv
    moves = flags.FLAGS.moves
    with studio.server() as url:
        found, version = measure(url, moves)
    _, shown = found["one at a time"]
    targets = [
        report.Target("median, s", statistics.median(shown) / 1000, MEDIAN),
        report.Target("95th percentile, s", p95(shown) / 1000, P95),
    ]
    header = ["to the screen, one at a time", "limit", "measured", "result"]
    promised = report.table(header, [target.row() for target in targets])
    header = ["moves", "drawn: median, p95, ms", "on the screen: median, p95, ms"]
    section = f"""{HEADING}

Made by `python -m benchmarks.preview` on:

- {report.machine(count_cores())}
- Chromium {version} on the same machine, without a head

{promised}

The page's sample, previewed at 384 px, painted by the server. A script moves a slider:
when the preview before is shown, or every {DRAG} ms like a hand that drags, where a
newer move takes the place of one that waits. From the move that a preview shows until
it is drawn, and until the frame with it is on the screen.

{report.table(header, [row(label, moves, times) for label, times in found.items()])}
"""
    report.publish(section, flags.FLAGS.output)


if __name__ == "__main__":
    try:
        app.run(main)
    except (OSError, ValueError, ImportError) as error:
        sys.exit(f"preview: error: {error}")
