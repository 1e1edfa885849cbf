"""From statements to records: whose they are, how they are worded, how long they stay."""

from __future__ import annotations

from runtime import policy
from tests.extraction.given import DAY, START, opened, say


async def test_a_sister_who_gets_a_name_takes_her_facts_with_her() -> None:
    with opened() as memories:
        await say(memories, "My sister lives in Graz.", 1)
        await say(memories, "My sister's name is Maya.", 2)
        await say(memories, "My sister moved to Oslo.", 3)
        facts = await memories.facts("ada", "Maya", "lives in")

    assert [(fact.text, fact.valid_until) for fact in facts] == [
        ("My sister Maya lives in Graz.", START + 3 * DAY),
        ("My sister Maya lives in Oslo.", None),
    ]


async def test_with_two_sisters_nobody_guesses_which() -> None:
    with opened() as memories:
        await say(memories, "I have two sisters, Maya and Lena.", 1)
        await say(memories, "My sister moved to Oslo.", 2)

        assert [fact.text for fact in await memories.facts("ada", "my sister")] == ["My sister lives in Oslo."]
        assert await memories.facts("ada", "Maya", "lives in") == []


async def test_reading_a_turn_twice_is_reading_it_once() -> None:
    with opened() as memories:
        assert await say(memories, "I live in Graz and I like tea.", 1) == 2
        await say(memories, "I moved to Oslo.", 2)
        before = await memories.facts("ada")

        assert await say(memories, "I live in Graz and I like tea.", 1) == 0
        assert await memories.facts("ada") == before


async def test_the_last_word_of_a_turn_counts() -> None:
    with opened() as memories:
        await say(memories, "I live in Oslo. No, I live in Bergen.", 1)

        assert [fact.text for fact in await memories.facts("ada")] == ["I live in Bergen."]


async def test_a_fact_carries_its_turn_its_importance_and_its_end() -> None:
    with opened() as memories:
        await say(memories, "My birthday is on 3 May. I'm flying to Rome in May.", 1)
        plan, birthday = sorted(await memories.facts("ada"), key=lambda fact: fact.importance)

    assert (birthday.source, birthday.at, birthday.valid_from, birthday.expires) == ("turn-1", *[START + DAY] * 2, None)
    assert birthday.importance > plan.importance
    assert plan.expires == START + (1 + policy.load().retention.plan_days) * DAY


async def test_facts_of_one_user_are_nobody_else_s() -> None:
    with opened() as memories:
        await say(memories, "My sister Maya lives in Graz.", 1)
        await say(memories, "Maya moved to Oslo.", 2, user="eve")

        assert await memories.facts("eve") == []
        assert len(await memories.facts("ada")) == 2
