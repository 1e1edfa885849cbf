"""After an erasure that was cut off anywhere, no byte of the user is left in any file or log; all of another's is."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from runtime.logs import Lines
from tests.runtime.canaries import PLACES, Fuse, Killed, holding, opened, plant, requests, shuffle

USER, WORD = "quarx.user@home.test", "quarx"
OTHER, OTHERS = "ben", "zebra"
STEPS = 5 * 4 + 2 + 5 + 2


async def planted(data: Path) -> None:
    """Leave canaries of two users in *data*, one of them spread over pages that are free by now."""
    stores = opened(data)
    await shuffle(stores, {USER: WORD, OTHER: OTHERS})
    await plant(stores, USER, WORD)
    await plant(stores, OTHER, OTHERS)
    stores.database.close()


async def cut_off(data: Path, copy: Path, step: int) -> bool:
    """Erase the user until *step*, where the process dies; say whether it came so far."""
    stores = opened(data)
    fused = Fuse(step, data, copy).on(requests(stores))
    try:
        async with stores.turns.take():
            await fused.begin(USER, f"{WORD}-phone")
            await fused.go_on(USER)
    except Killed:
        return True
    finally:
        stores.database.close()
    return False


async def resumed(data: Path) -> None:
    """Do what a new process does by itself."""
    stores = opened(data)
    asked = requests(stores)
    await asked.resume()
    for user in await stores.erasures.running():
        await asked.go_on(user)
    erasure = await stores.erasures.read(USER)
    assert erasure is not None
    assert erasure.verified
    assert min(erasure.manifest.values()) > 0


@pytest.mark.parametrize("step", range(1, STEPS + 1))
async def test_cut_off_at_any_step_it_is_finished_by_the_next_process(
    tmp_path: Path, step: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await planted(tmp_path / "data")

    assert await cut_off(tmp_path / "data", tmp_path / "copy", step)
    await resumed(tmp_path / "copy")

    assert holding(tmp_path / "copy", WORD) == []
    assert [place for place in PLACES if not holding(tmp_path / "copy", f"{OTHERS}-{place}")] == []
    assert WORD not in "".join(record.getMessage() + Lines().format(record) for record in caplog.records)


async def test_no_step_is_left_out(tmp_path: Path) -> None:
    await planted(tmp_path / "data")
    assert holding(tmp_path / "data", f"{WORD}-free")

    assert not await cut_off(tmp_path / "data", tmp_path / "copy", STEPS + 1)

    assert holding(tmp_path / "data", WORD) == []


async def test_what_rows_leave_behind_in_the_file_is_more_than_nothing(tmp_path: Path) -> None:
    await planted(tmp_path)
    stores = opened(tmp_path)
    for traces in stores.traces.values():
        await traces.erase(USER)
    await stores.database.expunge()

    assert holding(tmp_path, WORD) == ["companion.sqlite3"]
    stores.database.close()


async def test_before_it_every_canary_is_there(tmp_path: Path) -> None:
    await planted(tmp_path)

    for word in (WORD, OTHERS):
        assert [place for place in PLACES if not holding(tmp_path, f"{word}-{place}")] == []
