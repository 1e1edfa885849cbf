"""Each call to DynamoDB fails once in every way it can: what users get and what is kept stays the same.

The one to fear is `lost`: the call was carried out, and nobody knows.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from runtime.adapters.aws import tables
from runtime.adapters.aws.clients import Clients, Limits
from runtime.adapters.aws.stores import Hot, Opener, Rows
from runtime.conversation import Entry, Exchange, Heard, State, Turn
from runtime.errors import Misconfigured, Transient, Unavailable
from tests.adapters import dynamodb
from tests.parts.moto import Moto
from tests.parts.wire import Wire, faults, serving

pytestmark = pytest.mark.real

NOW = 1_790_000_000.0
SECRET = "the badger sings at midnight"


class Noon:
    """A clock that stands still."""

    def now(self) -> float:
        """Return the same instant each time."""
        return NOW


@dataclass(frozen=True)
class Stores:
    """Stores whose calls go over a wire that fails on order."""

    wire: Wire
    rows: Rows
    hot: Hot


@asynccontextmanager
async def wired(moto: Moto) -> AsyncIterator[Stores]:
    """Open stores on empty tables."""
    async with serving(upstreams={"dynamodb": moto}) as wire, AsyncExitStack() as stack:
        client = await Clients(stack, wire.endpoint.arguments).open("dynamodb", Limits(read=5.0))
        made = [dynamodb.definition(shape) for shape in (tables.TURNS, tables.ERASED, tables.MEMORY)]
        for table in made:
            await client.create_table(**table)
        turns, erased, memory = (table["TableName"] for table in made)
        opener = Opener(client, Noon(), random.Random(1))
        yield Stores(wire, opener.rows(turns, erased), opener.hot(memory, dynamodb.HOUR))


def entry(user: str, attempt: int = 1) -> Entry:
    return Entry(Turn(user, "turn", SECRET, NOW, NOW + 60, attempt), connection="phone")


async def counted(stores: Stores, user: str) -> list[object]:
    """Write a user's row twice."""
    answers: list[object] = []
    for tokens in (7.5, 6.5):
        account = await stores.rows.accounts.read(user)
        answers += [account, await stores.rows.accounts.write(replace(account, tokens=tokens))]
    return [*answers, await stores.rows.accounts.read(user)]


async def admitted(stores: Stores, user: str) -> list[object]:
    """Let a turn in, twice."""
    opened = [await stores.rows.ledger.open(row) for row in (entry(user), entry(user).with_turn(text="again"))]
    return [*opened, (await stores.rows.ledger.page(user, 9)).items]


async def written(stores: Stores, user: str) -> list[object]:
    """Take a turn and write two frames."""
    await stores.rows.ledger.open(entry(user))
    held = await stores.rows.leases.claim(user, "turn", 1)
    assert held
    for frame in (b"one", b"two"):
        await stores.rows.leases.append(held, frame)
    row = await stores.rows.ledger.read(user, "turn")
    assert row
    return [held.frames, row.frames, row.state]


async def signalled(stores: Stores, user: str) -> list[object]:
    """Stop and attach while somebody watches."""
    await stores.rows.ledger.open(entry(user))
    held = await stores.rows.leases.claim(user, "turn", 1)
    assert held
    told = [await stores.rows.signals.stop(user, "turn", Heard(chars=chars)) for chars in (3, 4)]
    told += [await stores.rows.signals.attach(user, "turn", "laptop", 1)]
    async with aclosing(stores.rows.signals.watch(held)) as signals:
        return [told, [await anext(signals) for _ in range(2)]]


async def ended(stores: Stores, user: str) -> list[object]:
    """End a turn, then answer it in another attempt, then let its text leave."""
    rows = stores.rows
    await rows.ledger.open(entry(user))
    held = await rows.leases.claim(user, "turn", 1)
    assert held
    stands = await rows.leases.finish(replace(held, state=State.FAILED, frames=(b"end",), ended=NOW))
    await rows.ledger.rewrite(stands.with_turn(text=""))
    failed = [one.turn for one in await rows.ledger.failed(99) if one.turn.user == user]
    renewed = await rows.ledger.renew(entry(user, 2))
    row = await rows.ledger.read(user, "turn")
    assert row
    return [stands.state, stands.frames, failed, renewed, row.turn, row.state]


