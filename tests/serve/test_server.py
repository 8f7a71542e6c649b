"""The process: its flags, its end, its patience, its memory."""

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from serving import decoded, encoded

from serve import Config, create_app
from serve.server import Server

ROOT = Path(__file__).parents[2]


@contextmanager
def process(*flags):
    """Runs python -m serve; gives it and its port."""
    found = subprocess.Popen(
        [sys.executable, "-m", "serve", "--port=0", *flags],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = found.stdout.readline()
        yield found, int(re.fullmatch(r"http://127.0.0.1:(\d+)\n", line)[1])
    finally:
        found.kill()
        found.communicate()


@pytest.fixture
def server(gallery):
    """A server of one painter, for a test alone."""
    config = Config(model=str(gallery), threads=1, max_size=512, max_upload=4)
    app = create_app(config)
    found = Server(app, config, host="127.0.0.1", port=0)
    found.backend = app.config["BACKEND"]
    stopping = threading.Event()
    thread = threading.Thread(target=found.serve, args=[stopping])
    thread.start()
    yield found
    stopping.set()
    found.pull_trigger()
    thread.join()


def connect(server):
    address = ("127.0.0.1", int(server.effective_port))
    return socket.create_connection(address, timeout=20)


def request(photo):
    """A request's head and body."""
    form = httpx.Request(
        "POST", "http://serve/api/stylize", files={"image": encoded(photo)}
    )
    kind, body = form.headers["Content-Type"], form.read()
    lines = f"POST /api/stylize HTTP/1.1\r\nHost: serve\r\nContent-Type: {kind}\r\n"
    return f"{lines}Content-Length: {len(body)}\r\n\r\n".encode(), body


def answer(connection):
    data = b""
    while part := connection.recv(65536):
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    return head, body


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_under_way_is_answered_at_the_end(gallery, photo, number):
    head, body = request(photo)
    with process(f"--model={gallery}", "--threads=1") as (serve, port):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(head + body[:100])
            idle = socket.create_connection(("127.0.0.1", port), timeout=30)
            time.sleep(0.3)
            serve.send_signal(number)
            assert idle.recv(1) == b""  # it is hung up on
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), timeout=30)
            connection.sendall(body[100:])
            head, body = answer(connection)
        assert serve.wait(20) == 0
    assert head.startswith(b"HTTP/1.1 200 OK")
    np.testing.assert_array_equal(decoded(body), 255 - photo)


def test_slow_sender_is_hung_up_on(server, photo):
    server.adj.channel_timeout, server.adj.cleanup_interval = 0.5, 0.1
    server.next_channel_cleanup = 0
    head, body = request(photo)
    with connect(server) as slow:
        slow.sendall(head)
        began = time.monotonic()
        with pytest.raises(OSError):
            for i in range(400):  # of 20 s: every byte is a sign of life
                slow.sendall(body[i : i + 1])
                time.sleep(0.05)
        assert time.monotonic() - began < 10
    with connect(server) as good:
        good.sendall(head.replace(b"Host", b"Connection: close\r\nHost") + body)
        assert answer(good)[0].startswith(b"HTTP/1.1 200")


def test_slow_clients_keep_nobody_away(server, photo):
    head, body = request(photo)
    slow = [connect(server) for _ in range(200)]
    for connection in slow:
        connection.sendall(head[:50])
    with connect(server) as good:
        good.sendall(head.replace(b"Host", b"Connection: close\r\nHost") + body)
        assert answer(good)[0].startswith(b"HTTP/1.1 200")
    for connection in slow:
        connection.close()


def test_bodies_together_have_a_limit(server, photo, monkeypatch):
    monkeypatch.setattr("serve.server.BODIES_BYTES", 100_000)
    start = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\nx"
    with connect(server) as one, connect(server) as other:
        one.sendall(start % 90_000)
        until(lambda: server.body_bytes() == 90_000)
        other.sendall(start % 20_000)
        head, body = answer(other)
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 1" in head
    assert (
        json.loads(body)["error"] == "Service Unavailable: Too many uploads. Try again."
    )
    until(lambda: server.body_bytes() == 0)


