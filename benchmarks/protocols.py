"""Compare ways to TensorFlow Serving: python -m benchmarks.protocols

Sends a photograph to a server that paints nothing and answers at once with a picture,
as TensorFlow Serving writes it: as JSON arrays, as a PNG in JSON's base 64, and both by
gRPC. Tells the bytes of a request and of its answer, and the processor time of the
client and the wire. Needs the extra [grpc] and takes half a minute.
"""

import base64
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import numpy as np

from benchmarks import report, script
from fast_style import images, predictions
from fast_style.argument_types import number
from fast_style.client import Client
from fast_style.grpc_client import GrpcClient

ARRAYS, FILES = "serving_default", "stylize_bytes"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    script.add_photo(parser)
    parser.add_argument(
        "--size", type=number(int, 16), default=512, help="px. Default: %(default)s."
    )
    parser.add_argument(
        "--turns", type=number(int, 1), default=7, help="Default: %(default)s."
    )
    options = parser.parse_args(arguments)
    photo = images.resize_short_side(images.read(options.photo).pixels, options.size)
    photo = photo[: options.size, : options.size].copy()
    print(section(photo, options.turns))


def section(photo: np.ndarray, turns: int) -> str:
    """Return the table of a photograph's ways to the server and back."""
    rows = []
    for name, signature in (("array", ARRAYS), ("PNG", FILES)):
        for protocol, serve in (("JSON", _rest), ("gRPC", _grpc)):
            with serve(answer(photo, signature, protocol)) as (client, sizes):
                milliseconds = measure(client, photo, signature, turns)
            request, reply = sizes
            rows.append(
                [
                    f"{name}, {protocol}",
                    f"{request / 1000:,.0f}",
                    f"{reply / 1000:,.0f}",
                    f"{milliseconds:.1f}",
                ]
            )
    return report.table(["picture as", "kB there", "kB back", "processor ms"], rows)


def measure(client: Any, photo: np.ndarray, signature: str, turns: int) -> float:
    """Return the median processor time of a picture's way there and back, in ms."""

    def send() -> None:
        if signature == FILES:
            client.stylize_batch([photo], [1.0])
        else:
            inputs = {"images": photo[None], "style_weights": [[1.0]]}
            np.asarray(client.predict(inputs), np.uint8)

    times = []
    for _ in range(turns + 1):  # the first one connects
        start = time.process_time()
        send()
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times[1:])


def answer(photo: np.ndarray, signature: str, protocol: str) -> bytes:
    """Return what TensorFlow Serving answers with a photograph."""
    file = images.encode(images.Picture(photo), format="JPEG")
    if protocol == "JSON" and signature == FILES:
        outputs: Any = [{"b64": base64.b64encode(file).decode()}]
        return json.dumps({"outputs": outputs}).encode()
    if protocol == "JSON":
        return json.dumps({"outputs": photo[None].tolist()}).encode()
    tensor = predictions.tensor([file] if signature == FILES else photo[None])
    if signature == ARRAYS:  # TensorFlow Serving writes number by number
        tensor.ints.extend(photo.ravel().tolist())
        tensor.content = b""
    message = predictions.MESSAGES["PredictResponse"]()
    message.outputs.add(key="output", value=tensor)
    return message.SerializeToString()


@contextmanager
def _rest(content: bytes) -> Iterator[tuple[Client, list[int]]]:
    """Answer every HTTP request with some bytes; give a client, and the sizes."""
    sizes = [0, len(content)]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sizes[0] = len(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with Client(f"http://127.0.0.1:{server.server_port}") as client:
            yield client, sizes
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def _grpc(content: bytes) -> Iterator[tuple[GrpcClient, list[int]]]:
    """Answer every gRPC call with some bytes; give a client, and the sizes."""
    sizes = [0, len(content)]

    class Handler(grpc.GenericRpcHandler):
        def service(self, _details: Any) -> Callable:
            def reply(request: bytes, _context: Any) -> bytes:
                sizes[0] = len(request)
                return content

            return grpc.unary_unary_rpc_method_handler(reply)  # of bytes as they are

    options = [("grpc.max_receive_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(1), handlers=[Handler()], options=options)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with GrpcClient(f"127.0.0.1:{port}") as client:
            yield client, sizes
    finally:
        server.stop(None)


if __name__ == "__main__":
    script.run(main)
