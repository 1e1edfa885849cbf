"""What only DynamoDB has: items that outlive their time, batches half done, numbers that meet, one call a frame."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from msgspec.structs import replace

from runtime.adapters.aws import items, turns
from runtime.adapters.aws.stores import Rows
from runtime.conversation import ID_SECONDS, TEXT_SECONDS, Account, Entry, Exchange, Heard, State, Turn
from runtime.errors import BadFrame, TooLarge, Unavailable
from runtime.ports import Stop
from tests.adapters import dynamodb
from tests.adapters.dynamodb import Cloud
from tests.adapters.meddling import Meddler, through
from tests.virtual_time import LoopClock

pytestmark = pytest.mark.real(afar=True)

NOW = LoopClock().start


def entry(turn: str = "turn", attempt: int = 1) -> Entry:
    return Entry(Turn("ada", turn, "words", NOW, NOW + 60, attempt), connection="phone")


def exchange(turn: str, at: float = NOW) -> Exchange:
    return Exchange("ada", turn, at, "hi", turn)


async def held(rows: Rows, turn: str = "turn") -> Entry:
    """Let a turn in and take it."""
    await rows.ledger.open(entry(turn))
    claimed = await rows.leases.claim("ada", turn, 1)
    assert claimed
    return claimed


async def failed(rows: Rows) -> Entry:
    """Let a turn fail."""
    claimed = await held(rows)
    return await rows.leases.finish(replace(claimed, state=State.FAILED, frames=(b"end",), ended=NOW))


async def test_any_number_of_exchanges_of_one_instant_are_kept_found_and_dropped_apart(cloud: Cloud) -> None:
    names = [f"turn-{number}" for number in range(9)]
    for name in names:
        await cloud.hot.recent.add(exchange(name))
    await cloud.hot.recent.drop("ada", names[3])

    left = [name for name in names if name != names[3]]
    assert [one.turn for one in (await cloud.hot.recent.latest("ada", 99)).items] == left[::-1]
    assert [await cloud.hot.recent.read("ada", name) for name in left] == [exchange(name) for name in left]


async def test_the_place_of_an_exchange_that_expired_and_still_lies_there_is_free(cloud: Cloud) -> None:
    await cloud.hot.recent.add(exchange("before"))
    await asyncio.sleep(dynamodb.HOUR)
    assert len(cloud.items(cloud.memory)) == 2
    later = replace(exchange("after"), at=NOW + dynamodb.HOUR)

    await cloud.hot.recent.add(later)
    await cloud.hot.recent.add(replace(later, turn="before"))

    assert (await cloud.hot.recent.latest("ada", 9)).items == (replace(later, turn="before"), later)


async def test_a_cursor_is_its_users_own(cloud: Cloud) -> None:
    for turn in ("one", "two"):
        await cloud.hot.recent.add(exchange(turn))
        await cloud.rows.ledger.open(entry(turn))
    recent, rows = await cloud.hot.recent.latest("ada", 1), await cloud.rows.ledger.page("ada", 1)

    with pytest.raises(BadFrame):
        await cloud.hot.recent.latest("eve", 1, recent.cursor)
    with pytest.raises(BadFrame):
        await cloud.rows.ledger.page("eve", 1, rows.cursor)


async def test_an_item_is_to_be_deleted_when_its_time_is_over_and_a_users_row_never(cloud: Cloud) -> None:
    await failed(cloud.rows)
    await cloud.rows.accounts.write(Account("ada"))

    expiries = {one["item"]: one.get("expires_at") for one in cloud.items(cloud.turns)}

    assert expiries == {"turn#turn": NOW + TEXT_SECONDS, "id#turn": NOW + ID_SECONDS, "account": None}


async def test_no_word_of_a_turn_is_in_the_item_that_outlives_the_day(cloud: Cloud) -> None:
    await failed(cloud.rows)

    (kept,) = [one for one in cloud.items(cloud.turns) if one["item"] == "id#turn"]

    assert {"text", "frames", "timeline"}.isdisjoint(kept)


async def test_a_turn_whose_words_are_deleted_is_still_known(cloud: Cloud) -> None:
    row = await failed(cloud.rows)
    await cloud.client.delete_item(TableName=cloud.turns, Key=items.item(turns.live_key("ada", "turn")))
    emptied = replace(row, frames=()).with_turn(text="")

    await asyncio.sleep(TEXT_SECONDS)

    assert await cloud.rows.ledger.read("ada", "turn") == emptied
    assert await cloud.rows.ledger.failed(9) == [emptied]
    assert await cloud.rows.ledger.open(entry()) == emptied
    assert await cloud.rows.leases.claim("ada", "turn", 1) == emptied
    assert not await cloud.rows.signals.attach("ada", "turn", "laptop", 0)
    assert await cloud.rows.ledger.renew(entry(attempt=2))


async def test_a_turn_that_nobody_took_before_its_words_were_deleted_can_still_be_ended(cloud: Cloud) -> None:
    await cloud.rows.ledger.open(entry())
    await asyncio.sleep(TEXT_SECONDS)
    await cloud.client.delete_item(TableName=cloud.turns, Key=items.item(turns.live_key("ada", "turn")))

    claimed = await cloud.rows.leases.claim("ada", "turn", 1)

    assert claimed
    assert (claimed.state, claimed.turn.text) == (State.RUNNING, "")
    await cloud.rows.leases.finish(replace(claimed, state=State.SHED, ended=NOW))
    assert await cloud.rows.ledger.renew(entry(attempt=2))


async def test_a_frame_is_one_call_whose_answer_brings_the_signals(cloud: Cloud) -> None:
    client = Meddler(cloud.client)
    rows = through(client, cloud)
    claimed = await held(rows)
    async with aclosing(rows.signals.watch(claimed)) as signals:
        heard = asyncio.ensure_future(anext(signals))
        await asyncio.sleep(0.1)
        await cloud.rows.signals.stop("ada", "turn", Heard(ms=7))
        client.calls.clear()

        await rows.leases.append(claimed, b"one")

        assert await heard == Stop(Heard(ms=7))
    assert client.calls == ["update_item"]


async def test_while_nothing_is_written_the_row_is_looked_at_five_times_a_second(cloud: Cloud) -> None:
    client = Meddler(cloud.client)
    rows = through(client, cloud)
    claimed = await held(rows)
    client.calls.clear()

    async with aclosing(rows.signals.watch(claimed)) as signals:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(signals), 2.05)

    assert client.calls == ["batch_get_item"] * 11


async def test_one_look_is_for_all_turns_that_are_answered(cloud: Cloud) -> None:
    client = Meddler(cloud.client)
    rows = through(client, cloud)
    watches = [rows.signals.watch(await held(rows, f"turn-{number}")) for number in range(12)]
    listening = []
    for watch in watches:
        listening.append(asyncio.ensure_future(anext(watch)))
        await asyncio.sleep(0.03)
    client.calls.clear()

    await asyncio.sleep(1)
    assert client.calls == ["batch_get_item"] * 5
    for number in range(12):
        await cloud.rows.signals.stop("ada", f"turn-{number}", Heard(ms=number))

    async with asyncio.timeout(0.25):
        assert await asyncio.gather(*listening) == [Stop(Heard(ms=number)) for number in range(12)]


async def test_who_stops_looking_leaves_nobody_waiting(cloud: Cloud) -> None:
    reading = asyncio.Event()

    def reads(operation: str) -> None:
        if operation == "batch_get_item":
            reading.set()

    rows = through(Meddler(cloud.client, refuse=reads), cloud)
    first, second = [rows.signals.watch(await held(rows, turn)) for turn in ("first", "second")]
    leaving = asyncio.ensure_future(anext(first))
    await asyncio.sleep(0.05)
    staying = asyncio.ensure_future(anext(second))
    await asyncio.sleep(0.05)
    await cloud.rows.signals.stop("ada", "second", Heard())
    reading.clear()

    await reading.wait()
    leaving.cancel()

    async with asyncio.timeout(0.01):
        assert await staying == Stop(Heard())


async def test_a_look_that_fails_does_not_end_the_turn(cloud: Cloud) -> None:
    def fails(operation: str, _: Any, answer: Any) -> Any:  # noqa: ANN401 - as the service says.
        if operation == "batch_get_item" and 0.1 < asyncio.get_running_loop().time() < 5:
            raise Unavailable("not now")
        return answer

    rows = through(Meddler(cloud.client, fails), cloud)
    async with aclosing(rows.signals.watch(await held(rows))) as signals:
        heard = asyncio.ensure_future(anext(signals))
        await asyncio.sleep(1)
        await cloud.rows.signals.stop("ada", "turn", Heard())

        assert await heard == Stop(Heard())


async def test_an_answer_that_would_not_fit_into_its_item_is_refused_and_can_still_be_ended(cloud: Cloud) -> None:
    claimed = await held(cloud.rows)
    frames = tuple(bytes([number]) * 32 * 1024 for number in range(4))
    for frame in frames:
        await cloud.rows.leases.append(claimed, frame)

    with pytest.raises(TooLarge, match="131,072 bytes of this answer are kept"):
        await cloud.rows.leases.append(claimed, b"one more")

    stands = await cloud.rows.leases.finish(replace(claimed, state=State.DONE, frames=(*frames, b"end"), ended=NOW))
    assert stands.frames == (*frames, b"end")
