"""A user's row changed while others change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from runtime.accounts import amend
from runtime.adapters.local.accounts import SqliteAccounts
from runtime.adapters.local.clock import RandomIds
from runtime.adapters.local.database import Database
from runtime.adapters.local.stores import open_stores
from runtime.admission.caller import Caller
from runtime.bootstrap import door, laptop
from runtime.conversation import Account
from runtime.errors import Contended
from runtime.identity import Identity
from runtime.protocol import client, server
from runtime.settings.laptop import Settings
from tests.runtime.home import ONE, Inbox
from tests.virtual_time import LoopClock


class Crowded(SqliteAccounts):
    """A row that somebody else writes after each of the first *times* that it is read."""

    times = 0

    async def read(self, user: str) -> Account:
        read = await super().read(user)
        if self.times:
            self.times -= 1
            await self.write(replace(read, used_since_break=read.used_since_break + 1))
        return read


@pytest.fixture
def accounts() -> Iterator[Crowded]:
    with closing(Database(Path(":memory:"))) as database:
        yield Crowded(database)


def erased(account: Account) -> tuple[Account, int]:
    return replace(account, erasure=account.erasure + 1), account.version


async def test_a_change_is_made_of_what_others_wrote_meanwhile(accounts: Crowded) -> None:
    accounts.times = 7

    assert await amend(accounts, "ada", erased) == 7
    assert await accounts.read("ada") == Account("ada", used_since_break=7.0, erasure=1, version=8)


async def test_a_row_that_stays_as_it_is_is_not_written(accounts: Crowded) -> None:
    assert await amend(accounts, "ada", lambda account: (account, "the same")) == "the same"
    assert (await accounts.read("ada")).version == 0


async def test_one_who_is_too_slow_each_time_is_told(accounts: Crowded) -> None:
    accounts.times = 8

    with pytest.raises(Contended):
        await amend(accounts, "ada", erased)


async def test_a_turn_that_cannot_be_counted_is_to_be_sent_again(tmp_path: Path) -> None:
    stores = open_stores(Settings(data=tmp_path), LoopClock())
    ports = laptop.ports(stores, Inbox(), LoopClock(), RandomIds())
    crowded = Crowded(stores.database)
    crowded.times = 8

    send = door.admission(replace(ports, accounts=crowded), stores.turns)[client.Send]
    frames = await send(Caller(Identity("ada", expires=9e12), ""), client.Send(turn=ONE, text="Hello"))

    stores.database.close()
    assert server.decode(frames[0]) == server.Busy(ONE, 100)
