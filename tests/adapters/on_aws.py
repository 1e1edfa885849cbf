"""How the tests of AWS's adapters ask the wire fakes: by the program's own clients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from botocore.loaders import create_loader

from runtime.adapters.aws.clients import Clients
from tests.parts.wire import Wire

# Reading what the services look like takes longer than most tests, and is the same each time.
_LOADER = create_loader()


@asynccontextmanager
async def clients(wire: Wire) -> AsyncIterator[Clients]:
    """Open clients that call *wire*."""
    async with AsyncExitStack() as stack:
        opened = Clients(stack, wire.endpoint.arguments)
        opened._session.register_component("data_loader", _LOADER)
        yield opened
