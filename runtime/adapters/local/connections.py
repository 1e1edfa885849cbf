"""The open sockets of this process, each bounded in memory: a reader that does not read is waited for, then cut."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, WSMsgType, web

from runtime.errors import Gone
from runtime.ports import Ids

_FAREWELL = 1.0


@dataclass(frozen=True, slots=True)
class _Line:
    """One socket; *turn*: aiohttp lets all who wait share one future, so who is cancelled would cancel the others."""

    socket: web.WebSocketResponse[bool]
    transport: asyncio.Transport
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class SocketConnections:
    """Names sockets and posts to them.

    What waits for one reader is bounded by the transport's high-water mark and the socket's own limit (64 KB each):
    past them a post waits, for *patience* seconds in all, and then the socket is cut.
    """

    def __init__(self, ids: Ids, patience: float) -> None:
        """Begin with none."""
        self._ids, self._patience = ids, patience
        self._lines: dict[str, _Line] = {}

    @contextmanager
    def opened(self, socket: web.WebSocketResponse[bool], transport: asyncio.Transport) -> Iterator[str]:
        """Name *socket* for the length of the block."""
        name = self._ids.new()
        self._lines[name] = _Line(socket, transport)
        try:
            yield name
        finally:
            del self._lines[name]

    async def post(self, connection: str, frame: bytes) -> None:
        """Send as a text frame."""
        line = self._lines.get(connection)
        if line is None or line.socket.closed:
            raise Gone("the connection is closed")
        cut = asyncio.get_running_loop().call_later(self._patience, line.transport.abort)
        try:
            async with line.turn:
                await line.socket.send_frame(frame, WSMsgType.TEXT)
        except ConnectionError:
            raise Gone("the connection broke") from None
        finally:
            cut.cancel()
        if line.transport.is_closing():
            raise Gone("the connection was cut: it did not read")

    async def close_all(self) -> None:
        """Say to every client that this process goes: they will come back to the next one."""
        async with asyncio.TaskGroup() as tasks:
            for line in list(self._lines.values()):
                tasks.create_task(_close(line))

    def __repr__(self) -> str:
        return f"<SocketConnections: {len(self._lines)} open>"


async def _close(line: _Line) -> None:
    try:
        async with asyncio.timeout(_FAREWELL):
            await line.socket.close(code=WSCloseCode.GOING_AWAY, message=b"restarting")
    except TimeoutError:
        line.transport.abort()
