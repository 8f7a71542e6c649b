"""waitress with the limits that a public server needs.

By default waitress writes bodies above 512 kB to disk, lets a client send one byte at a
time for ever, accepts any number of large bodies at once, and drops unanswered requests
at SIGTERM. The classes here change that. They subclass waitress' internals, so setup.py
bounds its version.
"""

import json
import logging
import signal
import threading
import time
import warnings
from types import FrameType
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask
from waitress.utilities import BadRequest, Error

from . import create_app, errors
from .config import Config

CONNECTIONS = 500
HEADER_BYTES = 32_768
BODIES_BYTES = 500_000_000  # of all requests together, even those that wait
MESSAGE_SECONDS = 60  # for a client to send a request, or to take an answer
DRAIN_SECONDS = 25  # Kubernetes kills after 30
SPARE_THREADS = 4  # for health and styles, beside the requests that paint or wait
NEVER = 1 << 40  # bytes; waitress writes to disk, or blocks a thread, above this

log = logging.getLogger("serve")


def run(config: Config, *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then answer the requests that have begun.

    Args:
        config: Settings of the server.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.

    Raises:
        OSError: The address is taken, or the model cannot be opened.
        ValueError: The model or the backend's address is invalid.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)
    warnings.simplefilter("ignore")  # Pillow's, on odd files; real errors are answered
    app = create_app(config)
    try:
        server = Server(app, config, host=host, port=port)
    except OSError as error:
        raise OSError(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()
        server.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    name = server.effective_host
    name = f"[{name}]" if ":" in name else name
    print(f"http://{name}:{server.effective_port}", flush=True)
    server.serve(stopping)


class _JsonError(Error):
    """An error of waitress in the form of the application's own errors."""

    def __init__(self, error: Error, max_upload: int) -> None:
        super().__init__(error.body)
        self.code, self.reason = error.code, error.reason
        if self.code == 501:
            # An unknown Transfer-Encoding is the request's fault, not the server's.
            self.code, self.reason = BadRequest.code, BadRequest.reason
        self.text = f"{self.reason}: {self.body}"
        if self.code == 413:
            self.text = errors.request_too_large(max_upload)

    def to_response(self, ident: str | None = None) -> tuple[str, list, bytes]:
        headers = [("Content-Type", "application/json"), *errors.HEADERS.items()]
        if self.code == 503:
            headers.append(("Retry-After", errors.RETRY_AFTER))
        body = json.dumps({"error": self.text}).encode()
        return f"{self.code} {self.reason}", headers, body


class _TooManyUploads(Error):
    code = 503
    reason = "Service Unavailable"


class _ErrorTask(ErrorTask):
    def execute(self) -> None:
        limit = self.channel.adj.max_request_body_size // 1_000_000
        self.request.error = _JsonError(self.request.error, limit)
        super().execute()


class _Parser(HTTPRequestParser):
    """A parser that refuses a body for which there is no room in memory."""

    def __init__(self, adj: Any, server: "Server") -> None:
        super().__init__(adj)
        self._server = server

    def received(self, data: bytes) -> int:
        try:
            consumed = super().received(data)
        except ValueError:  # urllib raises it for some addresses
            self.error, self.completed = BadRequest("Bad URI"), True
            return len(data)
        if not self.completed and self._server.is_full():
            error = _TooManyUploads("Too many uploads. Try again.")
            self.error, self.completed = error, True
        return consumed

    def body_bytes(self) -> int:
        """Return the body's size: what has come, or what is announced."""
        return max(self.content_length, self.body_bytes_received)


class _Channel(HTTPChannel):
    """A channel that times a message from its start, not from its latest byte."""

    error_task_class = _ErrorTask
    last_activity: float

    def __init__(self, server: "Server", *args: Any, **kwargs: Any) -> None:
        self.parser_class = lambda adj: _Parser(adj, server)
        super().__init__(server, *args, **kwargs)

    def handle_read(self) -> None:
        start = self.last_activity if self.request else None
        super().handle_read()
        if start and self.request:
            self.last_activity = start

    def handle_write(self) -> None:
        start = self.last_activity
        super().handle_write()
        if self.total_outbufs_len:
            self.last_activity = start

    def body_bytes(self) -> int:
        """Return the size of the bodies of this channel's requests."""
        requests = [*self.requests, *filter(None, [self.request])]
        return sum(request.body_bytes() for request in requests)

    def is_idle(self) -> bool:
        """Return whether nothing is being received, painted or sent."""
        return not (self.request or self.requests or self.total_outbufs_len)


class Server(TcpWSGIServer):
    """waitress with one thread for each request that paints or waits.

    Args:
        app: The application.
        config: Settings of the server.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        bodies_bytes: Bytes that the bodies of all requests may have together.
        message_seconds: Seconds for a client to send a request, or to take an answer.
    """

    channel_class = _Channel

    def __init__(
        self,
        app: Flask,
        config: Config,
        *,
        host: str,
        port: int,
        bodies_bytes: int = BODIES_BYTES,
        message_seconds: int = MESSAGE_SECONDS,
    ) -> None:
        self._bodies_bytes = bodies_bytes
        super().__init__(
            app,
            host=host,
            port=port,
            threads=app.config["BACKEND"].size + config.queue + SPARE_THREADS,
            ident=None,
            connection_limit=CONNECTIONS,
            channel_timeout=message_seconds,
            cleanup_interval=message_seconds // 12,
            # Reads on while a picture waits, which shows that its client has left.
            channel_request_lookahead=1,
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=config.max_upload * 1_000_000 + 1,
            recv_bytes=65536,
            inbuf_overflow=NEVER,
            outbuf_overflow=NEVER,
            outbuf_high_watermark=NEVER,
            asyncore_use_poll=True,  # select() ends at 1,024 files
        )

    def body_bytes(self) -> int:
        """Return the size of the bodies of all requests that are not answered yet."""
        return sum(channel.body_bytes() for channel in self.active_channels.values())

    def is_full(self) -> bool:
        """Return whether the bodies take more memory than they may."""
        return self.body_bytes() > self._bodies_bytes

    def serve(self, stopping: threading.Event) -> None:
        """Serve until the event is set and `pull_trigger` is called; then drain."""
        while not stopping.is_set():
            self._poll(1.0)
        log.info("Stopping: no new connections; requests that have begun are answered.")
        self.asyncore.dispatcher.close(self)
        deadline = time.monotonic() + DRAIN_SECONDS
        while self.active_channels and time.monotonic() < deadline:
            for channel in list(self.active_channels.values()):
                if channel.is_idle():
                    channel.handle_close()
            self._poll(0.1)
        self.task_dispatcher.shutdown(timeout=1)

    def _poll(self, seconds: float) -> None:
        use_poll = self.adj.asyncore_use_poll
        self.asyncore.loop(seconds, use_poll=use_poll, map=self._map, count=1)
