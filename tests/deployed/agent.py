"""ECS's agent beside a task: says whose calls the task makes, and takes note whether it is protected from scale-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

from tests.parts.endpoint import Endpoint

CREDENTIALS, API = "/v2/credentials/1", "/api/1"


@dataclass
class Agent:
    """The agent of a task whose process works as *role* on *at*; *protected* is what was asked of it, in order."""

    role: str
    at: Endpoint
    port: int = 0
    protected: list[bool] = field(default_factory=list)

    async def credentials(self, _: web.Request) -> web.Response:
        """Hand out credentials that expire; their token says whose they are."""
        expires = (datetime.now(UTC) + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
        keys = {"AccessKeyId": self.at.key, "SecretAccessKey": self.at.secret}
        return web.json_response({**keys, "Token": self.role, "Expiration": expires, "RoleArn": self.role})

    async def protect(self, request: web.Request) -> web.Response:
        """Note what is asked."""
        wanted = bool((await request.json())["ProtectionEnabled"])
        self.protected.append(wanted)
        return web.json_response({"protection": {"ProtectionEnabled": wanted}})


@asynccontextmanager
async def serving(role: str, at: Endpoint) -> AsyncIterator[Agent]:
    """Serve the agent of a task that works as *role*, on a port of the loopback."""
    agent, app = Agent(role, at), web.Application()
    app.router.add_get(CREDENTIALS, agent.credentials)
    app.router.add_put(f"{API}/task-protection/v1/state", agent.protect)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    agent.port = int(runner.addresses[0][1])
    try:
        yield agent
    finally:
        await runner.cleanup()
