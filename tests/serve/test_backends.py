"""Turns: who paints when, and who is sent away."""

import threading
import time

import pytest

from serve import Config, create_app
from serve.backends import Backend, Busy, LiteRT


class Painter:
    """Stands for a Stylizer, which the turns know nothing of."""

    rows = styles = ("wave",)
    catalogue = {}

    def choose_fade(self, _fade):
        return "pixels"


def backend(painters=1, queue=8, wait=5.0):
    return Backend([Painter() for _ in range(painters)], queue=queue, wait=wait)


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_no_painter_is_lent_twice():
    turns = backend(painters=2, queue=50, wait=30)
    lent, seen, most = set(), set(), []

    def paint():
        with turns.painter() as painter:
            assert painter not in lent
            lent.add(painter)
            seen.add(painter)
            most.append(len(lent))
            time.sleep(0.002)
            lent.remove(painter)

    threads = [threading.Thread(target=paint) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 40
    assert max(most) == len(seen) == 2
    assert (turns.painting, turns.waiting) == (0, 0)


def test_turns_come_in_the_order_of_arrival():
    turns = backend()
    order = []

    def paint(number):
        with turns.painter():
            order.append(number)

    threads = []
    with turns.painter():
        for number in range(6):
            threads.append(threading.Thread(target=paint, args=[number]))
            threads[-1].start()
            until(lambda n=number: turns.waiting == n + 1)
    for thread in threads:
        thread.join()
    assert order == list(range(6))


def test_turn_that_does_not_come_is_busy():
    turns = backend(wait=0.05)
    with turns.painter():
        began = time.monotonic()
        with (
            pytest.raises(Busy, match="No turn in 0.05 s. Try again."),
            turns.painter(),
        ):
            pass
        assert 0.05 <= time.monotonic() - began < 5
        assert turns.waiting == 0
    with turns.painter():  # who gave up takes none away
        pass


def test_queue_has_an_end():
    turns = backend(queue=1)
    with turns.painter():
        thread = threading.Thread(target=lambda: turns.painter().__enter__())
        thread.start()
        until(lambda: turns.waiting == 1)
        with pytest.raises(Busy, match="Too many pictures wait"), turns.painter():
            pass
    thread.join()


def test_a_failure_gives_the_painter_back():
    turns = backend()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.painter():
            raise ZeroDivisionError
    assert turns.painting == 0


@pytest.mark.parametrize(
    ("cores", "threads", "wanted"),
    [(2, None, [1, 1]), (8, 2, [4, 4]), (8, 3, [2, 2, 2]), (1, 2, [1, 1])],
)
def test_painters_share_the_cores(monkeypatch, cores, threads, wanted):
    made = []

    class Counted(Painter):
        def __init__(self, _model, num_threads):
            made.append(num_threads)

    monkeypatch.setattr("fast_style.stylizer.count_cores", lambda: cores)
    monkeypatch.setattr("serve.backends.Stylizer", Counted)
    LiteRT(Config(threads=threads))
    assert made == wanted


def test_busy_is_503_with_retry_after(gallery):
    app = create_app(Config(model=str(gallery), threads=1, wait=0.01))
    with app.config["BACKEND"].painter():
        answer = app.test_client().post(
            "/api/stylize", data={}, content_type="multipart/form-data"
        )
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json == {"error": "No turn in 0.01 s. Try again."}


def test_picture_that_nobody_waits_for_is_not_painted(app):
    answer = app.test_client().post(
        "/v1/models/fast_style:predict",
        data=b"{}",
        environ_overrides={"waitress.client_disconnected": lambda: True},
    )
    assert "browser" in answer.json["error"]  # not: Missing 'inputs' or 'instances'
