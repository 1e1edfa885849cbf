"""What every ledger keeps."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from runtime.conversation import Entry, Heard, State, Turn
from runtime.errors import LeaseLost
from tests.adapters import given
from tests.adapters.given import TURN
from tests.adapters.homes import Home

DAY = 24 * 3600.0
UNUSUAL = Turn(
    "a:user@example.org",
    TURN,
    "Grüße 🌿 ' \" \\ \x00 \n",
    1_790_000_000.123456,
    1_790_000_060.5,
    attempt=2,
    voice=True,
    private=True,
    refused=True,
    due=("disclosure", "break"),
)


async def test_a_new_row_is_read_as_it_was_given(home: Home) -> None:
    stop, frames = Heard(ms=1200), (b'{"type": "text"}', b"\x00\xff")
    lines = ((20, 1), (40, 3))
    given_row = Entry(UNUSUAL, State.FAILED, 7, 5.5, "socket", frames, stop, lines, 3, 1_790_000_009.25)

    assert await home.ledger.open(given_row) is None

    assert await home.ledger.read(UNUSUAL.user, TURN) == given_row


async def test_a_row_that_stands_is_returned_and_left_as_it_is(home: Home) -> None:
    standing = await given.queued(home)

    assert await home.ledger.open(given.entry(home, text="another text")) == standing
    assert await given.stored(home) == standing


async def test_two_users_may_use_one_turn_id(home: Home) -> None:
    hers, his = given.entry(home, "ada", text="hers"), given.entry(home, "bob", text="his")

    assert [await home.ledger.open(row) for row in (hers, his)] == [None, None]

    assert await home.ledger.read("ada", TURN) == hers
    assert await home.ledger.read("bob", TURN) == his


async def test_a_row_that_nobody_opened_is_not_there(home: Home) -> None:
    await given.queued(home)

    assert await home.ledger.read("bob", TURN) is None
    assert await home.ledger.read("ada", "another") is None


@pytest.mark.parametrize("state", [State.SHED, State.FAILED])
async def test_a_new_attempt_takes_the_place_of_one_that_was_shed_or_failed(home: Home, state: State) -> None:
    before = await given.ended(home, state, frames=(b"busy",))

    renewed = await home.ledger.renew(given.entry(home, attempt=2, text="the same, later"))

    assert renewed
    assert await given.stored(home) == replace(given.entry(home, attempt=2, text="the same, later"), epoch=before.epoch)


async def test_only_a_later_attempt_renews(home: Home) -> None:
    before = await given.ended(home, State.SHED)

    assert not await home.ledger.renew(given.entry(home, attempt=1))
    assert await given.stored(home) == before


async def test_what_has_not_come_to_nothing_is_not_renewed(home: Home) -> None:
    for turn, make in (("a", given.queued), ("b", given.running)):
        await make(home, turn=turn)
    await given.ended(home, State.DONE, turn="c")

    assert [await home.ledger.renew(given.entry(home, turn=turn, attempt=2)) for turn in "abcd"] == [False] * 4


async def test_a_lease_of_an_earlier_attempt_never_fits_again(home: Home) -> None:
    earlier = await given.running(home)
    await home.leases.finish(replace(earlier, state=State.FAILED, ended=home.clock.now()))

    await home.ledger.renew(given.entry(home, attempt=2))
    later = await home.leases.claim("ada", TURN, 2)

    assert later
    assert later.epoch > earlier.epoch
    with pytest.raises(LeaseLost):
        await home.leases.append(earlier, b"late")


@pytest.mark.parametrize("state", [State.DONE, State.SHED, State.FAILED])
async def test_texts_of_an_ended_turn_can_leave_early(home: Home, state: State) -> None:
    row = await given.ended(home, state, frames=(b"said", b"done"))
    emptied = replace(row, frames=(b"", b"done"), timeline=()).with_turn(text="")

    await home.ledger.rewrite(emptied)

    assert await given.stored(home) == emptied


async def test_only_an_ended_row_of_the_same_attempt_is_rewritten(home: Home) -> None:
    held = await given.running(home, turn="open")
    row = await given.ended(home)

    await home.ledger.rewrite(held.with_turn(text=""))
    await home.ledger.rewrite(row.with_turn(text="", attempt=2))
    await home.ledger.rewrite(given.entry(home, turn="nowhere"))

    assert await given.stored(home, turn="open") == held
    assert await given.stored(home) == row
    assert await home.ledger.read("ada", "nowhere") is None


async def test_failed_turns_are_listed_oldest_first(home: Home) -> None:
    for turn, state in (("b", State.FAILED), ("c", State.DONE), ("a", State.FAILED), ("d", State.FAILED)):
        await given.ended(home, state, turn=turn)
        await home.later(1)

    assert [row.turn.id for row in await home.ledger.failed(2)] == ["b", "a"]
    assert [row.turn.id for row in await home.ledger.failed(10)] == ["b", "a", "d"]


async def test_texts_and_frames_are_kept_for_a_day(home: Home) -> None:
    row = await given.ended(home, frames=(b"said", b"done"))

    await home.later(DAY - 1)
    assert await given.stored(home) == row
    await home.later(1)

    assert await given.stored(home) == replace(row, frames=(), timeline=()).with_turn(text="")


async def test_an_id_is_known_for_thirty_days(home: Home) -> None:
    await given.ended(home, State.FAILED)

    await home.later(30 * DAY - 1)
    assert await home.ledger.open(given.entry(home))
    await home.later(1)

    assert await home.ledger.read("ada", TURN) is None
    assert await home.ledger.failed(10) == []


async def test_an_id_may_be_used_anew_when_it_is_forgotten(home: Home) -> None:
    await given.ended(home, frames=(b"said", b"done"))
    await home.later(30 * DAY)
    anew = given.entry(home, text="anew")

    assert await home.ledger.open(anew) is None

    assert await given.stored(home) == anew


async def test_a_users_rows_are_paged_and_nobody_elses(home: Home) -> None:
    for number in range(5):
        await given.queued(home, turn=str(number))
        await given.queued(home, "bob", turn=str(number))

    seen, cursor = list[str](), None
    while (page := await home.ledger.page("ada", 2, cursor)).items:
        assert {entry.turn.user for entry in page.items} == {"ada"}
        seen, cursor = [*seen, *(entry.turn.id for entry in page.items)], page.cursor
        if cursor is None:
            break

    assert seen == ["0", "1", "2", "3", "4"]
