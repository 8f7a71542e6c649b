"""What paints: LiteRT in this process, or a TF Serving elsewhere."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import numpy as np

from fast_style import catalogue, stylizer
from fast_style.stylizer import Stylizer

from .config import Config

VERSION = 1  # of the model that LiteRT runs, for TF Serving's clients


class Busy(Exception):
    """No turn came in time."""


class Backend:
    """Painters that are lent to one request each, in the order of arrival.

    Args:
        painters: as many as may paint at once, all of one model.
        queue: requests that may wait.
        wait: seconds they wait at most.

    Attributes:
        rows, styles, catalogue: as of `Stylizer`.
        thumbnails: files of those styles that have one, by name.
        fade: that of a strength under 1, where none is asked for.
        size: painters there are.
    """

    def __init__(self, painters: list[Stylizer], *, queue: int, wait: float) -> None:
        first = painters[0]
        self.rows, self.styles = first.rows, first.styles
        self.catalogue, self.fade = first.catalogue, first.choose_fade(None)
        self.thumbnails = _thumbnails(self.catalogue)
        self.size = len(painters)
        self._free = painters
        self._turns: deque[Future] = deque()
        self._lock = Lock()
        self._queue, self._wait = queue, wait

    @property
    def waiting(self) -> int:
        """Requests that wait for their turn."""
        return len(self._turns)

    @property
    def painting(self) -> int:
        """Painters that are lent."""
        return self.size - len(self._free)

    @contextmanager
    def painter(self) -> Iterator[Stylizer]:
        """Lends a painter.

        Raises:
            Busy: too many wait already, or the turn did not come in time.
        """
        painter = self._take()
        try:
            yield painter
        finally:
            self._give(painter)

    def check(self) -> None:
        """Raises OSError if it cannot paint now."""

    def versions(self) -> list[dict]:
        """Tells the states of the model's versions, as TF Serving does."""
        status = {"error_code": "OK", "error_message": ""}
        return [{"version": str(VERSION), "state": "AVAILABLE", "status": status}]

    def _take(self) -> Stylizer:
        with self._lock:
            if self._free:
                return self._free.pop()  # the one whose memory is warm
            if len(self._turns) >= self._queue:
                raise Busy("Too many pictures wait already. Try again.")
            turn = Future()
            self._turns.append(turn)
        try:
            return turn.result(self._wait)
        except TimeoutError:
            with self._lock:
                if turn.done():
                    return turn.result()
                self._turns.remove(turn)
            raise Busy(f"No turn in {self._wait:g} s. Try again.") from None

    def _give(self, painter: Stylizer) -> None:
        with self._lock:
            if self._turns:
                self._turns.popleft().set_result(painter)
            else:
                self._free.append(painter)


class LiteRT(Backend):
    """Paints in this process; the painters share its cores."""

    def __init__(self, config: Config) -> None:
        cores = stylizer.count_cores()
        threads = config.threads or cores
        each = max(1, cores // threads)
        painters = [Stylizer(config.model, each) for _ in range(threads)]
        super().__init__(painters, queue=config.queue, wait=config.wait)


class TFServing(Backend):
    """Has the network run by TF Serving, and does the rest here.

    `config.model` is the export's .tflite file, which knows the styles' names.
    """

    def __init__(self, config: Config) -> None:
        # Here, for who runs LiteRT starts sooner without it.
        from fast_style.client import Client

        self._client = Client(config.backend, timeout=config.timeout)
        painter = Stylizer(config.model, network=self._run)
        threads = config.threads or 2 * stylizer.count_cores()
        super().__init__([painter] * threads, queue=config.queue, wait=config.wait)

    def check(self) -> None:
        """Raises OSError if the server is away, or has another model."""
        try:
            hosted = self._client.count_weights()
        except ValueError as error:
            raise OSError(str(error)) from error
        if hosted != len(self.rows):
            raise OSError(
                f"{self._client.url} hosts a model of {hosted} styles, and --model "
                f"has {len(self.rows)}. Give the .tflite file of the same export."
            )

    def versions(self) -> list[dict]:
        """Passes on what the server tells."""
        return self._client.versions()

    def _run(
        self, images: np.ndarray, style_weights: np.ndarray
    ) -> dict[str, np.ndarray]:
        try:
            pixels = self._client.stylize(images[0], style_weights[0])
        except ValueError as error:  # what comes here was checked
            raise OSError(str(error)) from error
        return {"stylized_images": pixels[None]}


def _thumbnails(styles: dict[str, catalogue.Style]) -> dict[str, Path]:
    known, folder = catalogue.read(), catalogue.thumbnails()
    files = {
        name: folder / known[name].thumbnail
        for name, style in styles.items()
        # Another picture's style may have that name.
        if style.title and name in known and known[name].thumbnail
    }
    return {name: path for name, path in files.items() if path.is_file()}


def create(config: Config) -> Backend:
    """Makes the backend that is asked for."""
    return TFServing(config) if config.backend else LiteRT(config)
