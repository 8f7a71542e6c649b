"""A client of the servers that paint: TF Serving with an export, and this project's.

A call raises

    OSError: the server failed, or sent no answer that the call expects
      ConnectionError: the server cannot be reached
      TimeoutError: the server was silent for too long
    ValueError: the server refused the request
"""

import base64
import io
import ipaddress
import weakref
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np

from fast_style import extras, images, profiles
from fast_style.images import Picture

try:
    import httpx
except ImportError as error:
    raise ImportError(extras.advice(error, "serve")) from error


class PictureClient(ABC):
    """Sends pictures to a server's signature stylize_bytes, by any protocol."""

    url: str

    @abstractmethod
    def predict(
        self, inputs: Mapping[str, Any], *, signature_name: str = "serving_default"
    ) -> Any:
        """Return the output of one of the model's signatures."""

    @abstractmethod
    def close(self) -> None:
        """Close the connections to the server."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def stylize(self, pixels: np.ndarray, weights: Sequence[float]) -> np.ndarray:
        """Return a photograph as the server paints it.

        By REST it comes back as a JPEG of quality 95.

        Args:
            pixels: The photograph, uint8 (H, W, 3), RGB.
            weights: Weight of each row of the model, at least 0 and of any sum.

        Returns:
            uint8 (H, W, 3).

        Raises:
            OSError: The server cannot be reached, is too busy or is too slow.
            ValueError: The server refused the picture or the weights.
        """
        return self.stylize_batch([pixels], weights)[0]

    def stylize_batch(
        self, batch: Sequence[np.ndarray], weights: Sequence[float]
    ) -> list[np.ndarray]:
        """Return photographs of any sizes as the server paints them, in one request.

        Args:
            batch: The photographs, each as of `stylize`.
            weights: As of `stylize`, for all of them.

        Raises:
            OSError, ValueError: As `stylize` does.
        """
        if not len(batch):
            return []
        photos = [images.encode(Picture(pixels), format="PNG") for pixels in batch]
        rows = [list(map(float, weights))] * len(photos)
        inputs = {"image_bytes": photos, "style_weights": rows}
        answer = self.predict(inputs, signature_name="stylize_bytes")
        try:
            painted = [images.read(io.BytesIO(file)).pixels for file in answer]
        except (KeyError, TypeError, ValueError) as error:
            raise OSError(f"{self.url} sent no picture back.") from error
        if len(painted) != len(photos):
            raise OSError(f"{self.url} sent {len(painted)} of {len(photos)} pictures.")
        return painted

    def stylize_picture(
        self, source: images.Source, weights: Sequence[float]
    ) -> Picture:
        """Return a picture's file as the server paints it, upright and with its alpha.

        The server sees pixels alone. What it does not do is done here: any format is
        read, the picture turned as its EXIF block says, and transparency, colour
        profile and EXIF data are kept.

        Args:
            source: A path, an open file or a picture of Pillow's.
            weights: As of `stylize`.

        Raises:
            OSError, ValueError: As `stylize` and `images.read` do.
        """
        photo = images.read(source)
        gamut = profiles.gamut(photo.icc)
        if gamut:
            gamut.to_srgb(photo.pixels)
        painted = self.stylize(photo.pixels, weights)
        if gamut:
            gamut.from_srgb(painted)
        return replace(photo, pixels=painted)


class Client(PictureClient):
    """Speaks TF Serving's REST interface.

    A server on this computer is reached directly, another one through the proxies that
    the environment names. Threads may share one client. Its connections are closed with
    it, or at the end of a `with` statement.

    Args:
        url: Address of the server, such as "http://localhost:8501".
        model: Name of the model on the server.
        timeout: Seconds that the server may be silent.

    Raises:
        ValueError: `url` is no address of a web server, or the environment's proxies
            are not usable.
    """

    def __init__(
        self, url: str, *, model: str = "fast_style", timeout: float = 60.0
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"'{url}' is no address. Give one like http://host:8501.")
        self.url = url.rstrip("/")
        self._timeout = timeout
        self._path = f"{self.url}/v1/models/{model}"
        self._http = _connect(url, timeout)
        self._close = weakref.finalize(self, self._http.close)

    def close(self) -> None:
        """Close the connections to the server."""
        self._close()

    def predict(
        self, inputs: Mapping[str, Any], *, signature_name: str = "serving_default"
    ) -> Any:
        """Return the output of one of the model's signatures.

        Args:
            inputs: Tensors by name, as arrays or nested lists of numbers or bytes.
            signature_name: "serving_default" or "stylize_bytes".

        Returns:
            Nested lists of numbers or bytes; a dict of them by name where the signature
            has several outputs.

        Raises:
            OSError, ValueError: As `stylize` does.
        """
        body = {"signature_name": signature_name, "inputs": _to_json(inputs)}
        answer = self._ask("POST", ":predict", body)
        try:
            return _from_json(answer["outputs"])
        except (KeyError, TypeError, ValueError) as error:
            raise OSError(f"{self.url} answered without outputs.") from error

    def versions(self) -> list[dict]:
        """Return the states of the model's versions.

        Returns:
            One dict per version: "version", "state" such as "AVAILABLE", and "status".

        Raises:
            OSError, ValueError: As `stylize` does.
        """
        answer = self._ask("GET", "")
        try:
            states = answer["model_version_status"]
            return [{**state, "version": str(state["version"])} for state in states]
        except (KeyError, TypeError) as error:
            raise OSError(f"{self.url} sent no state of its model.") from error

    def count_weights(self) -> int:
        """Return how many rows the model weighs.

        Raises:
            OSError, ValueError: As `stylize` does.
        """
        answer = self._ask("GET", "/metadata")
        try:
            signatures = answer["metadata"]["signature_def"]["signature_def"]
            weights = signatures["stylize_bytes"]["inputs"]["style_weights"]
            return int(weights["tensor_shape"]["dim"][1]["size"])
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise OSError(f"{self.url} hosts no model of fast_style.") from error

    def _ask(self, method: str, path: str, body: dict | None = None) -> dict:
        try:
            answer = self._http.request(method, self._path + path, json=body)
        except httpx.TimeoutException as error:
            seconds = f"{self._timeout:g} s"
            raise TimeoutError(f"{self.url} gave no answer in {seconds}.") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ConnectionError(f"Cannot reach {self.url} ({error}).") from error
        try:
            content = answer.json()
        except ValueError:
            content = None
        if answer.is_success and isinstance(content, dict):
            return content
        reason = f"{answer.status_code} {answer.reason_phrase}"
        if isinstance(content, dict) and content.get("error"):
            # TensorFlow names the graph's nodes in the lines after the first.
            reason = str(content["error"]).splitlines()[0][:300]
        if answer.status_code in (400, 413):
            raise ValueError(f"{self.url} refused the request: {reason}")
        raise OSError(f"{self.url} failed: {reason}")


def _connect(url: str, timeout: float) -> httpx.Client:
    """Return an HTTP client, for a server on this computer one without proxies.

    Raises:
        ValueError: As `Client` does.
    """
    try:
        host = httpx.URL(url).host
    except httpx.InvalidURL as error:
        message = f"'{url}' is no address ({error}). Give one like http://host:8501."
        raise ValueError(message) from error
    transport = httpx.HTTPTransport() if is_loopback(host) else None
    try:
        return httpx.Client(timeout=timeout, transport=transport)
    except (httpx.InvalidURL, ImportError, ValueError) as error:
        raise ValueError(
            "The environment names a proxy that cannot be used: "
            f"{str(error).rstrip('.')}. Mend or unset HTTP_PROXY, HTTPS_PROXY, "
            "ALL_PROXY and NO_PROXY."
        ) from error


def is_loopback(host: str) -> bool:
    """Return whether a host's name or address, without a port, is this computer's."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _to_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {name: _to_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_json(item) for item in value]
    return value


def _from_json(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"b64"}:
            return base64.b64decode(value["b64"])
        return {name: _from_json(item) for name, item in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_from_json(item) for item in value]
    return value  # not walked through: these may be millions of numbers
