"""Painting in the browser without the server, in a real browser."""

import base64
from pathlib import Path

import numpy as np
import pytest
from serving import running

from fast_style import Stylizer, color, images, tiling
from serve import Config, create_app

ROOT = Path(__file__).resolve().parents[2]
BLEND = {"wave": 0.6, "scream": 0.9}
PAINT = """async ([data, width, height, settings]) => {
  const bytes = Uint8ClampedArray.from(atob(data), (c) => c.charCodeAt(0));
  const image = new ImageData(bytes, width, height);
  const source = { preview: true, pixels: async () => image };
  const { image: painted } = await backend.paint(source, settings, limit());
  return btoa(Array.from(painted.data, (x) => String.fromCharCode(x)).join(""));
}"""


@pytest.fixture(scope="module")
def network(export):
    """A .tflite file in float32 of a small generator of three rows."""
    return export / "fast_style_float32.tflite"


@pytest.fixture(scope="module")
def window(litert, network, chromium):
    """A page with the backend in the browser, of a server with the model `network`."""
    with running(create_app(Config(model=str(network)))) as url:
        page = opened(chromium, url)
        yield page
        page.close()


@pytest.fixture(scope="module")
def gallery_window(litert, chromium, studio):
    """A page with the backend in the browser, of a server with the embedded gallery."""
    page = opened(chromium, studio)
    yield page
    page.close()


@pytest.fixture(scope="module")
def astronaut():
    return images.read(ROOT / "examples" / "astronaut.jpg").pixels


def opened(chromium, url):
    """Open a page of a server and load the backend in the browser."""
    page = chromium.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{url}/page/js/dom.js")
    page.evaluate(
        """async () => {
          const info = await (await fetch("/api/styles")).json();
          const { create } = await import(info.browser.module);
          self.backend = await create(info);
          self.limit = () => AbortSignal.timeout(60_000); // or a test waits without end
        }"""
    )
    return page


def text(data):
    return base64.b64encode(data).decode()


def rgba(pixels, alpha=255):
    return np.dstack([pixels, np.full(pixels.shape[:2], alpha, np.uint8)])


def paint(page, pixels, alpha=255, **settings):
    """Paint uint8 (H, W, 3) in a page and return (H, W, 4)."""
    height, width = pixels.shape[:2]
    defaults = {"styles": BLEND, "strength": 1, "fade": None, "keepColor": "none"}
    defaults["stroke"] = 1
    data = text(rgba(pixels, alpha).tobytes())
    arguments = [data, width, height, defaults | settings]
    data = base64.b64decode(page.evaluate(PAINT, arguments))
    return np.frombuffer(data, np.uint8).reshape(height, width, 4)


def distance(first, second):
    return np.abs(first.astype(int) - second)


@pytest.mark.parametrize(("width", "height"), [(131, 97), (256, 192), (16, 37)])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"styles": {"scream": 2}},
        {"strength": 0.7},
        {"strength": 0.7, "fade": "pixels"},
        {"strength": 0},
        {"keep_color": "luminance"},
        {"keep_color": "histogram", "strength": 0.7, "fade": "pixels"},
        {"stroke": 1.5},
        {"stroke": 3, "keep_color": "luminance"},
    ],
)
def test_picture_is_the_servers(window, network, astronaut, width, height, settings):
    photo = astronaut[100 : 100 + height, 150 : 150 + width]
    expected = Stylizer(network).stylize(photo, **{"styles": BLEND} | settings)
    keep_color = settings.get("keep_color", "none")
    names = {"keep_color": "keepColor"}
    page_settings = {names.get(name, name): settings[name] for name in settings}
    result = paint(window, photo, **page_settings)
    # Moving colours to the photograph's covariance stretches the difference, and
    # longer strokes are painted twice.
    tolerance = 2 + (keep_color == "histogram") + 2 * ("stroke" in settings)
    assert distance(result[..., :3], expected).max() <= tolerance


