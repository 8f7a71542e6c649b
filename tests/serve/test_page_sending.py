"""The page in a real browser: what it sends, and a server that is away."""

import numpy as np
import pytest
from pages import (
    IDLE,
    begin,
    choose,
    differ,
    download,
    drag,
    open_picture,
    pixels,
    result,
    share,
    size,
)
from PIL import Image
from serving import encoded

# Notes what is uploaded, and the fields of the forms.
RECORD = """() => {
  self.uploads = [];
  self.forms = [];
  if (self.usual) return;
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (file) {
    uploads.push(file);
    send.call(this, file);
  };
  self.usual = self.fetch;
  self.fetch = (path, options = {}) => {
    if (options.body) forms.push([...options.body.keys()]);
    return usual(path, options);
  };
}"""
SIZES = """Promise.all(uploads.map(async (file) => {
  const { width, height } = await createImageBitmap(file);
  return [width, height];
}))"""


@pytest.fixture(autouse=True)
def recorded(request):
    """Have the page note what it sends from now on."""
    if "page" in request.fixturenames:
        request.getfixturevalue("page").evaluate(RECORD)


def move(page, value, style="The Scream"):
    share(page, style, value)


def whole_alone(act):
    """Return what acts on requests for the whole picture of 512 px, not its preview."""

    def handle(route):
        whole = b'name="size"\r\n\r\n512\r\n' in route.request.post_data_buffer
        act(route) if whole else route.continue_()

    return handle


def noise(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def test_a_picture_is_sent_once_and_no_larger_than_it_is_painted(page):
    large = np.repeat(np.repeat(noise(30, 90, 3), 30, axis=0), 30, axis=1)
    open_picture(page, encoded(large, "JPEG"), "large.jpg", "image/jpeg")
    for value in (30, 60, 90):
        move(page, value)
        page.wait_for_selector(IDLE)
    assert sorted(page.evaluate(SIZES)) == [[384, 128], [2048, 683]]
    assert all("image" not in form for form in page.evaluate("forms"))
    # The file itself has more in it, such as the camera's EXIF data.
    download(page)
    assert page.evaluate(SIZES)[2:] == [[2700, 900]]


def test_a_small_picture_is_sent_as_it_is(page, photo):
    data = encoded(photo)
    open_picture(page, data)
    assert page.evaluate("Promise.all(uploads.map((file) => file.size))")[-1] == len(
        data
    )


def test_an_upload_tells_how_far_it_is_and_outlives_a_change(page):
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
    session.send(
        "Network.emulateNetworkConditions", slow | {"uploadThroughput": 300_000}
    )
    choose(page, encoded(noise(500, 700, 3)))
    page.locator("#status", has_text="Sending the picture,").wait_for()
    move(page, 70)
    page.wait_for_selector(IDLE)
    page.locator("#status", has_text="Painted").wait_for()
    assert len(page.evaluate(SIZES)) == 2  # the preview and the picture


def test_a_server_that_has_forgotten_a_picture_gets_it_again(page):
    gone = {"error": "The server does not keep this picture. Send it again."}
    page.route("**/api/stylize", lambda r: r.fulfill(status=404, json=gone), times=1)
    before = pixels(page)
    move(page, 80)
    page.wait_for_selector(IDLE)
    assert differ(pixels(page), before)
    assert "image" in page.evaluate("forms")[1]
    assert not page.locator("#alarm").is_visible()


def test_servers_that_take_turns_get_the_picture_with_each_request(visit):
    page = visit()
    page.evaluate(RECORD)
    page.evaluate(
        """() => {
          const recorded = self.fetch;
          const gone = () => new Response('{"error": "Gone."}', { status: 404 });
          self.fetch = async (path, options = {}) => {
            const answer = await recorded(path, options);
            return options.body?.has("picture") ? gone() : answer;
          };
        }"""
    )
    for value in (20, 40, 60):
        move(page, value)
        page.wait_for_selector(IDLE)
    uploads = page.evaluate("uploads.length")
    assert uploads <= 3
    page.evaluate("forms.length = 0")
    before = pixels(page)
    move(page, 95, "Udnie")
    page.wait_for_selector(IDLE)
    assert differ(pixels(page), before)
    assert all("picture" not in form for form in page.evaluate("forms"))
    assert page.evaluate("uploads.length") == uploads


def test_a_kind_that_only_the_browser_reads_is_painted_from_a_copy(page, tmp_path):
    path = tmp_path / "icon.ico"
    Image.fromarray(noise(64, 64, 3)).save(path, sizes=[(64, 64)])
    open_picture(page, path.read_bytes(), "icon.ico", "image/x-icon")
    assert page.inner_text("#toast-text").endswith(
        " 'icon.ico' is not read by the server, so a copy of 64 × 64 px is painted."
    )
    assert size(page) == (64, 64)
    assert differ(pixels(page), pixels(page, "#before"))
    assert result(page).shape[:2] == (64, 64)
    move(page, 50)
    page.wait_for_selector(IDLE)
    assert not page.locator("#alarm").is_visible()


def test_an_error_names_the_users_file(page):
    choose(page, b"no picture", "IMG_0001.HEIC", "image/heic")
    page.locator("#alarm", has_text="Cannot read 'IMG_0001.HEIC'").wait_for()


def test_a_server_that_comes_back_is_asked_again(page):
    begin(page, "#styles=wave:1")
    page.wait_for_selector("#result-list [aria-current]")
    before = pixels(page)
    page.route("**/api/stylize", lambda route: route.abort())
    move(page, 90)
    page.locator("#alarm", has_text="The server does not answer.").wait_for()
    assert page.get_attribute("#frame", "data-stale") == ""
    assert page.inner_text("#status") == "Not painted: this is an earlier setting."
    page.unroute("**/api/stylize")
    held = []
    page.route("**/api/stylize", whole_alone(held.append))
    page.click("#alarm-retry")
    page.locator("#status", has_text="Painting … Preview: ").wait_for()
    assert page.locator("#result-list li").count() > 0
    assert page.locator("#result-list [aria-current]").count() == 0  # no other result
    page.wait_for_timeout(500)
    held[0].abort()
    page.locator("#status", has_text="Only the preview is painted.").wait_for()
    assert page.locator("#alarm").is_visible()
    page.unroute("**/api/stylize")
    page.wait_for_selector("#frame:not([data-stale])")  # without any help
    page.wait_for_selector(IDLE)
    assert not page.locator("#alarm").is_visible()
    assert differ(pixels(page), before)


def test_a_page_that_is_opened_before_the_server_starts_waits_for_it(visit):
    def prepare(page):
        page.route("**/api/styles", lambda route: route.abort())

    page = visit(prepare=prepare)
    assert "The server does not answer." in page.inner_text("#alarm-text")
    page.unroute("**/api/styles")
    page.click("#alarm-retry")
    page.locator("#status", has_text="Painted").wait_for()
    assert not page.locator("#alarm").is_visible()


def test_a_finished_painting_is_saved_without_the_server(page):
    page.route("**/api/**", lambda route: route.abort())
    for masked in (False, True):
        if masked:
            page.click("#mask")
            drag(page, (0.3, 0.5), (0.7, 0.5))
        page.select_option("#format", "png")
        shown = pixels(page)
        assert np.abs(result(page)[..., :3].astype(int) - shown[..., :3]).max() <= 1
        status = page.inner_text("#status")
        assert status.startswith("Saved as astronaut-wave.png from the screen, for ")
