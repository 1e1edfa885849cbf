"""A domain with fine-grained access is told by its master who reads and who writes, over a real connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from runtime.adapters.aws.search import open_client
from runtime.adapters.aws.search.rights import Rights
from runtime.errors import Misconfigured
from tests.adapters.memory_homes import access
from tests.parts.endpoint import Endpoint

pytestmark = pytest.mark.real
WORKER, BACKGROUND = "arn:aws:iam::123456789012:role/worker", "arn:aws:iam::123456789012:role/background"


@asynccontextmanager
async def security(status: int = 200) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Serve the API of the security plugin; give its address, and what was put where."""
    told: dict[str, Any] = {}

    async def put(request: web.Request) -> web.Response:
        told[request.path.rpartition("/api/")[2]] = await request.json()
        return web.json_response({"status": "OK"}, status=status)

    application = web.Application()
    application.router.add_put("/{path:.*}", put)
    async with TestServer(application) as server:
        yield str(server.make_url("")), told


async def test_readers_read_one_index_and_writers_do_all_that_there_is_to_it() -> None:
    async with security() as (address, told), open_client(access(Endpoint(address))) as client:
        await Rights("memories", (WORKER,), (BACKGROUND,)).tell(client)

    assert told["roles/memories-reads"]["index_permissions"] == [
        {"index_patterns": ["memories"], "allowed_actions": ["read", "indices:admin/refresh*"]}
    ]
    assert told["roles/memories-writes"]["index_permissions"][0]["allowed_actions"] == ["indices_all"]
    assert told["rolesmapping/memories-reads"] == {"backend_roles": [WORKER]}
    assert told["rolesmapping/memories-writes"] == {"backend_roles": [BACKGROUND]}


async def test_a_domain_of_which_another_says_who_is_let_in_is_told_nothing() -> None:
    async with security() as (address, told), open_client(access(Endpoint(address))) as client:
        await Rights("memories").tell(client)

    assert told == {}


async def test_who_is_not_the_master_is_told_that_it_may_not() -> None:
    async with security(403) as (address, _), open_client(access(Endpoint(address))) as client:
        with pytest.raises(Misconfigured):
            await Rights("memories", (WORKER,)).tell(client)