def test_client_that_leaves_has_no_picture_painted(server, photo):
    head, body = request(photo)
    backend = server.backend
    with backend.painter():
        with connect(server) as client:
            client.sendall(head + body)
            until(lambda: backend.waiting == 1)
        time.sleep(0.3)
    until(lambda: not backend.painting)
    url = f"http://127.0.0.1:{server.effective_port}/metrics"
    line = 'fast_style_requests_total{route="/api/stylize",status="%d"} 1.0'
    text = httpx.get(url).text
    assert line % 400 in text
    assert line % 200 not in text


written = None


def watch(event, arguments):
    if written is not None and event == "open":
        path, _, flags = arguments
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.append(path)


def test_nothing_is_written_to_disk(server, monkeypatch):
    sys.addaudithook(watch)
    url = f"http://127.0.0.1:{server.effective_port}"
    noise = np.random.default_rng(0).integers(0, 256, (600, 600, 3), np.uint8)
    arrays = {"images": [noise[:512, :512].tolist()], "style_weights": [[0, 1, 0]]}
    monkeypatch.setitem(globals(), "written", [])
    files = {"image": ("a.png", io.BytesIO(encoded(noise)))}
    form = httpx.post(f"{url}/api/stylize", files=files, timeout=30)
    predict = f"{url}/v1/models/fast_style:predict"
    given = httpx.post(predict, json={"inputs": arrays}, timeout=30)
    assert (form.status_code, given.status_code) == (200, 200)
    assert len(given.content) > 2_000_000
    assert not written


def test_clients_that_ask_at_once_are_all_answered(server, photo):
    url = f"http://127.0.0.1:{server.effective_port}/api/stylize"
    found = []

    def ask():
        with httpx.Client(timeout=60) as client:
            for _ in range(3):
                sent = client.post(url, files={"image": encoded(photo)})
                found.append((sent.status_code, decoded(sent.content)))

    threads = [threading.Thread(target=ask) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _ in found] == [200] * 96
    for _, pixels in found:
        np.testing.assert_array_equal(pixels, 255 - photo)


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (["--model=nothing.tflite"], "serve: error: Cannot open 'nothing.tflite': No "),
        (["--backend=host:8501"], "serve: error: 'host:8501' is no address."),
        (["--threads=0"], "serve: error: argument --threads: '0' is not a whole number"),
        (["extra"], "serve: error: unrecognized arguments: extra."),
    ],
)
def test_wrong_flag_is_told(flags, text):
    command = [sys.executable, "-m", "serve", "--port=0", *flags]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode
    told = ended.stdout + ended.stderr
    assert text in told
    assert "Traceback" not in told


def test_port_that_is_taken_is_told(gallery):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "serve",
            f"--port={port}",
            f"--model={gallery}",
        ]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert f"serve: error: Cannot listen at 127.0.0.1:{port}: Addr" in ended.stderr


@pytest.mark.parametrize("missing", ["flask", "waitress", "prometheus_client"])
def test_missing_extra_is_told(missing):
    code = (
        f"import sys, runpy; sys.modules[{missing!r}] = None; sys.argv = ['serve']\n"
        "runpy.run_module('serve', run_name='__main__')"
    )
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.strip().endswith("Install it by pip install '.[serve]'")


def test_client_without_its_extra_is_told():
    code = "import sys; sys.modules['httpx'] = None; import fast_style.client"
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.stderr.strip().endswith("Install it by pip install '.[serve]'")


def test_serving_loads_neither_keras_nor_tensorflow(gallery):
    code = (
        "import sys, serve, serve.server\n"
        f"serve.create_app(serve.Config(model={str(gallery)!r}, threads=1))\n"
        "print({m.split('.')[0] for m in sys.modules} & {'keras', 'tensorflow'})"
    )
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.stdout.strip() == "set()", ended.stderr
