"""An erasure outlives the process, however that ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime.running import running

pytestmark = pytest.mark.real


@pytest.mark.parametrize("pings", [0, 2, 9, 30])
async def test_a_killed_servers_erasure_is_finished_by_the_next_one(tmp_path: Path, pings: int) -> None:
    async with running(tmp_path) as home, home.client() as client, home.client() as other:
        for number in range(5):
            await client.turn(f"My cat number {number} is called Quarx.")
        await client.say("erase", confirm="ana")
        for _ in range(pings):
            await other.ask("ping")
        await home.kill()
    async with running(tmp_path) as home, home.client() as client:
        erased = await client.ask("erase", confirm="ana")
        history = await client.ask("history")
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert erased.verified
    assert history.turns == []
    assert [name for name, data in files.items() if b"Quarx" in data or b"quarx" in data] == []


async def test_who_is_erased_finds_the_other_user_as_they_were(tmp_path: Path) -> None:
    async with running(tmp_path) as home, home.client("ana") as ana, home.client("bob") as bob:
        for client in (ana, bob):
            await client.turn("My cat is called Minka.")
        before = await bob.ask("memories")
        await ana.ask("erase", confirm="ana")

        assert await bob.ask("memories") == before
        assert (await ana.ask("memories")).records == []
