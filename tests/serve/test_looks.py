"""A picture small in every style, in one answer."""

import httpx
import numpy as np
import pytest
from serving import client, decoded, encoded

from fast_style import Stylizer, profiles
from serve import Config, create_app


def ask(web, data, **fields):
    """Post a form to /api/looks."""
    files = {"image": ("photo.png", data)}
    form = httpx.Request("POST", "http://serve/", files=files, data=fields)
    content_type = form.headers["Content-Type"]
    return web.post("/api/looks", data=form.read(), content_type=content_type)


@pytest.mark.parametrize(
    ("styles", "names"),
    [(None, ["scream", "wave"]), ("wave", ["wave"]), ("wave,scream", None)],
)
def test_paintings_lie_below_each_other_in_their_order(
    web, gallery, photo, styles, names
):
    fields = {"styles": styles} if styles else {}
    answer = ask(web, encoded(photo), **fields)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["Server-Timing"].startswith("paint;dur=")
    stylizer = Stylizer(gallery)
    names = names or styles.split(",")
    assert set(names) <= set(stylizer.styles)
    if not styles:
        names = stylizer.styles
    expected = [stylizer.stylize(photo, styles=name) for name in names]
    difference = decoded(answer.data).astype(int) - np.concatenate(expected)
    assert np.abs(difference).mean() < 3


def test_a_wide_gamut_is_painted_in_srgb(web, photo):
    p3 = profiles.of_code_points(12, 13)
    plain = encoded(profiles.in_srgb(photo.copy(), p3))
    wide = encoded(photo, icc_profile=p3)
    assert ask(web, wide, styles="wave").data == ask(web, plain, styles="wave").data
    assert ask(web, wide, styles="wave").data != ask(web, encoded(photo)).data


def test_size_is_that_of_a_tile_unless_it_is_asked_for(web):
    photo = encoded(np.zeros((200, 400, 3), np.uint8))
    assert decoded(ask(web, photo, styles="wave").data).shape == (80, 160, 3)
    small = ask(web, photo, styles="wave,scream", size="60")
    assert decoded(small.data).shape == (60, 60, 3)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"styles": "nobody"}, "'nobody' is no style. Give names such as "),
        ({"styles": "photo"}, "'photo' is no style."),
        ({"styles": "wave:1"}, "'wave:1' is no style."),
        ({"styles": "wave,wave"}, "'wave' is named twice."),
        ({"styles": "wave,"}, "'' is no style."),
        ({"size": "257"}, "size is 257. Give a whole number of px from 16 to 256."),
        ({"size": "15"}, "size is 15."),
        ({"size": "x"}, "size is 'x'. Give a number."),
        ({"strength": "0.5"}, "'strength' is no field. Use picture, styles, size."),
        ({"picture": "0" * 64}, "The form has two pictures."),
    ],
)
def test_what_is_wrong_is_named(web, photo, fields, text):
    answer = ask(web, encoded(photo), **fields)
    assert answer.status_code == 400
    assert answer.json["error"].startswith(text)


def test_a_picture_that_was_kept_is_painted_and_another_is_not_known(web, photo):
    kept = web.post(
        "/api/pictures", data=encoded(photo), content_type="application/octet-stream"
    ).json["picture"]
    known = web.post(
        "/api/looks", data={"picture": kept}, content_type="multipart/form-data"
    )
    assert known.status_code == 200
    unknown = web.post(
        "/api/looks", data={"picture": "0" * 64}, content_type="multipart/form-data"
    )
    assert unknown.status_code == 404
    assert web.post("/api/looks", data={"picture": kept}).status_code == 415
    assert ask(web, b"no picture").status_code == 415


def test_more_than_a_request_may_paint_is_refused(photo):
    web = client(create_app(Config(max_size=64, threads=1)))
    answer = ask(web, encoded(photo))
    assert answer.status_code == 413
    assert answer.json["error"].startswith("The request holds more to paint than 64 x")
    assert ask(web, encoded(photo), styles="wave,scream").status_code == 200
