"""The page in a real browser: nothing that someone set is lost."""

import numpy as np
from pages import IDLE, TWO, begin, drag, open_picture, parts, pixels, share, take
from serving import encoded

BLEND = ["The Great Wave off Kanagawa", "The Scream"]

# Empties the strip of results while one is being added.
NOTE_LATE = """async () => {
  const strip = await import("/page/js/strip.js");
  const { target } = await import("/page/js/studio.js");
  const result = document.querySelector("#after");
  const noting = strip.note({ ...target(), size: 64 }, result);
  strip.open(null);
  await noting;
  return strip.get().entries.length;
}"""

# Begins a training and many other jobs; a browser forgets the first jobs, but no style.
JOBS = """async () => {
  const { note, isMine, hasLearned } = await import("/page/js/jobs/mine.js");
  note({ id: "training", settings: { name: "Mine" } });
  for (let i = 0; i < 201; i++) note({ id: `${i}`, settings: {} });
  const begun = ["200", "training"].map((id) => isMine({ id }));
  return [hasLearned({ name: "Mine" }), ...begun];
}"""


def active(page):
    return page.locator(".active .title").all_inner_texts()


def test_moves_of_one_slider_are_one_step(page):
    begin(page, TWO)
    share(page, "Udnie", 10)
    for value in ("20", "40", "60"):
        share(page, "Udnie", value)
    page.locator("#strength").fill("50")
    page.keyboard.press("Control+z")
    assert page.input_value("#strength") == "80"
    assert len(active(page)) == 3
    for _ in range(2):  # the moves, and that it was added
        page.keyboard.press("Control+z")
    assert active(page) == BLEND


def test_steps_are_bounded_and_start_anew_after_a_change(page):
    held = page.evaluate(
        """async () => {
          const { Steps } = await import("/page/js/steps.js");
          const steps = new Steps({ n: 0 });
          for (let n = 1; n <= 300; n++) steps.note({ n });
          steps.note({ n: 300 }); // the same again
          let undone = 0;
          for (; steps.canUndo; undone++) steps.undo();
          const { n } = steps.redo();
          steps.note({ n: -1 }, "slider", 0);
          steps.note({ n: -2 }, "slider", 900);
          steps.note({ n: -3 }, "slider", 1800);
          steps.note({ n: -4 }, "slider", 2900);
          return [undone, n, steps.canRedo, steps.undo().n, steps.undo().n];
        }"""
    )
    assert held == [200, 101, False, -3, 101]


def test_a_chosen_format_outlives_a_new_picture(page, photo):
    open_picture(page, encoded(photo), "first.png")
    assert page.input_value("#format") == "png"
    page.select_option("#format", "webp")
    open_picture(page, encoded(photo, "JPEG"), "second.jpg", "image/jpeg")
    assert page.input_value("#format") == "webp"


def test_results_are_kept_over_a_reload_and_cleared(visit, photo):
    page = visit("#styles=wave:1,scream:0.5&strength=0.8&size=128")
    open_picture(page, encoded(photo), "mine.png")
    page.select_option("#format", "webp")
    page.click("#mask")
    drag(page, (0.3, 0.3), (0.5, 0.5))
    page.click("#mask-done")
    page.wait_for_selector(IDLE)
    before = pixels(page)
    take(page, "Udnie")
    page.wait_for_selector(IDLE)
    page.wait_for_function(
        "() => document.querySelectorAll('#result-list li').length > 2"
    )
    page.click("#result-list .pin:visible")
    page.wait_for_timeout(300)  # the browser's database takes some time
    page.reload()
    page.wait_for_selector(IDLE)
    assert "mine.png, 53 × 37 px" in page.inner_text("#name")
    assert page.input_value("#format") == "webp"
    assert page.locator("#result-list .pinned").count() == 1
    results = page.locator("#result-list [aria-label]")
    label = "The Great Wave off Kanagawa 67 % + The Scream 33 % · 80 % strength"
    assert label in results.nth(1).get_attribute("aria-label")
    results.nth(1).click()
    page.wait_for_selector(IDLE)
    assert len(parts(page)) == 2
    assert np.abs(pixels(page).astype(int) - before).max() <= 2
    results.last.click()  # of another picture
    page.locator("#name", has_text="astronaut.jpg").wait_for()
    page.wait_for_selector(IDLE)
    page.keyboard.press("Control+z")
    page.locator("#name", has_text="mine.png").wait_for()
    page.wait_for_selector(IDLE)
    page.click("#start-new")
    page.locator("#toast", has_text="All was cleared.").wait_for()
    page.wait_for_selector(IDLE)
    assert "astronaut.jpg" in page.inner_text("#name")
    page.keyboard.press("Control+z")  # as the toast's button does
    page.locator("#name", has_text="mine.png").wait_for()
    page.wait_for_selector(IDLE)
    assert page.locator("#result-list .pinned").count() == 1
    assert not page.locator("#toast").is_visible()
    page.route("**/page/sample.jpg", lambda route: route.abort())
    page.click("#start-new")  # fails, and all is kept
    page.locator("#alarm", has_text="The server does not answer").wait_for()
    page.unroute("**/page/sample.jpg")
    page.wait_for_timeout(300)
    page.reload()
    page.wait_for_selector(IDLE)
    assert "mine.png" in page.inner_text("#name")
    assert page.locator("#result-list .pinned").count() == 1
    page.click("#start-new")
    page.locator("#name", has_text="astronaut.jpg").wait_for()
    page.wait_for_selector(IDLE)
    page.reload()
    page.wait_for_selector(IDLE)
    assert "astronaut.jpg" in page.inner_text("#name")
    assert parts(page) == ["The Great Wave off Kanagawa"]
    assert page.locator("#result-list li").count() == 1
    assert page.evaluate(NOTE_LATE) == 0


def test_a_browser_keeps_the_latest_tabs_alone(page, photo):
    tabs = """async () => {
      const opening = indexedDB.open("fast_style");
      await new Promise((resolve) => (opening.onsuccess = resolve));
      const parts = opening.result.transaction("parts").objectStore("parts");
      const request = parts.getAll();
      await new Promise((resolve) => (request.onsuccess = resolve));
      opening.result.close();
      return new Set(request.result.map(({ tab }) => tab)).size;
    }"""
    open_picture(page, encoded(photo), "first.png")
    other = page.evaluate(
        """async () => {
          const recalled = [];
          for (let i = 0; i < 4; i++) {
            sessionStorage.tab = `another ${i}`;
            const { keepPicture } = await import(`/page/js/keeping.js?${i}`);
            await keepPicture(new File(["data"], "a.png"));
          }
          sessionStorage.tab = "the last";
          const last = "/page/js/keeping.js?last";
          const { keepPicture, recallPicture, prune } = await import(last);
          await keepPicture(new File([new Uint8Array(64e6 + 1)], "large.png"));
          recalled.push(await recallPicture());
          await prune();
          return recalled;
        }"""
    )
    assert other == [None]
    assert page.evaluate(tabs) == 3


def test_a_browser_that_keeps_nothing_shows_the_page(visit):
    refuse = """
      Object.defineProperty(self, "sessionStorage", { get() { throw new Error(); } });
      indexedDB.open = () => { throw new Error(); };
      const full = Object.freeze({ jobs: "null" });
      Object.defineProperty(self, "localStorage", { value: full });"""
    page = visit(prepare=lambda page: page.add_init_script(refuse))
    assert "Painted" in page.inner_text("#status")
    assert page.evaluate(JOBS) == [True, True, False]
