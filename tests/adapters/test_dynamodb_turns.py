"""Whole turns whose rows are in DynamoDB: what they come to, and how many calls that takes."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.adapters.aws.stores import Opener
from runtime.adapters.local.stores import Stores
from runtime.protocol import server
from tests.adapters.dynamodb import HOUR, Cloud
from tests.adapters.meddling import Meddler
from tests.runtime.home import ONE, REPLY, TWO, Home, home, slow, texts
from tests.virtual_time import LoopClock

pytestmark = pytest.mark.real(afar=True)


@asynccontextmanager
async def in_the_cloud(cloud: Cloud, data: Path, client: Meddler, **parts: object) -> AsyncIterator[Home]:
    """Open a home whose rows, recent exchanges and list of the erased are in DynamoDB."""
    opener = Opener(client, LoopClock(), random.Random(1))  # type: ignore[arg-type]
    rows, hot = opener.rows(cloud.turns, cloud.erased), opener.hot(cloud.memory, HOUR)

    def moved(stores: Stores) -> Stores:
        ports: Any = {name: getattr(rows, name) for name in ("accounts", "ledger", "leases", "signals", "erasures")}
        ports |= {"recent": hot.recent, "traces": {**stores.traces, **hot.traces, **rows.traces}}
        return replace(stores, **ports)

    async with home(data, moved=moved, **parts) as opened:  # type: ignore[arg-type]
        yield opened


async def test_turns_are_answered_in_their_order_and_remembered(cloud: Cloud, tmp_path: Path) -> None:
    async with in_the_cloud(cloud, tmp_path, Meddler(cloud.client)) as here:
        for turn in (ONE, TWO):
            await here.send("ada", turn)

        assert isinstance(await here.ended("ada", TWO), server.Done)
        assert [texts(here.inbox.frames("ada", turn)) for turn in (ONE, TWO)] == [REPLY, REPLY]
        await asyncio.sleep(1)
        page = (await here.say("ada", {"action": "history"}))[0]
        assert isinstance(page, server.History)
        assert [said.turn for said in page.turns] == [TWO, ONE]


async def test_an_interruption_is_heeded_within_a_quarter_second(cloud: Cloud, tmp_path: Path) -> None:
    async with in_the_cloud(cloud, tmp_path, Meddler(cloud.client), model=slow()) as here:
        await here.send("ada", ONE)
        await asyncio.sleep(3.3)
        await here.say("ada", {"action": "interrupt", "turn": ONE})

        async with asyncio.timeout(0.25):
            done = await here.ended("ada", ONE)
        assert isinstance(done, server.Done)
        assert done.stopped


async def test_a_turn_is_an_update_a_frame_three_transactions_and_not_much_more(cloud: Cloud, tmp_path: Path) -> None:
    client = Meddler(cloud.client)
    async with in_the_cloud(cloud, tmp_path, client) as here:
        await here.send("ada", ONE)
        await here.ended("ada", ONE)
        await asyncio.sleep(1)

    frames = [frame for frame in here.inbox.frames("ada", ONE) if isinstance(frame, server.Text | server.Notice)]
    calls = Counter(client.calls)
    assert calls["update_item"] == 1 + len(frames)
    assert calls["transact_write_items"] == 3
    assert calls.total() < 35
