"""Servers for tests: waitress in a thread, and a stand-in for TF Serving.

The stand-in runs a SavedModel's signatures behind tensorflow-serving-api's
PredictionService, and behind the REST interface that TF Serving adds to it.
"""

import base64
import io
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from flask.testing import FlaskClient
from PIL import Image


def encoded(pixels, format="PNG", **options):
    """Return a picture as a file's bytes."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, **options)
    return file.getvalue()


def decoded(data):
    """Return the pixels of a file's bytes."""
    return np.array(Image.open(io.BytesIO(data)))


def b64(data):
    """Return bytes as they stand in TF Serving's JSON."""
    return {"b64": base64.b64encode(data).decode()}


class BufferedClient(FlaskClient):
    """A client that reads and closes each response, so that no file stays open."""

    def open(self, *args, buffered=True, **kwargs):
        return super().open(*args, buffered=buffered, **kwargs)


def client(app):
    """Return a client of an application without a network."""
    return BufferedClient(app, app.response_class)


@contextmanager
def running(app):
    """Run an application under waitress and yield its address."""
    from serve.server import Server

    server = Server(app, app.config["SETTINGS"], host="127.0.0.1", port=0)
    stopping = threading.Event()
    thread = threading.Thread(target=server.serve, args=[stopping])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stopping.set()
        server.pull_trigger()
        thread.join()
        server.close()


@contextmanager
def grpc_serving(service):
    """Serve TF Serving's gRPC by a service, and yield its address."""
    import grpc
    from tensorflow_serving.apis import model_service_pb2_grpc
    from tensorflow_serving.apis import prediction_service_pb2_grpc as stubs

    limits = [("grpc.max_receive_message_length", -1)]
    backend = grpc.server(ThreadPoolExecutor(2), options=limits)
    stubs.add_PredictionServiceServicer_to_server(service, backend)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(service, backend)
    port = backend.add_insecure_port("127.0.0.1:0")
    backend.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        backend.stop(None)


