"""The process: its shutdown, its time limits, its memory."""

import io
import os
import signal
import socket
import sys
import threading
import time

import httpx
import numpy as np
import pytest
from connecting import (
    connect_to,
    read_answer,
    run_process,
    serving_one_at_a_time,
    wait_until,
)
from serving import decoded, encoded


@pytest.fixture
def server(gallery):
    """A server with one stylizer, for one test."""
    with serving_one_at_a_time(gallery) as server:
        yield server


def request(photo):
    """Return a request's head and body."""
    form = httpx.Request(
        "POST", "http://serve/api/stylize", files={"image": encoded(photo)}
    )
    kind, body = form.headers["Content-Type"], form.read()
    lines = f"POST /api/stylize HTTP/1.1\r\nHost: serve\r\nContent-Type: {kind}\r\n"
    return f"{lines}Content-Length: {len(body)}\r\n\r\n".encode(), body


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_requests_that_have_begun_finish(gallery, photo, number):
    head, body = request(photo)
    with run_process(f"--model={gallery}", "--threads=1") as (serve, port):
        address = ("127.0.0.1", port)
        with (
            socket.create_connection(address, timeout=30) as connection,
            socket.create_connection(address, timeout=30) as idle,
        ):
            connection.sendall(head + body[:100])
            time.sleep(0.3)
            serve.send_signal(number)
            assert idle.recv(1) == b""  # it is closed
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(address, timeout=30)
            connection.sendall(body[100:])
            head, body = read_answer(connection)
        assert serve.wait(20) == 0
    assert head.startswith(b"HTTP/1.1 200 OK")
    np.testing.assert_array_equal(decoded(body), 255 - photo)


def last_request(photo):
    """Return a request after which the server closes the connection."""
    head, body = request(photo)
    return head.replace(b"Host", b"Connection: close\r\nHost") + body


@pytest.mark.slow
def test_slow_sender_is_disconnected(gallery, photo):
    head, body = request(photo)
    with serving_one_at_a_time(gallery, message_seconds=1) as server:
        with connect_to(server.effective_port) as slow:
            slow.sendall(head)
            start = time.monotonic()
            with pytest.raises(OSError):
                for i in range(400):  # 20 s, and the client is never silent
                    slow.sendall(body[i : i + 1])
                    time.sleep(0.05)
            assert time.monotonic() - start < 10
        with connect_to(server.effective_port) as good:
            good.sendall(last_request(photo))
            assert read_answer(good)[0].startswith(b"HTTP/1.1 200")


def test_slow_clients_do_not_block_others(server, photo):
    head, _ = request(photo)
    slow = [connect_to(server.effective_port) for _ in range(200)]
    for connection in slow:
        connection.sendall(head[:50])
    with connect_to(server.effective_port) as good:
        good.sendall(last_request(photo))
        assert read_answer(good)[0].startswith(b"HTTP/1.1 200")
    for connection in slow:
        connection.close()


def test_picture_of_a_client_that_leaves_is_not_painted(server, photo):
    head, body = request(photo)
    backend = server.backend
    with backend.lend_stylizer():
        with connect_to(server.effective_port) as client:
            client.sendall(head + body)
            wait_until(lambda: backend.waiting == 1)
        time.sleep(0.3)
    wait_until(lambda: not backend.painting)
    url = f"http://127.0.0.1:{server.effective_port}/metrics"
    line = 'fast_style_requests_total{route="/api/stylize",status="%d"} 1.0'
    text = httpx.get(url).text
    assert line % 400 in text
    assert line % 200 not in text


opened = None  # paths that were opened for writing, while a test watches


def watch(event, arguments):
    if opened is not None and event == "open":
        path, _, flags = arguments
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            opened.append(path)


@pytest.mark.slow
def test_nothing_is_written_to_disk(server, monkeypatch):
    sys.addaudithook(watch)
    url = f"http://127.0.0.1:{server.effective_port}"
    noise = np.random.default_rng(0).integers(0, 256, (600, 600, 3), np.uint8)
    arrays = {"images": [noise[:420, :420].tolist()], "style_weights": [[0, 1, 0]]}
    monkeypatch.setitem(globals(), "opened", [])
    files = {"image": ("a.png", io.BytesIO(encoded(noise)))}
    form = httpx.post(f"{url}/api/stylize", files=files, timeout=30)
    predict = f"{url}/v1/models/fast_style:predict"
    tensors = httpx.post(predict, json={"inputs": arrays}, timeout=30)
    assert (form.status_code, tensors.status_code) == (200, 200)
    assert len(tensors.content) > 2_000_000
    assert not opened


@pytest.mark.slow
def test_simultaneous_clients_are_all_answered(server, photo):
    url = f"http://127.0.0.1:{server.effective_port}/api/stylize"
    results = []

    def ask():
        with httpx.Client(timeout=60) as client:
            for _ in range(3):
                answer = client.post(url, files={"image": encoded(photo)})
                results.append((answer.status_code, decoded(answer.content)))

    threads = [threading.Thread(target=ask) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _ in results] == [200] * 96
    for _, pixels in results:
        np.testing.assert_array_equal(pixels, 255 - photo)
