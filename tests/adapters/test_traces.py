"""What erasure empties: each store counts what it has of a user, drops it all, and touches nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from runtime.adapters.local.stores import Stores, open_stores
from runtime.conversation import Account, Entry, Exchange, Message, Turn
from runtime.ports import Accounts, Ledger, Recent, Traces
from runtime.settings.laptop import Settings
from tests.adapters import dynamodb
from tests.adapters.remembering import found, talk
from tests.virtual_time import LoopClock

NAMES = ("memories", "recent", "turns", "queues", "account")
MANY = 1_203


async def filled(data: Path) -> Stores:
    """Open stores with things of two users in each."""
    stores = open_stores(Settings(data=data), LoopClock())
    for user in ("ada", "eve"):
        await talk(stores.memories, user)
        for queue in (stores.turns, stores.dead, stores.background):
            await queue.send(Message(user, "a", user))
        await live(user, stores.recent, stores.ledger, stores.accounts)
    return stores


async def live(user: str, recent: Recent, ledger: Ledger, accounts: Accounts) -> None:
    """Leave what a turn leaves."""
    now = LoopClock().now()
    await recent.add(Exchange(user, "a", now, "words", "words"))
    await ledger.open(Entry(Turn(user, "a", "words", now, 0.0), frames=(b"words", b"words")))
    await accounts.write(Account(user))


async def used(cloud: dynamodb.Cloud) -> Mapping[str, Traces]:
    """Leave things of two users in each store, and return what erases them."""
    for user in ("ada", "eve"):
        await live(user, cloud.hot.recent, cloud.rows.ledger, cloud.rows.accounts)
    return {**cloud.hot.traces, **cloud.rows.traces}


@pytest.mark.real(afar=True)
async def test_every_table_of_the_cloud_is_emptied_by_one_of_them(cloud: dynamodb.Cloud) -> None:
    for traces in (await used(cloud)).values():
        for user in ("ada", "eve"):
            await traces.erase(user)

    assert [cloud.items(table) for table in (cloud.turns, cloud.memory)] == [[], []]


@pytest.mark.real(afar=True)
@pytest.mark.parametrize("name", ["recent", "turns", "account"])
async def test_one_users_things_in_the_cloud_are_counted_and_dropped_and_anothers_stay(
    cloud: dynamodb.Cloud, name: str
) -> None:
    traces = (await used(cloud))[name]
    before = await traces.count("ada")

    await traces.erase("ada")
    await traces.erase("ada")

    assert before == await traces.count("eve") > 0
    assert await traces.count("ada") == 0


@pytest.mark.real(afar=True)
async def test_more_than_a_batch_of_the_cloud_is_dropped(cloud: dynamodb.Cloud) -> None:
    traces = (await used(cloud))["recent"]
    for number in range(dynamodb.BATCH):
        await cloud.hot.recent.add(Exchange("ada", str(number), LoopClock().now() - number, "words", "words"))

    await traces.erase("ada")

    assert await traces.count("ada") == 0
    assert await traces.count("eve") == 2


async def test_every_table_is_emptied_by_one_of_them(tmp_path: Path) -> None:
    stores = await filled(tmp_path)
    tables = {row[0] for row in stores.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for traces in stores.traces.values():
        for user in ("ada", "eve"):
            await traces.erase(user)

    full = {table for table in tables if stores.database.rows(f"SELECT COUNT(*) FROM {table}")[0][0]}  # noqa: S608
    stores.database.close()
    assert full <= {"sqlite_sequence"}


@pytest.mark.parametrize("name", NAMES)
async def test_one_users_things_are_counted_and_dropped_and_anothers_stay(tmp_path: Path, name: str) -> None:
    stores = await filled(tmp_path)
    traces = stores.traces[name]
    before = await traces.count("ada")

    await traces.erase("ada")
    await traces.erase("ada")

    assert before == await traces.count("eve") > 0
    assert await traces.count("ada") == 0
    stores.database.close()


async def test_more_than_is_dropped_at_once_is_dropped(tmp_path: Path) -> None:
    stores = await filled(tmp_path)
    for number in range(MANY):
        await stores.recent.add(Exchange("ada", str(number), LoopClock().now(), "words", "words"))

    await stores.traces["recent"].erase("ada")

    assert await stores.traces["recent"].count("ada") == 0
    stores.database.close()


async def test_a_warm_index_goes_with_its_rows(tmp_path: Path) -> None:
    stores = await filled(tmp_path)
    assert await found(stores.memories, "Lisbon", "ada")

    await stores.traces["memories"].erase("ada")

    assert not await found(stores.memories, "Lisbon", "ada")
    assert await found(stores.memories, "Lisbon", "eve")
    stores.database.close()


async def test_a_warm_page_goes_with_its_rows(tmp_path: Path) -> None:
    stores = await filled(tmp_path)
    assert (await stores.recent.latest("ada", 5)).items
    assert (await stores.recent.latest("eve", 5)).items

    await stores.traces["recent"].erase("ada")

    assert not (await stores.recent.latest("ada", 5)).items
    assert (await stores.recent.latest("eve", 5)).items
    stores.database.close()
