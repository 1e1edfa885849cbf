"""What every list of erasures keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runtime.adapters.local.erasures import SqliteErasures
from runtime.conversation import Erasure
from runtime.ports import Erasures
from tests.virtual_time import LoopClock

START = LoopClock().start


@pytest.fixture
def erasures(tmp_path: Path) -> SqliteErasures:
    """Open an empty list."""
    return SqliteErasures(tmp_path / "erased.sqlite3", LoopClock())


async def end(erasures: Erasures, user: str) -> tuple[str, ...]:
    """End the erasure that runs."""
    erasure = await erasures.read(user)
    assert erasure is not None
    return await erasures.end(user, replace(erasure, ended=START + 1, verified=True))


async def test_who_was_never_erased_is_not_known(erasures: Erasures) -> None:
    assert await erasures.read("ada") is None
    assert list(await erasures.running()) == []


async def test_an_erasure_is_read_as_it_was_begun(erasures: Erasures) -> None:
    begun = await erasures.begin("ada", 3, "phone")

    assert begun == await erasures.read("ada") == Erasure(3, START, told=("phone",))
    assert list(await erasures.running()) == ["ada"]


async def test_who_begins_one_that_runs_joins_it(erasures: Erasures) -> None:
    for connection in ("phone", "laptop", "phone", ""):
        await erasures.begin("ada", 3, connection)
    await erasures.note("ada", {"recent": 7})
    joined = await erasures.begin("ada", 9, "tablet")

    assert joined == Erasure(3, START, manifest={"recent": 7}, told=("phone", "laptop", "tablet"))


async def test_at_its_end_the_result_stays_and_who_waits_is_told(erasures: Erasures) -> None:
    await erasures.begin("ada", 1, "phone")

    assert await end(erasures, "ada") == ("phone",)

    assert await erasures.read("ada") == Erasure(1, START, START + 1, verified=True)
    assert list(await erasures.running()) == []


@pytest.mark.parametrize(("asked", "given"), [(1, 4), (4, 4), (9, 9)])
async def test_each_erasure_has_a_later_epoch(erasures: Erasures, asked: int, given: int) -> None:
    await erasures.begin("ada", 3, "")
    await end(erasures, "ada")

    assert (await erasures.begin("ada", asked, "")).epoch == given


async def test_two_users_have_erasures_of_their_own(erasures: Erasures) -> None:
    await erasures.begin("ada", 1, "a")
    await erasures.begin("eve", 5, "e")
    await end(erasures, "ada")

    eve = await erasures.read("eve")
    assert eve is not None
    assert (eve.epoch, eve.ended, eve.told) == (5, None, ("e",))


async def test_when_it_is_over_nobody_is_named(erasures: SqliteErasures, tmp_path: Path) -> None:
    await erasures.begin("ada.lovelace", 1, "the-phone")
    await end(erasures, "ada.lovelace")

    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"ada.lovelace" not in left
    assert b"the-phone" not in left
