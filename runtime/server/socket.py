"""The socket: frames of a verified user to the desk, and whatever is posted to their connection back."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from aiohttp import WSCloseCode, WSMsgType, web

from runtime.adapters.local.connections import SocketConnections
from runtime.admission.caller import Caller
from runtime.admission.desk import Desk
from runtime.errors import Gone, Refused
from runtime.protocol.client import TRANSPORT_BYTES
from runtime.protocol.server import SUBPROTOCOL
from runtime.server.guard import Guard

_log = logging.getLogger(__name__)
_HEARTBEAT = 30.0
_CLOSING_SECONDS = 2.0


class Socket:
    """Serves `/ws`."""

    def __init__(self, desk: Desk, connections: SocketConnections, guard: Guard) -> None:
        """Answer by *desk*."""
        self._desk, self._connections, self._guard = desk, connections, guard

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak the protocol until the client leaves."""
        try:
            identity = self._guard.identify(request)
        except Refused as refused:
            raise web.HTTPUnauthorized(text=f"{refused.message}\n") from None
        if not _offers(request, SUBPROTOCOL):
            # Left to the library, it would be a line in the log with all that was offered, the token too.
            raise web.HTTPBadRequest(text=f"No common protocol: offer the subprotocol {SUBPROTOCOL}.\n")
        socket = _socket()
        await socket.prepare(request)
        with self._connections.opened(socket, cast("asyncio.Transport", request.transport)) as name:
            _log.info("socket.opened", extra={"connection": name})
            await self._converse(socket, Caller(identity, name, _address(request)))
        _log.info("socket.closed", extra={"connection": name, "code": socket.close_code})
        return socket

    async def _converse(self, socket: web.WebSocketResponse[bool], caller: Caller) -> None:
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                await socket.close(code=WSCloseCode.UNSUPPORTED_DATA, message=b"text frames only")
            if message.type is not WSMsgType.TEXT:
                return
            reply = await self._desk.handle(caller, cast("bytes", message.data))
            try:
                for frame in reply.frames:
                    await self._connections.post(caller.connection, frame)
            except Gone:
                return
            if reply.closing:
                await socket.close(message=b"expired")
                return


def _socket() -> web.WebSocketResponse[bool]:
    """Make a socket that gives text as it came: what is no UTF-8 is a bad frame, not the end of the connection."""
    return web.WebSocketResponse(
        timeout=_CLOSING_SECONDS,
        heartbeat=_HEARTBEAT,
        protocols=(SUBPROTOCOL,),
        compress=False,  # It would cost 160 KB a session; frames are small.
        max_msg_size=TRANSPORT_BYTES + 1,  # The first size that is refused.
        writer_limit=0,  # Each frame waits for a reader who lags behind, not only each that fills another 256 KB.
        decode_text=False,
    )


def _address(request: web.Request) -> str:
    """Return what the client came by: a page behind a proxy knows the outer scheme, and says it in its origin."""
    secure = request.secure or request.headers.get("Origin", "").startswith("https:")
    return f"{'wss' if secure else 'ws'}://{request.host}"


def _offers(request: web.Request, subprotocol: str) -> bool:
    offered = request.headers.get("Sec-WebSocket-Protocol", "")
    return subprotocol in (part.strip() for part in offered.split(","))
