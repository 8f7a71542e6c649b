"""The page in a real browser, whose server is killed while it paints."""

import numpy as np
import pytest
from connecting import run_process
from pages import IDLE, choose, differ, pixels
from serving import encoded

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_a_painting_is_painted_again_by_a_server_that_was_killed(chromium):
    context = chromium.new_context(reduced_motion="reduce", service_workers="block")
    page, errors = context.new_page(), []
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: errors.append(error))
    blocks = np.random.default_rng(0).integers(0, 256, (25, 32, 3), np.uint8)
    photo = np.kron(blocks, np.ones((60, 60, 1), np.uint8))
    with run_process() as (process, port):
        page.goto(f"http://127.0.0.1:{port}")
        page.wait_for_selector(IDLE)
        with page.expect_request(paints_all_of(1920)):
            choose(page, encoded(photo))
        process.kill()
        page.locator("#alarm", has_text="The server does not answer.").wait_for()
        page.locator("#status", has_text="Only the preview is painted.").wait_for()
        assert page.get_attribute("#frame", "data-stale") == ""
        assert page.locator("#alarm-retry").is_visible()
        before = pixels(page)
    with run_process(f"--port={port}"):
        page.locator("#status", has_text="Painted 1920 × 1500 px").wait_for()
        assert page.locator("#alarm").is_hidden()
        assert page.get_attribute("#frame", "data-stale") is None
        after = pixels(page)
        assert after.shape == (1500, 1920, 4)
        assert after.shape != before.shape or differ(after, before)
    context.close()
    assert errors == []


def paints_all_of(size):
    """Return whether a request has a picture painted at its whole size."""
    field = f'name="size"\r\n\r\n{size}\r\n'.encode()

    def paints(request):
        form = request.post_data_buffer or b""
        return request.url.endswith("/api/stylize") and field in form

    return paints
