"""What the server tells of its styles, their groups and pictures."""

import pytest
from serving import client

from fast_style import catalogue
from serve import Config, create_app


def test_styles_are_listed(web):
    styles = web.get("/api/styles").json["styles"]
    assert [style["name"] for style in styles] == ["wave", "scream"]
    assert styles[1]["artist"] == "Edvard Munch"
    assert styles[0]["title"] is None
    assert [style["group"] for style in styles] == [None, None]


def test_styles_of_the_embedded_gallery_are_in_groups():
    styles = client(create_app(Config(threads=1))).get("/api/styles").json["styles"]
    groups = {style["name"]: style["group"] for style in styles}
    assert groups == {s.name: s.group for s in catalogue.read().values()}
    assert set(groups.values()) == set(catalogue.GROUPS)


@pytest.mark.parametrize(
    ("fixture", "fades"), [("gallery", ["network", "pixels"]), ("model", ["pixels"])]
)
def test_choices_and_limits_are_listed(request, fixture, fades):
    path = str(request.getfixturevalue(fixture))
    config = Config(model=path, threads=1, max_size=300, max_upload=3, max_pixels=7)
    info = client(create_app(config)).get("/api/styles").json
    assert (info["fade"], info["fades"]) == (fades[0], fades)
    assert info["keep_color"] == ["none", "luminance", "histogram"]
    assert (info["stroke"]["longest"], info["stroke"]["auto_size"]) == (8, 512)
    assert info["formats"] == ["jpeg", "png", "webp"]
    assert info["file_formats"] == ["jpeg", "png", "webp", "avif", "tiff"]
    assert (info["min_size"], info["max_size"]) == (16, 300)
    assert (info["max_upload"], info["max_pixels"]) == (3, 7)
    assert {".jpg", ".png"} < set(info["command"]["suffixes"])
    assert ".gif" not in info["command"]["suffixes"]


@pytest.mark.parametrize("kind", ["thumbnail", "painting"])
def test_pictures_are_served_for_the_embedded_paintings(web, kind):
    """The style "wave" has no title here, so it only shares the painting's name."""
    wave, scream = (s[kind] for s in web.get("/api/styles").json["styles"])
    assert (wave, scream) == (None, f"/api/styles/scream/{kind}")
    answer = web.get(scream)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert "max-age=86400" in answer.headers["Cache-Control"]
    for name in ("wave", "starry_night", "photo", "..%2f..%2fetc"):
        assert web.get(f"/api/styles/{name}/{kind}").status_code == 404
