"""Facts in the whole home: learned behind the turn, corrected, forgotten, and never from what is private."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

from runtime.adapters.local.offline import OfflineCompanion
from runtime.adapters.local.scripted import ScriptedModel
from runtime.conversation import Delivery, Prompt, Usage
from runtime.jobs import RememberJob
from runtime.protocol import server
from runtime.worker.background import Background
from tests.runtime.home import Home, home, turn_id

ONE, TWO, THREE = turn_id(1), turn_id(2), turn_id(3)
GRAZ, OSLO = "My sister Maya lives in Graz.", "My sister Maya lives in Oslo."


async def say(here: Home, turn: str, text: str, **more: bool) -> None:
    """Say something and wait for what follows it."""
    await here.send("ana", turn, text, **more)
    await here.ended("ana", turn)
    await asyncio.sleep(1)


async def known(here: Home, attribute: str = "lives in") -> list[tuple[str, bool]]:
    """Return what is known, and whether it still holds."""
    facts = await here.stores.memories.facts("ana", attribute=attribute)
    return [(fact.text, fact.valid_until is None) for fact in facts]


async def test_a_newer_fact_closes_the_older_and_forgetting_it_opens_that_again(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await say(here, ONE, GRAZ)
        await say(here, TWO, "Maya moved to Oslo.")
        both = await known(here)
        (oslo,) = [fact for fact in await here.stores.memories.facts("ana") if fact.value == "Oslo"]
        await here.say("ana", {"action": "forget", "memory": oslo.id})

        assert both == [(GRAZ, False), (OSLO, True)]
        assert await known(here) == [(GRAZ, True)]


async def test_what_was_learned_is_the_answer_and_the_end_says_why(tmp_path: Path) -> None:
    async with home(tmp_path, OfflineCompanion()) as here:
        await say(here, ONE, GRAZ)
        await say(here, TWO, "Maya moved to Oslo.")
        await say(here, THREE, "Where did my sister live before?")
        done = here.inbox.frames(turn=THREE)[-1]
        (oslo,) = [fact for fact in await here.stores.memories.facts("ana") if fact.value == "Oslo"]

    said = "".join(frame.delta for frame in here.inbox.frames(turn=THREE) if isinstance(frame, server.Text))
    assert said == "Graz, until earlier today. Now your sister Maya lives in Oslo."
    assert isinstance(done, server.Done)
    assert done.why[oslo.id] == ["fact", "asked"]


async def test_a_private_turn_and_the_companion_s_own_words_leave_no_fact(tmp_path: Path) -> None:
    async with home(tmp_path, ScriptedModel(["I live in Rome."])) as here:
        await say(here, ONE, GRAZ, private=True)
        await say(here, TWO, "Where do you live?")

        assert await here.stores.memories.facts("ana") == []


async def test_facts_by_a_language_model_are_learned_behind_the_turn(tmp_path: Path) -> None:
    notes = json.dumps({"facts": [{"subject": "user", "attribute": "lives in", "value": "Bruges"}]})
    async with home(tmp_path) as here:
        learning = replace(here.companion.background, reader=ScriptedModel([notes], first=5.0))
        await say(here, ONE, "Bruges is where you'd find me at home.")
        assert await known(here) == []
        await remembered_again(learning, ONE)

        assert await known(here) == [("I live in Bruges.", True)]


@dataclass
class Reader:
    """A language model that finds one fact in everything, and takes its time over what Ben says."""

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        await asyncio.sleep(20.0 if "Ben" in prompt.asked else 0.0)
        yield json.dumps({"facts": [{"subject": "user", "attribute": "lives in", "value": "Graz"}]})


async def test_what_is_slow_to_be_learned_of_one_user_does_not_hold_up_another(tmp_path: Path) -> None:
    async with home(tmp_path, reader=Reader()) as here:
        for turn in (ONE, TWO):
            await here.send("ben", turn, "I am Ben, from Graz.")
            await here.ended("ben", turn)
        await say(here, ONE, "I am Ana, from Graz.")

        assert await known(here) == [("I live in Graz.", True)]
        assert await here.stores.memories.facts("ben") == []


async def test_what_is_forgotten_while_it_is_read_is_not_learned(tmp_path: Path) -> None:
    notes = json.dumps({"facts": [{"subject": "user", "attribute": "lives in", "value": "Graz"}]})
    async with home(tmp_path) as here:
        await say(here, ONE, "Graz, Graz.")
        learning = replace(here.companion.background, reader=ScriptedModel([notes], first=5.0))
        reading = asyncio.ensure_future(remembered_again(learning, ONE))
        await asyncio.sleep(2)
        await here.stores.recent.drop("ana", ONE)
        await reading

        assert await here.stores.memories.facts("ana") == []


async def remembered_again(learning: Background, turn: str) -> None:
    """Do a turn's background job once more."""
    await learning.handle(Delivery(RememberJob("ana", turn, 0.0, 0, 0).message(), 1))
