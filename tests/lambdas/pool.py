"""A user pool: its keys at an address, and tokens signed by them."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_companion"
CLIENT = "page"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Pool:
    """The pool's address, and how often its keys were asked for."""

    url: str = ""
    asked: int = 0
    away: bool = field(default=False)

    def token(self, user: str = "ana", seconds: float = 3600.0, **changes: object) -> str:
        """Return an access token of *user*."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": user, "token_use": "access", "client_id": CLIENT, "auth_time": now}
        claims |= {"exp": int(now + seconds), **changes}
        return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": "one"})

    async def keys(self, _: web.Request) -> web.Response:
        """Answer with the keys."""
        self.asked += 1
        if self.away:
            raise web.HTTPServiceUnavailable
        public: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key().public_key()))
        return web.json_response({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})


@asynccontextmanager
async def serving() -> AsyncIterator[Pool]:
    """Serve a pool for the length of the block."""
    pool, app = Pool(), web.Application()
    app.router.add_get("/jwks.json", pool.keys)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    pool.url = f"http://127.0.0.1:{runner.addresses[0][1]}/jwks.json"
    try:
        yield pool
    finally:
        await runner.cleanup()
