"""waitress' connections, with the limits that a public server needs.

By default waitress writes bodies above 512 kB to disk, lets a client send one byte at a
time for ever, accepts any number of large bodies at once, and cuts off a client that
sends on after an error, which then may not see it. The classes here change that. They
subclass waitress' internals, so setup.py bounds its version.
"""

import ipaddress
import json
import math
import socket
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask
from waitress.utilities import BadRequest, Error

from . import errors
from .room import FREE_BYTES, Upload


class JsonError(Error):
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


class NoRoom(Error):
    """There is no room for the upload."""

    code = 503
    reason = "Service Unavailable"


class JsonErrorTask(ErrorTask):
    """Answers with an error, after which the client may still be sending."""

    def execute(self) -> None:
        limit = self.channel.adj.max_request_body_size // 1_000_000
        self.request.error = JsonError(self.request.error, limit)
        self.channel.lingers = True
        super().execute()


class Parser(HTTPRequestParser):
    """A parser that knows its body as an upload."""

    upload: Upload | None = None

    def received(self, data: bytes) -> int:
        try:
            consumed = super().received(data)
        except ValueError:  # urllib raises it for some addresses
            self.error, self.completed = BadRequest("Bad URI"), True
            return len(data)
        if self.completed:
            # A "100 Continue" would call for a body that is refused, or that is none.
            self.expect_continue = False
        if self.upload:
            self.upload.received = self.body_bytes_received
            self.upload.complete = self.completed
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.version == "1.1" and "HOST" not in self.headers:
            raise ParsingError("A request of HTTP/1.1 needs a Host header")
        if "," in self.headers.get("HOST", ""):  # as waitress joins several
            raise ParsingError("A request has one Host header")
        # Servers that read these two differently can be made to mix up requests.
        chunked = self.chunked or "TRANSFER_ENCODING" in self.headers
        if chunked and (self.version != "1.1" or "CONTENT_LENGTH" in self.headers):
            raise ParsingError("Transfer-Encoding needs HTTP/1.1 and no Content-Length")

    def fail(self, error: Error) -> None:
        """End the request with an error and drop what has come of its body."""
        self.error, self.completed, self.upload = error, True, None
        self.expect_continue = False
        self.close()


class Channel(HTTPChannel):
    """A connection.

    It times a message from its start, not from its latest byte. It reads no more of an
    upload that has to wait for room. After an error it lets the client finish sending.
    """

    error_task_class = JsonErrorTask
    parser_class = Parser
    request: Parser | None
    last_activity: float
    lingers = False  # whether to drain before closing
    _drains = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.heard = time.monotonic()  # when its client sent or took something
        super().__init__(*args, **kwargs)
        self.client = client_of(self.addr[0])

    def uploads(self) -> list[Upload]:
        """Return the bodies of this connection's requests."""
        requests = [*self.requests, self.request]
        return [request.upload for request in requests if request and request.upload]

    def is_idle(self) -> bool:
        """Return whether nothing is being received, painted or sent."""
        return not (self.request or self.requests or self.total_outbufs_len)

    def readable(self) -> bool:
        upload = self.request and self.request.upload
        if upload and upload.waits:
            self.last_activity = time.time()  # the wait is no fault of the client
            return False
        return self._drains or super().readable()

    def handle_read(self) -> None:
        self.heard = time.monotonic()
        if self._drains:
            self.recv(self.adj.recv_bytes)  # closes this channel at the end
            return
        start = self.last_activity if self.request else None
        super().handle_read()
        if self.request:
            self.last_activity = start or self.last_activity
            self._ask_for_room(self.request)

    def handle_write(self) -> None:
        start, unsent = self.last_activity, self.total_outbufs_len
        super().handle_write()
        if self.total_outbufs_len:
            self.last_activity = start
        if self.total_outbufs_len < unsent:
            self.heard = time.monotonic()

    def handle_close(self) -> None:
        """Close, or first read what the client still sends, for a message's time.

        Data that nobody reads makes the system reset the connection, and then the
        client may lose the answer.
        """
        ended = self.lingers and not self._drains and not self.total_outbufs_len
        if ended and self.socket:
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            else:
                self._drains, self.will_close = True, False
                self.last_activity = time.time()
                return
        super().handle_close()

    def drop(self) -> None:
        """Close at once."""
        self.lingers = False
        self.handle_close()

    def _ask_for_room(self, request: Parser) -> None:
        if not request.upload and request.headers_finished:
            size = self.adj.max_request_body_size - 1
            if not request.chunked:
                size = request.content_length
            client = self.server.client_behind(request.headers) or self.client
            received = request.body_bytes_received
            request.upload = Upload(client, size, self._refuse, received)
        upload = request.upload
        if upload and upload.asked == math.inf and upload.received > FREE_BYTES:
            upload.asked = self.heard
            self.server.uploads_wait = True

    def _refuse(self, text: str) -> None:
        with self.requests_lock:
            request, self.request = self.request, None
            if not request:
                return
            request.fail(NoRoom(text))
            self.requests.append(request)
            if len(self.requests) == 1:
                self.server.add_task(self)


def client_of(address: str) -> str:
    """Return by what a client is known: of IPv6, everyone has 2^64 addresses.

    Args:
        address: Some proxies add a port, as in 192.0.2.1:5678 and [2001:db8::1]:5678.
    """
    bare = address.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        known = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if not known.ipv4_mapped:
            return str(ipaddress.ip_network((known, 64), strict=False))
        known = known.ipv4_mapped
    return str(known)
