"""One address that speaks for several services: checks who signs, answers, fails on order, and keeps what was asked.

What no service of ours answers goes on to an upstream (moto, ElasticMQ, an OpenSearch node), so that faults can be
ordered for those as well.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import aiohttp
from aiohttp import web

from tests.parts.endpoint import Endpoint
from tests.parts.wire.call import Call, arguments, find
from tests.parts.wire.faults import Fault, Reset
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.reply import Handler, Reply, Service, refused
from tests.parts.wire.sending import hang_up, send
from tests.parts.wire.signature import Signature, Signed, check
from tests.parts.wire.upstream import forward

_LARGEST = 8 << 20


@dataclass
class _Ordered:
    """A fault that waits for its call: the one after *still* others of the operation *of* (empty: of any)."""

    fault: Fault
    still: int
    of: str


@dataclass
class Wire:
    """What was asked so far, and what is to fail."""

    handlers: Mapping[tuple[str, str], Handler]
    upstreams: Mapping[str, str]
    session: aiohttp.ClientSession
    now: Callable[[], datetime]
    endpoint: Endpoint = field(init=False)
    calls: list[Call] = field(default_factory=list)
    mistakes: list[AssertionError] = field(default_factory=list)
    _ordered: list[_Ordered] = field(default_factory=list)

    def fail(self, fault: Fault, at: int = 0, of: str = "") -> None:
        """Let the call at position *at* from now, among those of the operation *of* (default: among all), fail."""
        self._ordered.append(_Ordered(fault, at, of))

    def of(self, operation: str) -> list[Call]:
        """Return the calls of one operation."""
        return [call for call in self.calls if call.operation == operation]

    def connections(self, service: str) -> int:
        """Return over how many connections *service* was called."""
        return len({call.connection for call in self.calls if call.service == service})

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        body = await request.read()
        call = Call("", "", {}, request.raw_path, request.headers, body, _connection(request))
        try:
            signature = Signature.read(request.headers.get("Authorization", ""))
            call = self._identified(call, signature.service, request)
            signed = Signed(request.method, self.endpoint.url + request.raw_path, request.headers, body)
            check(signed, signature, self.endpoint, self.now())
            self.calls.append(call)
            reply = await self._carried_out(call, request)
        except Refusal as refusal:
            reply = refused(call, refusal)
        except Reset:
            return hang_up(request)
        except AssertionError as mistake:
            self.mistakes.append(mistake)
            return hang_up(request)
        return await send(request, call, reply)

    def _identified(self, call: Call, signing_name: str, request: web.Request) -> Call:
        path, _, query = request.raw_path.partition("?")
        service, operation, found = find(signing_name, request.method, path, request.headers.get("X-Amz-Target", ""))
        given = arguments(service, operation, found, query, call.body)
        return replace(call, service=service, operation=operation, arguments=given)

    async def _carried_out(self, call: Call, request: web.Request) -> Reply:
        async def answer() -> Reply:
            handler = self.handlers.get((call.service, call.operation))
            if handler is None and call.service in self.upstreams:
                return await forward(self.session, request, call.body, self.upstreams[call.service])
            assert handler, f"nobody answers {call.service}'s {call.operation}"
            return await handler(call)

        fault = self._due(call)
        return await (fault(call, answer) if fault else answer())

    def _due(self, call: Call) -> Fault | None:
        waiting = [ordered for ordered in self._ordered if ordered.of in {"", call.operation}]
        due = next((ordered for ordered in waiting if ordered.still == 0), None)
        for ordered in waiting:
            ordered.still = max(ordered.still - 1, 0)
        if due is None:
            return None
        self._ordered.remove(due)
        return due.fault


@asynccontextmanager
async def serving(
    *services: Service,
    upstreams: Mapping[str, Endpoint | str] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Wire]:
    """Serve *services* on a free port of the loopback; clients named in *upstreams* are served from there."""
    handlers = {operation: handler for service in services for operation, handler in service.handlers().items()}
    further = {name: at if isinstance(at, str) else at.url for name, at in (upstreams or {}).items()}
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        wire = Wire(handlers, further, session, now)
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_route("*", "/{path:.*}", wire.answer)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        wire.endpoint = Endpoint(f"http://127.0.0.1:{runner.addresses[0][1]}")
        try:
            yield wire
        finally:
            await runner.cleanup()
        assert not wire.mistakes, str(wire.mistakes[0])


def _connection(request: web.Request) -> int:
    assert request.transport
    return int(request.transport.get_extra_info("peername")[1])
