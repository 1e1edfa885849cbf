"""Everything about a user is gone when they say so, whatever is in the way, and nothing of anybody else."""

from __future__ import annotations

import asyncio
from pathlib import Path

from runtime.adapters.local.scripted import ScriptedModel
from runtime.conversation import Account
from runtime.protocol import server
from tests.runtime.home import PIECES, Home, Inbox, home, turn_id

ONE, TWO = turn_id(1), turn_id(2)


async def talked(here: Home, user: str, turn: str = ONE) -> None:
    """Have one turn and let it be remembered."""
    await here.send(user, turn, "My sister Maya moved to Oslo.")
    await here.ended(user, turn)
    await asyncio.sleep(1)


async def erase(here: Home, user: str, connection: str = "") -> server.Erased:
    """Ask for an erasure and wait for its end."""
    await here.say(user, {"action": "erase", "confirm": user}, connection)
    return await erased(here, connection or user)


async def erased(here: Home, connection: str) -> server.Erased:
    """Wait for what *connection* is told."""
    async with asyncio.timeout(300):
        while True:
            here.inbox.arrived.clear()
            for frame in here.inbox.frames(connection):
                if isinstance(frame, server.Erased):
                    return frame
            await here.inbox.arrived.wait()


async def left(here: Home, user: str) -> dict[str, int]:
    """Count what each store has of *user*."""
    return {name: await store.count(user) for name, store in here.stores.traces.items()}


async def test_what_was_erased_is_counted_and_gone_and_another_user_has_it_all(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        for user in ("ana", "ben"):
            await talked(here, user)
        others = await left(here, "ben")
        answer = await erase(here, "ana")

        assert answer.verified
        assert answer.manifest.keys() == others.keys()
        assert min(answer.manifest.values()) >= 1
        assert await left(here, "ana") == dict.fromkeys(others, 0)
        assert await left(here, "ben") == others


async def test_a_turn_that_is_being_answered_is_stopped_first_and_those_that_wait_end_too(tmp_path: Path) -> None:
    async with home(tmp_path, ScriptedModel(PIECES, first=1.0, each=0.5)) as here:
        await here.send("ana", ONE)
        await here.send("ana", TWO)
        await asyncio.sleep(2)
        answer = await erase(here, "ana")

    frames = here.inbox.frames("ana")
    ends = [frame for frame in frames if isinstance(frame, server.Done)]
    assert [(frame.turn, frame.stopped) for frame in ends] == [(ONE, True), (TWO, True)]
    assert frames[-1] == answer


async def test_while_it_runs_no_turn_is_let_in_and_afterwards_one_is(tmp_path: Path) -> None:
    async with home(tmp_path, ScriptedModel(PIECES, first=1.0, each=0.5)) as here:
        await here.send("ana", ONE)
        await here.say("ana", {"action": "erase", "confirm": "ana"})
        (refused,) = await here.send("ana", TWO)
        await erased(here, "ana")
        (accepted,) = await here.send("ana", TWO)

    assert isinstance(refused, server.Error)
    assert refused.code == "unavailable"
    assert accepted == server.Accepted(TWO, 0)


async def test_who_asks_again_joins_and_both_are_told_the_same(tmp_path: Path) -> None:
    async with home(tmp_path, ScriptedModel(PIECES, first=1.0, each=0.5)) as here:
        await here.send("ana", ONE)
        for connection in ("phone", "laptop"):
            await here.say("ana", {"action": "erase", "confirm": "ana"}, connection)

        assert await erased(here, "phone") == await erased(here, "laptop")


async def test_who_asks_when_all_is_gone_is_told_the_result_again(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await talked(here, "ana")
        first = await erase(here, "ana")
        again = await here.say("ana", {"action": "erase", "confirm": "ana"})

    assert again == [first]


async def test_an_erasure_goes_on_after_a_crash_by_itself(tmp_path: Path) -> None:
    async with home(tmp_path, ScriptedModel(PIECES, first=1.0)) as here:
        await here.send("ana", ONE)
        await here.say("ana", {"action": "erase", "confirm": "ana"})
        here.kill()
    async with home(tmp_path, inbox=Inbox()) as here:
        answer = await erased(here, "ana")

        assert answer.verified
        assert set((await left(here, "ana")).values()) == {0}


async def test_a_memory_job_from_before_an_erasure_writes_nothing_after_it(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await talked(here, "ana")
        before = (await here.stores.accounts.read("ana")).erasure
        await erase(here, "ana")
        await talked(here, "ana", TWO)

        assert (await here.stores.accounts.read("ana")).erasure == before + 1


async def test_a_backup_that_is_restored_is_erased_again(tmp_path: Path) -> None:
    file = tmp_path / "companion.sqlite3"
    async with home(tmp_path) as here:
        for user in ("ana", "ben"):
            await talked(here, user)
    backup = file.read_bytes()
    async with home(tmp_path) as here:
        await erase(here, "ana")
    file.write_bytes(backup)
    async with home(tmp_path) as here:
        await asyncio.sleep(1)

        assert sum((await left(here, "ana")).values()) == 0
        assert min((await left(here, "ben")).values()) > 0


async def test_who_came_back_after_an_erasure_stays(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await talked(here, "ana")
        await erase(here, "ana")
        await talked(here, "ana", TWO)
        before = await left(here, "ana")
    async with home(tmp_path) as here:
        await asyncio.sleep(1)

        assert await left(here, "ana") == before


async def test_who_was_never_here_is_erased_as_well(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        answer = await erase(here, "eve")

        assert answer.verified
        assert await here.stores.accounts.read("eve") == Account("eve", erasure=1)
