"""Backends: LiteRT in this process, or a TF Serving on another machine."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np

from fast_style import catalogue, memory
from fast_style.runner import count_cores
from fast_style.stylizer import FADES, Stylizer

from .config import Config

VERSION = 1  # of the model, as TF Serving's clients see it
IDLE_BYTES = 200_000_000  # that idle stylizers may hold together
MOST_THREADS = 4  # of the stylizer for pictures that are painted alone


class Busy(Exception):
    """The server has too much to do for one more request."""


class Backend:
    """A pool of stylizers, which requests borrow in the order of their arrival.

    Args:
        stylizers: The stylizers, all of one model; the first one is lent wherever it is
            free.
        queue: Number of requests that may wait.
        wait: Seconds that a request waits at most.

    Attributes:
        model: Path of the .tflite file.
        rows: Names of the model's rows; see `Stylizer`.
        styles: Names of the model's styles; the first one paints requests without any.
        catalogue: Title, artist and so on of each style, by name.
        pictures: By kind, "thumbnail" (a sample of a style) and "painting" (what it was
            learned from), the files by the style's name; some have none.
        fade: The fade of a request that names none.
        fades: The fades that the model is capable of.
        geometry: How the network lies on a picture; see `tiling.Geometry`.
        size: Number of stylizers.
    """

    def __init__(self, stylizers: list[Stylizer], *, queue: int, wait: float) -> None:
        first = stylizers[0]
        self.model = first.model
        self.rows, self.styles = first.rows, first.styles
        self.catalogue, self.fade = first.catalogue, first.choose_fade(None)
        self.fades = [fade for fade in FADES if fade in (self.fade, "pixels")]
        self.geometry = first.geometry
        self.pictures = {
            kind: catalogue.pictures(self.catalogue, kind)
            for kind in ("thumbnail", "painting")
        }
        self.size = len(stylizers)
        self._free = stylizers[::-1]
        self._first = first
        self._turns: deque[Future[Stylizer]] = deque()
        self._lock = Lock()
        self._queue, self._wait = queue, wait

    @property
    def waiting(self) -> int:
        """Number of requests that wait for a stylizer."""
        return len(self._turns)

    @property
    def painting(self) -> int:
        """Number of stylizers that requests hold."""
        return self.size - len(self._free)

    @contextmanager
    def lend_stylizer(self) -> Iterator[Stylizer]:
        """Lend a stylizer, after a wait for a free one.

        Raises:
            Busy: The queue is full, or no stylizer became free in time.
        """
        stylizer = self._take()
        try:
            yield stylizer
        finally:
            self._give_back(stylizer)

    def check(self) -> None:
        """Raise an OSError unless the backend can paint now."""

    def versions(self) -> list[dict[str, Any]]:
        """Return the states of the model's versions in TF Serving's form."""
        status = {"error_code": "OK", "error_message": ""}
        return [{"version": str(VERSION), "state": "AVAILABLE", "status": status}]

    def _take(self) -> Stylizer:
        with self._lock:
            if self._free:
                # The first one, or else the last one used, whose memory is warm.
                return self._free.pop()
            if len(self._turns) >= self._queue:
                raise Busy("Too many pictures are waiting already. Try again.")
            turn: Future[Stylizer] = Future()
            self._turns.append(turn)
        try:
            return turn.result(self._wait)
        except TimeoutError:
            with self._lock:
                if turn.done():
                    return turn.result()
                self._turns.remove(turn)
            raise Busy(f"The wait was over {self._wait:g} s. Try again.") from None

    def _give_back(self, stylizer: Stylizer) -> None:
        if not self._turns:
            held = sum(idle.held_memory for idle in [*self._free, stylizer])
            if held > IDLE_BYTES:
                stylizer.release()
        with self._lock:
            if self._turns:
                self._turns.popleft().set_result(stylizer)
            else:
                self._free.append(stylizer)
                self._free.sort(key=lambda idle: idle is self._first)


class LiteRT(Backend):
    """A backend that runs the network in this process.

    Args:
        config: Settings of the server.
    """

    def __init__(self, config: Config) -> None:
        shares = share_cores(count_cores(), config.threads)
        stylizers = [Stylizer(config.model, threads) for threads in shares]
        super().__init__(stylizers, queue=config.queue, wait=config.wait)


class TFServing(Backend):
    """A backend that has TF Serving run the network, and does the rest here.

    Args:
        config: Settings of the server. `backend` is TF Serving's address, `model` the
            .tflite file of the same export, which names the styles.
    """

    def __init__(self, config: Config) -> None:
        # Imported here so that a server with LiteRT starts sooner.
        from fast_style.client import Client

        self._client = Client(config.backend or "", timeout=config.timeout)
        stylizer = Stylizer(config.model, network=self._run)
        threads = config.threads or 2 * count_cores()
        super().__init__([stylizer] * threads, queue=config.queue, wait=config.wait)

    def check(self) -> None:
        """Raise an OSError if TF Serving is unreachable or hosts another model."""
        try:
            hosted = self._client.count_weights()
        except ValueError as error:
            raise OSError(str(error)) from error
        if hosted != len(self.rows):
            raise OSError(
                f"{self._client.url} hosts a model of {hosted} styles, and --model "
                f"has {len(self.rows)}. Give the .tflite file of the same export."
            )

    def versions(self) -> list[dict[str, Any]]:
        """Return the states that TF Serving reports."""
        return self._client.versions()

    def _run(
        self, images: np.ndarray, style_weights: np.ndarray
    ) -> dict[str, np.ndarray]:
        try:
            pixels = self._client.stylize(images[0], style_weights[0])
        except ValueError as error:  # not the request's fault: it was checked before
            raise OSError(str(error)) from error
        return {"stylized_images": pixels[None]}


def create(config: Config) -> Backend:
    """Return the backend that the settings name."""
    memory.keep_little()
    return TFServing(config) if config.backend else LiteRT(config)


def share_cores(cores: int, stylizers: int | None) -> list[int]:
    """Return the number of threads of each stylizer.

    With a stylizer for each core, the first one has threads on further cores, too: a
    picture that is painted alone is done sooner, and many take no longer together.

    Args:
        cores: Number of processor cores.
        stylizers: Number of stylizers; None is one for each core.
    """
    if stylizers is None:
        return [min(cores, MOST_THREADS)] + [1] * (cores - 1)
    return [max(1, cores // stylizers)] * stylizers
