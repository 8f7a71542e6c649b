"""Figures of whole visits to the studio: their times, bytes and memory."""

import io
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil
from PIL import Image

from benchmarks.line import Line

IDLE = "#frame[aria-busy=false]"
MEGABYTE = 1_000_000
SIDES = 1600, 1200  # px of the pictures that are opened
SLOW = 0.5 * MEGABYTE  # bytes a second, of a slow line

# Returns the time from the start of the visit to the first painting, in ms.
FIRST_PAINTED = """() => {
  const measures = performance.getEntriesByType("measure");
  const shown = measures.filter(({ name }) => name === "preview" || name === "whole");
  return shown[0].startTime + shown[0].duration;
}"""
WORKER_READY = "() => navigator.serviceWorker?.ready.then(() => true)"
# Returns how long each picture took to be shown in all styles, in ms.
LOOKS = """() => performance.getEntriesByName("looks", "measure").map(
  ({ duration }) => duration)"""
MOVES = """async (moves) => {
  const slider = document.querySelector("#parts input[type=range]");
  for (let move = 0; move < moves; move++) {
    slider.value = 20 + (move * 37) % 80;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}"""


def picture(number: int) -> bytes:
    """Return a photograph-like JPEG file; each number has another one."""
    rng = np.random.default_rng(number)
    blocks = rng.integers(0, 256, (30, 40, 3), np.uint8)
    file = io.BytesIO()
    image = Image.fromarray(blocks).resize(SIDES, Image.Resampling.BICUBIC)
    noise = rng.normal(0, 4, (*SIDES[::-1], 3))
    noisy = np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(file, "JPEG", quality=92)
    return file.getvalue()


def open_picture(page: Any, number: int) -> None:
    """Open a picture in the page, and wait until it is painted."""
    name = f"picture-{number}.jpg"
    file = {"name": name, "mimeType": "image/jpeg", "buffer": picture(number)}
    page.set_input_files("#file", file)
    page.locator("#name", has_text=name).wait_for()
    page.wait_for_selector(IDLE)


def first_paintings(browser: Any, url: str, visits: int) -> list[float]:
    """Return the seconds from the start of first visits to the painted sample."""
    return [_visit(browser, url, _first_painting) for _ in range(visits)]


def bytes_of_visits(browser: Any, url: str) -> list[int]:
    """Return the bytes that a first visit loads, and a second one."""
    context = browser.new_context()
    numbers = []
    with Line(url) as line:
        for _ in range(2):
            before = line.down
            page = context.new_page()
            page.goto(line.url)
            page.wait_for_selector(IDLE)
            page.evaluate(WORKER_READY)
            page.wait_for_load_state("networkidle")
            numbers.append(line.down - before)
            page.close()
        context.close()
    return numbers


def seconds_of_looks(browser: Any, url: str, runs: int) -> tuple[float, int]:
    """Return the median seconds until all tiles show a new picture, and how many."""

    def measure(page: Any) -> tuple[float, int]:
        for number in range(runs):
            seen = f"({LOOKS})().length"
            page.wait_for_function(f"() => {seen} === {number + 1}")
            open_picture(page, number)
        page.wait_for_function(f"() => {seen} === {runs + 1}")
        times = page.evaluate(LOOKS)[1:]
        return statistics.median(times) / 1000, page.locator(".style").count()

    return _visit(browser, url, measure)


def upload_bytes(browser: Any, url: str, settings: int) -> tuple[int, list[int]]:
    """Return the bytes sent for a picture on a slow line, and for each further setting.

    Args:
        browser: Playwright's Browser.
        url: The server's address.
        settings: Number of further settings.
    """
    with Line(url, SLOW) as line:

        def measure(page: Any) -> tuple[int, list[int]]:
            before = line.up
            open_picture(page, 0)
            page.wait_for_load_state("networkidle")
            first, further = line.up - before, []
            for strength in range(settings):
                before = line.up
                page.locator("#strength").fill(str(90 - 5 * strength))
                page.wait_for_selector(IDLE)
                further.append(line.up - before)
            return first, further

        return _visit(browser, line.url, measure)


def memory(browser: Any, url: str, moves: int, uploads: int) -> list[float]:
    """Return the tab's own memory in MB, early and after moves and uploads."""
    session = browser.new_browser_cdp_session()

    def measure(page: Any) -> list[float]:
        page_session = page.context.new_cdp_session(page)

        def now() -> float:
            page_session.send("HeapProfiler.collectGarbage")
            processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
            pids = [entry["id"] for entry in processes if entry["type"] == "renderer"]
            used = [psutil.Process(pid).memory_full_info().uss for pid in pids]
            return max(used) / MEGABYTE

        def work(number: int, parts: int) -> None:
            open_picture(page, number)
            page.evaluate(MOVES, moves // parts)
            page.wait_for_selector(IDLE)

        for number in range(3):
            work(number, uploads)
        early = now()
        for number in range(3, uploads):
            work(number, uploads)
        return [early, now()]

    return _visit(browser, url, measure)


def _first_painting(page: Any) -> float:
    return page.evaluate(FIRST_PAINTED) / 1000


def _visit(browser: Any, url: str, measure: Callable[[Any], Any]) -> Any:
    """Return what a function measures in the page of a first visit."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(IDLE)
    result = measure(page)
    context.close()
    return result
