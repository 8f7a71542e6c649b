"""The process: waitress with a bounded number of clients, which ends without haste.

waitress was chosen by trial among the servers that also run on Windows. cheroot,
granian and uvicorn give each slow body a thread, so a hundred of them stop the server.
hypercorn does not, and keeps any number of bodies in memory. waitress alone accepts
nobody while it has its number of clients, though they be silent, and drops unanswered
requests at SIGTERM. The class here changes that; `connections` changes the rest.
"""

import logging
import signal
import threading
import time
import warnings
from collections import Counter
from types import FrameType

from flask import Flask
from waitress.server import TcpWSGIServer

from . import create_app
from .config import Config
from .connections import Channel, client_of
from .jobs.access import is_own
from .room import Room

CONNECTIONS = 450  # on Windows, select() ends at 512
ACCEPTED_AT_ONCE = 50
HEADER_BYTES = 32_768
BODIES_BYTES = 500_000_000  # of all requests together, even those that wait
CLIENTS_SHARE = 4  # one client's bodies have a quarter of it
ROOM_SECONDS = 30  # that an upload waits for room at most; it costs nothing meanwhile
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
    trusted = is_own(host) and not config.proxies
    app = create_app(config, trusted=trusted)
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
    if config.jobs_folder and not trusted:
        print(f"Jobs need the token {app.config['ACCESS'].token}", flush=True)
    server.serve(stopping)
    if config.jobs_folder:
        app.config["JOBS"].stop()


class Server(TcpWSGIServer):
    """waitress with one thread for each request that paints or waits.

    Args:
        app: The application.
        config: Settings of the server.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        bodies_bytes: Bytes that the bodies of all requests may have together.
        message_seconds: Seconds for a client to send a request, or to take an answer.
        connections: Clients that may be connected.

    Attributes:
        uploads_wait: Whether an upload waits for room.
    """

    channel_class = Channel

    def __init__(
        self,
        app: Flask,
        config: Config,
        *,
        host: str,
        port: int,
        bodies_bytes: int = BODIES_BYTES,
        message_seconds: int = MESSAGE_SECONDS,
        connections: int = CONNECTIONS,
    ) -> None:
        self.uploads_wait = False
        self._connections = min(connections, _open_files() // 2)
        self._proxies = config.proxies
        largest = config.max_upload * 1_000_000
        self._room = Room(
            size=max(bodies_bytes, largest),
            share=max(bodies_bytes // CLIENTS_SHARE, largest),
            wait=ROOM_SECONDS,
        )
        super().__init__(
            app,
            host=host,
            port=port,
            threads=app.config["BACKEND"].size + config.queue + SPARE_THREADS,
            ident=None,
            clear_untrusted_proxy_headers=not config.proxies,
            # Above this, waitress accepts nobody. `handle_accept` makes room before.
            connection_limit=self._connections + ACCEPTED_AT_ONCE,
            channel_timeout=message_seconds,
            cleanup_interval=message_seconds // 12,
            # Reads on while a picture waits, which shows that its client has left.
            channel_request_lookahead=1,
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=largest + 1,
            recv_bytes=65536,
            inbuf_overflow=NEVER,
            outbuf_overflow=NEVER,
            outbuf_high_watermark=NEVER,
            asyncore_use_poll=True,  # select() ends at 1,024 files
        )

    def handle_accept(self) -> None:
        """Accept new clients; those who are silent make room for them."""
        for _ in range(ACCEPTED_AT_ONCE // 2):
            number = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == number:
                break
            if number >= self._connections:
                self._drop_one()

    def client_behind(self, headers: dict[str, str]) -> str | None:
        """Return the client that the trusted proxies name; None without any."""
        addresses = headers.get("X_FORWARDED_FOR", "").split(",")
        if not self._proxies or len(addresses) < self._proxies:
            return None
        return client_of(addresses[-self._proxies])

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
        seconds = min(seconds, 0.1) if self.uploads_wait else seconds
        use_poll = self.adj.asyncore_use_poll
        self.asyncore.loop(seconds, use_poll=use_poll, map=self._map, count=1)
        if self.uploads_wait:
            channels = list(self.active_channels.values())
            uploads = [upload for channel in channels for upload in channel.uploads()]
            self._room.arrange(uploads)
            self.uploads_wait = any(upload.waits for upload in uploads)

    def _drop_one(self) -> None:
        """Close the most dispensable connection.

        That is one with nothing being painted, of the client with most connections, and
        of these the one that has been silent for longest.
        """
        channels = self.active_channels.values()
        numbers = Counter(channel.client for channel in channels)
        silent = [channel for channel in channels if not channel.requests]
        if silent:
            max(silent, key=lambda c: (numbers[c.client], -c.heard)).drop()


def _open_files() -> int:
    """Return how many files and connections this process may have open."""
    try:
        import resource
    except ImportError:  # Windows
        return 2 * CONNECTIONS
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 2 * CONNECTIONS if limit == resource.RLIM_INFINITY else limit
