"""Lambda's Runtime API, the four documented routes by which a runtime takes events and gives back what came of them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import web

_PREFIX = "/2018-06-01/runtime"
_LARGEST = 7 << 20
_ARN = "arn:aws:lambda:us-east-1:123456789012:function:companion"


class Failed(Exception):
    """What the invoker of a function is told instead of an answer: the error's type, its message, its trace."""

    def __init__(self, kind: str, message: str, trace: tuple[str, ...] = ()) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.trace = trace


@dataclass(frozen=True)
class _Invocation:
    """An event on its way to the runtime, and the answer on its way back."""

    event: bytes
    deadline: float
    answer: asyncio.Future[object]
    id: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class RuntimeApi:
    """One execution environment's side of the API; *waiting* is set while the runtime asks for the next event."""

    address: str = ""
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    broken: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _events: asyncio.Queue[_Invocation] = field(default_factory=asyncio.Queue)
    _running: dict[str, _Invocation] = field(default_factory=dict)

    def give(self, event: object, within: float) -> asyncio.Future[object]:
        """Give *event* to the runtime; return what will be the handler's answer, or raise `Failed`."""
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._events.put_nowait(_Invocation(json.dumps(event).encode(), time.time() + within, answer))
        return answer

    async def next(self, _: web.Request) -> web.Response:
        """Hand out the next event."""
        self.waiting.set()
        invocation = await self._events.get()
        self.waiting.clear()
        self._running[invocation.id] = invocation
        told = {
            "Lambda-Runtime-Aws-Request-Id": invocation.id,
            "Lambda-Runtime-Deadline-Ms": str(int(invocation.deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": _ARN,
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0",
        }
        return web.Response(body=invocation.event, headers=told, content_type="application/json")

    async def response(self, request: web.Request) -> web.Response:
        """Take a handler's answer."""
        answer = json.loads(await request.read() or b"null")
        self._running.pop(request.match_info["id"]).answer.set_result(answer)
        return _accepted()

    async def error(self, request: web.Request) -> web.Response:
        """Take a handler's exception."""
        self._running.pop(request.match_info["id"]).answer.set_exception(_failure(await request.json()))
        return _accepted()

    async def init_error(self, request: web.Request) -> web.Response:
        """Take the exception that importing the handler raised."""
        self.broken.set_exception(_failure(await request.json()))
        return _accepted()


@asynccontextmanager
async def serving() -> AsyncIterator[RuntimeApi]:
    """Serve the API to one runtime on a free port of the loopback."""
    api = RuntimeApi()
    app = web.Application(client_max_size=_LARGEST)
    app.add_routes(
        [
            web.get(f"{_PREFIX}/invocation/next", api.next),
            web.post(f"{_PREFIX}/invocation/{{id}}/response", api.response),
            web.post(f"{_PREFIX}/invocation/{{id}}/error", api.error),
            web.post(f"{_PREFIX}/init/error", api.init_error),
        ]
    )
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.address = f"127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        await runner.cleanup()


def _failure(said: dict[str, object]) -> Failed:
    trace = said.get("stackTrace")
    lines = tuple(map(str, trace)) if isinstance(trace, list) else ()
    return Failed(str(said.get("errorType")), str(said.get("errorMessage")), lines)


def _accepted() -> web.Response:
    return web.json_response({"status": "OK"}, status=202)
