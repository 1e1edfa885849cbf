"""What every list of erasures keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from runtime.adapters.local.erasures import SqliteErasures
from runtime.conversation import Erasure
from runtime.ports import Erasures
from tests.adapters import dynamodb
from tests.virtual_time import LoopClock

START = LoopClock().start


@dataclass(frozen=True)
class Opened:
    """An empty list, and all the bytes that are kept of it."""

    erasures: Erasures
    kept: Callable[[], bytes]


def opened_local(request: pytest.FixtureRequest) -> Opened:
    folder: Path = request.getfixturevalue("tmp_path")
    erasures = SqliteErasures(folder / "erased.sqlite3", LoopClock())
    return Opened(erasures, lambda: b"".join(path.read_bytes() for path in folder.iterdir()))


def opened_aws(request: pytest.FixtureRequest) -> Opened:
    cloud = dynamodb.made(request)
    return Opened(cloud.rows.erasures, lambda: repr(cloud.items(cloud.erased)).encode())


@pytest.fixture(params=[opened_local, pytest.param(opened_aws, marks=pytest.mark.real(afar=True))])
def opened(request: pytest.FixtureRequest) -> Opened:
    """Open an empty list."""
    return request.param(request)  # type: ignore[no-any-return]


@pytest.fixture
def erasures(opened: Opened) -> Erasures:
    """Return an empty list."""
    return opened.erasures


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


async def test_when_it_is_over_nobody_is_named(opened: Opened) -> None:
    await opened.erasures.begin("ada.lovelace", 1, "the-phone")
    assert b"ada.lovelace" in opened.kept()

    await end(opened.erasures, "ada.lovelace")

    assert b"ada.lovelace" not in opened.kept()
    assert b"the-phone" not in opened.kept()


async def test_what_was_found_is_noted_while_it_goes_on(erasures: Erasures) -> None:
    await erasures.note("eve", {"recent": 1})
    await erasures.begin("ada", 1, "")
    for manifest in ({"recent": 7}, {"recent": 7, "turns": 2}):
        await erasures.note("ada", manifest)

    ada = await erasures.read("ada")
    assert ada is not None
    assert ada.manifest == {"recent": 7, "turns": 2}
    assert await erasures.read("eve") is None
