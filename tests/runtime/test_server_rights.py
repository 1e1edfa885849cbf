"""A copy of everything and its end, over a real socket."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from runtime.conversation import Exchange
from runtime.protocol import server
from tests.runtime.talking import Client, talking

pytestmark = pytest.mark.real


async def exported(client: Client) -> list[server.Export]:
    """Ask for a copy and return its parts."""
    parts = [await client.ask("export")]
    while not parts[-1].last:
        parts.append(await client.next())
    return parts


async def test_an_export_has_everything_and_nothing_of_anybody_else(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client("ana") as ana, home.client("bob") as bob:
        turn = await ana.turn("My cat is called Minka.")
        await bob.turn("My dog is called Rex.")
        lines = [json.loads(line) for part in await exported(ana) for line in part.data.splitlines()]

    records = {line["record"]: line for line in lines}
    assert (records["account"]["user"], records["account"]["version"]) == ("ana", 3)
    assert records["exchange"]["text"] == records["turn"]["text"] == "My cat is called Minka."
    assert [frame["type"] for frame in records["turn"]["frames"]][-1] == "done"
    assert records["turn"]["id"] == turn
    assert "Rex" not in json.dumps(lines)


@pytest.mark.parametrize("letter", ["x", "\U0001f984", "\x01", '"'])
async def test_an_export_of_any_size_comes_in_parts_within_a_frame(tmp_path: Path, letter: str) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        for number in range(60):
            exchange = Exchange("ana", str(uuid4()), home.app.clock.now() - number, letter * 4000, letter * 4600)
            await home.app.stores.recent.add(exchange)
        parts = await exported(client)

    lines = [json.loads(line) for line in "".join(part.data for part in parts).splitlines()]
    assert [part.part for part in parts] == list(range(len(parts)))
    assert max(map(len, client.received)) <= 32_000
    assert [line["reply"] for line in lines if line["record"] == "exchange"] == [letter * 4600] * 60


async def test_one_export_in_ten_minutes_is_allowed(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client("ana") as ana, home.client("bob") as bob:
        await exported(ana)
        refused = await ana.ask("export")
        others = await exported(bob)

    assert (refused.code, refused.action) == ("rate_limited", "export")
    assert 0 < refused.retry_after_ms <= 600_001
    assert others[-1].last


async def test_an_erasure_is_answered_when_all_is_gone_and_what_is_said_then_is_kept(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        await client.turn("My cat is called Minka.")
        erased = await client.ask("erase", confirm="ana")
        nothing = await client.ask("history")
        await client.turn("Who am I?")
        history = await client.ask("history")

    assert erased.verified
    assert erased.manifest["recent"] == 1
    assert nothing.turns == []
    assert [turn.text for turn in history.turns] == ["Who am I?"]


async def test_an_erasure_needs_the_users_own_id(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client("ana") as client:
        assert (await client.ask("erase", confirm="bob")).code == "bad_frame"
        assert (await client.ask("erase", confirm="ana")).verified
