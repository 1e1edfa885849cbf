"""Scale-in protection: asked for while there is work, as seldom as that allows, and given up when all is done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from runtime.task.protection import Protection

pytestmark = pytest.mark.real


class Agent:
    """ECS's agent beside the task: what it was asked for, and whether it answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.away = False

    async def put(self, request: web.Request) -> web.Response:
        """Take the state that the task wants."""
        self.asked.append(await request.json())
        return web.json_response({"failure": {}}, status=500) if self.away else web.json_response({"protection": {}})


@asynccontextmanager
async def protecting() -> AsyncIterator[tuple[Protection, Agent]]:
    """Run an agent, and what asks it."""
    agent, app = Agent(), web.Application()
    app.router.add_put("/api/task-protection/v1/state", agent.put)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Protection(session, f"http://127.0.0.1:{runner.addresses[0][1]}/api"), agent
    await runner.cleanup()


async def test_work_is_protected_from_its_beginning_to_its_end() -> None:
    async with protecting() as (protection, agent):
        for now, busy in ((0, False), (2, True), (4, True), (6, False), (8, False)):
            await protection.look(now, busy=busy)

    assert agent.asked == [{"ProtectionEnabled": True, "ExpiresInMinutes": 3}, {"ProtectionEnabled": False}]


async def test_work_that_lasts_is_protected_anew_before_that_ends() -> None:
    async with protecting() as (protection, agent):
        for now in range(0, 180, 2):
            await protection.look(now, busy=True)

    assert len(agent.asked) == 3


async def test_an_agent_that_fails_is_asked_again() -> None:
    async with protecting() as (protection, agent):
        agent.away = True
        await protection.look(0, busy=True)
        agent.away = False
        await protection.look(2, busy=True)
        await protection.look(4, busy=True)

    assert len(agent.asked) == 2
