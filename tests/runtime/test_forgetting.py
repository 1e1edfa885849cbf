"""What is forgotten is gone from everywhere: memory, facts, what was said just now, the stored reply, and the file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from runtime.adapters.local.scripted import ScriptedModel
from runtime.conversation import memory_id
from runtime.ports import Model
from runtime.protocol import server
from tests.runtime.canaries import holding, shuffle
from tests.runtime.home import Home, home, turn_id

ONE, TWO = turn_id(1), turn_id(2)
SAID = memory_id("ana", ONE, "user")


def echo() -> Model:
    return ScriptedModel(lambda prompt: [prompt.asked.splitlines()[-1], "!"])


async def told(here: Home, turn: str = ONE, text: str = "My sister Quarx lives in Oslo.") -> None:
    """Have a turn remembered."""
    await here.send("ana", turn, text)
    await here.ended("ana", turn)
    await asyncio.sleep(1)


async def forget(here: Home, memory: str) -> server.AnyFrame:
    """Forget a memory and return the answer."""
    (answer,) = await here.say("ana", {"action": "forget", "memory": memory})
    return answer


async def test_with_a_memory_goes_all_that_came_from_its_turn(tmp_path: Path) -> None:
    async with home(tmp_path, echo()) as here:
        await told(here)
        assert await here.stores.memories.facts("ana", "Quarx")
        await forget(here, SAID)
        entry = await here.stores.ledger.read("ana", ONE)

        assert (await here.stores.memories.page("ana", "", 10, None)).items == ()
        assert (await here.stores.recent.latest("ana", 10)).items == ()
        assert entry is not None
        assert entry.turn.text == ""
        assert b"Quarx" not in b"".join(entry.frames)


async def test_with_a_fact_goes_every_turn_that_said_it(tmp_path: Path) -> None:
    async with home(tmp_path, echo()) as here:
        await told(here)
        await told(here, TWO)
        (fact,) = await here.stores.memories.facts("ana", "Quarx", "lives in")
        await forget(here, fact.id)

        assert fact.sources == (ONE, TWO)
        assert (await here.stores.recent.latest("ana", 10)).items == ()
        assert (await here.stores.memories.page("ana", "Quarx", 10, None)).items == ()


async def test_a_job_that_is_on_its_way_does_not_bring_it_back(tmp_path: Path) -> None:
    async with home(tmp_path, echo()) as here:
        await told(here)
        await here.say("ana", {"action": "interrupt", "turn": ONE, "heard_chars": 7})
        await forget(here, SAID)
        await asyncio.sleep(10)

        assert (await here.stores.memories.page("ana", "", 10, None)).items == ()


async def test_who_was_cut_off_can_ask_again(tmp_path: Path) -> None:
    async with home(tmp_path, echo()) as here:
        await told(here)
        await here.stores.recent.drop("ana", ONE)
        here.kill()
    async with home(tmp_path, echo()) as here:
        assert await forget(here, SAID) == server.Forgotten(SAID)
        assert isinstance(await forget(here, SAID), server.Error)


async def test_no_byte_of_it_is_left_in_any_file_once_it_is_tidied(tmp_path: Path) -> None:
    async with home(tmp_path, echo()) as here:
        await shuffle(here.stores, {"ana": "evergreen", "ben": "zebra"})
        await told(here)
        assert holding(tmp_path, "quarx")
        await forget(here, SAID)
        await here.stores.sweep(here.companion.background.clock.now())

        assert holding(tmp_path, "quarx") == []
        assert holding(tmp_path, "evergreen")
