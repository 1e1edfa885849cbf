"""Puts an answer on the wire, piece by piece, and cuts the wire where a fault says so."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator

from aiohttp import web

from tests.parts.wire.call import Call
from tests.parts.wire.faults import Reset
from tests.parts.wire.reply import Reply

_AT_ONCE = struct.pack("ii", 1, 0)


async def send(request: web.Request, call: Call, reply: Reply) -> web.StreamResponse:
    """Send *reply*; note at the *call* if its caller leaves before the end."""
    if isinstance(reply.body, bytes):
        return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.headers.popall("Content-Length", None)
    response.enable_chunked_encoding()
    try:
        await response.prepare(request)
        await _write(response, reply.body)
    except Reset:
        return hang_up(request)
    except (asyncio.CancelledError, ConnectionResetError):
        call.left.set()
        raise
    return response


def hang_up(request: web.Request) -> web.StreamResponse:
    """Reset the connection: whoever waits for an answer learns at once that there is none."""
    if request.transport:
        request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        request.transport.abort()
    return web.Response()


async def _write(response: web.StreamResponse, pieces: AsyncIterator[bytes]) -> None:
    async for piece in pieces:
        if piece:
            await response.write(piece)
    await response.write_eof()
