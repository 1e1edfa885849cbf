"""The socket: frames of a verified user to the desk, and whatever is posted to their connection back."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from aiohttp import WSMsgType, web

from runtime.adapters.local.connections import SocketConnections
from runtime.admission.caller import Caller
from runtime.admission.desk import Desk
from runtime.errors import Gone, Refused
from runtime.protocol.client import TRANSPORT_BYTES
from runtime.protocol.server import SUBPROTOCOL
from runtime.server.guard import Guard

_log = logging.getLogger(__name__)
_HEARTBEAT = 30.0
_BINARY_REFUSED = 1003


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
        # Compression would cost 160 KB a session; frames are small.
        socket = web.WebSocketResponse(
            protocols=(SUBPROTOCOL,), max_msg_size=TRANSPORT_BYTES, compress=False, heartbeat=_HEARTBEAT
        )
        await socket.prepare(request)
        with self._connections.opened(socket, cast("asyncio.Transport", request.transport)) as name:
            _log.info("socket.opened", extra={"connection": name})
            await self._converse(socket, Caller(identity, name))
        _log.info("socket.closed", extra={"connection": name, "code": socket.close_code})
        return socket

    async def _converse(self, socket: web.WebSocketResponse, caller: Caller) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                await socket.close(code=_BINARY_REFUSED, message=b"text frames only")
                return
            reply = await self._desk.handle(caller, message.data.encode("utf-8", "surrogatepass"))
            try:
                for frame in reply.frames:
                    await self._connections.post(caller.connection, frame)
            except Gone:
                return
            if reply.closing:
                await socket.close(message=b"expired")
                return
