"""The open sockets of this process, each bounded in memory: a reader that does not read is waited for, then cut."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web

from runtime.errors import Gone
from runtime.ports import Ids

_FAREWELL = 1.0


@dataclass(frozen=True, slots=True)
class _Line:
    socket: web.WebSocketResponse[bool]
    transport: asyncio.Transport


class SocketConnections:
    """Names sockets and posts to them.

    What waits for one reader is bounded by the transport's high-water mark (64 KB) and a frame for each who posts: past
    it a post waits, for *patience* seconds in all, and then the socket is cut.
    """

    def __init__(self, ids: Ids, patience: float) -> None:
        """Begin with none."""
        self._ids, self._patience = ids, patience
        self._lines: dict[str, _Line] = {}
        self._sending: set[asyncio.Task[bool]] = set()

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
        sent = await (_sent(line, frame) if _read_by_now(line) else asyncio.shield(self._wait(line, frame)))
        if not sent:
            raise Gone("the connection broke, or was cut because nobody read")

    def _wait(self, line: _Line, frame: bytes) -> asyncio.Task[bool]:
        """Send *frame* at leisure, whatever becomes of who posted it.

        aiohttp lets all who wait for a socket share one future: who is cancelled there would cancel all the others,
        and whoever comes next.
        """
        task = asyncio.ensure_future(_sent(line, frame))
        cut = asyncio.get_running_loop().call_later(self._patience, line.transport.abort)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        task.add_done_callback(lambda _: cut.cancel())
        return task

    async def close_all(self) -> None:
        """Say to every client that this process goes: they will come back to the next one."""
        async with asyncio.TaskGroup() as tasks:
            for line in list(self._lines.values()):
                tasks.create_task(_close(line))

    def __repr__(self) -> str:
        return f"<SocketConnections: {len(self._lines)} open>"


def _read_by_now(line: _Line) -> bool:
    """Say whether so little is left to be sent that a frame more makes nobody wait."""
    low, _ = line.transport.get_write_buffer_limits()
    return line.transport.get_write_buffer_size() <= low


async def _sent(line: _Line, frame: bytes) -> bool:
    try:
        await line.socket.send_frame(frame, WSMsgType.TEXT)
    except ConnectionError:
        return False
    return not line.transport.is_closing()


async def _close(line: _Line) -> None:
    try:
        async with asyncio.timeout(_FAREWELL):
            await line.socket.close(code=WSCloseCode.GOING_AWAY, message=b"restarting")
    except TimeoutError:
        line.transport.abort()
