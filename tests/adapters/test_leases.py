"""What every store of leases keeps: only the newest epoch writes, and what was written stands."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from runtime.conversation import Heard, State
from runtime.errors import LeaseLost
from tests.adapters import given
from tests.adapters.given import TURN
from tests.adapters.homes import Home


async def test_a_claimed_turn_runs_under_a_new_epoch_for_longer_than_it_may_take(home: Home) -> None:
    row = await given.queued(home)

    held = await home.leases.claim("ada", TURN, 1)

    assert held
    assert held == replace(row, state=State.RUNNING, epoch=row.epoch + 1, leased_until=held.leased_until)
    assert held.leased_until >= row.turn.admitted + 75
    assert await given.stored(home) == held


async def test_a_takeover_brings_what_was_written_and_signalled(home: Home) -> None:
    before = await given.running(home, frames=(b"0", b"1"))
    await home.signals.stop("ada", TURN, Heard(chars=4))
    await home.signals.attach("ada", TURN, "second", 0)

    held = await given.again(home)

    assert held.epoch == before.epoch + 1
    assert (held.frames, held.stop, held.connection) == ((b"0", b"1"), Heard(chars=4), "second")


@pytest.mark.parametrize("state", [State.DONE, State.SHED, State.FAILED])
async def test_an_ended_turn_is_shown_and_not_claimed(home: Home, state: State) -> None:
    row = await given.ended(home, state, frames=(b"done",))

    assert await home.leases.claim("ada", TURN, 1) == row
    assert await given.stored(home) == row


async def test_a_turn_that_is_gone_or_of_another_attempt_is_not_claimed(home: Home) -> None:
    row = await given.queued(home)

    assert await home.leases.claim("ada", "nowhere", 1) is None
    assert await home.leases.claim("bob", TURN, 1) is None
    assert await home.leases.claim("ada", TURN, 2) is None
    assert await given.stored(home) == row


async def test_frames_are_kept_in_order_and_byte_for_byte(home: Home) -> None:
    frames = tuple(f'{{"seq": {seq}, "delta": "é\\u0000 {"x" * seq}"}}'.encode() for seq in range(20))

    await given.running(home, frames=frames)

    assert (await given.stored(home)).frames == frames


async def test_frames_of_two_users_with_one_turn_id_do_not_mix(home: Home) -> None:
    hers, his = await given.running(home, "ada"), await given.running(home, "bob")

    await home.leases.append(hers, b"hers")
    await home.leases.append(his, b"his")

    assert (await given.stored(home, "ada")).frames == (b"hers",)
    assert (await given.stored(home, "bob")).frames == (b"his",)


async def test_who_lost_the_lease_can_neither_write_nor_finish_nor_release(home: Home) -> None:
    before = await given.running(home, frames=(b"0",))
    held = await given.again(home)

    with pytest.raises(LeaseLost):
        await home.leases.append(before, b"late")
    with pytest.raises(LeaseLost):
        await home.leases.finish(replace(before, state=State.DONE, frames=(b"0", b"late")))
    await home.leases.release(before)

    assert await given.stored(home) == held


async def test_after_the_end_nothing_is_written(home: Home) -> None:
    held = await given.running(home)
    done = replace(held, state=State.DONE, frames=(b"done",), ended=home.clock.now())
    await home.leases.finish(done)

    with pytest.raises(LeaseLost):
        await home.leases.append(held, b"late")
    with pytest.raises(LeaseLost):
        await home.leases.finish(replace(done, state=State.FAILED))
    await home.leases.release(held)

    assert await given.stored(home) == replace(done, leased_until=0.0)


async def test_an_end_is_stored_as_it_is_given(home: Home) -> None:
    held = await given.running(home, frames=(b"0",))
    ended = replace(held, state=State.DONE, frames=(b"0", b"done"), timeline=((20, 2),), heard=2)
    ended = replace(ended, ended=home.clock.now() + 1)

    stands = await home.leases.finish(ended)

    assert stands == replace(ended, leased_until=0.0)
    assert await given.stored(home) == stands


async def test_the_texts_of_a_private_turn_leave_with_its_end(home: Home) -> None:
    held = await given.running(home, frames=(b"said", b"more"))
    ended = replace(held, state=State.DONE, frames=(b"", b"", b"done"), ended=home.clock.now()).with_turn(text="")

    await home.leases.finish(ended)

    assert await given.stored(home) == replace(ended, leased_until=0.0)


async def test_an_end_shows_the_signals_that_came_too_late_to_be_watched(home: Home) -> None:
    held = await given.running(home)
    await home.signals.attach("ada", TURN, "second", -1)
    await home.signals.stop("ada", TURN, Heard(ms=10))

    stands = await home.leases.finish(replace(held, state=State.DONE, ended=home.clock.now()))

    assert (stands.connection, stands.stop) == ("second", Heard(ms=10))
    assert await given.stored(home) == stands


async def test_a_lease_given_back_leaves_the_turn_queued_as_it_is(home: Home) -> None:
    held = await given.running(home, frames=(b"0",))

    await home.leases.release(held)

    assert await given.stored(home) == replace(held, state=State.QUEUED, leased_until=0.0)


async def test_who_gave_the_lease_back_writes_nothing_more(home: Home) -> None:
    held = await given.running(home)
    await home.leases.release(held)

    with pytest.raises(LeaseLost):
        await home.leases.append(held, b"late")


async def test_a_lease_whose_term_is_over_holds_until_somebody_takes_it(home: Home) -> None:
    held = await given.running(home)
    await home.later(1000)

    await home.leases.append(held, b"slow")

    assert (await given.again(home)).frames == (b"slow",)
