"""A real HTTP server that speaks OpenAI's chat completions, and breaks in every way it is told to.

An answer is a coroutine over one request; the server gives its answers in order and repeats the last.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp
from aiohttp import web

from runtime.adapters.openai.model import OpenAiModel

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
End = Literal["end", "reset", "silence"]


@dataclass
class ChatServer:
    """What was asked, over how many connections, and whether somebody left before an answer's end."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)
    left: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def serving(*answers: Answer) -> AsyncIterator[ChatServer]:
    """Serve *answers* on a free port of the loopback."""
    server = ChatServer()

    async def handle(request: web.Request) -> web.StreamResponse:
        server.requests.append(await request.json())
        server.headers.append(dict(request.headers))
        assert request.transport
        server.connections.add(request.transport.get_extra_info("peername"))
        try:
            return await answers[min(len(server.requests), len(answers)) - 1](request)
        except asyncio.CancelledError:
            server.left.set()
            raise

    app = web.Application()
    app.router.add_post("/v1/chat/completions", handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def asking(*answers: Answer, **settings: Any) -> AsyncIterator[tuple[OpenAiModel, ChatServer]]:  # noqa: ANN401
    """Serve *answers* and open a model on them."""
    async with serving(*answers) as server, aiohttp.ClientSession() as session:
        yield OpenAiModel(session, server.url, "tiny", **settings), server


def says(*pieces: str, **ending: Any) -> Answer:  # noqa: ANN401
    """Answer with *pieces*, as a well-behaved server does; *ending* as in `stream`."""
    return sends(stream(*pieces, **ending))


def sends(*parts: bytes, then: End = "end", kind: str = "text/event-stream") -> Answer:
    """Answer with *parts*, each sent by itself; *then* end, reset the connection, or fall silent."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": kind})
        await response.prepare(request)
        for part in parts:
            await response.write(part)
        await _finish(request, then)
        return response

    return answer


def refuses(status: int, body: str = "", **headers: str) -> Answer:
    """Answer with an HTTP error."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=body, headers=headers)

    return answer


def unless(name: str, body: str, answer: Answer) -> Answer:
    """Refuse requests that have a field *name*, else *answer*."""

    async def picky(request: web.Request) -> web.StreamResponse:
        return await (refuses(400, body)(request) if name in await request.json() else answer(request))

    return picky


async def hesitates(_: web.Request) -> web.StreamResponse:
    """Take the request and never begin to answer."""
    await asyncio.Event().wait()
    return web.StreamResponse()


def stream(
    *pieces: str, usage: tuple[int, int] | None = (7, 3), finish: str | None = "stop", done: bool = True
) -> bytes:
    """Return the whole stream that says *pieces*."""
    events = [chunk(role="assistant"), *(chunk(content=piece) for piece in pieces)]
    if finish:
        events.append(event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}))
    if usage:
        counted = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        events.append(event({"choices": [], "usage": counted}))
    return b"".join([*events, b"data: [DONE]\n\n" if done else b""])


def chunk(**delta: str | None) -> bytes:
    """Return the event of one delta."""
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return event({"id": "c", "object": "chat.completion.chunk", "choices": [choice], "usage": None})


def event(data: dict[str, Any]) -> bytes:
    """Return one server-sent event."""
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


def torn(data: bytes, size: int) -> Sequence[bytes]:
    """Cut *data* into parts of *size* bytes."""
    return [data[start : start + size] for start in range(0, len(data), size)]


async def _finish(request: web.Request, then: End) -> None:
    assert request.transport
    if then == "silence":
        await asyncio.Event().wait()
    if then == "reset":
        plug = request.transport.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