@contextmanager
def tf_serving(directory):
    """Host an export's SavedModel as TF Serving does and yield its address."""
    import grpc
    from tensorflow_serving.apis import prediction_service_pb2_grpc as stubs

    service = saved_model_service(directory)
    with grpc_serving(service) as address, grpc.insecure_channel(address) as channel:
        front = ThreadingHTTPServer(("127.0.0.1", 0), _RestHandler)
        front.stub = stubs.PredictionServiceStub(channel)
        front.definition = service.definition
        threading.Thread(target=front.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{front.server_port}"
        finally:
            front.shutdown()
            front.server_close()


def saved_model_service(directory):
    """Return a service that runs the SavedModel of an export."""
    import grpc
    import tensorflow as tf
    from tensorflow.core.protobuf import saved_model_pb2
    from tensorflow_serving.apis import get_model_metadata_pb2 as metadata_pb2
    from tensorflow_serving.apis import model_service_pb2_grpc, predict_pb2
    from tensorflow_serving.apis import prediction_service_pb2_grpc as stubs

    class Service(
        stubs.PredictionServiceServicer, model_service_pb2_grpc.ModelServiceServicer
    ):
        def __init__(self):
            self._model = tf.saved_model.load(str(directory / "1"))
            data = (directory / "1" / "saved_model.pb").read_bytes()
            graph = saved_model_pb2.SavedModel.FromString(data).meta_graphs[0]
            self.definition = {
                name: signature
                for name, signature in graph.signature_def.items()
                if name in self._model.signatures
            }

        def Predict(self, request, context):
            name = request.model_spec.signature_name
            inputs = {
                key: tf.constant(tf.make_ndarray(tensor))
                for key, tensor in request.inputs.items()
            }
            try:
                outputs = self._model.signatures[name](**inputs)
            except (tf.errors.InvalidArgumentError, TypeError) as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
            answer = predict_pb2.PredictResponse()
            for key, value in outputs.items():
                answer.outputs[key].CopyFrom(tf.make_tensor_proto(value.numpy()))
            return answer

        def GetModelStatus(self, request, context):
            return _status()

        def GetModelMetadata(self, request, context):
            signatures = metadata_pb2.SignatureDefMap(signature_def=self.definition)
            answer = metadata_pb2.GetModelMetadataResponse()
            answer.model_spec.name = request.model_spec.name
            answer.model_spec.version.value = 1
            answer.metadata["signature_def"].Pack(signatures)
            return answer

    return Service()


class _RestHandler(BaseHTTPRequestHandler):
    """TF Serving's HTTP: translates JSON to messages and back."""

    def do_GET(self):
        from tensorflow_serving.apis import get_model_metadata_pb2 as metadata_pb2

        if self.path == "/v1/models/fast_style":
            answer = _status()
        elif self.path == "/v1/models/fast_style/metadata":
            request = metadata_pb2.GetModelMetadataRequest()
            request.model_spec.name = "fast_style"
            answer = self.server.stub.GetModelMetadata(request)
            return self._send(200, _metadata(answer))
        else:
            name = self.path.rpartition("/")[2]
            return self._send(404, {"error": f"Servable not found: Latest({name})"})
        return self._send(200, _as_dict(answer))

    def do_POST(self):
        import grpc
        import tensorflow as tf
        from tensorflow_serving.apis import predict_pb2

        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not re.fullmatch(r"/v1/models/fast_style(/versions/1)?:predict", self.path):
            return self._send(404, {"error": f"Servable not found: {self.path}"})
        name = body.get("signature_name", "serving_default")
        if name not in self.server.definition:
            return self._send(400, {"error": f"Serving signature name: {name!r}"})
        signature = self.server.definition[name]
        in_rows = "instances" in body
        request = predict_pb2.PredictRequest()
        request.model_spec.name = "fast_style"
        request.model_spec.signature_name = name
        for key, info in signature.inputs.items():
            try:
                value = (
                    [instance[key] for instance in body["instances"]]
                    if in_rows
                    else body["inputs"][key]
                )
                kind = tf.as_dtype(info.dtype).as_numpy_dtype
                tensor = np.array(_bytes(value), kind)
                request.inputs[key].CopyFrom(tf.make_tensor_proto(tensor))
            except (KeyError, TypeError, ValueError) as error:
                return self._send(400, {"error": str(error)})
        try:
            answer = self.server.stub.Predict(request)
        except grpc.RpcError as error:
            return self._send(400, {"error": error.details()})
        ((key, tensor),) = answer.outputs.items()
        values = tf.make_ndarray(tensor)
        in_bytes = key.endswith("_bytes")
        outputs = [b64(value) for value in values] if in_bytes else values.tolist()
        return self._send(200, {"predictions" if in_rows else "outputs": outputs})

    def _send(self, status, content):
        body = json.dumps(content, indent=4).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


def _status():
    """Return the state of a model whose version 1 is ready."""
    from tensorflow_serving.apis import get_model_status_pb2 as status_pb2

    answer = status_pb2.GetModelStatusResponse()
    state = status_pb2.ModelVersionStatus.AVAILABLE
    version = answer.model_version_status.add(version=1, state=state)
    version.status.error_message = ""
    return answer


def _as_dict(message):
    from google.protobuf import json_format

    return json_format.MessageToDict(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )


def _metadata(answer):
    """Return the answer's JSON; TF Serving takes the map out of its Any."""
    from tensorflow_serving.apis import get_model_metadata_pb2 as metadata_pb2

    signatures = metadata_pb2.SignatureDefMap()
    answer.metadata["signature_def"].Unpack(signatures)
    return {
        "model_spec": _as_dict(answer.model_spec),
        "metadata": {"signature_def": _as_dict(signatures)},
    }


def _bytes(value):
    """Return a JSON value with its encoded bytes decoded."""
    if isinstance(value, dict):
        return base64.b64decode(value["b64"])
    return [_bytes(item) for item in value] if isinstance(value, list) else value
