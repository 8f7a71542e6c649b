"""A client of TensorFlow Serving by gRPC, which sends arrays and files as they are.

A call raises what `client.Client` raises.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fast_style import extras
from fast_style.client import PictureClient, is_loopback

try:
    import grpc

    from fast_style import predictions
except ImportError as error:
    raise ImportError(extras.advice(error, "grpc")) from error

_MESSAGES = predictions.MESSAGES
# Of pictures, which are larger than gRPC's 4 MB.
_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
]
_DIRECT = ("grpc.enable_http_proxy", 0)
_CODES = {code.value[0]: code.name for code in grpc.StatusCode}
_REFUSALS = (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE)


class GrpcClient(PictureClient):
    """Speaks TensorFlow Serving's gRPC, as `client.Client` speaks its REST.

    Threads may share one client. It does not encrypt: use it on a network of your own.
    A server on this computer is reached without a proxy.

    Args:
        address: The server's host and port, such as "localhost:8500".
        model: Name of the model on the server.
        timeout: Seconds that the server may take for an answer.

    Raises:
        ValueError: `address` has no host, or is that of a web server.
    """

    def __init__(
        self, address: str, *, model: str = "fast_style", timeout: float = 60.0
    ) -> None:
        host = address.rpartition(":")[0]
        if "/" in address or not host:
            raise ValueError(f"'{address}' is no address. Give one like host:8500.")
        self.url = address
        self._model, self._timeout = model, timeout
        options = [*_OPTIONS, _DIRECT] if is_loopback(host.strip("[]")) else _OPTIONS
        self._channel = grpc.insecure_channel(address, options=options)

    def close(self) -> None:
        """Close the connection to the server."""
        self._channel.close()

    def stylize(self, pixels: np.ndarray, weights: Sequence[float]) -> np.ndarray:
        """Return a photograph as the server paints it, without loss.

        It goes there and back as an array, which takes more bytes than a file, and
        less time; see `PictureClient.stylize`.
        """
        rows = [list(map(float, weights))]
        answer = self.predict({"images": pixels[None], "style_weights": rows})
        if getattr(answer, "shape", None) != (1, *pixels.shape):
            raise OSError(f"{self.url} sent no picture back.")
        return answer[0]

    def predict(
        self, inputs: Mapping[str, Any], *, signature_name: str = "serving_default"
    ) -> Any:
        """Return the output of one of the model's signatures.

        Args:
            inputs: Tensors by name: arrays, or nested lists of numbers or bytes.
            signature_name: "serving_default" or "stylize_bytes".

        Returns:
            An array, or nested lists of bytes; a dict of them by name where the
            signature has several outputs.

        Raises:
            OSError, ValueError: As `stylize` does.
        """
        request = predictions.request(self._model, signature_name, inputs)
        answer = self._ask(predictions.PREDICT, request, "PredictResponse")
        try:
            outputs = {
                item.key: predictions.array(item.value) for item in answer.outputs
            }
        except ValueError as error:
            raise OSError(f"{self.url} answered without outputs ({error}).") from error
        if not outputs:
            raise OSError(f"{self.url} answered without outputs.")
        return outputs if len(outputs) > 1 else next(iter(outputs.values()))

    def versions(self) -> list[dict]:
        """Return the states of the model's versions; see `client.Client.versions`."""
        request = _MESSAGES["StatusRequest"](model_spec={"name": self._model})
        answer = self._ask(predictions.STATUS, request, "StatusResponse")
        return [
            {
                "version": str(state.version),
                "state": predictions.STATES.get(state.state, "UNKNOWN"),
                "status": {
                    "error_code": _CODES.get(state.status.error_code, "UNKNOWN"),
                    "error_message": state.status.error_message,
                },
            }
            for state in answer.states
        ]

    def count_weights(self) -> int:
        """Return how many rows the model weighs.

        Raises:
            OSError, ValueError: As `stylize` does.
        """
        fields = ["signature_def"]
        request = _MESSAGES["MetadataRequest"](
            model_spec={"name": self._model}, metadata_field=fields
        )
        answer = self._ask(predictions.METADATA, request, "MetadataResponse")
        for entry in answer.metadata:
            found = _MESSAGES["Signatures"].FromString(entry.value.value)
            inputs = [item for named in found.signatures for item in named.value.inputs]
            for item in inputs:
                if item.key == "style_weights":
                    return int(item.value.shape.dim[1].size)
        raise OSError(f"{self.url} hosts no model of fast_style.")

    def _ask(self, method: str, request: Any, answer: str) -> Any:
        """Return the answer to a message, a message of the given name."""
        call = self._channel.unary_unary(
            method,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=_MESSAGES[answer].FromString,
        )
        try:
            return call(request, timeout=self._timeout)
        except grpc.RpcError as error:
            code, details = error.code(), error.details() or ""
            # TensorFlow names the graph's nodes in the lines after the first.
            reason = (details.splitlines() or [code.name])[0][:300]
            if code == grpc.StatusCode.DEADLINE_EXCEEDED:
                seconds = f"{self._timeout:g} s"
                raise TimeoutError(
                    f"{self.url} gave no answer in {seconds}."
                ) from error
            if code == grpc.StatusCode.UNAVAILABLE:
                raise ConnectionError(f"Cannot reach {self.url} ({reason}).") from error
            if code in _REFUSALS:
                raise ValueError(f"{self.url} refused the request: {reason}") from error
            raise OSError(f"{self.url} failed: {reason}") from error
