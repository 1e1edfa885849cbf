"""What the user puts right is what is known, and what it was stays visible and silent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Literal

import pytest

from runtime.adapters.local.scripted import ScriptedModerator
from runtime.conversation import Memory, Passage, Verdict, memory_id
from runtime.errors import Unavailable
from runtime.policy import load
from runtime.protocol import server
from tests.adapters.remembering import found
from tests.runtime.home import Home, home, turn_id

ONE, TWO = turn_id(1), turn_id(2)
SAID = memory_id("ana", ONE, "user")
FACT = turn_id(99)


async def told(here: Home, text: str = "My sister Maya lives in Oslo.") -> None:
    """Have a turn remembered, and a fact drawn from it."""
    await here.send("ana", ONE, text)
    await here.ended("ana", ONE)
    await asyncio.sleep(1)
    now = here.background.clock.now()
    await here.stores.memories.write(
        "ana",
        Memory(FACT, "Maya lives in Oslo", "fact", "user", now, "", now, source=ONE, subject="Maya", attribute="home"),
    )


async def correct(here: Home, memory: str, text: str, user: str = "ana") -> Any:  # noqa: ANN401 - whichever frame answers.
    """Correct a memory and return the answer."""
    (answer,) = await here.say(user, {"action": "correct", "memory": memory, "text": text})
    return answer


async def test_a_corrected_memory_keeps_its_id_and_is_found_by_its_new_words(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await told(here)
        answer = await correct(here, SAID, "My sister Maya lives in Bergen.")

        assert [(record.memory, record.text) for record in answer.records] == [
            (SAID, "My sister Maya lives in Bergen.")
        ]
        assert SAID in await found(here.stores.memories, "Bergen", "ana")
        assert SAID not in await found(here.stores.memories, "Oslo", "ana")


async def test_the_words_that_a_corrected_fact_came_from_are_not_recalled(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await told(here)
        assert SAID in await found(here.stores.memories, "Oslo", "ana")
        await correct(here, FACT, "Maya lives in Bergen")
        fact, said = await here.stores.memories.read("ana", FACT), await here.stores.memories.read("ana", SAID)

        assert fact is not None
        assert (fact.text, fact.importance, fact.valid_until) == ("Maya lives in Bergen", 1.0, None)
        assert fact.corrected is not None
        assert not await found(here.stores.memories, "Oslo", "ana")
        assert said is not None
        assert said.valid_until is not None


async def test_a_fact_that_came_from_corrected_words_alone_ends(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await told(here)
        await correct(here, SAID, "My sister Maya lives in Bergen.")
        fact = await here.stores.memories.read("ana", FACT)

    assert fact is not None
    assert fact.valid_until is not None


async def test_what_was_corrected_is_not_learned_again(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await told(here)
        await correct(here, SAID, "My sister Maya lives in Bergen.")
        await here.say("ana", {"action": "interrupt", "turn": ONE, "heard_chars": 7})
        await asyncio.sleep(1)
        said = await here.stores.memories.read("ana", SAID)
        exchange = await here.stores.recent.read("ana", ONE)

    assert said is not None
    assert said.text == "My sister Maya lives in Bergen."
    assert exchange is not None
    assert (exchange.text, exchange.reply) == ("My sister Maya lives in Bergen.", "One day")


@pytest.mark.parametrize("memory", [SAID, FACT, turn_id(5)])
async def test_another_users_memory_cannot_be_corrected(tmp_path: Path, memory: str) -> None:
    async with home(tmp_path) as here:
        await told(here)
        answer = await correct(here, memory, "Nonsense", user="ben")
        kept = await here.stores.memories.read("ana", FACT)

    assert answer.code == "not_found"
    assert kept is not None
    assert kept.text == "Maya lives in Oslo"


@pytest.mark.parametrize(
    ("decision", "message"), [("block", load().refusal(output=False)), ("crisis", load().crisis.reply)]
)
async def test_words_that_the_policy_refuses_are_not_kept_and_answered_in_its_own(
    tmp_path: Path,
    decision: Literal["block", "crisis"],
    message: str,
) -> None:
    def judge(passage: Passage) -> Verdict:
        return Verdict(decision, "") if "zanzibar" in passage.text else Verdict("allow", passage.text)

    async with home(tmp_path, moderator=ScriptedModerator(judge)) as here:
        await told(here)
        answer = await correct(here, FACT, "zanzibar")
        kept = await here.stores.memories.read("ana", FACT)

    assert (answer.code, answer.message, answer.memory) == ("conflict", message, FACT)
    assert kept is not None
    assert kept.corrected is None


async def test_what_the_policy_masks_is_kept_masked(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await told(here)
        answer = await correct(here, FACT, "Write to maya@home.test")

    assert answer.records[0].text == "Write to {EMAIL}"


async def test_a_card_number_is_refused_without_asking_anybody(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await told(here)

        assert (await correct(here, FACT, "It is 4111 1111 1111 1111")).code == "conflict"


async def test_a_moderator_that_fails_lets_nothing_through(tmp_path: Path) -> None:
    def judge(passage: Passage) -> Verdict:
        if passage.text == "Bergen":
            raise Unavailable("down")
        return Verdict("allow", passage.text)

    async with home(tmp_path, moderator=ScriptedModerator(judge)) as here:
        await told(here)

        assert (await correct(here, FACT, "Bergen")).code == "unavailable"


async def test_nothing_is_corrected_while_everything_is_erased(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await told(here)
        await here.say("ana", {"action": "erase", "confirm": "ana"})
        answer = await correct(here, FACT, "Bergen")

    assert isinstance(answer, server.Error)
    assert answer.code in {"unavailable", "not_found"}
