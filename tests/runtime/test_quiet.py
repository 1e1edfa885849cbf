"""Quiet before an erasure: it falls with the last word that is written, and is looked for no more often than needed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from runtime.adapters.local.ledger import SqliteLedger
from runtime.adapters.local.stores import Stores, open_stores
from runtime.conversation import Entry, Turn
from runtime.erasure import Quiet
from runtime.settings.laptop import Settings
from tests.virtual_time import LoopClock

PATIENCE = 10.0


class Watched(SqliteLedger):
    """A ledger that knows when a row was looked at, in seconds of the loop."""

    looks: list[float]

    async def read(self, user: str, turn: str) -> Entry | None:
        """Note the time."""
        self.looks.append(asyncio.get_running_loop().time())
        return await super().read(user, turn)


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return open_stores(Settings(data=tmp_path), LoopClock())


async def waiting(stores: Stores) -> tuple[Quiet, Watched]:
    """Return what waits for a turn of ana's that nobody has taken yet."""
    clock, ledger = LoopClock(), Watched(stores.database, LoopClock())
    ledger.looks = []
    await ledger.open(Entry(Turn("ana", "one", "Hello", clock.now(), clock.now() + 60)))
    account = await stores.accounts.read("ana")
    await stores.accounts.write(replace(account, open={"one": clock.now()}))
    return Quiet(stores.accounts, ledger, stores.signals, clock, PATIENCE), ledger


async def test_a_turn_that_ends_soon_is_seen_soon(stores: Stores) -> None:
    quiet, ledger = await waiting(stores)

    async with asyncio.TaskGroup() as tasks:
        falling = tasks.create_task(quiet.fall("ana"))
        await asyncio.sleep(0.04)
        await stores.accounts.write(replace(await stores.accounts.read("ana"), open={}))
        await falling

    assert asyncio.get_running_loop().time() == pytest.approx(0.05)
    assert ledger.looks == [0.0]


async def test_one_that_takes_long_is_looked_at_ever_more_rarely_and_no_longer_than_there_is_patience(
    stores: Stores,
) -> None:
    quiet, ledger = await waiting(stores)

    await quiet.fall("ana")

    assert ledger.looks[:5] == pytest.approx([0, 0.05, 0.15, 0.35, 0.55])
    assert PATIENCE <= ledger.looks[-1] < PATIENCE + 0.2
    assert len(ledger.looks) < PATIENCE / 0.2 + 5
