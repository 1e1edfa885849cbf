"""API Gateway's WebSocket API in front of functions: a client's frames become their events, what is posted its frames.

Frames are handed on side by side, as the service does: it promises no order. What a function answers to a frame goes
nowhere, for there are no route responses; that it failed, the client is told in the service's own words.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from aiohttp import WSMsgType, web
from multidict import CIMultiDict

from tests.parts.events import event
from tests.parts.runtime_api import Failed
from tests.parts.wire.connections import Connections

_LARGEST_FRAME = 32 << 10
_KEY = "x-api-key"


class Invoked(Protocol):
    """A function as this service calls it."""

    async def invoke(self, event: object) -> object:
        """Return the answer to *event*; raise `Failed`."""


@dataclass(frozen=True)
class Api:
    """A WebSocket API: who lets in, and which function takes which route (`$connect`, `send`, `$default`, ...).

    *domain* is the one that functions are told; they post to what listens there, and *connections* hears of it. A
    frame's field *selects* its route. Who connects brings the *key*, if there is one.
    """

    authorizer: Invoked
    routes: Mapping[str, Invoked]
    connections: Connections
    domain: str
    arn: str = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
    selects: str = "action"
    key: str = ""

    async def connect(self, request: web.Request, added: Mapping[str, str] | None = None) -> web.StreamResponse:
        """Let a client in or refuse it; then hand its frames on until it leaves.

        *added* are headers that whoever stands before this adds to the client's.
        """
        client = _Client(self, CIMultiDict([*request.headers.items(), *(added or {}).items()]))
        if self.key and client.headers.get(_KEY) != self.key:
            return web.Response(status=403)
        try:
            await client.authorize()
            answer = await client.invoke("$connect", client.event("connect"))
        except Failed as failed:
            status = 401 if failed.message == "Unauthorized" else 500
            return web.Response(status=status)
        except PermissionError:
            return web.Response(status=403)
        if answer["statusCode"] != web.HTTPOk.status_code:
            return web.Response(status=answer["statusCode"])
        spoken = answer.get("headers", {}).get("Sec-WebSocket-Protocol")
        socket = web.WebSocketResponse(protocols=[spoken] if spoken else [])
        await socket.prepare(request)
        await client.listen(socket)
        return socket


@dataclass
class _Client:
    """Somebody who connects, and what the authorizer said of them."""

    api: Api
    headers: CIMultiDict[str]
    connection: str = field(default_factory=lambda: f"{uuid4().hex[:14]}=")
    context: Mapping[str, Any] = field(default_factory=dict)

    async def authorize(self) -> None:
        """Ask who it is; raise `PermissionError` unless the policy that is answered allows."""
        asked = {**self.event("authorize"), "methodArn": f"{self.api.arn}/{self.api.connections.stage}/$connect"}
        answer: Any = await self.api.authorizer.invoke(asked)
        if {statement["Effect"] for statement in answer["policyDocument"]["Statement"]} != {"Allow"}:
            raise PermissionError
        context = {name: str(value) for name, value in answer.get("context", {}).items()}
        self.context = {**context, "principalId": answer["principalId"], "integrationLatency": 12}

    async def listen(self, socket: web.WebSocketResponse) -> None:
        """Hand on the frames that come over *socket* until it is closed."""
        self.api.connections.open(self.connection, socket)
        try:
            async with asyncio.TaskGroup() as frames:
                async for message in socket:
                    if refused := _refused(message.type, message.data):
                        await socket.close(code=refused)
                        break
                    frames.create_task(self._frame(socket, message.data))
        finally:
            self.api.connections.close(self.connection)
            left = self.event("disconnect", disconnectStatusCode=socket.close_code or 1006)
            with suppress(Failed):
                await self.invoke("$disconnect", left)

    async def _frame(self, socket: web.WebSocketResponse, body: str) -> None:
        route = self._route(body)
        if route not in self.api.routes:
            await self._complain(socket, "Forbidden")
            return
        told = self.event("message", routeKey=route, messageId=f"{uuid4().hex[:14]}=")
        try:
            await self.invoke(route, {**told, "body": body})
        except Failed:
            await self._complain(socket, "Internal server error")

    async def _complain(self, socket: web.WebSocketResponse, message: str) -> None:
        told = {"message": message, "connectionId": self.connection, "requestId": uuid4().hex}
        with suppress(ConnectionError):  # Who left meanwhile is told nothing.
            await socket.send_json(told)

    def _route(self, body: str) -> str:
        """Return the route that the frame selects."""
        try:
            action = str(json.loads(body)[self.api.selects])
        except (ValueError, KeyError, TypeError):
            return "$default"
        return action if action in self.api.routes and not action.startswith("$") else "$default"

    async def invoke(self, route: str, told: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Return what the function of *route* answers."""
        return await self.api.routes[route].invoke(told)

    def event(self, name: str, **more: object) -> dict[str, Any]:
        """Return the event *name* of this client, with *more* in its context."""
        told = event(name)
        said = {"connectionId": self.connection, "domainName": self.api.domain, "stage": self.api.connections.stage}
        ids = {"apiId": self.api.arn.rpartition(":")[2], "requestId": uuid4().hex}
        told["requestContext"] |= {**said, **ids, **more}
        told["requestContext"].pop("authorizer", None)
        if self.context:
            told["requestContext"]["authorizer"] = dict(self.context)
        if name in {"authorize", "connect"}:
            told["headers"] = dict(self.headers)
            told["multiValueHeaders"] = {key: self.headers.getall(key) for key in self.headers}
        return told


@asynccontextmanager
async def serving(api: Api) -> AsyncIterator[str]:
    """Serve *api* on a free port of the loopback; yield the URL that clients connect to."""
    app = web.Application()
    app.router.add_get(f"/{api.connections.stage}", api.connect)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/{api.connections.stage}"
    finally:
        await runner.cleanup()


def _refused(kind: WSMsgType, data: str) -> int:
    """Return the code that the service closes with: it takes no bytes, and no frame above 32 KB."""
    if kind is not WSMsgType.TEXT:
        return 1003
    return 1009 if len(data.encode()) > _LARGEST_FRAME else 0
