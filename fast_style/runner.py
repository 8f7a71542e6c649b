"""Running a .tflite file by LiteRT, within the memory that there is."""

import contextlib
import math
import os
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from fast_style import memory, native_log

CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # microseconds of processor, in how many
LAID_OUT = 0.58  # of what is promised; the rest comes as it is needed
WHOLE = "serving_default"  # the signature that paints a whole picture


class Runner:
    """The signatures of a model, each called by its name with its own inputs.

    "serving_default" is the network on whole pictures. Models may also have
    "statistics" and "stylize_tile", by which they paint tiles.

    LiteRT keeps half of the memory of its largest picture or more. `release` gives it
    back; the next picture then takes some 20 ms longer.

    Args:
        path: The .tflite file.
        num_threads: Processor threads.
        border: Pixels that the network adds to each side of a picture.
        bytes_per_pixel: What a pixel of the picture and its border takes; None for a
            model that does not say.
        ledger: Promises memory; None for the one of this process.
    """

    _announced = False  # whether LiteRT has told this process of its delegate

    def __init__(
        self,
        path: str,
        num_threads: int,
        *,
        border: int,
        bytes_per_pixel: float | None,
        ledger: memory.Ledger | None = None,
    ) -> None:
        self._path, self._num_threads = path, num_threads
        self._border = border
        self._bytes_per_pixel = bytes_per_pixel or memory.BYTES_PER_PIXEL
        self._ledger = ledger or memory.LEDGER
        self._signatures: dict[str, Any] = {}

    @property
    def held(self) -> int:
        """Bytes that the network may hold between pictures."""
        return self._ledger.promised(self)

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the model's signatures."""
        return frozenset(self._open().get_signature_list())

    def __call__(
        self, signature: str = WHOLE, /, **inputs: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Run a signature on its inputs, of which one is the picture, uint8.

        Raises:
            memory.Shortage: There is too little memory.
        """
        picture = next(v for v in inputs.values() if v.dtype == np.uint8)
        count, height, width = picture.shape[:3]
        if signature == WHOLE:
            self._take_whole(height, width)
        else:
            self._take_parts(count * height * width)
        try:
            return self.run(signature, **inputs)
        except (MemoryError, RuntimeError) as error:
            reason = " ".join(str(error).split()) or "no memory"
        # After a failed allocation LiteRT may end the process at its next picture.
        self.release()
        raise memory.Shortage(
            f"{width} x {height} px could not be painted ({reason}).",
            max(height, width) * 2 // 3,
        )

    def prepare(self, height: int, width: int) -> None:
        """Have memory laid out for a whole picture, if there is enough."""
        size = self._size(height, width)
        if not self._ledger.promise(self, size):
            memory.lay_out(round(LAID_OUT * size))

    def run(
        self, signature: str = WHOLE, /, **inputs: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Run a signature without a look at the memory, and raise as LiteRT does."""
        runner = self._runner(signature)
        quiet = contextlib.nullcontext() if Runner._announced else native_log.off()
        Runner._announced = True
        with quiet:
            return runner(**inputs)

    def release(self) -> None:
        """Give all memory back, to the system too."""
        self._signatures.clear()
        memory.trim()
        self._ledger.end(self)

    def _runner(self, signature: str) -> Any:
        if signature not in self._signatures:
            # Each in an interpreter of its own, whose memory can be given back.
            interpreter = self._open()
            self._signatures[signature] = interpreter.get_signature_runner(signature)
        return self._signatures[signature]

    def _open(self) -> Any:
        from ai_edge_litert.interpreter import Interpreter

        return Interpreter(self._path, num_threads=self._num_threads)

    def _take_whole(self, height: int, width: int) -> None:
        """Have the memory for a whole picture promised, or raise a Shortage."""
        border, longest = self._border, max(height, width)
        size = self._size(height, width)
        if missing := self._missing(size):
            free = max(0, size - missing)
            fitting = math.sqrt(free / size) * (longest + border) - border
            raise memory.Shortage(
                f"{width} x {height} px take about {size / 1e9:.2g} GB of memory to "
                f"paint, and {free / 1e9:.2g} GB are free.",
                math.floor(0.95 * fitting),  # what is free changes all the time
            )

    def _size(self, height: int, width: int) -> int:
        """Return the bytes that a whole picture may take."""
        area = (height + self._border) * (width + self._border)
        return round(memory.SPARE * area * self._bytes_per_pixel)

    def _take_parts(self, area: int) -> None:
        """Have the memory for parts with their borders promised, or raise a Shortage.

        They are all of one size, so they need nothing to spare.
        """
        size = round(area * self._bytes_per_pixel)
        if missing := self._missing(size):
            free = max(0, size - missing)
            raise memory.Shortage(
                f"To paint it by tiles takes about {size / 1e9:.2g} GB of memory, and "
                f"{free / 1e9:.2g} GB are free.",
                0,
            )

    def _missing(self, size: int) -> int:
        """Return the bytes that are missing to be promised a size."""
        missing = self._ledger.promise(self, size)
        if missing and self.held:
            self.release()
            missing = self._ledger.promise(self, size)
        return missing


def count_cores(quota: Path = CPU_QUOTA) -> int:
    """Return how many processor cores this process may use.

    Args:
        quota: File in which a container states its share of the processors: the
            microseconds it may use and in how many, or "max".
    """
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    try:
        allowed, period = map(int, quota.read_text().split())
    except (OSError, ValueError):
        return cores
    return min(cores, math.ceil(allowed / period))
