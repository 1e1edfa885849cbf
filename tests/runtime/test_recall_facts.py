"""Which facts answer a question, and in which order they stand before what was said."""

from __future__ import annotations

import pytest

from runtime.conversation import Recalled
from runtime.ports import Memories
from runtime.recall import recall
from tests.extraction.given import DAY, START, opened, say

SAID = (
    *("Hi, I'm Ana and I live in Graz.", "My sister Maya lives in Graz and works as a nurse.", "I have a son, Tim."),
    *("I like tea. My favourite colour is green.", "Maya moved to Oslo!", "I moved to Vienna."),
    *("My birthday is on 3 May. I'm allergic to nuts.", "Tim is 4.", "I'm flying to Lisbon in March."),
)


async def told(memories: Memories) -> None:
    for day, text in enumerate(SAID):
        await say(memories, text, day)


async def found(memories: Memories, question: str) -> tuple[Recalled, ...]:
    return await recall(memories, "ada", question, START + 30 * DAY)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What's my name?", ["My name is Ana."]),
        ("Where does my sister live?", ["My sister Maya lives in Oslo.", "My sister Maya lives in Graz."]),
        ("where did Maya live before", ["My sister Maya lives in Oslo.", "My sister Maya lives in Graz."]),
        ("Where did she live before?", ["My sister Maya lives in Oslo.", "My sister Maya lives in Graz."]),
        ("Where do I live?", ["I live in Vienna.", "I live in Graz."]),
        ("What is Maya's job?", ["My sister Maya works as a nurse."]),
        ("When is my birthday?", ["My birthday is on 3 May."]),
        ("What should I not eat?", ["I am allergic to nuts."]),
        ("How old is Tim?", ["My son Tim is 4 years old."]),
        ("What are my plans?", ["I am flying to Lisbon in March."]),
    ],
)
async def test_the_fact_that_is_asked_for_comes_first_and_then_what_it_replaced(
    question: str, first: list[str]
) -> None:
    with opened() as memories:
        await told(memories)
        facts = await found(memories, question)

    assert [one.memory.text for one in facts][: len(first)] == first
    assert facts[0].legs == ("fact", "asked")


@pytest.mark.parametrize(
    "question", ["Where does my brother live?", "What is the weather in Bergen?", "Tell me a joke"]
)
async def test_what_no_fact_answers_begins_with_none(question: str) -> None:
    with opened() as memories:
        await told(memories)

        assert not [one for one in await found(memories, question) if "asked" in one.legs]


async def test_facts_take_no_more_than_their_share() -> None:
    with opened() as memories:
        for day in range(30):
            await say(memories, f"I like tea{day}, jam{day} and pie{day}.", day)

        assert len([one for one in await found(memories, "What do I like?") if one.memory.kind == "fact"]) <= 10
