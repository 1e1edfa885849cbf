"""What every store of signals keeps: a running turn hears of each once, by whichever process it runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from runtime.conversation import Heard, State
from runtime.errors import LeaseLost
from runtime.ports import Attach, Stop
from tests.adapters import given
from tests.adapters.given import TURN
from tests.adapters.homes import Home


async def _until_silence(watch: AsyncIterator[Stop | Attach]) -> AsyncIterator[Stop | Attach]:
    with contextlib.suppress(TimeoutError):
        while True:
            yield await given.first(watch)


@pytest.mark.parametrize("heard", [Heard(), Heard(ms=0), Heard(ms=1200), Heard(chars=7)])
async def test_a_stop_reaches_the_running_turn_within_a_quarter_second(home: Home, heard: Heard) -> None:
    listening = asyncio.ensure_future(anext(home.signals.watch(await given.running(home))))
    await home.later(1)

    assert await home.signals.stop("ada", TURN, heard)

    async with asyncio.timeout(0.25):
        assert await listening == Stop(heard)


async def test_a_stop_reaches_a_turn_that_still_waits(home: Home) -> None:
    await given.queued(home)

    assert await home.signals.stop("ada", TURN, Heard())
    held = await given.again(home)

    assert held.stop == Heard()
    assert await given.first(home.signals.watch(held)) == Stop(Heard())


async def test_a_stop_reaches_who_takes_over_too(home: Home) -> None:
    watch = home.signals.watch(await given.running(home))
    await home.signals.stop("ada", TURN, Heard(ms=5))
    await given.first(watch)

    assert await given.first(home.signals.watch(await given.again(home))) == Stop(Heard(ms=5))


async def test_the_first_stop_stands_and_is_heard_once(home: Home) -> None:
    watch = home.signals.watch(await given.running(home))

    assert await home.signals.stop("ada", TURN, Heard(ms=5))
    assert await home.signals.stop("ada", TURN, Heard(ms=9))

    assert await given.first(watch) == Stop(Heard(ms=5))
    assert await given.silent(watch)


@pytest.mark.parametrize("state", [State.DONE, State.SHED, State.FAILED])
async def test_an_ended_turn_is_not_stopped(home: Home, state: State) -> None:
    row = await given.ended(home, state)

    assert not await home.signals.stop("ada", TURN, Heard())
    assert await given.stored(home) == row


async def test_a_turn_of_somebody_else_is_not_stopped(home: Home) -> None:
    watch = home.signals.watch(await given.running(home, "ada"))

    assert not await home.signals.stop("bob", TURN, Heard())
    assert not await home.signals.stop("ada", "nowhere", Heard())

    assert await given.silent(watch)


async def test_an_attachment_reaches_who_holds_the_turn(home: Home) -> None:
    watch = home.signals.watch(await given.running(home))

    assert await home.signals.attach("ada", TURN, "second", 3)

    assert await given.first(watch) == Attach("second", 3)
    assert (await given.stored(home)).connection == "second"


async def test_an_attachment_between_claim_and_watch_is_heard(home: Home) -> None:
    held = await given.running(home)
    await home.signals.attach("ada", TURN, "second", -1)

    assert await given.first(home.signals.watch(held)) == Attach("second", -1)


async def test_an_attachment_before_the_claim_is_the_connection_and_no_signal(home: Home) -> None:
    await given.queued(home)

    assert not await home.signals.attach("ada", TURN, "second", 0)
    held = await given.again(home)

    assert held.connection == "second"
    assert await given.silent(home.signals.watch(held))


async def test_each_attachment_is_heard_once_even_on_the_same_connection(home: Home) -> None:
    watch = home.signals.watch(await given.running(home))

    for after in (0, 0):
        await home.signals.attach("ada", TURN, "second", after)
        assert await given.first(watch) == Attach("second", 0)

    assert await given.silent(watch)


async def test_of_attachments_that_nobody_heard_yet_the_last_counts(home: Home) -> None:
    watch = home.signals.watch(await given.running(home))

    for connection in ("second", "third"):
        await home.signals.attach("ada", TURN, connection, 4)

    heard = [signal async for signal in _until_silence(watch)]
    assert heard[-1] == Attach("third", 4)


async def test_nobody_sends_for_who_attaches_to_an_ended_turn(home: Home) -> None:
    await given.ended(home)

    assert not await home.signals.attach("ada", TURN, "second", 0)
    assert (await given.stored(home)).connection == "second"


async def test_nobody_sends_for_who_attaches_when_the_lease_ran_out(home: Home) -> None:
    await given.running(home)
    await home.later(1000)

    assert not await home.signals.attach("ada", TURN, "second", 0)


async def test_nobody_sends_for_who_attaches_to_nothing(home: Home) -> None:
    assert not await home.signals.attach("ada", TURN, "second", 0)
    assert await home.ledger.read("ada", TURN) is None


async def test_who_loses_the_lease_is_told_at_once(home: Home) -> None:
    listening = asyncio.ensure_future(anext(home.signals.watch(await given.running(home))))
    await home.later(1)

    await given.again(home)

    async with asyncio.timeout(0.25):
        with pytest.raises(LeaseLost):
            await listening


async def test_who_has_lost_the_lease_already_hears_nothing_else(home: Home) -> None:
    before = await given.running(home)
    await given.again(home)
    await home.signals.stop("ada", TURN, Heard())

    with pytest.raises(LeaseLost):
        await given.first(home.signals.watch(before))


async def test_ones_own_end_is_no_signal(home: Home) -> None:
    held = await given.running(home)
    watch = home.signals.watch(held)

    await home.leases.finish(replace(held, state=State.DONE, ended=home.clock.now()))

    assert await given.silent(watch)


async def test_a_stop_and_an_attachment_are_both_heard(home: Home) -> None:
    watch = home.signals.watch(await given.running(home))

    await home.signals.attach("ada", TURN, "second", 2)
    await home.signals.stop("ada", TURN, Heard())

    heard = [signal async for signal in _until_silence(watch)]
    assert sorted(heard, key=repr) == [Attach("second", 2), Stop(Heard())]


async def test_two_users_with_one_turn_id_are_signalled_apart(home: Home) -> None:
    hers, his = [home.signals.watch(await given.running(home, user)) for user in ("ada", "bob")]

    await home.signals.stop("ada", TURN, Heard(ms=1))
    await home.signals.stop("bob", TURN, Heard(ms=2))

    assert [await given.first(watch) for watch in (hers, his)] == [Stop(Heard(ms=1)), Stop(Heard(ms=2))]
