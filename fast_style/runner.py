"""Running a .tflite file by LiteRT, within the memory that there is."""

import contextlib
import math
from typing import Any

import numpy as np

from fast_style import memory, native_log


class Runner:
    """A model's network, called as its signature serving_default is.

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
        self._signature: Any = None

    @property
    def held(self) -> int:
        """Bytes that the network may hold between pictures."""
        return self._ledger.promised(self)

    def __call__(
        self, images: np.ndarray, style_weights: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Run the network on one picture.

        Raises:
            memory.Shortage: There is too little memory.
        """
        height, width = images.shape[1:3]
        self._take(height, width)
        try:
            return self.run(images, style_weights)
        except (MemoryError, RuntimeError) as error:
            reason = " ".join(str(error).split()) or "no memory"
        # After a failed allocation LiteRT may end the process at its next picture.
        self.release()
        raise memory.Shortage(
            f"{width} x {height} px could not be painted ({reason}).",
            max(height, width) * 2 // 3,
        )

    def run(
        self, images: np.ndarray, style_weights: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Run the network without a look at the memory, and raise as LiteRT does."""
        if self._signature is None:
            from ai_edge_litert.interpreter import Interpreter

            interpreter = Interpreter(self._path, num_threads=self._num_threads)
            self._signature = interpreter.get_signature_runner("serving_default")
        quiet = contextlib.nullcontext() if Runner._announced else native_log.off()
        Runner._announced = True
        with quiet:
            return self._signature(images=images, style_weights=style_weights)

    def release(self) -> None:
        """Give all memory back, to the system too."""
        self._signature = None
        memory.trim()
        self._ledger.end(self)

    def _take(self, height: int, width: int) -> None:
        """Have the memory for a picture promised, or raise a Shortage."""
        border, longest = self._border, max(height, width)
        area = (height + border) * (width + border)
        size = round(memory.SPARE * area * self._bytes_per_pixel)
        missing = self._ledger.promise(self, size)
        if missing and self.held:
            self.release()
            missing = self._ledger.promise(self, size)
        if missing:
            free = max(0, size - missing)
            fitting = math.sqrt(free / size) * (longest + border) - border
            raise memory.Shortage(
                f"{width} x {height} px take about {size / 1e9:.2g} GB of memory to "
                f"paint, and {free / 1e9:.2g} GB are free.",
                math.floor(0.95 * fitting),  # what is free changes all the time
            )
