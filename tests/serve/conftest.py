"""The server, its page and a browser to open it in."""

import shutil

import pytest


@pytest.fixture(scope="session")
def app(gallery):
    """The server's application, with the model `gallery`."""
    from serve import Config, create_app

    return create_app(Config(model=str(gallery), threads=2, max_upload=1, max_size=256))


@pytest.fixture
def web(app):
    """Speaks to it without a network."""
    return app.test_client()


@pytest.fixture(scope="session")
def live(app):
    """Address of that application under waitress, in a thread."""
    from serving import running

    with running(app) as url:
        yield url


@pytest.fixture(scope="session")
def studio():
    """Address of the server with the embedded gallery."""
    from serving import running

    from serve import Config, create_app

    with running(create_app(Config(max_upload=2))) as url:
        yield url


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, without a head, with a camera that is none."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if not path:
        message = "No Chromium here. Install it: apt-get install chromium"
        pytest.fail(message, pytrace=False)
    camera = "--use-fake-device-for-media-stream"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", camera]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def litert():
    """Fails a test that LiteRT.js is missing for."""
    from serve import browser

    if not browser.LITERT.is_dir():
        pytest.fail("No LiteRT.js here. scripts/vendor_litert fetches it.", False)


@pytest.fixture
def visit(chromium, studio):
    """Opens the page in a window of its own; errors of a script fail the test."""
    from pages import IDLE, SMALL

    contexts, errors = [], []

    def open_page(hash=SMALL, *, url=None, prepare=None, wait=True, **options):
        contexts.append(chromium.new_context(reduced_motion="reduce", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(error))
        if prepare:
            prepare(page)
        page.goto(f"{url or studio}/{hash}")
        if wait:
            page.wait_for_selector(IDLE)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors
