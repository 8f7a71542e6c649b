"""Who is promised memory, and how much there is."""

import mmap
import subprocess
import sys

import pytest

from fast_style import memory
from fast_style.memory import Ledger, Shortage


class Stylizer:
    """A stand-in for what takes memory."""


class Machine:
    """A machine with 1000 bytes, of which this process has 100 at first."""

    def __init__(self):
        self.used = 100

    def __call__(self):
        return self.used, 1000 - self.used


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def ledger(machine):
    return Ledger(machine)


def test_what_there_is_is_promised(ledger):
    painter = Stylizer()
    assert ledger.promise(painter, 900) == 0
    assert ledger.promised(painter) == 900


def test_what_is_missing_is_told_and_promises_nothing(ledger):
    painter = Stylizer()
    assert ledger.promise(painter, 950) == 50
    assert ledger.promised(painter) == 0


def test_memory_is_not_promised_twice(ledger):
    first, second = Stylizer(), Stylizer()
    assert ledger.promise(first, 600) == 0
    assert ledger.promise(second, 400) == 100
    assert ledger.promise(second, 300) == 0


def test_taken_memory_is_not_counted_twice(ledger, machine):
    first, second = Stylizer(), Stylizer()
    assert ledger.promise(first, 600) == 0
    machine.used += 600
    assert ledger.promise(second, 300) == 0


def test_what_a_stylizer_holds_serves_its_next_picture(ledger, machine):
    painter = Stylizer()
    assert ledger.promise(painter, 800) == 0
    machine.used += 400  # half is held
    assert ledger.promise(painter, 800) == 0
    assert ledger.promise(painter, 100) == 0
    assert ledger.promised(painter) == 800


def test_memory_given_back_is_free_again(ledger):
    first, second = Stylizer(), Stylizer()
    assert ledger.promise(first, 800) == 0
    ledger.end(first)
    assert ledger.promise(second, 900) == 0
    del second
    assert ledger.promise(first, 900) == 0


def test_growth_for_other_reasons_is_not_free(ledger, machine):
    machine.used = 500
    assert ledger.promise(Stylizer(), 600) == 100


def test_shortage_says_how_to_mend_it():
    assert str(Shortage("Too large.", 900)).endswith(
        "at most 900 px on its longer side."
    )
    assert str(Shortage("Too large.", 3)) == "Too large. Free some memory."


@pytest.fixture
def groups(tmp_path):
    """A machine's control groups: a service within a slice that has a limit."""

    def write(name, limit, used, files):
        folder = tmp_path / "cgroup" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "memory.max").write_text(f"{limit}\n")
        (folder / "memory.current").write_text(f"{used}\n")
        (folder / "memory.stat").write_text(f"anon 5\ninactive_file {files}\nslab 1\n")

    write("slice", 1000, 700, 100)
    write("slice/service", "max", 300, 50)
    (tmp_path / "own").write_text("0::/slice/service\n")
    return tmp_path


def test_limits_of_all_groups_count(groups):
    assert memory.free_in_groups(groups / "cgroup", groups / "own") == [400]
    (groups / "cgroup/slice/service/memory.max").write_text("500")
    assert memory.free_in_groups(groups / "cgroup", groups / "own") == [250, 400]


def test_machine_without_groups_has_no_limits(tmp_path):
    assert memory.free_in_groups(tmp_path, tmp_path / "none") == []
    (tmp_path / "own").write_text("4:memory:/process\n")
    assert memory.free_in_groups(tmp_path, tmp_path / "own") == []


def test_this_process_has_memory_and_may_take_more():
    used, free = memory.measure()
    assert used > 1e6
    assert free > 1e6
    memory.trim()


def test_what_does_not_fit_into_memory_is_refused_before_it_is_read():
    memory.require(memory.SMALL - 1, "To read this takes")
    with pytest.raises(memory.Shortage, match="^To read this takes about 1e"):
        memory.require(10**24, "To read this takes")


def lays_out_memory():
    """Whether this system lays out a range of memory at once."""
    try:
        mmap.mmap(-1, mmap.PAGESIZE).madvise(23)  # MADV_POPULATE_WRITE
    except (AttributeError, OSError):
        return False
    return True


@pytest.mark.skipif(not lays_out_memory(), reason="needs Linux 5.14")
def test_memory_that_was_laid_out_is_what_is_taken_next():
    code = """
import time
import psutil
from fast_style import memory

held = psutil.Process().memory_info
before = held().rss
memory.lay_out(200_000_000)
while held().rss < before + 195_000_000:
    time.sleep(0.01)
laid_out = held().rss
block = bytearray(150_000_000)
assert held().rss < laid_out + 10_000_000, "taken twice"
del block
memory.trim()
assert held().rss < before + 10_000_000, "not given back"
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
