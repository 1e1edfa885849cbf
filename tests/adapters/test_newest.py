"""The page that a store keeps ready is the one that a store without it would read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from runtime.adapters.local.database import Database
from runtime.adapters.local.newest import Newest
from runtime.adapters.local.recent import SqliteRecent
from runtime.conversation import Exchange
from runtime.ports import Page
from tests.virtual_time import LoopClock, run

START = LoopClock().start
HOUR = 3_600.0


def exchange(turn: int, minute: int = 0, text: str = "good morning", user: str = "ada") -> Exchange:
    """Return an exchange of *user*."""
    return Exchange(user, f"turn-{turn}", START + 60.0 * minute, text, "hello")


def kept(newest: Newest, *users: str) -> list[str]:
    """Return those of *users* whose page is here."""
    return [user for user in users if newest.get(user, 2, START)]


_STEPS = st.lists(st.tuples(st.sampled_from(("add", "drop", "sweep", "cool")), st.integers(0, 4), st.integers(-70, 9)))


@given(_STEPS, st.integers(1, 3))
def test_a_page_is_the_same_as_one_that_is_read_anew(steps: Sequence[tuple[str, int, int]], limit: int) -> None:
    async def play() -> None:
        with closing(Database(Path(":memory:"))) as database:
            recent = SqliteRecent(database, LoopClock(), HOUR)
            for step, turn, minute in steps:
                await _take(recent, step, exchange(turn, minute, f"{turn} at {minute}"))
                fresh = SqliteRecent(database, LoopClock(), HOUR)
                assert await recent.latest("ada", limit) == await fresh.latest("ada", limit)

    run(play())


async def _take(recent: SqliteRecent, step: str, one: Exchange) -> None:
    match step:
        case "add":
            await recent.add(one)
        case "drop":
            await recent.drop(one.user, one.turn)
        case "sweep":
            await recent.sweep(one.at)
        case _:
            recent.cool(one.user)


def test_whoever_was_here_longest_ago_makes_room() -> None:
    newest = Newest(lambda last: last.turn, room=3_000)
    for user in ("ada", "eve", "ada", "ben"):
        newest.get(user, 2, START)
        newest.put(user, 2, Page((exchange(1, text="a" * 600, user=user),), None), START + HOUR)

    assert kept(newest, "ada", "eve", "ben") == ["ada", "ben"]


def test_a_page_of_another_length_or_past_its_time_is_not_given() -> None:
    newest = Newest(lambda last: last.turn)
    newest.put("ada", 2, Page((exchange(1),), None), START + HOUR)

    assert newest.get("ada", 2, START + HOUR - 1)
    assert not newest.get("ada", 3, START)
    assert not newest.get("ada", 2, START + HOUR)
