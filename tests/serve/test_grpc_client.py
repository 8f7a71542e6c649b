"""The client of TensorFlow Serving's gRPC, beside that of its REST."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import numpy as np
import pytest
from PIL import ExifTags, Image
from serving import encoded, grpc_serving, saved_model_service, tf_serving

from fast_style import predictions
from fast_style.client import Client
from fast_style.grpc_client import GrpcClient

WEIGHTS = [0.0, 1.0, 0.0]


@pytest.fixture(scope="module")
def clients(export):
    """A client of each protocol, by its name."""
    with (
        grpc_serving(saved_model_service(export)) as address,
        tf_serving(export) as url,
        GrpcClient(address) as binary,
        Client(url) as text,
    ):
        yield {"gRPC": binary, "REST": text}


@pytest.fixture(params=["gRPC", "REST"])
def client(clients, request):
    return clients[request.param]


@pytest.mark.slow
def test_both_protocols_paint_the_same(clients, photo):
    inputs = {"images": photo[None], "style_weights": [WEIGHTS]}
    binary, text = (np.array(client.predict(inputs)) for client in clients.values())
    np.testing.assert_array_equal(binary, text)
    assert clients["gRPC"].predict(inputs).dtype == np.uint8
    np.testing.assert_array_equal(clients["gRPC"].stylize(photo, WEIGHTS), binary[0])
    files = [client.stylize_batch([photo], WEIGHTS) for client in clients.values()]
    np.testing.assert_array_equal(*files)


@pytest.mark.slow
def test_pictures_of_several_sizes_share_a_request(client, photo):
    batch = [photo, photo[:20, :30], photo[:16]]
    painted = client.stylize_batch(batch, WEIGHTS)
    assert [p.shape for p in painted] == [p.shape for p in batch]
    for pixels, result in zip(batch, painted, strict=True):
        alone = client.stylize(pixels, WEIGHTS)
        assert np.abs(result - alone.astype(float)).mean() < 4  # as a JPEG file


@pytest.mark.slow
def test_a_file_is_turned_and_keeps_what_the_server_does_not_see(client, photo):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # the camera was held upright
    exif[ExifTags.Base.Make] = "Kodak"
    alpha = np.full((37, 53), 255, np.uint8)
    alpha[:9] = 0
    file = io.BytesIO(encoded(np.dstack([photo, alpha]), exif=exif))
    painted = client.stylize_picture(file, WEIGHTS)
    np.testing.assert_array_equal(painted.alpha, np.rot90(alpha, -1))
    expected = client.stylize(np.rot90(photo, -1).copy(), WEIGHTS)
    difference = np.abs(painted.pixels - expected.astype(float))
    assert difference[:, :30].mean() < 12  # hidden colours are those around them
    kept = Image.Exif()
    kept.load(painted.exif)
    assert dict(kept) == {ExifTags.Base.Make: "Kodak"}


@pytest.mark.slow
def test_the_server_tells_of_its_model(client):
    assert client.count_weights() == 3
    (version,) = client.versions()
    assert (version["version"], version["state"]) == ("1", "AVAILABLE")
    assert version["status"] == {"error_code": "OK", "error_message": ""}


@pytest.mark.slow
def test_refusal_is_an_error_of_one_line(clients, photo):
    with pytest.raises(ValueError, match="127.* refused the request: ") as error:
        clients["gRPC"].stylize(photo, [0, 0, 0])
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match="A tensor takes numbers or bytes alone"):
        clients["gRPC"].predict({"image_bytes": ["a.jpg"]})


def test_no_pictures_are_painted_to_none():
    with GrpcClient("localhost:1") as client:
        assert client.stylize_batch([], WEIGHTS) == []


@pytest.mark.parametrize("address", ["localhost", "http://localhost:8500", ":8500"])
def test_a_wrong_address_is_refused(address):
    with pytest.raises(ValueError, match="is no address. Give one like host:8500"):
        GrpcClient(address)


class Failing(grpc.GenericRpcHandler):
    """A server that answers every call with one status."""

    def __init__(self, code):
        self._code = code

    def service(self, _details):
        def fail(_request, context):
            context.abort(self._code, "no room\nin line 2")

        return grpc.unary_unary_rpc_method_handler(fail)


@contextmanager
def serving(handler):
    server = grpc.server(ThreadPoolExecutor(1), handlers=[handler])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(None)


class Stating(grpc.GenericRpcHandler):
    """A server whose model could not be loaded."""

    def service(self, _details):
        status = {"error_code": 5, "error_message": "no file"}
        states = [{"version": 1, "state": 50, "status": status}]
        answer = predictions.MESSAGES["StatusResponse"](states=states)
        return grpc.unary_unary_rpc_method_handler(
            lambda _request, _context: answer.SerializeToString()
        )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_computer_is_reached_without_a_proxy(monkeypatch, host):
    for name in ("no_grpc_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")  # nobody listens there
    with serving(Stating()) as port, GrpcClient(f"{host}:{port}") as client:
        (version,) = client.versions()
    assert version["status"] == {"error_code": "NOT_FOUND", "error_message": "no file"}


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        (grpc.StatusCode.UNAVAILABLE, ConnectionError, "Cannot reach .* \\(no room\\)"),
        (grpc.StatusCode.DEADLINE_EXCEEDED, TimeoutError, "gave no answer in 60 s"),
        (grpc.StatusCode.INVALID_ARGUMENT, ValueError, "refused the request: no room$"),
        (grpc.StatusCode.NOT_FOUND, OSError, "failed: no room$"),
    ],
)
def test_a_failure_is_an_error_of_one_line(code, kind, text):
    with (
        serving(Failing(code)) as port,
        GrpcClient(f"127.0.0.1:{port}") as client,
        pytest.raises(kind, match=text),
    ):
        client.versions()
