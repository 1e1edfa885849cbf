"""Frames posted to API Gateway's connections by the real SDK: what becomes of readers who are gone, or too slow."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from runtime.adapters.aws import tables
from runtime.adapters.aws.connections import ApiGatewayConnections
from runtime.adapters.aws.table import Table
from runtime.adapters.local.clock import SystemClock
from runtime.errors import Gone, Misconfigured, TooLarge
from runtime.resilience import Retries
from tests.adapters import dynamodb as cloud
from tests.adapters.afar import Afar
from tests.adapters.on_aws import clients
from tests.parts.moto import Moto
from tests.parts.wire import Connections, Wire, faults, serving

pytestmark = pytest.mark.real


@dataclass
class Posting:
    """Connections under test, and the API that they are at."""

    connections: ApiGatewayConnections
    api: Connections
    wire: Wire

    async def open(self, name: str = "Lx=", stage: str = "prod") -> list[bytes]:
        """Open a connection; return what will be posted to it."""
        await self.connections.opened(name, "ana", f"{self.wire.endpoint.url}/{stage}")
        return self.api.open(name)


@asynccontextmanager
async def posting(moto: Moto, client: Afar) -> AsyncIterator[Posting]:
    """Open connections that wait for nobody between tries."""
    api, name = Connections(), cloud.make(client, tables.CONNECTIONS)
    async with serving(api, upstreams={"dynamodb": moto}) as wire, clients(wire) as opened:
        table = Table(await opened.open("dynamodb"), name, "the table of connections", Retries(random.Random(1)))
        opens = lambda endpoint: opened.open("apigatewaymanagementapi", endpoint=endpoint)  # noqa: E731
        yield Posting(ApiGatewayConnections(table, opens, SystemClock(), pauses=(0, 0, 0)), api, wire)


async def test_frames_arrive_as_they_were_posted_and_in_order(moto: Moto, dynamodb: Afar) -> None:
    async with posting(moto, dynamodb) as home:
        posted = await home.open()
        frames = [f"frame {number} ü".encode() for number in range(20)]

        async with asyncio.TaskGroup() as group:
            for frame in frames:
                group.create_task(home.connections.post("Lx=", frame))

        assert posted == frames
        assert home.wire.connections("apigatewaymanagementapi") == 1
        assert len(home.wire.of("GetItem")) <= 20


async def test_a_connection_is_looked_up_once(moto: Moto, dynamodb: Afar) -> None:
    async with posting(moto, dynamodb) as home:
        await home.open()

        for _ in range(3):
            await home.connections.post("Lx=", b"{}")

        assert len(home.wire.of("GetItem")) == 1


async def test_who_left_is_gone_and_forgotten(moto: Moto, dynamodb: Afar) -> None:
    async with posting(moto, dynamodb) as home:
        await home.open()
        home.api.close("Lx=")

        for _ in range(2):
            with pytest.raises(Gone):
                await home.connections.post("Lx=", b"{}")

        assert len(home.wire.of("PostToConnection")) == 1


@pytest.mark.parametrize("name", ["", "never"])
async def test_who_never_came_is_gone(moto: Moto, dynamodb: Afar, name: str) -> None:
    async with posting(moto, dynamodb) as home:
        with pytest.raises(Gone):
            await home.connections.post(name, b"{}")


async def test_who_does_not_read_is_waited_for_then_cut(moto: Moto, dynamodb: Afar) -> None:
    async with posting(moto, dynamodb) as home:
        await home.open()
        home.api.full.add("Lx=")

        with pytest.raises(Gone):
            await home.connections.post("Lx=", b"{}")

        assert len(home.wire.of("PostToConnection")) == 4
        assert "Lx=" not in home.api.posted


@pytest.mark.parametrize("fault", ["throttled", "broken", "unavailable", "expired", "reset", "lost"])
async def test_a_post_that_fails_once_arrives(moto: Moto, dynamodb: Afar, fault: str) -> None:
    async with posting(moto, dynamodb) as home:
        posted = await home.open()
        home.wire.fail(faults.FAILURES[fault], of="PostToConnection")

        await home.connections.post("Lx=", b"{}")

        assert set(posted) == {b"{}"}


async def test_a_stage_that_may_not_be_posted_to_is_a_matter_of_permissions(moto: Moto, dynamodb: Afar) -> None:
    async with posting(moto, dynamodb) as home:
        await home.open(stage="other")

        with pytest.raises(Misconfigured, match="execute-api:ManageConnections"):
            await home.connections.post("Lx=", b"{}")


async def test_a_frame_that_no_protocol_of_ours_has_says_its_size(moto: Moto, dynamodb: Afar) -> None:
    async with posting(moto, dynamodb) as home:
        await home.open()

        with pytest.raises(TooLarge, match="140,000 bytes"):
            await home.connections.post("Lx=", b"x" * 140_000)


async def test_a_connection_that_closed_takes_nothing(moto: Moto, dynamodb: Afar) -> None:
    async with posting(moto, dynamodb) as home:
        await home.open()
        await home.connections.post("Lx=", b"{}")

        await home.connections.closed("Lx=")

        with pytest.raises(Gone):
            await home.connections.post("Lx=", b"{}")
