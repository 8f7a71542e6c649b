"""The API of the page, and what every answer has."""

import io

import httpx
import numpy as np
import pytest
from PIL import Image, ImageCms
from serving import client, decoded, encoded

from fast_style import Stylizer, kinds, likeness, profiles, strokes
from serve import Config, create_app


def send(web, data, name="photo.png", **fields):
    """Post a form; httpx encodes it, because Werkzeug's client leaves a file open."""
    files = {"image": (name, data)}
    form = httpx.Request("POST", "http://serve/", files=files, data=fields)
    content_type = form.headers["Content-Type"]
    return web.post("/api/stylize", data=form.read(), content_type=content_type)


def test_picture_comes_back_stylized(web, photo):
    answer = send(web, encoded(photo))
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    np.testing.assert_array_equal(decoded(answer.data), 255 - photo)
    assert answer.headers["Server-Timing"].startswith("paint;dur=")


@pytest.mark.parametrize(
    "fields",
    [
        {"styles": "scream"},
        {"styles": "wave:0.5,scream:1.5"},
        {"strength": "0.4"},
        {"strength": "0.4", "fade": "pixels"},
        {"keep_color": "luminance", "styles": "photo:1,scream:2"},
        {"strength": "", "styles": ""},
        {"stroke": "auto"},
        {"stroke": "1.5", "keep_color": "luminance"},
    ],
)
def test_result_is_the_stylizers(web, gallery, photo, fields):
    options = {name: value for name, value in fields.items() if value}
    if "strength" in options:
        options["strength"] = float(options["strength"])
    if "stroke" in options:
        options["stroke"] = strokes.parse(options["stroke"])
    if ":" in options.get("styles", ""):
        pairs = (part.split(":") for part in options["styles"].split(","))
        options["styles"] = {name: float(weight) for name, weight in pairs}
    answer = send(web, encoded(photo), **fields)
    expected = Stylizer(gallery).stylize(photo, **options)
    np.testing.assert_array_equal(decoded(answer.data), expected)


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "avif", "tiff"])
def test_format_is_the_requested_one(web, photo, format):
    answer = send(web, encoded(photo), format=format)
    assert answer.content_type == f"image/{format}"
    assert Image.open(io.BytesIO(answer.data)).format == format.upper()


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "avif", "tiff"])
def test_files_have_the_pictures_profile_and_the_asked_dots_an_inch(web, photo, format):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x011A], exif[0x0110] = 72.0, "A camera"
    file = encoded(photo, icc_profile=profile, exif=exif)
    image = Image.open(io.BytesIO(send(web, file, format=format, dpi="300").data))
    assert image.info["icc_profile"] == profile
    assert image.getexif()[0x0110] == "A camera"
    assert image.getexif()[0x011A] == 300 and image.getexif()[0x0128] == 2
    if format in ("jpeg", "png", "tiff"):
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_progress_is_told_by_a_ticket_while_a_picture_is_painted(
    web, photo, monkeypatch
):
    told = []
    ticket = "0123456789abcdef"

    def paint(self, pixels, *, progress, **look):
        progress(3, 8)
        told.append(web.get(f"/api/progress/{ticket}").json)

    monkeypatch.setattr(Stylizer, "stylize_in_place", paint)
    assert send(web, encoded(photo), ticket=ticket).status_code == 200
    assert told == [{"done": 3, "of": 8}]
    assert web.get(f"/api/progress/{ticket}").status_code == 404


def test_a_picture_that_nobody_waits_for_is_painted_no_further(app, photo, monkeypatch):
    parts = []

    def paint(self, pixels, *, progress, **look):
        for part in range(3):
            progress(part, 3)
            parts.append(part)

    monkeypatch.setattr(Stylizer, "stylize_in_place", paint)
    left = iter([False, False, True])
    form = httpx.Request(
        "POST", "http://serve/", files={"image": ("a.png", encoded(photo))}
    )
    client(app).post(
        "/api/stylize",
        data=form.read(),
        content_type=form.headers["Content-Type"],
        environ_overrides={"waitress.client_disconnected": lambda: next(left)},
    )
    assert parts == [0]


