"""What the user puts right is what is known, and what it was stays visible and silent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Literal

import pytest

from runtime.adapters.local.offline import OfflineCompanion
from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator
from runtime.conversation import Memory, Passage, Verdict, memory_id
from runtime.errors import Unavailable
from runtime.policy import load
from runtime.prompt import messages
from tests.adapters.remembering import found
from tests.runtime.home import PIECES, REPLY, Home, home, texts, turn_id

ONE, TWO = turn_id(1), turn_id(2)
SAID = memory_id("ana", ONE, "user")
NOWHERE = turn_id(99)


async def told(here: Home, turn: str = ONE, text: str = "My sister Maya lives in Oslo.") -> str:
    """Have a turn remembered; return the id of the fact that it states."""
    await here.send("ana", turn, text)
    await here.ended("ana", turn)
    await asyncio.sleep(1)
    return (await here.stores.memories.facts("ana", "Maya", "lives in"))[-1].id


async def known(here: Home, memory: str) -> Memory:
    """Return a memory as it stands."""
    found = await here.stores.memories.read("ana", memory)
    assert found is not None
    return found


async def correct(here: Home, memory: str, text: str, user: str = "ana") -> Any:  # noqa: ANN401 - whichever frame answers.
    """Correct a memory and return the answer."""
    (answer,) = await here.say(user, {"action": "correct", "memory": memory, "text": text})
    return answer


async def test_what_the_corrected_words_still_state_holds_on_and_what_they_state_anew_is_learned(
    tmp_path: Path,
) -> None:
    async with home(tmp_path) as here:
        await told(here)
        await correct(here, SAID, "My sister Maya lives in Bergen.")
        facts = await here.stores.memories.facts("ana", "Maya")

    assert {(fact.attribute, fact.value) for fact in facts if fact.valid_until is None} == {
        ("relation", "sister"),
        ("lives in", "Bergen"),
    }


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
        id = await told(here)
        assert SAID in await found(here.stores.memories, "Oslo", "ana")
        await correct(here, id, "Maya lives in Bergen")
        fact, said = await known(here, id), await known(here, SAID)

        assert (fact.text, fact.value, fact.importance) == ("Maya lives in Bergen", "Bergen", 1.0)
        assert fact.valid_until is None
        assert fact.corrected == said.valid_until
        assert not await found(here.stores.memories, "Oslo", "ana")


async def test_a_correction_holds_until_something_newer_is_said(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        corrected = await told(here)
        await correct(here, corrected, "Maya lives in Bergen")
        await asyncio.sleep(1)
        newer = await told(here, TWO, "My sister Maya lives in Rome.")
        before, after = await known(here, corrected), await known(here, newer)

    assert (before.text, after.text) == ("Maya lives in Bergen", "My sister Maya lives in Rome.")
    assert (after.replaces, before.valid_until) == (corrected, after.at)


async def test_a_fact_that_came_from_corrected_words_alone_ends(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        fact = await told(here)
        await correct(here, SAID, "My sister Maya lives in Bergen.")

        assert (await known(here, fact)).valid_until is not None


async def test_what_was_corrected_is_not_learned_again(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await told(here)
        await correct(here, SAID, "My sister Maya lives in Bergen.")
        await here.say("ana", {"action": "interrupt", "turn": ONE, "heard_chars": 7})
        await asyncio.sleep(1)
        said, exchange = await known(here, SAID), await here.stores.recent.read("ana", ONE)

    assert said.text == "My sister Maya lives in Bergen."
    assert exchange is not None
    assert (exchange.text, exchange.reply) == ("My sister Maya lives in Bergen.", "One day")


async def test_a_corrected_fact_stands_in_the_next_prompt_behind_the_words_that_it_came_from(tmp_path: Path) -> None:
    model = ScriptedModel(PIECES)
    async with home(tmp_path, model) as here:
        fact = await told(here)
        for _ in range(2):
            await correct(here, fact, "Maya lives in Bergen")
        await told(here, TWO, "Where does Maya live?")

    chat = [message["content"] for message in messages(model.prompts[-1])]
    assert chat[2:] == [
        "My sister Maya lives in Oslo.\n(Put right since: Maya lives in Bergen)",
        REPLY,
        "Where does Maya live?",
    ]


async def test_an_answer_from_the_recent_turns_tells_the_correction_too(tmp_path: Path) -> None:
    async with home(tmp_path, OfflineCompanion()) as here:
        await correct(here, await told(here), "Maya lives in Bergen")
        await told(here, TWO, "Where does my sister live?")

    assert "Bergen" in texts(here.inbox.frames(turn=TWO))


async def test_another_users_memory_cannot_be_corrected(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        fact = await told(here)
        answers = [await correct(here, memory, "Nonsense", user="ben") for memory in (SAID, fact, NOWHERE)]

        assert [answer.code for answer in answers] == ["not_found"] * 3
        assert (await known(here, fact)).text == "My sister Maya lives in Oslo."


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
        fact = await told(here)
        answer = await correct(here, fact, "zanzibar")

        assert (answer.code, answer.message, answer.memory) == ("conflict", message, fact)
        assert (await known(here, fact)).corrected is None


async def test_what_the_policy_masks_is_kept_masked(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        answer = await correct(here, await told(here), "Write to maya@home.test")

    assert answer.records[0].text == "Write to {EMAIL}"


async def test_a_card_number_is_refused_without_asking_anybody(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        assert (await correct(here, await told(here), "It is 4111 1111 1111 1111")).code == "conflict"


async def test_a_moderator_that_fails_lets_nothing_through(tmp_path: Path) -> None:
    def judge(passage: Passage) -> Verdict:
        if passage.text == "Bergen":
            raise Unavailable("down")
        return Verdict("allow", passage.text)

    async with home(tmp_path, moderator=ScriptedModerator(judge)) as here:
        assert (await correct(here, await told(here), "Bergen")).code == "unavailable"


async def test_nothing_is_corrected_while_everything_is_erased(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        fact = await told(here)
        await here.say("ana", {"action": "erase", "confirm": "ana"})

        assert (await correct(here, fact, "Bergen")).code == "unavailable"
