"""How a process stops in virtual time: what is being said is finished, or given back for the next process."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import msgspec
import pytest

from runtime.adapters.local.clock import RandomIds
from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator
from runtime.adapters.local.stores import open_stores
from runtime.admission.caller import Caller
from runtime.bootstrap.laptop import App, assemble
from runtime.conversation import Entry, State
from runtime.identity import Identity
from runtime.policy import load
from runtime.server.process import working
from runtime.settings.laptop import Settings
from runtime.turn.ending import released
from runtime.turn.parts import Parts
from tests.runtime.talking import PIECES, REPLY
from tests.virtual_time import LoopClock

NEXT = "5a1f0d52-7a51-4a8e-9d8e-0d4d6f9f3c12"
TURN = "5a1f0d52-7a51-4a8e-9d8e-0d4d6f9f3c11"


@asynccontextmanager
async def app(data: Path, model: ScriptedModel) -> AsyncIterator[App]:
    """Open a home without an edge, not yet at work."""
    clock, settings = LoopClock(), Settings(data=data, hands=2)
    stores = open_stores(settings, clock)
    stores.recover()
    parts = Parts(model, ScriptedModerator(), None, stores.memories, stores.recent, load())
    yield assemble(settings, stores, parts, clock=clock, ids=RandomIds())
    stores.database.close()


async def send(opened: App, turn: str = TURN) -> None:
    """Let a turn in."""
    frame = {"action": "send", "turn": turn, "text": "Where were you?"}
    await opened.companion.desk.handle(Caller(Identity("ana", 9e12), ""), msgspec.json.encode(frame))


async def row(opened: App, turn: str = TURN) -> Entry:
    """Return a turn as it is kept."""
    entry = await opened.stores.ledger.read("ana", turn)
    assert entry
    return entry


async def test_what_is_being_said_is_finished(tmp_path: Path) -> None:
    async with app(tmp_path, ScriptedModel(PIECES, first=0.1, each=3.0)) as opened:
        async with working(opened):
            await send(opened)
            await asyncio.sleep(1.0)

        entry = await row(opened)

    assert entry.state is State.DONE
    assert "".join(released(entry.frames)) == REPLY


async def test_what_takes_too_long_is_given_back_and_goes_on_with_the_next_process(tmp_path: Path) -> None:
    async with app(tmp_path, ScriptedModel(PIECES, first=0.1, each=6.0)) as opened:
        async with working(opened):
            await send(opened)
            await asyncio.sleep(1.0)
        left, given_back = asyncio.get_running_loop().time(), await row(opened)
        async with working(opened):
            await asyncio.sleep(10.0)
        entry = await row(opened)

    assert left == pytest.approx(9.0)
    assert (given_back.state, entry.state) == (State.QUEUED, State.DONE)
    assert entry.frames[: len(given_back.frames)] == given_back.frames
    assert "".join(released(entry.frames)) == REPLY


async def test_nothing_more_is_begun(tmp_path: Path) -> None:
    async with app(tmp_path, ScriptedModel(PIECES, first=0.1, each=3.0)) as opened:
        async with working(opened):
            await send(opened)
            await asyncio.sleep(1.0)
            await send(opened, NEXT)

        assert [(await row(opened, turn)).state for turn in (TURN, NEXT)] == [State.DONE, State.QUEUED]
        assert await opened.stores.turns.depth() == 1


async def test_hands_wait_for_a_store_that_does_not_answer_and_then_go_on(tmp_path: Path) -> None:
    async with app(tmp_path, ScriptedModel(PIECES)) as opened:
        with closing(sqlite3.connect(tmp_path / "companion.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            async with working(opened):
                await asyncio.sleep(3.0)
                other.execute("ROLLBACK")
                await send(opened)
                await asyncio.sleep(3.0)

        assert (await row(opened)).state is State.DONE
