"""How the tests of AWS's adapters ask the wire fakes: by the program's own clients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from runtime.adapters.aws.clients import Clients
from tests.parts.wire import Wire


@asynccontextmanager
async def clients(wire: Wire) -> AsyncIterator[Clients]:
    """Open clients that call *wire*."""
    async with AsyncExitStack() as stack:
        yield Clients(stack, wire.endpoint.arguments)
