"""What every hot memory keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.adapters.local.database import Database
from runtime.adapters.local.recent import SqliteRecent
from runtime.conversation import Exchange
from runtime.errors import BadFrame
from runtime.ports import Recent
from tests.adapters import dynamodb
from tests.virtual_time import LoopClock, run

START = LoopClock().start
HOUR = 3_600.0


@pytest.fixture(params=["local", pytest.param("aws", marks=pytest.mark.real(afar=True))])
def recent(request: pytest.FixtureRequest) -> Iterator[Recent]:
    """Open an empty hot memory that keeps an hour."""
    if request.param == "aws":
        yield dynamodb.made(request).hot.recent
        return
    with closing(Database(Path(":memory:"))) as database:
        yield SqliteRecent(database, LoopClock(), HOUR)


def exchange(number: int, user: str = "ada", reply: str = "hello") -> Exchange:
    """Return a user's exchange, one a minute."""
    return Exchange(user, f"turn-{number}", START + 60.1 * number, f"good morning {number}", reply)


async def test_exchanges_come_back_as_they_were_newest_first(recent: Recent) -> None:
    for number in (1, 3, 2):
        await recent.add(exchange(number))

    page = await recent.latest("ada", 10)

    assert page.items == (exchange(3), exchange(2), exchange(1))
    assert page.cursor is None


async def test_adding_an_exchange_again_replaces_it(recent: Recent) -> None:
    for reply in ("hello", "hello again"):
        await recent.add(exchange(1, reply=reply))

    assert (await recent.latest("ada", 10)).items == (exchange(1, reply="hello again"),)


async def test_two_exchanges_of_one_instant_are_both_kept(recent: Recent) -> None:
    both = [Exchange("ada", turn, START, "hi", "hello") for turn in ("b", "a")]
    for one in both:
        await recent.add(one)

    first = await recent.latest("ada", 1)
    second = await recent.latest("ada", 1, first.cursor)

    assert {*first.items, *second.items} == set(both)


async def test_pages_go_on_where_the_last_one_ended_whatever_is_added_meanwhile(recent: Recent) -> None:
    for number in range(5):
        await recent.add(exchange(number))
    first = await recent.latest("ada", 2)
    await recent.add(exchange(9))

    second = await recent.latest("ada", 2, first.cursor)

    assert second.items == (exchange(2), exchange(1))
    assert (await recent.latest("ada", 2, second.cursor)).cursor is None


async def test_an_exchange_is_gone_once_it_is_expired(recent: Recent) -> None:
    await recent.add(exchange(0))
    await recent.add(exchange(10))
    await asyncio.sleep(HOUR)

    assert (await recent.latest("ada", 10)).items == (exchange(10),)


async def test_one_exchange_is_found_by_its_turn_until_it_is_expired(recent: Recent) -> None:
    for one in (exchange(1), exchange(2), exchange(1, user="eve")):
        await recent.add(one)

    assert await recent.read("ada", "turn-1") == exchange(1)
    assert await recent.read("eve", "turn-2") is None
    await asyncio.sleep(HOUR + 61)

    assert await recent.read("ada", "turn-1") is None
    assert await recent.read("ada", "turn-2") == exchange(2)


async def test_an_exchange_that_was_moved_in_time_is_one(recent: Recent) -> None:
    moved = replace(exchange(1), at=exchange(5).at)
    for one in (exchange(1), exchange(3), moved):
        await recent.add(one)

    assert (await recent.latest("ada", 10)).items == (moved, exchange(3))


async def test_a_dropped_exchange_is_gone_and_only_that(recent: Recent) -> None:
    for one in (exchange(1), exchange(2), exchange(1, user="eve")):
        await recent.add(one)
    await recent.drop("ada", "turn-1")
    await recent.drop("ada", "turn-7")

    assert (await recent.latest("ada", 10)).items == (exchange(2),)
    assert (await recent.latest("eve", 10)).items == (exchange(1, user="eve"),)


@pytest.mark.parametrize("cursor", ["", "0", "nonsense", "é", "A" * 200])
async def test_a_cursor_that_no_page_gave_is_refused_with_what_to_do_instead(recent: Recent, cursor: str) -> None:
    with pytest.raises(BadFrame, match=r"got a cursor of .* take the last page's"):
        await recent.latest("ada", 10, cursor)


async def test_sweeping_deletes_what_is_expired() -> None:
    with closing(Database(Path(":memory:"))) as database:
        recent = SqliteRecent(database, LoopClock(), HOUR)
        for number in range(3):
            await recent.add(exchange(number))

        assert await recent.sweep(START + HOUR + 61) == 2
        assert (await recent.latest("ada", 10)).items == (exchange(2),)


@given(st.floats(min_value=0, max_value=4e9), st.text(), st.text())
def test_any_instant_and_any_text_come_back_unchanged(at: float, text: str, reply: str) -> None:
    async def kept() -> tuple[Exchange, ...]:
        with closing(Database(Path(":memory:"))) as database:
            recent = SqliteRecent(database, LoopClock(0), 5e9)
            await recent.add(Exchange("ada", "turn", at, text, reply))
            return (await recent.latest("ada", 1)).items

    assert run(kept()) == (Exchange("ada", "turn", round(at, 9), text, reply),)
