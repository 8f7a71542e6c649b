"""Steps of work that are done at once and in order."""

import random
import threading
import time
from contextlib import closing

import pytest

from fast_style.video import pipeline


def test_results_come_in_order_however_long_a_step_takes():
    pauses = random.Random(0)
    seen = []

    def slow(number):
        time.sleep(pauses.choice((0, 0.004)))
        return number + 100

    def keep(number):
        seen.append(number)
        return 2 * number

    expected = [(number, 2 * (number + 100)) for number in range(20)]
    assert list(pipeline.run(range(20), [slow, keep])) == expected
    assert seen == [number + 100 for number in range(20)]


@pytest.mark.parametrize("count", range(pipeline.AHEAD + 2))
def test_all_items_come_however_few(count):
    expected = [(number, -number) for number in range(count)]
    assert list(pipeline.run(range(count), [lambda number: -number])) == expected


def test_steps_and_reading_are_done_at_once():
    meeting = threading.Barrier(3, timeout=10)

    def read():
        for number in range(3):
            if number == 2:
                meeting.wait()
            yield number

    def step(last):
        def wait(number):
            if number == last:
                meeting.wait()
            return number

        return wait

    assert len(list(pipeline.run(read(), [step(1), step(0)]))) == 3


def test_no_more_is_read_ahead_than_memory_allows():
    read = []
    numbers = (read.append(number) or number for number in range(100))
    with closing(pipeline.run(numbers, [lambda number: number])) as results:
        for given in range(50):
            next(results)
            assert len(read) <= given + pipeline.AHEAD
    assert len(read) < 60


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("place", ["reading", "step"])
def test_an_error_is_raised_in_its_place_and_ends_all_threads(kind, place):
    before = threading.active_count()

    def fail(number, here):
        if number == 7 and here == place:
            raise kind("seven")
        return number

    numbers = (fail(number, "reading") for number in range(20))
    done = []
    with pytest.raises(kind, match="seven"):
        for number, _ in pipeline.run(numbers, [lambda n: fail(n, "step"), str]):
            done.append(number)
    assert done == list(range(7))
    assert threading.active_count() == before
