"""The page in a real browser without a network, and as an app."""

import io
import json
import re
import shutil

import pytest
from pages import IDLE, open_picture, pixels
from PIL import Image
from serving import client, encoded, running

from serve import Config, create_app

READY = """() => Promise.race([
  navigator.serviceWorker.ready.then(({ active }) => active.state),
  new Promise((_, reject) => setTimeout(reject, 60_000, "no worker")),
])"""
MODEL = "fetch('api/model').then((response) => response.text())"
UNTIL_KEPT = """async (path) => {
  while (!(await caches.match(path))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""
KEPT = """async () => {
  const names = await caches.keys();
  const lists = names.map(async (name) => (await caches.open(name)).keys());
  return (await Promise.all(lists)).map((list) => list.map(({ url }) => url));
}"""


@pytest.fixture
def own_page(tmp_path, gallery):
    """An application whose page's files a test may change, and their folder."""
    app = create_app(Config(model=str(gallery), threads=1))
    folder = tmp_path / "page"
    ignored = shutil.ignore_patterns("litert*")
    shutil.copytree(app.config["PAGE"], folder, ignore=ignored)
    app.config.update(PAGE=folder, LITERT=folder / "litert")
    return app, folder


def test_the_studio_starts_and_paints_without_a_network(
    litert, chromium, gallery, photo
):
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    with running(create_app(Config(model=str(gallery)))) as url:
        page.goto(url)
        page.wait_for_selector(IDLE)
        page.check("#in-browser")
        page.locator("#in-browser:enabled").wait_for()
        open_picture(page, encoded(photo))
        expected = pixels(page)
        page.evaluate(READY)
        page.wait_for_function(
            """async () => (await caches.match("/api/model")) !== undefined"""
        )
    context.set_offline(True)
    page.goto(url)
    page.wait_for_selector(IDLE)
    open_picture(page, encoded(photo))
    page.locator("#in-browser:checked:enabled").wait_for()
    page.wait_for_selector(IDLE)
    assert (pixels(page) == expected).all()
    (kept,) = page.evaluate(KEPT)
    asked = {re.sub(r"^.*/api/", "", path) for path in kept if "/api/" in path}
    assert {re.sub("/.*/", "/*/", name) for name in asked} <= {
        "styles",
        "styles/*/thumbnail",
        "model",
    }
    assert not any("compat" in path for path in kept)  # what this browser never loads
    context.close()


def test_a_newer_page_comes_whole_when_someone_asks_for_it(chromium, own_page):
    app, folder = own_page
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    with running(app) as url:
        page.goto(url)
        page.evaluate(READY)
        index = folder / "index.html"
        index.write_text(index.read_text("utf-8").replace("<html", "<html data-newer"))
        page.reload()  # shows the files that were kept, all of one version
        assert page.locator("[data-newer]").count() == 0
        page.locator("#toast", has_text="newer studio").wait_for()
        # A training has changed the network: that comes at once.
        for content in (b"before", b"after"):
            model = folder.with_name(f"{content.decode()}.tflite")
            model.write_bytes(content)
            app.config["BACKEND"].model = str(model)
            assert page.evaluate(MODEL) == content.decode()
        page.click("#toast-act")
        page.locator("[data-newer]").wait_for()
        assert len(page.evaluate(KEPT)) == 1
    context.close()


def test_a_fingerprint_follows_each_file_that_is_kept(own_page):
    app, folder = own_page
    web = client(app)

    def kept():
        text = web.get("/service-worker.js").text
        return json.loads(re.match(r"const KEPT = (.*);", text)[1])

    before = kept()
    assert kept() == before
    assert "/" in before["page"] and "/page/js/main.js" in before["page"]
    assert before["styles"] == "/api/styles"
    assert before["painting"] == []
    for name in ("js/main.js", "base.css", "service-worker.js"):
        path = folder / name
        path.write_bytes(path.read_bytes() + b"\n")
        assert kept()["version"] != before["version"]
        before = kept()
    answer = web.get("/service-worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Type"].startswith("text/javascript")


def test_the_studio_is_installable(web):
    page = web.get("/").text
    (address,) = re.findall(r'rel="manifest" href="([^"]+)"', page)
    answer = web.get(f"/{address}")
    assert answer.content_type.startswith("application/manifest+json")
    manifest = json.loads(answer.data)
    assert manifest["start_url"] == manifest["scope"] == "../"
    purposes = set()
    for icon in manifest["icons"]:
        data = web.get(f"/page/{icon['src']}").data
        image = Image.open(io.BytesIO(data))
        assert "x".join(map(str, image.size)) == icon["sizes"]
        assert len(data) < 20_000
        purposes.add(icon.get("purpose"))
    assert purposes == {None, "maskable"}
