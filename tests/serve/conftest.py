"""The server, its page, and a browser to open it in."""

import shutil

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what opens Chromium."""
    for item in items:
        if "chromium" in item.fixturenames:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def app(gallery):
    """The server's application with the model `gallery`."""
    from serve import Config, create_app

    return create_app(Config(model=str(gallery), threads=2, max_upload=1, max_size=256))


@pytest.fixture
def web(app):
    """A client of that application without a network."""
    from serving import client

    return client(app)


@pytest.fixture(scope="session")
def live(app):
    """Address of that application under waitress, in a thread."""
    from serving import running

    with running(app) as url:
        yield url


@pytest.fixture
def answer_with(monkeypatch):
    """Make every server answer the client with one response."""
    import httpx

    def replace(response):
        monkeypatch.setattr(httpx.Client, "request", lambda *_, **__: response)

    return replace


@pytest.fixture(scope="session")
def studio():
    """Address of the server with the embedded gallery."""
    from serving import running

    from serve import Config, create_app

    with running(create_app(Config(max_upload=2))) as url:
        yield url


@pytest.fixture(scope="module")  # another Playwright may run after it
def chromium():
    """Chromium without a window, with a fake camera."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if not path:
        message = "Chromium is missing. Install it: apt-get install chromium"
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
    """LiteRT.js, without which a test fails."""
    from serve import browser

    if not browser.LITERT.is_dir():
        pytest.fail("LiteRT.js is missing. Run scripts/vendor_litert.", pytrace=False)


@pytest.fixture
def visit(chromium, studio):
    """A function that opens the page in a new window; a script's error fails the test.

    Its arguments are the address's hash, a function to call with the page before it is
    opened, whether it paints looks, and options of the browser's context.
    """
    from pages import IDLE, SMALL

    contexts, errors = [], []

    def open_page(hash=SMALL, *, prepare=None, looks=False, **options):
        # A service worker would answer in place of the routes that tests set.
        options = {"reduced_motion": "reduce", "service_workers": "block"} | options
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        if not looks:  # 42 of them take more time than most tests
            page.route("**/api/looks", lambda route: route.abort())
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(error))
        if prepare:
            prepare(page)
        page.goto(f"{studio}/{hash}")
        page.wait_for_selector(IDLE)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture(scope="module")
def opened(chromium, studio):
    """The page on a desk, opened once for a module, and its scripts' errors."""
    from pages import IDLE, SMALL

    context = chromium.new_context(
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
        service_workers="block",
    )
    errors = []
    page = context.new_page()
    page.route("**/api/looks", lambda route: route.abort())
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(f"{studio}/{SMALL}")
    page.wait_for_selector(IDLE)
    yield page, errors
    context.close()


@pytest.fixture
def page(opened):
    """The opened page with the sample and its first style, as at its start."""
    from pages import begin

    page, errors = opened
    begin(page)
    yield page
    page.unroute_all(behavior="ignoreErrors")
    page.route("**/api/looks", lambda route: route.abort())
    assert not errors
