"""AWS's names: whoever asks one of them is answered here, by TLS and with a certificate for it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, web

from tests.lambdas.tls import certified
from tests.parts.endpoint import Endpoint
from tests.parts.wire import Wire
from tests.parts.wire.upstream import forward

_LARGEST = 8 << 20
_KEYS = "/.well-known/jwks.json"


@dataclass(frozen=True)
class Names:
    """The *port* that all names lead to, and the certificate of who vouches for them."""

    port: int
    authority: Path


@asynccontextmanager
async def leading(wire: Wire, emulator: Endpoint, folder: Path) -> AsyncIterator[Names]:
    """Answer for AWS in the Region of *emulator*: by *wire*, and the public keys of its user pools.

    The certificate is kept in *folder*.
    """
    authority = folder / "authority.pem"
    region = f"{emulator.region}.amazonaws.com"
    domains = (f"*.{region}", f"*.execute-api.{region}", f"*.sagemaker.{region}")
    authority.write_bytes(certified(*domains, f"*.{emulator.region}.es.amazonaws.com"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority)

    async def answer(request: web.Request) -> web.StreamResponse:
        if not request.path.endswith(_KEYS):
            return await wire.answer(request)
        keys = await forward(session, request, b"", emulator.url)
        assert isinstance(keys.body, bytes)
        return web.Response(status=keys.status, body=keys.body, headers=keys.headers)

    app = web.Application(client_max_size=_LARGEST)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        async with ClientSession(auto_decompress=False) as session:
            yield Names(int(runner.addresses[0][1]), authority)
    finally:
        await runner.cleanup()
