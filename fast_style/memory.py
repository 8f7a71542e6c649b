"""Memory: how much a painting takes, how much there is, and how it is given back.

A process that takes more than there is may be killed without a word. So a painting asks
first.
"""

import ctypes
import sys
from collections.abc import Callable
from mmap import PAGESIZE
from pathlib import Path
from threading import Lock, Thread
from weakref import WeakKeyDictionary

from fast_style import MIN_SIZE

BYTES_PER_PIXEL = 350  # of a model that does not say; the embedded gallery's are fewer
SPARE = 1.2  # of what was measured: sizes that change take more, and so do kept colours
SMALL = 100_000_000  # bytes that are not worth a look at what is free
GROUPS = Path("/sys/fs/cgroup")
LARGE_BLOCK = 1_000_000  # bytes
ARENAS = 2  # heaps that threads share
# Names of settings in glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -3, -4, -8
_POPULATE_WRITE = 23  # MADV_POPULATE_WRITE of Linux 5.14 and later
_STEP = 1024 * PAGESIZE  # bytes that are laid out at a time
OWN_GROUP = Path("/proc/self/cgroup")


class Shortage(MemoryError):
    """A picture takes more memory to paint than there is.

    Args:
        problem: One sentence on what it takes, and what there is.
        longest: px on the longer side, for which there is enough.
    """

    def __init__(self, problem: str, longest: int) -> None:
        advice = "Free some memory."
        if longest >= MIN_SIZE:
            advice = f"Give a picture of at most {longest} px on its longer side."
        super().__init__(f"{problem} {advice}")
        self.problem, self.longest = problem, longest


class Ledger:
    """What the paintings of this process take, by the stylizers that paint them.

    A stylizer keeps memory between pictures, so what it was promised stays its own
    until it gives all back. What it has taken of that is not free any more; it is not
    counted twice.

    Args:
        measure: Returns the bytes that this process has, and those it may still take.
    """

    def __init__(self, measure: Callable[[], tuple[int, int]]) -> None:
        self._measure = measure
        self._lock = Lock()
        self._promised: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        self._at_start = 0

    def promise(self, owner: object, size: int) -> int:
        """Promise memory to a stylizer, which keeps what it had.

        Args:
            owner: The stylizer.
            size: Bytes that its next picture takes.

        Returns:
            The bytes that are missing; 0 where the promise is given.
        """
        with self._lock:
            used, free = self._measure()
            if not self._promised:
                self._at_start = used
            promises = {**self._promised, owner: max(size, self.promised(owner))}
            taken = max(0, used - self._at_start)
            missing = sum(promises.values()) - taken - free
            if missing <= 0:
                self._promised[owner] = promises[owner]
            return max(0, missing)

    def promised(self, owner: object) -> int:
        """Return the bytes that a stylizer may hold."""
        return self._promised.get(owner, 0)

    def end(self, owner: object) -> None:
        """Note that a stylizer has given all its memory back."""
        with self._lock:
            self._promised.pop(owner, None)


def measure() -> tuple[int, int]:
    """Return the bytes that this process has, and those it may still take.

    It may take what is free of the machine's memory and swap, of its control groups'
    limits (version 2), and of its own address space.
    """
    import psutil  # here, because a program's help needs none of it

    process = psutil.Process()
    machine = psutil.virtual_memory().available + psutil.swap_memory().free
    limits = [machine, *free_in_groups(GROUPS, OWN_GROUP)]
    info = process.memory_info()
    if hasattr(psutil, "RLIMIT_AS"):  # on Linux
        limit, _ = process.rlimit(psutil.RLIMIT_AS)
        if limit != psutil.RLIM_INFINITY:
            limits.append(limit - info.vms)
    return info.rss, max(0, min(limits))


def require(size: int, problem: str) -> None:
    """Refuse what takes more memory than there is.

    Args:
        size: Bytes.
        problem: The start of a sentence that goes on with "about 2 GB of memory".

    Raises:
        Shortage: There is less.
    """
    if size < SMALL:
        return
    _, free = measure()
    if size > free:
        amounts = (
            f"about {size / 1e9:.2g} GB of memory, and {free / 1e9:.2g} GB are free"
        )
        raise Shortage(f"{problem} {amounts}.", 0)


def trim() -> None:
    """Give the system what glibc's allocator keeps of freed memory."""
    if libc := _glibc():
        libc.malloc_trim(0)


def keep_little() -> None:
    """Have glibc's allocator give each large block back as soon as it is freed.

    Otherwise it keeps up to 64 MB for each of many threads. A server needs this, whose
    requests are large and few.
    """
    if libc := _glibc():
        libc.mallopt(_MMAP_THRESHOLD, LARGE_BLOCK)
        libc.mallopt(_ARENA_MAX, ARENAS)


def lay_out(size: int) -> None:
    """Have the system lay out memory that is about to be used, while this returns.

    The system gives a process its memory page by page when each is first written, which
    is half of the time of a first picture. A thread has it done meanwhile. From now on
    glibc's allocator keeps what is freed; `trim` still gives it back.

    Args:
        size: Bytes, of which there must be enough.
    """
    libc = _glibc()
    if not libc:
        return
    libc.mallopt(_MMAP_MAX, 0)
    libc.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
    # Free at once: the block's pages stay at the end of the heap.
    libc.malloc.argtypes, libc.malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
    libc.free.argtypes = [ctypes.c_void_p]
    start = libc.malloc(size)
    libc.free(start)
    if start:
        Thread(target=_populate, args=(libc, start, size), daemon=True).start()


def _populate(libc: ctypes.CDLL, start: int, size: int) -> None:
    """Have the pages of a range laid out, as far as the system can."""
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    end = (start + size) // PAGESIZE * PAGESIZE
    # In steps, for whoever else asks for memory waits for each.
    for place in range(-(-start // PAGESIZE) * PAGESIZE, end, _STEP):
        if libc.madvise(place, min(_STEP, end - place), _POPULATE_WRITE):
            return


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") else None


def free_in_groups(root: Path, own: Path) -> list[int]:
    """Return the bytes that each control group of this process leaves it.

    Args:
        root: Folder of all groups.
        own: File that names this process' group.
    """
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return []
    name = next((line[3:] for line in lines if line.startswith("0::")), "/")
    group, free = root / name.lstrip("/"), []
    for folder in (group, *group.parents):
        try:
            limit = int((folder / "memory.max").read_text())
            used = int((folder / "memory.current").read_text())
            words = (folder / "memory.stat").read_text().split()
            files = int(words[words.index("inactive_file") + 1])  # given up on demand
        except (OSError, ValueError):  # no limit is the word "max"
            continue
        free.append(limit - used + files)
    return free


LEDGER = Ledger(measure)
