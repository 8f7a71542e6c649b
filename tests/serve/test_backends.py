"""Turns: which request gets a stylizer when, and which is refused."""

import io
import threading
import time
from contextlib import ExitStack

import numpy as np
import pytest
from serving import client, encoded

from fast_style import memory
from fast_style.tiling import Geometry
from serve import Config, create_app
from serve.backends import IDLE_BYTES, Backend, Busy, share_cores


class FakeStylizer:
    """A stand-in for a Stylizer with as much as a Backend reads."""

    model = "a.tflite"
    rows = styles = ("wave",)
    catalogue = {}
    geometry = Geometry((52, 56), 4, (52, 56))
    held_memory = 0

    def release(self):
        self.held_memory = 0

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
    [
        (2, None, [2, 1]),
        (6, None, [4, 1, 1, 1, 1, 1]),
        (8, 2, [4, 4]),
        (8, 3, [2, 2, 2]),
        (1, 2, [1, 1]),
    ],
)
def test_stylizers_share_the_cores(cores, stylizers, threads):
    assert share_cores(cores, stylizers) == threads


def test_first_stylizer_is_lent_wherever_it_is_free():
    backend = make_backend(stylizers=3)
    with ExitStack() as stack:
        first = stack.enter_context(backend.lend_stylizer())
        with backend.lend_stylizer() as second:
            assert second is not first
            stack.close()
        with backend.lend_stylizer() as lent:
            assert lent is first


def test_idle_stylizers_hold_little_memory():
    backend = make_backend(stylizers=3)
    with backend.lend_stylizer() as first, backend.lend_stylizer() as second:
        first.held_memory = 0.6 * IDLE_BYTES
        second.held_memory = 0.6 * IDLE_BYTES
    assert sorted([first.held_memory, second.held_memory]) == [0, 0.6 * IDLE_BYTES]
    with backend.lend_stylizer() as stylizer:
        stylizer.held_memory = 2 * IDLE_BYTES
    assert stylizer.held_memory == 0


def test_a_busy_stylizer_keeps_its_memory():
    backend = make_backend()
    lent = []

    def paint():
        with backend.lend_stylizer() as stylizer:
            lent.append(stylizer.held_memory)

    thread = threading.Thread(target=paint)
    with backend.lend_stylizer() as stylizer:
        stylizer.held_memory = 2 * IDLE_BYTES
        thread.start()
        wait_until(lambda: backend.waiting == 1)
    thread.join()
    assert lent == [2 * IDLE_BYTES]


def test_too_little_memory_is_503_and_smaller_pictures_are_painted(
    gallery, photo, monkeypatch
):
    ledger = memory.Ledger(lambda: (0, 50_000_000))
    monkeypatch.setattr(memory, "LEDGER", ledger)
    web = client(create_app(Config(model=str(gallery), threads=1)))
    codes = []
    for pixels in (np.zeros((600, 800, 3), np.uint8), photo):
        form = {"image": (io.BytesIO(encoded(pixels)), "photo.png")}
        answer = web.post("/api/stylize", data=form)
        codes.append(answer.status_code)
        if codes == [503]:
            assert answer.headers["Retry-After"] == "1"
            assert "800 x 600 px take about 0.27 GB" in answer.json["error"]
    assert codes == [503, 200]


def test_geometry_is_the_models():
    assert make_backend().geometry == FakeStylizer.geometry


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
