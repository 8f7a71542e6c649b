"""Turns: which request gets a stylizer when, and which is refused."""

import threading
import time

import pytest
from serving import client

from serve import Config, create_app
from serve.backends import Backend, Busy, share_cores


class FakeStylizer:
    """A stand-in for a Stylizer with as much as a Backend reads."""

    rows = styles = ("wave",)
    catalogue = {}
    border = (52, 56)

    def choose_fade(self, _fade):
        return "pixels"


def make_backend(stylizers=1, queue=8, wait=5.0):
    return Backend([FakeStylizer() for _ in range(stylizers)], queue=queue, wait=wait)


def wait_until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_no_stylizer_is_lent_twice():
    backend = make_backend(stylizers=2, queue=50, wait=30)
    lent, seen, numbers = set(), set(), []

    def paint():
        with backend.lend_stylizer() as stylizer:
            assert stylizer not in lent
            lent.add(stylizer)
            seen.add(stylizer)
            numbers.append(len(lent))
            time.sleep(0.002)
            lent.remove(stylizer)

    threads = [threading.Thread(target=paint) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 40
    assert max(numbers) == len(seen) == 2
    assert (backend.painting, backend.waiting) == (0, 0)


def test_turns_come_in_the_order_of_arrival():
    backend = make_backend()
    order = []

    def paint(number):
        with backend.lend_stylizer():
            order.append(number)

    threads = []
    with backend.lend_stylizer():
        for number in range(6):
            threads.append(threading.Thread(target=paint, args=[number]))
            threads[-1].start()
            wait_until(lambda n=number: backend.waiting == n + 1)
    for thread in threads:
        thread.join()
    assert order == list(range(6))


def test_wait_has_a_limit():
    backend = make_backend(wait=0.05)
    with backend.lend_stylizer():
        start = time.monotonic()
        with (
            pytest.raises(Busy, match="The wait was over 0.05 s. Try again."),
            backend.lend_stylizer(),
        ):
            pass
        assert 0.05 <= time.monotonic() - start < 5
        assert backend.waiting == 0
    with backend.lend_stylizer():  # the refused request took no stylizer along
        pass


def test_queue_has_a_limit():
    backend = make_backend(queue=1)
    with backend.lend_stylizer():
        thread = threading.Thread(target=lambda: backend.lend_stylizer().__enter__())
        thread.start()
        wait_until(lambda: backend.waiting == 1)
        with (
            pytest.raises(Busy, match="Too many pictures"),
            backend.lend_stylizer(),
        ):
            pass
    thread.join()


def test_a_failure_gives_the_stylizer_back():
    backend = make_backend()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), backend.lend_stylizer():
            raise ZeroDivisionError
    assert backend.painting == 0


@pytest.mark.parametrize(
    ("cores", "stylizers", "threads"),
    [(2, None, [1, 1]), (8, 2, [4, 4]), (8, 3, [2, 2, 2]), (1, 2, [1, 1])],
)
def test_stylizers_share_the_cores(cores, stylizers, threads):
    assert share_cores(cores, stylizers) == threads


def test_border_is_that_of_both_ends():
    assert make_backend().border == 108


def test_busy_is_503_with_retry_after(gallery):
    app = create_app(Config(model=str(gallery), threads=1, wait=0.01))
    with app.config["BACKEND"].lend_stylizer():
        answer = client(app).post(
            "/api/stylize", data={}, content_type="multipart/form-data"
        )
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json == {"error": "The wait was over 0.01 s. Try again."}


def test_picture_of_a_client_that_left_is_not_painted(web):
    answer = web.post(
        "/v1/models/fast_style:predict",
        data=b"{}",
        environ_overrides={"waitress.client_disconnected": lambda: True},
    )
    assert "browser" in answer.json["error"]  # not: Missing 'inputs' or 'instances'
