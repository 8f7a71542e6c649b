"""Connections: what is refused, in which words, and who makes room for whom."""

import json
import threading
import time

import httpx
import pytest
from connecting import (
    connect_to,
    many_connected,
    read_answer,
    serving_one_at_a_time,
    wait_until,
)

from serve.connections import client_of

CLOSE = b"Host: serve\r\nConnection: close\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\n" + CLOSE + b"\r\n"
UPLOAD = b"POST /api/stylize HTTP/1.1\r\n" + CLOSE + b"Content-Length: %d\r\n\r\n"
EXPECTING = UPLOAD.replace(b"Host", b"Expect: 100-continue\r\nHost")


@pytest.fixture
def server(gallery):
    with serving_one_at_a_time(gallery) as server:
        yield server


def ask(server, *parts):
    """Send bytes and return the answer's status, head and JSON."""
    with connect_to(server.effective_port) as connection:
        for part in parts:
            connection.sendall(part)
        head, body = read_answer(connection)
    return int(head.split()[1]), head, json.loads(body)


def test_too_large_a_body_is_refused_before_it_is_called_for(server):
    status, head, answer = ask(server, EXPECTING % 30_000_000)
    assert status == 413
    assert b"100 Continue" not in head
    assert answer == {"error": "The request is over 4 MB. Send less."}


def test_a_body_is_called_for_if_it_may_come(server):
    with connect_to(server.effective_port) as connection:
        connection.sendall(EXPECTING % 10)
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(bytes(10))
        assert read_answer(connection)[0].startswith(b"HTTP/1.1 415 ")


def test_no_body_is_not_called_for(server):
    expecting = HEALTH.replace(b"Host", b"Expect: 100-continue\r\nHost")
    assert ask(server, expecting)[0] == 200


def test_client_that_sends_on_after_a_refusal_gets_the_answer(server):
    """A connection that were closed at once would be reset, with the answer lost."""
    parts = [UPLOAD % 30_000_000, *[bytes(100_000)] * 300]
    assert ask(server, *parts)[2]["error"] == "The request is over 4 MB. Send less."


def test_client_that_never_stops_sending_is_disconnected(gallery):
    with (
        serving_one_at_a_time(gallery, message_seconds=1) as server,
        connect_to(server.effective_port) as connection,
    ):
        connection.sendall(UPLOAD % 30_000_000)
        start = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - start < 20:
                connection.sendall(bytes(1000))
                time.sleep(0.01)


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (b"GET / HTTP/1.1\r\n", "A request of HTTP/1.1 needs a Host header"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", "A request has one Host header"),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
            b"Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding needs HTTP/1.1 and no Content-Length",
        ),
        (
            b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding needs HTTP/1.1 and no Content-Length",
        ),
    ],
)
def test_ambiguous_heads_are_refused(server, head, text):
    status, _, answer = ask(server, head + b"\r\n")
    assert (status, answer["error"]) == (400, f"Bad Request: {text}")


def test_http_1_0_needs_no_host(server):
    assert ask(server, b"GET /healthz HTTP/1.0\r\n\r\n")[0] == 200


def test_announced_bodies_take_no_room(gallery):
    with (
        serving_one_at_a_time(gallery, bodies_bytes=1) as server,  # room for one body
        many_connected(server.effective_port, 20) as silent,
    ):
        for connection in silent:
            connection.sendall(UPLOAD % 4_000_000 + b"x")
        start = time.monotonic()
        assert ask(server, UPLOAD % 4_000_000, bytes(4_000_000))[0] == 415
        assert time.monotonic() - start < 5


def test_an_upload_that_stops_makes_room(gallery):
    with (
        serving_one_at_a_time(gallery, bodies_bytes=1) as server,
        connect_to(server.effective_port) as stopped,
    ):
        stopped.sendall(UPLOAD % 4_000_000 + bytes(3_000_000))
        wait_until(lambda: uploads(server))
        assert ask(server, UPLOAD % 4_000_000, bytes(4_000_000))[0] == 415
        head, body = read_answer(stopped)
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 1" in head
    assert "Too slow while other uploads wait." in json.loads(body)["error"]


def uploads(server):
    channels = list(server.active_channels.values())
    return [u for c in channels for u in c.uploads() if u.admitted]


@pytest.mark.slow
def test_a_burst_of_uploads_waits_and_is_answered(gallery):
    """None is refused, none is reset, and they are in memory one by one."""
    with serving_one_at_a_time(gallery, bodies_bytes=1) as server:
        statuses = []

        def send():
            statuses.append(ask(server, UPLOAD % 3_900_000, bytes(3_900_000))[0])

        threads = [threading.Thread(target=send) for _ in range(30)]
        for thread in threads:
            thread.start()
        most = 0
        while any(thread.is_alive() for thread in threads):
            most = max(most, len(uploads(server)))
            time.sleep(0.01)
    assert statuses == [415] * 30
    assert 1 <= most <= 2  # one may have ended while the next was counted


def test_silent_clients_make_room_for_new_ones(gallery):
    with (
        serving_one_at_a_time(gallery, connections=20) as server,
        many_connected(server.effective_port, 60) as silent,
    ):
        silent[-1].sendall(HEALTH[:20])
        assert ask(server, HEALTH)[0] == 200
        wait_until(lambda: len(server.active_channels) <= 20)
        assert silent[0].recv(1) == b""  # the longest silent has gone
        silent[-1].sendall(HEALTH[20:])  # the last is still there
        assert read_answer(silent[-1])[0].startswith(b"HTTP/1.1 200")


def test_pictures_being_painted_are_not_dropped(gallery, photo):
    from serving import encoded

    with serving_one_at_a_time(gallery, connections=10) as server:
        url = f"http://127.0.0.1:{server.effective_port}/api/stylize"
        statuses = []

        def paint():
            files = {"image": encoded(photo)}
            statuses.append(httpx.post(url, files=files, timeout=20).status_code)

        threads = [threading.Thread(target=paint) for _ in range(5)]
        with server.backend.lend_stylizer():
            for thread in threads:
                thread.start()
            wait_until(lambda: server.backend.waiting == 5)
            with many_connected(server.effective_port, 60):
                wait_until(lambda: len(server.active_channels) <= 10)
        for thread in threads:
            thread.join()
    assert statuses == [200] * 5


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("192.0.2.1:5678", "192.0.2.1"),
        ("[2001:db8:1:2::9]:5678", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", "unknown"),
    ],
)
def test_a_client_is_its_address_or_network(address, client):
    assert client_of(address) == client


@pytest.mark.parametrize(
    ("proxies", "header", "client"),
    [
        (0, "192.0.2.1", None),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.1, 192.0.2.1", "192.0.2.1"),  # the first may be a lie
        (2, "198.51.100.1, 192.0.2.1", "198.51.100.1"),
        (2, "192.0.2.1", None),
        (1, "", ""),
    ],
)
def test_clients_are_known_behind_proxies(gallery, proxies, header, client):
    with serving_one_at_a_time(gallery, proxies=proxies) as server:
        assert server.client_behind({"X_FORWARDED_FOR": header}) == client
