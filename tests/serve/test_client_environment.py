"""The client's address, and the proxies that the environment names."""

import pytest

from fast_style.client import Client
from serve import Config, create_app

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def proxies(monkeypatch):
    """Set the environment's proxies."""

    def replace(**values):
        for name in VARIABLES:
            for spelling in (name, name.upper()):
                monkeypatch.delenv(spelling, raising=False)
            if name in values:
                monkeypatch.setenv(name.upper(), values[name])

    return replace


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("server:8501", "'server:8501' is no address. Give one like http://host:8501."),
        ("http://[::1", "'http://.*' is no address .*. Give one like http://host:8501"),
        ("http://host:port", "'http://host:port' is no address"),
    ],
)
def test_wrong_address_is_an_error(url, text):
    with pytest.raises(ValueError, match=text):
        Client(url)


UNUSABLE = [
    ({"no_proxy": "[::1]", "http_proxy": "http://192.0.2.1"}, "Invalid port"),
    ({"all_proxy": "socks5://192.0.2.1"}, r"pip install httpx\[socks\]"),
    ({"http_proxy": "ftp://192.0.2.1"}, "Unknown scheme for proxy URL"),
]


@pytest.mark.parametrize(("values", "text"), UNUSABLE)
def test_unusable_proxy_is_explained(proxies, gallery, values, text):
    proxies(**values)
    expected = f"^The environment names a proxy that cannot be used: .*{text}.*Mend or"
    with pytest.raises(ValueError, match=expected):
        Client("http://192.0.2.7:8501")
    with pytest.raises(ValueError, match=expected):
        create_app(Config(model=str(gallery), backend="http://tf-serving:8501"))


@pytest.mark.parametrize(
    "values",
    [
        *(values for values, _ in UNUSABLE),
        {"http_proxy": "http://127.0.0.1:1"},  # nobody listens there
        {"all_proxy": "http://127.0.0.1:1"},
    ],
)
def test_this_computer_is_reached_without_a_proxy(proxies, live, values):
    proxies(**values)
    assert Client(live).count_weights() == 3
    assert Client(live.replace("127.0.0.1", "localhost")).count_weights() == 3


def test_others_are_reached_through_the_proxy(proxies, live):
    proxies(http_proxy=live)  # answers for the proxy
    with pytest.raises(OSError, match="http://192.0.2.7:8501 failed"):
        Client("http://192.0.2.7:8501", model="other").count_weights()
