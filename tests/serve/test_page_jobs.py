"""The page's dialogs about jobs: a painting of one's own, many pictures, a download."""

import io
import zipfile

import httpx
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from jobs import program
from pages import IDLE, PHONE, differ, drag, pixels
from PIL import Image
from serving import encoded, running

from fast_style import metadata
from serve import Config, create_app

# Trains, exports and paints as fast-style does, but with results that are made before.
FAKE = """
import os, shutil, sys, time
made = os.path.join("..", "..", "made")
if sys.argv[1] == "train":
    os.makedirs("run/samples")
    open("run/config.json", "w").write('{"steps": 4}')
    for step in range(5):
        shutil.copy(f"{made}/strip.png", f"run/samples/{step:08d}.png")
        rows = "".join(f"{done}\\n" for done in range(1, step + 1))
        open("run/log.csv", "w").write("step\\n" + rows)
        while step == 2 and not os.path.exists(f"{made}/seen"):
            time.sleep(0.01)
    open("run/generator.keras", "w").write("generator")
elif sys.argv[1] == "export":
    os.makedirs("export")
    shutil.copy(f"{made}/mine.tflite", "export/fast_style_int8.tflite")
else:
    shutil.copytree("input", "output")
    if os.path.exists("output/bad.png"):
        os.remove("output/bad.png")
        sys.exit("fast-style: error: Cannot read 'input/bad.png' as an image.")
"""

NOTE_FORMS = """() => {
  const usual = self.fetch;
  self.forms = [];
  self.fetch = (path, options = {}) => {
    if (options.body instanceof FormData) forms.push([...options.body.keys()]);
    return usual(path, options);
  };
}"""
UPLOAD_LIMIT = """import("/page/js/state.js").then(({ state }) => {
  state.info.max_upload = 0;
})"""
SERVER_LIMIT = """import("/page/js/state.js").then(({ state }) => {
  state.info.max_size = 300;
})"""


def renamed(model, path, rows):
    """Write a copy of a model whose rows have other names."""
    content = model.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.infolist()[0].header_offset
    path.write_bytes(content[:start])
    metadata.attach(path, {**metadata.read(model), "styles": rows})


@pytest.fixture
def studio_with_jobs(gallery, photo, tmp_path):
    """Address of a server that takes jobs, its token, and the folder `made`."""
    made = tmp_path / "made"
    made.mkdir()
    renamed(gallery, made / "mine.tflite", ["photo", "Mine", "wave"])
    Image.fromarray(np.concatenate([photo, 255 - photo])).save(made / "strip.png")
    jobs = str(tmp_path / "jobs")
    config = Config(
        model=str(gallery), base_model="gallery", train=True, jobs=jobs, threads=1
    )
    app = create_app(config, program=program(FAKE))
    with running(app) as url:
        yield url, app.config["ACCESS"].token, made
    app.config["JOBS"].stop()


def test_jobs_from_the_token_to_the_result(studio_with_jobs, chromium, photo, tmp_path):
    url, token, made = studio_with_jobs
    context = chromium.new_context(reduced_motion="reduce", service_workers="block")
    page, errors = context.new_page(), []
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(url)
    page.wait_for_selector(IDLE)
    enter(page, token)
    learn(page, photo, made, tmp_path)
    paint_many(page, photo)
    print_large(page)
    serves_others(chromium, context, url, photo)
    context.close()
    assert errors == []


def names(page):
    """Return the names of the styles in the order of their tiles."""
    return page.eval_on_selector_all(
        ".style", "(all) => all.map((tile) => tile.dataset.name)"
    )


def check(page):
    """Check an open dialog: everybody can use it, and it needs no width."""
    found = Axe().run(page, "dialog[open]")
    assert found.violations_count == 0, found.generate_report()


def enter(page, token):
    """Give the token, after a wrong one."""
    page.click("#teach")
    page.fill("#token", "wrong")
    page.keyboard.press("Enter")
    page.locator("#token-problem", has_text="not the token").wait_for()
    check(page)
    page.fill("#token", token)
    page.keyboard.press("Enter")
    page.locator("#teach-dialog[open]").wait_for()


def learn(page, photo, made, tmp_path):
    """Have a painting learned, over a reload of the page, and paint with it."""
    painting = tmp_path / "Mine.png"
    Image.fromarray(photo).resize((80, 70)).save(painting)
    page.set_input_files("#teach-file", painting)
    page.locator("#teach-state", has_text="Ready to learn.").wait_for()
    page.click("#teach-begin")
    page.locator("#teach-state", has_text="Learning, 50 %").wait_for()
    page.locator("#teach-result:not([hidden])").wait_for()
    check(page)
    page.reload()
    page.wait_for_selector(IDLE)
    page.locator("#teach-label", has_text="Learning, 50 %").wait_for()
    page.click("#teach")
    page.locator("#teach-caption", has_text="as learned so far").wait_for()
    (made / "seen").touch()
    page.locator("#teach-caption", has_text="at the end of the learning").wait_for()
    page.click("#teach-use")
    page.wait_for_selector(IDLE)
    assert "active" in page.get_attribute(".style[data-name=Mine]", "class")
    assert names(page) == ["Mine", "wave"]
    page.click(".style[data-name=wave] .add")
    page.wait_for_selector(IDLE)
    assert page.locator("#parts li").count() == 2


