"""The page's switch to painting in the browser, and what the server gives for it."""

import io
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pages import (
    IDLE,
    open_picture,
    paint_by,
    pixels,
    replace_backend,
    size,
    take,
    wait_for_width,
)
from serving import client, encoded

from fast_style import images
from serve import Config, create_app

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "vendor_litert"


def test_page_paints_without_the_server_and_frees_the_memory(litert, page, photo):
    sent = []

    def note(request):
        sent.append(request.method)

    page.on("request", note)
    page.check("#in-browser")
    open_picture(page, encoded(photo))
    wait_for_width(page, 53)
    page.remove_listener("request", note)
    assert "POST" not in sent
    assert len(page.workers) >= 2  # for previews, for whole pictures, and their threads
    page.uncheck("#in-browser")
    for _ in range(50):
        page.wait_for_timeout(100)
        if not page.workers:
            break
    assert page.workers == []
    page.check("#in-browser")
    page.locator("#in-browser:enabled").wait_for()
    page.wait_for_selector(IDLE)
    assert page.workers


def test_a_worker_for_whole_pictures_ends_when_it_is_idle(litert, page):
    ended = page.evaluate(
        """async () => {
          const living = new Set();
          const Usual = self.Worker;
          self.Worker = class extends Usual {
            constructor(url) {
              super(url);
              living.add(this);
            }
            terminate() {
              living.delete(this);
              super.terminate();
            }
          };
          const info = await (await fetch("/api/styles")).json();
          const { create } = await import(info.browser.module);
          const backend = await create(info, () => {}, 300);
          const look = { strength: 1, keepColor: "none", stroke: 1 };
          const settings = { styles: { wave: 1 }, ...look };
          const pixels = async () => new ImageData(64, 64);
          const counts = [];
          for (let i = 0; i < 2; i++) {
            await backend.paint({ preview: false, pixels }, settings);
            counts.push(living.size);
            await new Promise((resolve) => setTimeout(resolve, 600));
            counts.push(living.size);
          }
          const left = backend.paint({ preview: true, pixels }, settings);
          await new Promise((resolve) => setTimeout(resolve));
          backend.close();
          self.Worker = Usual;
          return [...counts, living.size, await left.catch(({ name }) => name)];
        }"""
    )
    assert ended == [2, 1, 2, 1, 0, "AbortError"]


def test_a_browser_that_hangs_is_left_for_the_server(page):
    module = """export const create = async () => ({
      paint: (source, settings, signal) => new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
      close() {},
    });"""
    paint_by(page, module)
    before = pixels(page)
    page.check("#in-browser")
    page.wait_for_selector("#frame[aria-busy=true]")
    page.locator("#in-browser:enabled").wait_for()
    page.click("#take")
    assert "This browser paints: it writes no TIFF" in page.inner_text("#take-hint")
    off = page.locator("#take-dialog :is(#take-format option, select, input):disabled")
    values = off.evaluate_all("(all) => all.map(({ id, value }) => id || value)")
    assert values == ["avif", "tiff", "take-unit", "take-dpi"]
    page.click("#take-close")
    page.uncheck("#in-browser")
    page.wait_for_selector(IDLE)
    take(page, "The Scream")
    page.wait_for_selector(IDLE)
    assert not np.array_equal(pixels(page), before)


def test_a_browser_that_cannot_load_the_network_says_why(page):
    module = 'export const create = () => Promise.reject(new Error("No network."));'
    paint_by(page, module)
    page.locator("#in-browser").click()
    page.locator("#alarm", has_text="No network.").wait_for()
    page.wait_for_selector(IDLE)
    assert page.locator("#alarm").is_visible()
    assert not page.is_checked("#in-browser")


def test_camera_is_painted_frame_by_frame(litert, page):
    page.context.grant_permissions(["camera"])
    page.click("#camera")
    page.click("#camera-live")
    page.locator("#status", has_text="frames a second").wait_for()
    assert size(page)[1] == 256
    page.click("#live-stop")
    page.wait_for_selector(IDLE)
    assert size(page)[1] == 128


def test_switch_is_absent_without_litert(gallery, tmp_path):
    app = create_app(Config(model=str(gallery), threads=1))
    app.config["LITERT"] = tmp_path / "litert"
    web = client(app)
    assert web.get("/api/styles").json["browser"] is None
    answer = web.get("/")
    assert "wasm" not in answer.headers["Content-Security-Policy"]
    assert "Cross-Origin-Embedder-Policy" not in answer.headers


def test_policy_allows_threads_and_wasm_but_no_eval(litert, web):
    answer = web.get("/page/js/browser/worker.js")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "'unsafe-eval'" not in policy
    assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("backend", [None, "http://127.0.0.1:9"])
def test_model_is_the_servers_and_browsers_keep_it(gallery, backend, litert):
    web = client(create_app(Config(model=str(gallery), backend=backend)))
    description = web.get("/api/styles").json["browser"]
    assert description["rows"] == ["photo", "wave", "scream"]
    answer = web.get(description["model"])
    assert answer.data == gallery.read_bytes()
    headers = {"If-None-Match": answer.headers["ETag"]}
    again = web.get(description["model"], headers=headers)
    assert again.status_code == 304


def test_model_may_have_a_relative_path(gallery, monkeypatch):
    monkeypatch.chdir(gallery.parent)
    web = client(create_app(Config(model=gallery.name)))
    assert web.get("/api/model").data == gallery.read_bytes()


def test_switch_is_off_after_the_back_button(visit):
    module = (
        "export const create = async () => ({ paint: () => new Promise(() => {}) });"
    )
    page = visit(prepare=lambda page: replace_backend(page, module))
    page.check("#in-browser")
    page.evaluate("onunload = () => {}")  # a page with this listener is loaded anew
    page.goto("about:blank")
    page.go_back()
    page.wait_for_selector(IDLE)
    assert not page.is_checked("#in-browser")


def test_transparent_parts_get_the_colours_around_them_as_at_the_server(page, photo):
    module = """export const create = async () => ({
      async paint(source) {
        const image = await source.pixels();
        for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
        return { image, ms: 1 };
      },
      close() {},
    });"""
    paint_by(page, module)
    page.check("#in-browser")
    y, x = np.mgrid[0:37, 0:53]
    alpha = np.where((x - 26) ** 2 + (y - 18) ** 2 < 200, 255, 0).astype(np.uint8)
    data = encoded(np.dstack([photo, alpha]))
    page.set_input_files(
        "#file", {"name": "a.png", "mimeType": "image/png", "buffer": data}
    )
    wait_for_width(page, 53)
    expected = images.read(io.BytesIO(data)).pixels
    difference = np.abs(pixels(page)[..., :3].astype(int) - expected)
    assert difference[alpha > 0].max() <= 1
    assert difference.mean() < 15  # black would differ by 60


def test_vendoring_without_npm_says_what_to_install(tmp_path):
    script = [sys.executable, str(SCRIPT)]
    process = subprocess.run(
        script, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert process.returncode == 1
    assert process.stderr.startswith("vendor_litert: error: npm is missing. Install")


def test_vendoring_refuses_a_package_with_another_checksum(tmp_path, monkeypatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho other > core.tgz\necho core.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    fetch = runpy.run_path(str(SCRIPT))["fetch"]
    with pytest.raises(ValueError, match="It is not the package that was tested"):
        fetch("@litertjs/core", tmp_path)
