"""A stack for people: what was deployed, with its page, until somebody ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.deployed import account, front, processes
from tests.deployed.front import Front
from tests.deployed.sign_in import SignIn
from tests.deployed.stack import Ground, deployed
from tests.parts.elasticmq import ElasticMq
from tests.parts.endpoint import Endpoint
from tests.parts.opensearch import OpenSearch
from tests.parts.session import Session
from tests.parts.wire import Call, Converse, says
from tests.parts.wire.bedrock import Answer

_PACKAGES = Path(".packages")


@asynccontextmanager
async def page(aws: Endpoint, domain: str, folder: Path, port: int = 0) -> AsyncIterator[str]:
    """Play what was deployed to *aws* until the block ends; yield the page's address, at *port* of the loopback.

    *domain* is the ARN of the search domain; *folder* takes what is written meanwhile. Raises `Missing`.
    """
    session = await asyncio.to_thread(Session)
    try:
        for name in ("elasticmq", "opensearch"):
            session.start(name)
        async with shown(await _ground(session, aws, domain, folder), port) as address:
            yield address
    finally:
        await asyncio.to_thread(session.end)


@asynccontextmanager
async def shown(ground: Ground, port: int = 0) -> AsyncIterator[str]:
    """Play what was deployed on *ground* until the block ends; yield the page's address, at *port*."""
    async with deployed(ground, Converse(_answer)) as stack:
        distribution = await front.read(ground.emulator)
        before = Front(distribution, ground.emulator, stack.api, SignIn(stack.pool))
        async with front.serving(before, port) as address:
            yield address


async def _ground(session: Session, aws: Endpoint, domain: str, folder: Path) -> Ground:
    told = await account.read(aws)
    package = processes.find(_PACKAGES, told, folder)
    queues = await asyncio.to_thread(session.ready, "elasticmq")
    search = await asyncio.to_thread(session.ready, "opensearch")
    node = OpenSearch(search.url, data=search.log.parent / "data")
    return Ground(aws, package, ElasticMq(queues.url), node, domain, folder)


def _answer(call: Call) -> Answer:
    """Return what stands in for a model: it repeats what it heard."""
    heard = call.arguments["messages"][-1]["content"][0]["text"]
    return says("I am what stands in for a model here. ", f"You said: {heard[:200]}")