def paint_many(page, photo):
    """Have two pictures painted, fetch them, and remove the job; then a sheet."""
    page.locator("#strength").fill("40")
    page.click("#many")
    look = "As set now: Mine 50 % + Wave 50 % · 40 % strength"
    assert page.inner_text("#many-look") == look
    files = [
        {"name": name, "mimeType": "image/png", "buffer": encoded(photo)}
        for name in ("a.png", "b.png", "bad.png")
    ]
    page.set_input_files("#many-files", files)
    page.locator("#many-chosen", has_text="a.png and 2 more").wait_for()
    page.click("#many-begin")
    job = page.locator("#jobs li", has_text="a.png and 2 more")
    part = "Done in part. Cannot read 'bad.png' as an image."
    job.locator(".state:not(.failed)", has_text=part).wait_for()
    check(page)
    with page.expect_download() as event:
        job.get_by_role("link", name="Download").click()
    assert event.value.suggested_filename == "a-painted.zip"
    with zipfile.ZipFile(event.value.path()) as archive:
        assert archive.namelist() == ["a.png", "b.png"]
    job.get_by_role("button", name="Remove").click()
    job.wait_for(state="detached")
    assert page.locator("#jobs li").count() == 1  # the training
    page.set_input_files("#many-files", files[0])
    page.check("#many-sheet")
    assert page.inner_text("#many-look") == "In every style · 40 % strength"
    page.click("#many-begin")
    job = page.locator("#jobs li", has_text="Sheet of a.png")
    job.locator(".state", has_text="Done").wait_for()
    assert not page.is_checked("#many-sheet")
    page.click("#many-close")
    page.wait_for_selector(IDLE)


def print_large(page):
    """Download a TIFF file that is ten centimetres wide, the left painted by a mask."""
    painted, photo = pixels(page)[..., :3], pixels(page, "#before")[..., :3]
    page.click("#mask")
    page.get_by_label("Gradient").check(force=True)
    drag(page, (0.4, 0.5), (0.5, 0.5), (0.6, 0.5))
    page.click("#mask-done")
    page.evaluate(NOTE_FORMS)
    page.click("#take")
    page.select_option("#take-format", "tiff")
    page.fill("#take-length", "3543")
    page.locator("#take-hint", has_text="longer side has 512 px").wait_for()
    page.keyboard.press("Tab")
    assert page.input_value("#take-length") == "512"
    page.fill("#take-dpi", "200")
    page.select_option("#take-unit", "cm")
    page.fill("#take-length", "10")
    page.locator("#take-size", has_text="10.0 cm at 130 dots an inch").wait_for()
    assert "longer side has 512 px" in page.inner_text("#take-hint")
    check(page)
    with page.expect_download() as event:
        page.click("#take-begin")
    image = Image.open(io.BytesIO(event.value.path().read_bytes()))
    assert (image.format, image.size) == ("TIFF", (512, 512))
    assert image.info["dpi"] == pytest.approx((130, 130), abs=1)
    left, right = np.s_[:, :200], np.s_[:, 312:]
    assert not differ(np.asarray(image)[left], painted[left])
    assert differ(painted[left], photo[left])
    assert np.abs(np.asarray(image)[right].astype(int) - photo[right]).max() <= 2
    assert {"image", "dpi"} < set(page.evaluate("forms.at(-1)"))
    page.locator("#take-dialog").wait_for(state="hidden")
    print_too_large(page)
    page.evaluate(SERVER_LIMIT)
    page.click("#take")
    page.fill("#take-length", "400")
    page.locator("#take-hint", has_text="This server paints at most 300 px.").wait_for()
    page.click("#take-close")


def print_too_large(page):
    """Download what this server does not take: here and plain, or not at all."""
    page.evaluate(UPLOAD_LIMIT)
    page.click("#take")
    page.click("#take-begin")
    large = "too large for this server to write as TIFF"
    page.locator("#take-state", has_text=large).wait_for()
    page.select_option("#take-format", "png")
    with page.expect_download() as event:
        page.click("#take-begin")
    image = Image.open(io.BytesIO(event.value.path().read_bytes()))
    assert (image.format, image.size) == ("PNG", (512, 512))
    assert "dpi" not in image.info
    page.locator("#status", has_text="without dots an inch").wait_for()
    page.locator("#take-dialog").wait_for(state="hidden")


def serves_others(chromium, context, url, photo):
    """Check that others' first style is as before, and that dialogs fit their phone."""
    image = {"image": ("a.png", encoded(photo))}
    forms = ({"format": "png"}, {"format": "png", "styles": "wave"})
    usual, wave = (
        httpx.post(f"{url}/api/stylize", data=form, files=image).content
        for form in forms
    )
    assert usual == wave
    cookies = {"cookies": context.cookies(), "origins": []}  # and no job of their own
    phone = chromium.new_context(
        **PHONE, storage_state=cookies, service_workers="block"
    )
    page = phone.new_page()
    with page.expect_response("**/api/jobs"):
        page.goto(url)
    page.wait_for_selector(IDLE)
    assert "active" in page.get_attribute(".style[data-name=wave]", "class")
    assert names(page) == ["wave", "Mine"]
    assert page.locator("#jobs li").count() == 0
    for name in ("teach", "many", "take"):
        page.eval_on_selector(f"#{name}", "(button) => button.click()")
        box = page.locator(f"#{name}-dialog").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        small = page.eval_on_selector_all(
            f"#{name}-dialog :is(button, select, input)",
            """(all) => all
              .filter((element) => element.checkVisibility())
              .filter((element) => element.getBoundingClientRect().height < 44)
              .map((element) => element.id)""",
        )
        assert [id for id in small if id != "many-sheet"] == []
        page.click(f"#{name}-close")
    phone.close()