async def released(stores: Stores, user: str) -> list[object]:
    """Give a turn back."""
    await stores.rows.ledger.open(entry(user))
    held = await stores.rows.leases.claim(user, "turn", 1)
    assert held
    await stores.rows.leases.release(held)
    row = await stores.rows.ledger.read(user, "turn")
    return [row and row.state]


async def remembered(stores: Stores, user: str) -> list[object]:
    """Keep two exchanges of one nanosecond, one of them twice, and forget one."""
    recent = stores.hot.recent
    for turn, reply in (("one", "first"), ("two", "second"), ("one", "again")):
        await recent.add(Exchange(user, turn, NOW, SECRET, reply))
    kept = [await recent.latest(user, 9), await recent.read(user, "one"), await recent.read(user, "two")]
    await recent.drop(user, "two")
    return [*kept, await recent.latest(user, 9)]


async def erased(stores: Stores, user: str) -> list[object]:
    """Erase a user."""
    erasures, recent = stores.rows.erasures, stores.hot.recent
    await recent.add(Exchange(user, "one", NOW, SECRET, SECRET))
    begun = await erasures.begin(user, 1, "phone")
    await erasures.note(user, {"recent": 2})
    running = user in await erasures.running()
    for traces in stores.hot.traces.values():
        await traces.erase(user)
    left = await stores.hot.traces["recent"].count(user)
    told = await erasures.end(user, replace(begun, ended=NOW, verified=True))
    return [begun, running, left, told, await erasures.read(user), await stores.rows.accounts.read(user)]


SCENES: list[Callable[[Stores, str], Awaitable[list[object]]]] = [
    *(counted, admitted, written, signalled, ended, released, remembered, erased)
]


@pytest.mark.parametrize("scene", SCENES)
async def test_a_call_that_fails_once_changes_nothing(
    moto: Moto, scene: Callable[[Stores, str], Awaitable[list[object]]]
) -> None:
    async with wired(moto) as stores:
        before = len(stores.wire.calls)
        as_ever = repr(await scene(stores, "user"))
        calls = len(stores.wire.calls) - before
        kinds = [*faults.FAILURES.values()]

        for at in range(calls):
            for number, fault in enumerate((faults.lost, kinds[at % len(kinds)])):
                user = f"user-{at}-{number}"
                stores.wire.fail(fault, at)
                assert repr(await scene(stores, user)).replace(user, "user") == as_ever, f"call {at} of {calls}"


async def test_what_fails_again_and_again_is_not_there_now(moto: Moto) -> None:
    async with wired(moto) as stores:
        for _ in range(3):
            stores.wire.fail(faults.throttled)

        with pytest.raises(
            Transient, match=rf"^(?!.*{SECRET})the ledger does not answer: ThrottlingException"
        ) as caught:
            await stores.rows.ledger.open(entry("ada"))

        assert isinstance(caught.value, Unavailable)
        assert await stores.rows.ledger.open(entry("ada")) is None


async def test_what_is_not_allowed_is_a_matter_of_the_deployment_and_not_asked_twice(moto: Moto) -> None:
    async with wired(moto) as stores:
        before = len(stores.wire.calls)
        stores.wire.fail(faults.denied)

        with pytest.raises(Misconfigured, match=r"AccessDeniedException for GetItem of the ledger"):
            await stores.rows.accounts.read("ada")

        assert len(stores.wire.calls) == before + 1


async def test_a_client_keeps_its_connection_from_turn_to_turn(moto: Moto) -> None:
    async with wired(moto) as stores:
        for number in range(5):
            await ended(stores, f"user-{number}")

        assert stores.wire.connections("dynamodb") == 1
