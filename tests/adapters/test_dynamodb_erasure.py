"""An erasure of what DynamoDB has of a user, from beginning to end: nothing of them is in any table, however named."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from runtime.adapters.local.clock import RandomIds
from runtime.adapters.local.connections import SocketConnections
from runtime.conversation import Account, Entry, Exchange, Heard, State, Turn
from runtime.erasure import Quiet, Series
from tests.adapters.dynamodb import Cloud
from tests.virtual_time import LoopClock

pytestmark = pytest.mark.real(afar=True)

NOW, DAYS = LoopClock().start, 35 * 86_400.0
CANARY = "canary"


class NoFiles:
    """A medium that has nothing to scrub."""

    async def scrub(self) -> None:
        """Do nothing."""


async def lived(cloud: Cloud, user: str) -> None:
    """Leave what turns leave, in every state they can be in."""
    rows = cloud.rows
    for number, state in enumerate((State.QUEUED, State.RUNNING, State.DONE, State.FAILED)):
        turn = Turn(user, f"{user}-{number}", f"said {user}", NOW, NOW + 60)
        await rows.ledger.open(Entry(turn, connection=f"phone of {user}"))
        if state is not State.QUEUED:
            held = await rows.leases.claim(user, turn.id, 1)
            assert held
            await rows.leases.append(held, f"answered {user}".encode())
            if state is not State.RUNNING:
                await rows.leases.finish(replace(held, state=state, ended=NOW, frames=(f"all {user}".encode(),)))
        await cloud.hot.recent.add(Exchange(user, turn.id, NOW, f"said {user}", f"answered {user}"))
    await rows.signals.stop(user, f"{user}-0", Heard())
    account = await rows.accounts.read(user)
    await rows.accounts.write(replace(account, open={f"{user}-0": NOW}))


def series(cloud: Cloud) -> Series:
    """Return what erases from DynamoDB, as `bootstrap` puts it together."""
    clock = LoopClock()
    return Series(
        erasures=cloud.rows.erasures,
        accounts=cloud.rows.accounts,
        quiet=Quiet(cloud.rows.accounts, cloud.rows.ledger, cloud.rows.signals, clock, patience=0.5),
        stores={**cloud.hot.traces, **cloud.rows.traces},
        medium=NoFiles(),
        connections=SocketConnections(RandomIds(), 1.0),
        clock=clock,
        backups=DAYS,
    )


def kept(cloud: Cloud) -> str:
    """Return all that lies in any table."""
    return repr([cloud.items(table) for table in (cloud.turns, cloud.memory, cloud.erased)])


async def test_nothing_of_a_user_is_in_any_table_when_an_erasure_ends_and_all_of_others_is(cloud: Cloud) -> None:
    for user in (CANARY, "eve"):
        await lived(cloud, user)
    await cloud.rows.erasures.begin(CANARY, 1, "")
    assert kept(cloud).count(f"said {CANARY}") == 8

    await series(cloud).run(CANARY)

    assert CANARY not in kept(cloud)
    assert kept(cloud).count("said eve") == 8


async def test_an_erasure_says_what_it_found_and_until_when_backups_have_it(cloud: Cloud) -> None:
    await lived(cloud, CANARY)
    await cloud.rows.erasures.begin(CANARY, 1, "")

    await series(cloud).run(CANARY)

    erasure = await cloud.rows.erasures.read(CANARY)
    assert erasure
    assert erasure.manifest == {"recent": 8, "turns": 8, "account": 1}
    assert erasure.verified
    assert erasure.backups_until == LoopClock().now() + DAYS
    assert await cloud.rows.accounts.read(CANARY) == Account(CANARY, erasure=1)
