"""Erasures that were left, and users who are back with a backup, are found by rounds while others are at work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from runtime.adapters.local.accounts import SqliteAccounts
from runtime.conversation import Account
from runtime.erasure import Requests
from runtime.jobs import HoldJob
from tests.runtime.home import Home, home
from tests.runtime.test_erasure import TWO, erase, erased, left, talked

MANY = 250


class Late(SqliteAccounts):
    """Accounts whose pages are as old as *page_before*."""

    page_before: Sequence[Account]

    async def page(self, limit: int, after: str = "") -> Sequence[Account]:
        """Return what stood there once."""
        return [account for account in self.page_before if account.user > after][:limit]


@dataclass
class Held:
    """What the log says of pages."""

    caplog: pytest.LogCaptureFixture

    def __call__(self) -> list[tuple[int, int]]:
        """Return of how many users each page was, and how many of them were back."""
        records = [vars(one) for one in self.caplog.records if one.msg == "erasure.held"]
        return [(record["users"], record["count"]) for record in records]


@pytest.fixture
def held(caplog: pytest.LogCaptureFixture) -> Held:
    caplog.set_level(logging.INFO)
    return Held(caplog)


def erasing(here: Home) -> Requests:
    """Return the door to erasure."""
    return here.companion.rights.erasing


async def settled(here: Home) -> None:
    """Wait until nothing is left to be done."""
    await asyncio.sleep(60)
    assert await here.stores.background.depth() == 0


async def test_a_round_takes_up_an_erasure_whose_job_is_lost(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await talked(here, "ana")
        await here.stores.erasures.begin("ana", 1, "ana")
        await erasing(here).begin_round()

        assert (await erased(here, "ana")).verified
        assert set((await left(here, "ana")).values()) == {0}


async def test_a_round_erases_again_who_is_back_with_a_backup_and_nobody_else(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        for user in ("ana", "ben"):
            await talked(here, user)
        backup, others = await here.stores.accounts.read("ana"), await left(here, "ben")
        await erase(here, "ana")
        await here.stores.accounts.write(replace(backup, version=0))
        await erasing(here).begin_round()
        await settled(here)

        assert set((await left(here, "ana")).values()) == {0}
        assert await left(here, "ben") == others


async def test_a_round_of_many_users_sees_each_of_them_once_a_page_a_job(tmp_path: Path, held: Held) -> None:
    async with home(tmp_path) as here:
        for number in range(MANY):
            await here.stores.accounts.write(Account(f"user-{number}"))
        held.caplog.clear()
        await erasing(here).begin_round()
        await settled(here)

    assert held() == [(100, 0), (100, 0), (50, 0), (0, 0)]


async def test_a_page_that_is_done_twice_has_the_next_one_done_once(tmp_path: Path, held: Held) -> None:
    async with home(tmp_path) as here:
        await here.stores.accounts.write(Account("ana"))
        held.caplog.clear()
        for _ in range(2):
            await erasing(here).go_on_with_round(HoldJob("round"))
        await settled(here)

    assert held() == [(1, 0), (1, 0), (0, 0)]


async def test_who_came_back_while_a_page_was_on_its_way_stays(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await talked(here, "ana")
        late = Late(here.stores.database, here.stores.erasures)
        late.page_before = [await here.stores.accounts.read("ana")]
        await erase(here, "ana")
        await talked(here, "ana", TWO)
        before, asked = await left(here, "ana"), erasing(here)

        await replace(asked, series=replace(asked.series, accounts=late)).resume()
        await settled(here)

        assert await left(here, "ana") == before