def test_a_picture_is_painted_like_a_painting(photo):
    web = client(create_app(Config(threads=1, max_size=256)))
    p3, pixels = profiles.of_code_points(12, 13), np.repeat(photo[::-1], 3, axis=0)
    painting = encoded(pixels, icc_profile=p3)
    kept = web.post(
        "/api/pictures", data=painting, content_type="application/octet-stream"
    ).json["picture"]
    stylizer = Stylizer()
    seen = profiles.in_srgb(pixels, p3)
    expected = stylizer.stylize(photo, styles=likeness.of(stylizer, seen))
    answer = send(web, encoded(photo), painting=kept)
    np.testing.assert_array_equal(decoded(answer.data), expected)


@pytest.mark.parametrize(
    ("sent", "received"), [("JPEG", "jpeg"), ("WEBP", "webp"), ("TIFF", "png")]
)
def test_format_defaults_to_the_pictures_own_if_browsers_show_it(
    web, photo, sent, received
):
    assert send(web, encoded(photo, sent)).content_type == f"image/{received}"


@pytest.mark.parametrize("format", kinds.MARKED)
def test_every_format_is_read_that_its_content_tells(web, photo, format):
    answer = send(web, encoded(photo, format))
    expected = f"image/{format.lower() if format in ('JPEG', 'WEBP') else 'png'}"
    assert (answer.status_code, answer.content_type) == (200, expected)
    assert np.abs(decoded(answer.data) - (255.0 - photo)).mean() < 8
    described = web.get("/openapi.json").get_data(as_text=True)
    assert format in described


@pytest.mark.parametrize("kind", kinds.FOREIGN, ids=lambda kind: kind.name)
def test_a_kind_that_is_not_read_is_told_with_its_remedy(web, kind):
    starts = {
        "HEIC": b"\0\0\0\x18ftypheic",
        "JPEG XL": b"\xff\x0a",
        "RAW": b"FUJIFILMCCD-RAW",
        "Photoshop": b"8BPS",
        "SVG": b"<svg>",
        "PDF": b"%PDF",
    }
    answer = send(web, starts[kind.name].ljust(100, b"\0"))
    assert answer.status_code == 415
    assert answer.json["error"].startswith(f"Cannot read 'image': it is {kind.name}")
    assert answer.json["error"].endswith(kind.remedy)


def test_alpha_is_kept(web, photo):
    alpha = np.where(np.arange(53) < 20, 0, 255).astype(np.uint8)
    alpha = np.broadcast_to(alpha, (37, 53))
    answer = send(web, encoded(np.dstack([photo, alpha])))
    np.testing.assert_array_equal(decoded(answer.data)[..., 3], alpha)


def test_orientation_is_honoured(web, photo):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    answer = send(web, encoded(photo, exif=exif))
    np.testing.assert_array_equal(decoded(answer.data), 255 - np.rot90(photo, -1))


