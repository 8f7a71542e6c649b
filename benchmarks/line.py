"""A line between a browser and a server that counts its bytes, and may be slow."""

import asyncio
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

CHUNK = 16_384  # bytes that are read at once


class Line:
    """Passes connections on to a server while its `with` block runs.

    Args:
        url: The server's address.
        rate: Bytes a second in each direction; None is as fast as it goes.

    Attributes:
        url: The address to open instead.
        up: Bytes that went to the server so far.
        down: Bytes that came from it so far.
    """

    def __init__(self, url: str, rate: float | None = None) -> None:
        self._server, self._rate = urlsplit(url), rate
        self.up = self.down = 0
        self._free = {"up": 0.0, "down": 0.0}  # when a direction is free again
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        coming = asyncio.start_server(self._connect, "127.0.0.1", 0)
        self._listener = asyncio.run_coroutine_threadsafe(coming, self._loop).result()
        port = self._listener.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *exception: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._listener.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        address = self._server.hostname, self._server.port
        try:
            from_server, to_server = await asyncio.open_connection(*address)
        except OSError:
            writer.close()
            return
        ways = (reader, to_server, "up"), (from_server, writer, "down")
        with suppress(asyncio.CancelledError):  # the line is closed
            await asyncio.gather(*(self._pass_on(*way) for way in ways))

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str
    ) -> None:
        try:
            while data := await reader.read(CHUNK):
                await self._wait(way, len(data))
                setattr(self, way, getattr(self, way) + len(data))
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # one side has left
        finally:
            writer.close()

    async def _wait(self, way: str, number: int) -> None:
        """Wait as long as the line takes for a number of bytes."""
        if self._rate is None:
            return
        now = self._loop.time()
        self._free[way] = max(self._free[way], now) + number / self._rate
        await asyncio.sleep(self._free[way] - now)
