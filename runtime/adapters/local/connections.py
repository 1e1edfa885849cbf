"""The open sockets of this process, each bounded in memory: a reader that does not read is waited for, then cut."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import WSMsgType, web

from runtime.errors import Gone
from runtime.ports import Ids

_PATIENCE = 10.0


class SocketConnections:
    """Names sockets and posts to them.

    What waits for one reader is bounded by the transport's high-water mark and aiohttp's own buffer (64 KB each): past
    them a post waits, for *patience* seconds in all, and then the socket is cut.
    """

    def __init__(self, ids: Ids, patience: float = _PATIENCE) -> None:
        """Begin with none."""
        self._ids, self._patience = ids, patience
        self._sockets: dict[str, tuple[web.WebSocketResponse, asyncio.Transport]] = {}

    @contextmanager
    def opened(self, socket: web.WebSocketResponse, transport: asyncio.Transport) -> Iterator[str]:
        """Name *socket* for the length of the block."""
        name = self._ids.new()
        self._sockets[name] = socket, transport
        try:
            yield name
        finally:
            del self._sockets[name]

    async def post(self, connection: str, frame: bytes) -> None:
        """Send as a text frame."""
        socket, transport = self._sockets.get(connection, (None, None))
        if socket is None or transport is None or socket.closed:
            raise Gone("the connection is closed")
        try:
            async with asyncio.timeout(self._patience):
                await socket.send_frame(frame, WSMsgType.TEXT)
        except TimeoutError:
            transport.abort()
            raise Gone("the connection was cut: it did not read") from None
        except ConnectionError:
            raise Gone("the connection broke") from None

    async def close_all(self) -> None:
        """Say to every client that this process goes: they will come back to the next one."""
        for socket, _ in list(self._sockets.values()):
            await socket.close(code=1001, message=b"restarting")
