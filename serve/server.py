"""waitress, held to what a server near the internet needs.

Its defaults write bodies above 512 kB to disk, let a client send for ever a byte at a
time, take any number of large bodies at once, and drop what is under way at SIGTERM.
"""

import json
import logging
import signal
import threading
import time
import warnings

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask
from waitress.utilities import BadRequest, Error

from . import create_app, errors
from .config import Config

CONNECTIONS = 500
HEADER_BYTES = 32_768
BODIES_BYTES = 500_000_000  # of all requests together, those that wait included
MESSAGE_SECONDS = 60  # for a client to send a request, or to take an answer
DRAIN_SECONDS = 25  # Kubernetes kills after 30
SPARE_THREADS = 4  # beyond those that wait for their turn: health, styles
NEVER = 1 << 40  # bytes; what would go to disk, or block a thread, above this

log = logging.getLogger("serve")


def run(config: Config, *, host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT, then answers what is under way."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    warnings.simplefilter("ignore")  # Pillow's remarks on odd files; errors are told
    app = create_app(config)
    try:
        server = Server(app, config, host=host, port=port)
    except OSError as error:
        raise OSError(f"Cannot listen at {host}:{port}: {error.strerror}.") from error
    stopping = threading.Event()

    def stop(_signal, _frame):
        stopping.set()
        server.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    name = server.effective_host
    name = f"[{name}]" if ":" in name else name
    print(f"http://{name}:{server.effective_port}", flush=True)
    server.serve(stopping)


class _Refused(Error):
    """One of waitress' errors, said as the application says its own."""

    def __init__(self, error: Error, max_upload: int) -> None:
        super().__init__(error.body)
        self.code, self.reason = error.code, error.reason
        if self.code == 501:
            # An unknown Transfer-Encoding: the request is at fault here, too.
            self.code, self.reason = BadRequest.code, BadRequest.reason
        self.text = f"{self.reason}: {self.body}"
        if self.code == 413:
            self.text = errors.too_long(max_upload)

    def to_response(self, ident=None):
        headers = [("Content-Type", "application/json"), *errors.HEADERS.items()]
        if self.code == 503:
            headers.append(("Retry-After", errors.RETRY_AFTER))
        body = json.dumps({"error": self.text}).encode()
        return f"{self.code} {self.reason}", headers, body


class _TooMuch(Error):
    code = 503
    reason = "Service Unavailable"


class _ErrorTask(ErrorTask):
    def execute(self):
        limit = self.channel.adj.max_request_body_size // 1_000_000
        self.request.error = _Refused(self.request.error, limit)
        super().execute()


class _Parser(HTTPRequestParser):
    """Refuses a body for which there is no room."""

    def __init__(self, adj, server):
        super().__init__(adj)
        self._server = server

    def received(self, data):
        try:
            consumed = super().received(data)
        except ValueError:  # of urllib, for some addresses
            self.error, self.completed = BadRequest("Bad URI"), True
            return len(data)
        if not self.completed and self._server.body_bytes() > BODIES_BYTES:
            self.error, self.completed = _TooMuch("Too many uploads. Try again."), True
        return consumed

    def body_bytes(self) -> int:
        """What the body takes, or will."""
        return max(self.content_length, self.body_bytes_received)


class _Channel(HTTPChannel):
    """Counts a message's time from its start, where waitress' starts at each byte."""

    error_task_class = _ErrorTask

    def __init__(self, server, *args, **kwargs):
        self.parser_class = lambda adj: _Parser(adj, server)
        super().__init__(server, *args, **kwargs)

    def handle_read(self):
        began = self.last_activity if self.request else None
        super().handle_read()
        if began and self.request:
            self.last_activity = began

    def handle_write(self):
        began = self.last_activity
        super().handle_write()
        if self.total_outbufs_len:
            self.last_activity = began

    def body_bytes(self) -> int:
        """What the requests it received, or receives, take."""
        requests = [*self.requests, *filter(None, [self.request])]
        return sum(request.body_bytes() for request in requests)

    def is_idle(self) -> bool:
        """Whether nothing is received, painted or sent."""
        return not (self.request or self.requests or self.total_outbufs_len)


class Server(TcpWSGIServer):
    """waitress with one thread for each request that is painted or waits."""

    channel_class = _Channel

    def __init__(self, app, config: Config, *, host: str, port: int) -> None:
        backend = app.config["BACKEND"]
        super().__init__(
            app,
            host=host,
            port=port,
            threads=backend.size + config.queue + SPARE_THREADS,
            ident=None,
            connection_limit=CONNECTIONS,
            channel_timeout=MESSAGE_SECONDS,
            cleanup_interval=5,
            # So that a client's leaving is seen while its picture waits.
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
        """What all requests take that are received, wait or are painted."""
        return sum(channel.body_bytes() for channel in self.active_channels.values())

    def serve(self, stopping: threading.Event) -> None:
        """Serves until the event is set and `pull_trigger` called; then drains."""
        while not stopping.is_set():
            self._turn(1.0)
        log.info("stopping: no new connections, the requests under way are answered")
        self.asyncore.dispatcher.close(self)
        deadline = time.monotonic() + DRAIN_SECONDS
        while self.active_channels and time.monotonic() < deadline:
            for channel in list(self.active_channels.values()):
                if channel.is_idle():
                    channel.handle_close()
            self._turn(0.1)
        self.task_dispatcher.shutdown(timeout=1)

    def _turn(self, seconds: float) -> None:
        poll = self.adj.asyncore_use_poll
        self.asyncore.loop(seconds, use_poll=poll, map=self._map, count=1)
