"""Hostile clients do not keep the server, with its default limits, from others.

/healthz is asked for all the while and has to answer within a second.
"""

import threading
import time
from contextlib import contextmanager

import pytest
from connecting import connect_to, many_connected, read_answer, run_process

pytestmark = pytest.mark.slow
HEAD = b"POST /api/stylize HTTP/1.1\r\nHost: serve\r\nConnection: close\r\n"
FORM = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: serve\r\nConnection: close\r\n\r\n"
MEGABYTES = 1_000_000


@pytest.fixture(scope="module")
def port(gallery):
    with run_process(f"--model={gallery}", "--threads=2") as (_, port):
        yield port


@contextmanager
def asking_for_health(port):
    """Ask all the while, and check in the end how long the answers took."""
    seconds, answers, stop = [], set(), threading.Event()

    def ask():
        while not stop.is_set():
            start = time.monotonic()
            with connect_to(port) as connection:
                connection.sendall(HEALTH)
                head, _ = read_answer(connection)
            seconds.append(time.monotonic() - start)
            answers.add(head.split(b"\r\n")[0])
            time.sleep(0.05)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert answers == {b"HTTP/1.1 200 OK"}
    assert max(seconds) < 1


def upload(port, size):
    """Send a form whose picture is none, and return the answer's status."""
    start = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    end = b"\r\n--x--\r\n"
    with connect_to(port) as connection:
        connection.sendall(HEAD + FORM % (size + len(start) + len(end)) + start)
        for _ in range(size // MEGABYTES):
            connection.sendall(bytes(MEGABYTES))
        connection.sendall(end)
        return int(read_answer(connection)[0].split()[1])


def test_700_silent_connections(port):
    with asking_for_health(port), many_connected(port, 700):
        time.sleep(1)
        assert upload(port, MEGABYTES) == 415


def test_slow_bodies(port):
    """They announce 20 MB and send a byte now and then; 26 used to stop all uploads."""
    with asking_for_health(port), many_connected(port, 100) as slow:
        for connection in slow:
            connection.sendall(HEAD + FORM % (20 * MEGABYTES) + b"--x")
        for _ in range(3):
            for connection in slow:
                connection.sendall(b"y")
            assert upload(port, 19 * MEGABYTES) == 415


def test_uploads_that_stop_half_way(port):
    """They take a client's whole share, and lose it."""
    with asking_for_health(port), many_connected(port, 6) as stopped:
        for connection in stopped:
            connection.sendall(HEAD + FORM % (20 * MEGABYTES) + bytes(10 * MEGABYTES))
        assert upload(port, 19 * MEGABYTES) == 415


def test_a_burst_of_60_uploads_of_19_mb(port):
    statuses = []

    def send():
        statuses.append(upload(port, 19 * MEGABYTES))

    with asking_for_health(port):
        threads = [threading.Thread(target=send) for _ in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    # None is reset. A slow machine may answer the last ones that it is busy.
    assert len(statuses) == 60
    assert statuses.count(415) + statuses.count(503) == 60
    assert statuses.count(415) >= 20