def test_size_is_the_longer_side(web, photo):
    assert decoded(send(web, encoded(photo), size="40").data).shape == (28, 40, 3)
    large = np.zeros((200, 400, 3), np.uint8)
    assert decoded(send(web, encoded(large)).data).shape == (128, 256, 3)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"styles": "screem"}, "No style 'screem' in this model. Did you mean scream?"),
        ({"styles": "wave:x"}, "'wave:x' has no number after the colon."),
        ({"styles": "wave:-1"}, "weight of style 'wave' is -1.0"),
        ({"styles": "wave:nan"}, "weight of style 'wave' is nan"),
        ({"strength": "2"}, "strength is 2.0. Give a number from 0 to 1."),
        ({"strength": "nan"}, "strength is nan."),
        ({"strength": "much"}, "strength is 'much'. Give a number."),
        ({"fade": "slow"}, "fade is 'slow'. Give one of network, pixels."),
        ({"keep_color": "all"}, "keep_color is 'all'."),
        ({"stroke": "long"}, "stroke is 'long'. Give a number from 1 to 8, or 'auto'."),
        ({"size": "257"}, "size is 257. Give a whole number of px from 16 to 256."),
        ({"size": "inf"}, "size is inf."),
        ({"size": "40.5"}, "size is 40.5."),
        ({"format": "bmp"}, "format is 'bmp'. Give one of jpeg, png, webp, avif,"),
        ({"dpi": "0.5"}, "dpi is 0.5. Give a number from 1 to 2400."),
        ({"ticket": "../a"}, "ticket is not of 16 to 64 hexadecimal digits."),
        ({"painting": "a", "styles": "wave"}, "The form has styles and a painting."),
        ({"strenght": "1"}, "'strenght' is no field. Use picture, painting,"),
    ],
)
def test_wrong_field_is_explained(web, photo, fields, text):
    answer = send(web, encoded(photo), **fields)
    assert answer.status_code == 400
    assert text in answer.json["error"]


@pytest.mark.parametrize(
    ("data", "status", "text"),
    [
        (b"no picture", 415, "Cannot read 'image' as an image. Give one of JPEG"),
        (b"", 415, "Cannot read 'image' as an image."),
        (encoded(np.zeros((9, 40, 3), np.uint8)), 400, "at least 16 x 16 px"),
        (encoded(np.zeros((99, 99, 3), np.uint8))[:-30], 400, "damaged or cut short"),
        (encoded(np.zeros((8000, 7000), np.uint8)), 413, "more than 50 million"),
        (encoded(np.zeros((20000, 10000), bool)), 413, "million pixels"),
        (
            encoded(np.zeros((16, 9000), np.uint8)),
            413,
            "more to paint than 256 x 256",
        ),
        (bytes(1_000_001), 413, "The request is over 1 MB. Send less."),
    ],
)
def test_wrong_picture_is_explained(web, data, status, text):
    answer = send(web, data)
    assert answer.status_code == status
    assert text in answer.json["error"]


def test_form_with_too_many_fields_is_explained(web, photo):
    answer = send(web, encoded(photo), **{f"a{i}": "1" for i in range(50)})
    assert answer.status_code == 413
    assert "The form has too many fields, or too long ones." in answer.json["error"]


def test_request_of_another_type_is_explained(web, photo):
    answer = web.post("/api/stylize", data=encoded(photo), content_type="image/png")
    assert answer.status_code == 415
    answer = web.post("/api/stylize", data={"styles": "wave"})
    assert answer.status_code == 415  # a form without files is not multipart
    form = {"styles": "wave"}
    answer = web.post("/api/stylize", data=form, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert answer.json["error"].startswith("The form has no picture. Send one: the fil")
    data = {"image": (io.BytesIO(encoded(photo)), "a.png")}
    answer = web.post("/api/stylize", data=data, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    answer = web.get("/api/stylize")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


@pytest.mark.parametrize("path", ["/api/styles", "/nothing", "/v1/nothing", "/healthz"])
def test_every_answer_has_the_security_headers(web, path):
    headers = web.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers


def test_an_unexpected_failure_reveals_nothing(web, app, photo, monkeypatch, caplog):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("fast_style.images.encode", fail)
    answer = send(web, encoded(photo), name="private.png")
    assert answer.status_code == 500
    assert answer.json == {"error": "The server failed. Its log says where."}
    assert "ZeroDivisionError at " in caplog.text
    assert "secret" not in caplog.text
    assert "private" not in caplog.text
    assert app.config["BACKEND"].painting == 0  # the stylizer was given back


def test_missing_model_is_explained():
    with pytest.raises(OSError, match="Cannot open 'nothing.tflite'"):
        create_app(Config(model="nothing.tflite"))
