"""Pictures that are sent once and then named."""

import hashlib

import httpx
import numpy as np
import pytest
from serving import client, decoded, encoded

from serve import Config, create_app
from serve.pictures import KEPT_BYTES, Pictures

BINARY = "application/octet-stream"


def keep(web, data, kind=BINARY):
    return web.post("/api/pictures", data=data, content_type=kind)


def stylize(web, picture, **fields):
    """Post a form that names a picture; `files` are sent beside it."""
    files = fields.pop("files", {"picture": (None, picture)})
    form = httpx.Request("POST", "http://serve/", files=files, data=fields)
    content_type = form.headers["Content-Type"]
    return web.post("/api/stylize", data=form.read(), content_type=content_type)


def test_a_picture_is_sent_once_and_painted_often(web, photo):
    data = encoded(photo)
    answer = keep(web, data)
    assert answer.json == {"picture": hashlib.sha256(data).hexdigest()}
    for styles in ("wave", "scream"):
        painted = stylize(web, answer.json["picture"], styles=styles)
        assert decoded(painted.data).shape == (37, 53, 3)
    size = stylize(web, answer.json["picture"], size="40")
    assert decoded(size.data).shape == (28, 40, 3)


def test_a_picture_that_is_not_kept_must_be_sent_again(web):
    answer = stylize(web, "0" * 64)
    assert answer.status_code == 404
    assert answer.json["error"].endswith("does not keep this picture. Send it again.")


def test_a_form_has_one_picture(web, photo):
    data = encoded(photo)
    name = keep(web, data).json["picture"]
    both = {"picture": (None, name), "image": ("photo.png", data)}
    answer = stylize(web, name, files=both)
    assert answer.status_code == 400
    assert answer.json["error"].startswith("The form has two pictures. Send one: ")


@pytest.mark.parametrize(
    ("data", "kind", "status", "text"),
    [
        (b"", BINARY, 400, "The request has no picture."),
        (bytes(1_000_001), BINARY, 413, "The request is over 1 MB. Send less."),
        # A page of another site could send this without asking first.
        (b"data", "text/plain", 415, "Send the picture's file itself as application/"),
    ],
)
def test_what_is_no_picture_is_not_kept(web, data, kind, status, text):
    answer = keep(web, data, kind)
    assert answer.status_code == status
    assert answer.json["error"].startswith(text)


def test_an_unreadable_file_is_refused_when_it_is_painted(web):
    name = keep(web, b"no picture").json["picture"]
    answer = stylize(web, name)
    assert answer.status_code == 415
    assert answer.json["error"].startswith("Cannot read 'picture' as an image.")


def test_those_used_longest_ago_make_room():
    pictures = Pictures(30)
    first, second = pictures.keep(b"1" * 10), pictures.keep(b"2" * 10)
    pictures.keep(b"1" * 10)  # again, which takes no more room
    assert pictures.get(first)
    third = pictures.keep(b"3" * 20)
    assert pictures.get(second) is None
    assert (pictures.get(first), pictures.get(third)) == (b"1" * 10, b"3" * 20)


def test_the_largest_request_can_be_kept(gallery):
    config = Config(model=str(gallery), threads=1, max_upload=KEPT_BYTES // 10**6 + 1)
    web = client(create_app(config))
    large = np.zeros(KEPT_BYTES + 1, np.uint8).tobytes()
    name = keep(web, large).json["picture"]
    assert web.application.config["PICTURES"].get(name) == large
