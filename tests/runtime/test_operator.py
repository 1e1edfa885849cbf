"""What an operator exports and erases by hand, beside a server that runs and without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.running import command, running
from tests.runtime.talking import talking

pytestmark = pytest.mark.real


async def talked(data: Path, *users: str) -> None:
    """Leave a turn of each of *users* in *data*."""
    async with talking(data) as home:
        for user in users:
            async with home.client(user) as client:
                await client.turn(f"I am {user}, and my cat is called Minka.")


async def exported(data: Path, user: str) -> list[dict[str, Any]]:
    """Return what the command `export` prints."""
    code, out, err = await command(data, "export", user)
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


async def test_an_export_has_all_of_a_user_whether_a_server_runs_or_not(tmp_path: Path) -> None:
    await talked(tmp_path, "ana", "bob")
    alone = await exported(tmp_path, "ana")
    async with running(tmp_path):
        beside = await exported(tmp_path, "ana")

    assert {line["record"] for line in alone} >= {"account", "exchange", "turn"}
    assert [line["record"] for line in beside if line["record"] == "exchange"] == ["exchange"]
    assert "bob" not in json.dumps([alone, beside])


@pytest.mark.parametrize("served", [True, False])
async def test_an_erasure_prints_what_there_was_and_leaves_nothing(tmp_path: Path, served: bool) -> None:  # noqa: FBT001
    await talked(tmp_path, "ana", "bob")
    if served:
        async with running(tmp_path):
            code, out, _ = await command(tmp_path, "erase", "ana")
    else:
        code, out, _ = await command(tmp_path, "erase", "ana")

    told = json.loads(out)
    assert (code, told["verified"], told["manifest"]["recent"]) == (0, True, 1)
    assert [line["record"] for line in await exported(tmp_path, "ana")] == ["account"]
    assert "exchange" in [line["record"] for line in await exported(tmp_path, "bob")]
    assert not [path for path in tmp_path.iterdir() if b"I am ana" in path.read_bytes()]


async def test_a_second_erasure_by_hand_tells_the_same(tmp_path: Path) -> None:
    await talked(tmp_path, "ana")

    assert await command(tmp_path, "erase", "ana") == await command(tmp_path, "erase", "ana")


@pytest.mark.parametrize("name", ["export", "erase"])
async def test_an_id_that_no_user_can_have_is_refused(tmp_path: Path, name: str) -> None:
    code, out, err = await command(tmp_path / "new", name, "a b")

    assert (code, out) == (2, "")
    assert "instead: 1 to 128 of A-Z" in err
    assert not (tmp_path / "new").exists()
