"""Behind proxies, at a path below another site, and under which names."""

import httpx
import pytest
from pages import IDLE, SMALL
from serving import client, running

from serve import Config, create_app
from serve.__main__ import parser


def make_app(gallery, **settings):
    return create_app(Config(model=str(gallery), threads=1, **settings))


PREFIX = {"X-Forwarded-Prefix": "/style"}


def addresses(answer):
    """Return all addresses that /api/styles gives."""
    found = [style["thumbnail"] for style in answer["styles"] if style["thumbnail"]]
    if answer["browser"]:
        found += [answer["browser"]["module"], answer["browser"]["model"]]
    return found


@pytest.fixture
def with_litert(tmp_path):
    """An application's setting as if LiteRT.js were installed."""
    return {"LITERT": tmp_path}


def test_addresses_carry_the_prefix_of_a_trusted_proxy(gallery, with_litert):
    app = make_app(gallery, proxies=1)
    app.config.update(with_litert)
    web = client(app)
    below = addresses(web.get("/api/styles", headers=PREFIX).json)
    assert len(below) == 3
    for address in below:
        assert address.startswith("/style/")
        # The proxy takes the prefix away.
        answer = web.get(address.removeprefix("/style"), headers=PREFIX)
        assert answer.status_code == 200, address
    assert addresses(web.get("/api/styles").json) == [
        address.removeprefix("/style") for address in below
    ]
    description = web.get("/openapi.json", headers=PREFIX).json
    assert description["servers"] == [{"url": "/style"}]


def test_nobody_is_a_trusted_proxy_by_default(web):
    below = addresses(web.get("/api/styles", headers=PREFIX).json)
    assert below and not any(address.startswith("/style/") for address in below)
    assert web.get("/openapi.json", headers=PREFIX).json["servers"] == [{"url": "/"}]


def test_proxies_are_believed_over_the_network(gallery):
    with running(make_app(gallery, proxies=1, allowed_hosts=("outside",))) as url:
        headers = {**PREFIX, "X-Forwarded-Host": "outside"}
        answer = httpx.get(f"{url}/api/styles", headers=headers)
        assert answer.status_code == 200
        assert all(path.startswith("/style/") for path in addresses(answer.json()))
        assert httpx.get(f"{url}/api/styles").status_code == 400
        headers = {"X-Forwarded-Host": "outside, inside"}  # a client's, and the proxy's
        assert httpx.get(f"{url}/api/styles", headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(("example.org", 200), ("EXAMPLE.org:8080", 200), ("a.example.com", 200)),
        *(("example.com", 200), ("evil.test", 400), ("a.example.org", 400)),
        *(("example.org.evil.test", 400), ("127.0.0.1", 400), ("[::1]:8080", 400)),
        ("badexample.com", 400),
    ],
)
def test_only_allowed_hosts_are_answered(gallery, host, status):
    app = make_app(gallery, allowed_hosts=("example.org", ".example.com"))
    web = client(app)
    for path in ("/", "/api/styles", "/v1/models/fast_style"):
        answer = web.get(path, headers={"Host": host})
        assert answer.status_code == status
        if status == 400:
            assert answer.json == {
                "error": f"Host '{host}' is none of --allowed_hosts."
            }
    for path in ("/healthz", "/readyz", "/metrics"):
        assert web.get(path, headers={"Host": host}).status_code == 200


def test_any_host_is_answered_by_default(web):
    assert web.get("/api/styles", headers={"Host": "any.test"}).status_code == 200


def test_hosts_are_a_list_on_the_command_line(capsys):
    arguments = parser("serve").parse_args(
        ["--allowed_hosts=Example.org, .example.com"]
    )
    assert arguments.allowed_hosts == ("example.org", ".example.com")
    for wrong in ("http://example.org", "example.org:80", "", "a,,b", "[::1]"):
        with pytest.raises(SystemExit):
            parser("serve").parse_args([f"--allowed_hosts={wrong}"])
        assert "is no host's name. Give names such as" in capsys.readouterr().err


@pytest.mark.slow
def test_the_studio_works_below_another_site(chromium):
    app = create_app(Config(threads=1, proxies=1))
    inside = app.wsgi_app

    def proxy(environ, start_response):
        """Take /style away, as the proxy of docs/serve.md does."""
        path = environ["PATH_INFO"]
        if not path.startswith("/style/"):
            start_response("404 Not Found", [("Content-Length", "0")])
            return []
        environ["PATH_INFO"] = path.removeprefix("/style")
        environ["HTTP_X_FORWARDED_PREFIX"] = "/style"
        return inside(environ, start_response)

    app.wsgi_app = proxy
    with running(app) as url:
        page = chromium.new_page()
        missing = []
        page.on("response", lambda r: r.status >= 400 and missing.append(r.url))
        page.goto(f"{url}/style/{SMALL}")
        page.wait_for_selector(IDLE, timeout=30_000)
        shown = "() => [...document.querySelectorAll('img')].map(i => i.naturalWidth)"
        page.wait_for_function(f"() => ({shown})().filter(Boolean).length > 5")
        page.close()
    assert not missing