TILING = {"largest_whole": 5000, "windows": 3, "window": 128, "tile": 64}
PAINT_TILES = """async ([data, width, height, settings, tiling]) => {
  const info = await (await fetch("/api/styles")).json();
  Object.assign(info.browser.tiling, tiling);
  const { create } = await import(info.browser.module);
  const shares = [];
  const backend = await create(info, (share) => shares.push(share));
  const bytes = Uint8ClampedArray.from(atob(data), (c) => c.charCodeAt(0));
  const pixels = async () => new ImageData(bytes.slice(), width, height);
  const { image } = await backend.paint({ preview: false, pixels }, settings);
  backend.close();
  return [btoa(Array.from(image.data, (x) => String.fromCharCode(x)).join("")), shares];
}"""


def paint_tiles(page, pixels, stroke=1, **changes):
    """Paint a picture by small tiles; return it, (H, W, 4), and the progress."""
    height, width = pixels.shape[:2]
    settings = {"styles": BLEND, "strength": 1, "keepColor": "none", "stroke": stroke}
    arguments = [text(rgba(pixels, 200).tobytes()), width, height, settings]
    data, shares = page.evaluate(PAINT_TILES, [*arguments, TILING | changes])
    result = np.frombuffer(base64.b64decode(data), np.uint8)
    return result.reshape(height, width, 4), shares


@pytest.mark.parametrize(("height", "width"), [(97, 131), (60, 203)])
def test_large_picture_is_painted_by_tiles(
    window, network, astronaut, monkeypatch, height, width
):
    photo = astronaut[100 : 100 + height, 150 : 150 + width]
    for name in ("windows", "window", "tile"):
        monkeypatch.setattr(tiling, name.upper(), TILING[name])
    monkeypatch.setattr(tiling, "LARGEST_WHOLE", TILING["largest_whole"])
    expected = Stylizer(network).stylize(photo, styles=BLEND)
    result, shares = paint_tiles(window, photo)
    assert distance(result[..., :3], expected).max() <= 2
    assert (result[..., 3] == 200).all()
    assert shares[-1] == 1
    assert shares == sorted(set(shares))
    _, shares = paint_tiles(window, photo, stroke=2)
    assert shares[-1] == pytest.approx(1)
    assert len(set(shares)) == len(shares) >= 4


def test_a_network_that_fails_paints_nothing(window, photo):
    """LiteRT.js itself only writes a line, and returns noise."""
    with pytest.raises(Exception, match="This browser failed on 53 .* Failed to"):
        paint_tiles(window, photo, largest_whole=100, stride=3)


def test_gallerys_picture_is_nearly_the_servers(gallery_window, astronaut):
    """Each kind of processor rounds int8 differently, the server's too."""
    photo = astronaut[100:197, 150:281]
    result = paint(gallery_window, photo, styles={"wave": 1})
    difference = distance(result[..., :3], Stylizer().stylize(photo, styles="wave"))
    assert difference.mean() < 1
    assert (difference <= 2).mean() > 0.98


def test_alpha_is_kept(window, photo):
    assert (paint(window, photo, alpha=200)[..., 3] == 200).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"styles": {}}, "No style has a weight above 0."),
        ({"styles": {"monet": 1}}, "No style 'monet' in this model."),
    ],
)
def test_wrong_setting_is_explained_and_the_next_picture_painted(
    window, photo, settings, message
):
    with pytest.raises(Exception, match=message):
        paint(window, photo, **settings)
    paint(window, photo)


def test_picture_can_be_aborted_and_the_next_is_painted(window, photo):
    name = window.evaluate(
        """async () => {
          const control = new AbortController();
          const pixels = async () => new ImageData(300, 300);
          const look = { strength: 1, keepColor: "none", stroke: 1 };
          const settings = { styles: { wave: 1 }, ...look };
          const source = { preview: true, pixels };
          const work = backend.paint(source, settings, control.signal);
          setTimeout(() => control.abort(), 5);
          return work.then(() => "painted", (error) => error.name);
        }"""
    )
    assert name == "AbortError"
    paint(window, photo)


def test_page_reacts_while_it_paints(gallery_window):
    ticks = gallery_window.evaluate(
        """async () => {
          const pixels = async () => new ImageData(256, 256);
          const look = { strength: 1, keepColor: "none", stroke: 1 };
          const settings = { styles: { wave: 1 }, ...look };
          let ticks = 0;
          setInterval(() => ticks++, 10);
          const source = { preview: true, pixels };
          const { ms } = await backend.paint(source, settings, limit());
          return ticks / ms;
        }"""
    )
    assert ticks > 0.02  # per ms; a page that never waits has 0.1


