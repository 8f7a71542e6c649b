"""Servers to connect to byte by byte, where HTTP clients would behave too well."""

import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def run_process(*flags):
    """Run python -m serve and yield the process and its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "serve", "--port=0", *flags],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        yield process, int(re.fullmatch(r"http://127.0.0.1:(\d+)\n", line)[1])
    finally:
        process.kill()
        process.communicate()


@contextmanager
def serving_one_at_a_time(gallery, proxies=0, **options):
    """Run a server with one stylizer, at most 4 MB a request, and yield it."""
    from serve import Config, create_app
    from serve.server import Server

    config = Config(
        model=str(gallery), threads=1, max_size=512, max_upload=4, proxies=proxies
    )
    app = create_app(config)
    server = Server(app, config, host="127.0.0.1", port=0, **options)
    server.backend = app.config["BACKEND"]
    stopping = threading.Event()
    thread = threading.Thread(target=server.serve, args=[stopping])
    thread.start()
    try:
        yield server
    finally:
        stopping.set()
        server.pull_trigger()
        thread.join()
        server.close()


def connect_to(port):
    return socket.create_connection(("127.0.0.1", port), timeout=60)


@contextmanager
def many_connected(port, number):
    """Connect some clients and yield their connections."""
    with ExitStack() as stack:
        yield [stack.enter_context(connect_to(port)) for _ in range(number)]


def read_answer(connection):
    """Return the head and body of an answer that ends with the connection."""
    data = b""
    while part := connection.recv(65536):
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    return head, body


def wait_until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