# The parts.


def test_shapes_are_written_into_the_file(window, network):
    from ai_edge_litert.interpreter import Interpreter

    resized = window.evaluate(
        """async () => {
          const { reshape } = await import("/page/js/browser/tflite.js");
          const file = await (await fetch("/api/model")).arrayBuffer();
          const shapes = { tiles: [1, 97, 131, 3], style_weights: [1, 3] };
          shapes.stylized_tiles = [1, 9, 43, 3];
          const bytes = reshape(new Uint8Array(file), "stylize_tile", shapes);
          return btoa(Array.from(bytes, (x) => String.fromCharCode(x)).join(""));
        }"""
    )
    data = base64.b64decode(resized)
    interpreter = Interpreter(model_content=data)
    runner = interpreter.get_signature_runner("stylize_tile")
    inputs, outputs = runner.get_input_details(), runner.get_output_details()
    shapes = {"tiles": [1, 97, 131, 3], "style_weights": [1, 3]}
    for name, shape in (shapes | {"stylized_tiles": [1, 9, 43, 3]}).items():
        end = (inputs | outputs)[name]
        assert end["shape"].tolist() == end["shape_signature"].tolist() == shape
    assert len(data) == network.stat().st_size


@pytest.mark.parametrize("part", [0, 7, 40, 2000])
@pytest.mark.parametrize("start", [b"TFL3", b"\x89PNG"])
def test_wrong_file_is_explained(window, network, start, part):
    data = network.read_bytes()[:part]
    data = data[:4] + start + data[8:]
    message = window.evaluate(
        """async (data) => {
          const { signaturesOf } = await import("/page/js/browser/tflite.js");
          try {
            signaturesOf(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)));
          } catch (error) {
            return error.message;
          }
        }""",
        text(data),
    )
    assert message.startswith("The model is not a .tflite file of variable picture")


@pytest.mark.parametrize("grey", [False, True])
def test_colours_are_kept_as_the_server_keeps_them(window, astronaut, grey):
    photo, stylized = astronaut[:60, :80], 255 - astronaut[60:120, 90:170]
    if grey:
        stylized = np.repeat(stylized[..., :1], 3, axis=2)
        stylized[::2, ::3, 0] ^= 1  # noise, which must not be magnified
    results = window.evaluate(
        """async (data) => {
          const color = await import("/page/js/browser/color.js");
          const [photo, stylized] = data.map(
            (text) => Uint8ClampedArray.from(atob(text), (c) => c.charCodeAt(0)),
          );
          return [color.keepLuminance, color.keepHistogram].map((keep) => {
            const result = stylized.slice();
            keep(photo, result);
            return Array.from(result);
          });
        }""",
        [text(rgba(picture).tobytes()) for picture in (photo, stylized)],
    )
    for keep, pixels in zip(
        (color.keep_luminance, color.keep_histogram), results, strict=True
    ):
        expected = keep(photo, stylized)
        result = np.reshape(pixels, (*expected.shape[:2], 4))[..., :3]
        assert distance(result, expected).max() <= 1


def test_video_is_painted_frame_by_frame(window):
    rate, stopped, size = window.evaluate(
        """async () => {
          const { start } = await import("/page/js/browser/live.js");
          const video = document.createElement("video");
          const drawn = document.createElement("canvas");
          [drawn.width, drawn.height] = [640, 480];
          const context = drawn.getContext("2d");
          setInterval(() => context.fillRect(0, 0, 9, 9), 30);
          video.srcObject = drawn.captureStream();
          video.muted = true;
          await video.play();
          const canvas = document.createElement("canvas");
          const look = { strength: 1, keepColor: "none", stroke: 1 };
          const settings = { styles: { wave: 1 }, ...look };
          let frames = 0;
          let rate, stop;
          await new Promise(async (resolve, reject) => {
            const onFrame = (fps) => {
              rate = fps;
              if (++frames === 4) resolve();
            };
            stop = await start(video, canvas, backend, () => settings, onFrame, reject);
          });
          stop();
          const before = frames;
          await new Promise((resolve) => setTimeout(resolve, 300));
          return [rate, frames === before, [canvas.width, canvas.height]];
        }"""
    )
    assert rate > 0
    assert stopped
    assert size == [256, 192]
