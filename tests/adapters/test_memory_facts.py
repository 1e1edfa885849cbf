"""What every long-term memory keeps of facts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from runtime.conversation import Memory
from runtime.ports import Memories
from tests.adapters.memory_homes import HOMES, opened
from tests.adapters.remembering import DAY, START, found, said

GRAZ = Memory(
    *("graz", "My sister Maya lives in Graz.", "fact", "user", START),
    valid_from=START,
    source="one",
    subject="Maya",
    attribute="lives in",
    value="Graz",
)
OSLO = replace(GRAZ, id="oslo", text="My sister Maya lives in Oslo.", value="Oslo", at=START + 9, source="two")
TEA = replace(GRAZ, id="tea", text="I like tea.", subject="user", attribute="likes", value="tea")


@pytest.fixture(params=HOMES)
def memories(request: pytest.FixtureRequest) -> Iterator[Memories]:
    """Open an empty memory that keeps what was said for ten days."""
    with opened(request) as home, home.empty() as opens:
        yield opens({"said": 10 * DAY})


async def test_a_fact_is_read_as_it_was_written(memories: Memories) -> None:
    fact = replace(GRAZ, also=(("three", 1.5), ("four", 2.5)), valid_until=START + 9, replaces="x", corrected=START)
    await memories.write("ada", replace(GRAZ, text="Something else"))
    await memories.write("ada", fact)

    assert await memories.read("ada", "graz") == fact
    assert (await memories.page("ada", "graz", 10, None)).items == (fact,)
    assert not (await memories.page("ada", "something", 10, None)).items


async def test_a_fact_without_an_end_is_kept_as_long_as_its_kind(memories: Memories) -> None:
    await memories.write("ada", replace(GRAZ, expires=START - 1))
    await memories.write("ada", replace(GRAZ, id="said", kind="said", at=START - 11 * DAY))
    await memories.write("ada", TEA)

    assert [await memories.read("ada", one) for one in ("graz", "said", "tea")] == [None, None, TEA]
    assert await memories.facts("ada") == [TEA]


async def test_facts_are_found_by_subject_and_attribute_the_oldest_first(memories: Memories) -> None:
    for fact in (OSLO, GRAZ, TEA):
        await memories.write("ada", fact)
    await memories.remember("ada", said(0, "I like tea"))

    assert await memories.facts("ada", "Maya") == [GRAZ, OSLO]
    assert await memories.facts("ada", "Maya", "likes") == []
    assert await memories.facts("ada", attribute="likes") == [TEA]
    assert {fact.id for fact in await memories.facts("ada")} == {"graz", "oslo", "tea"}
    assert await memories.facts("eve") == []


async def test_facts_are_found_by_their_words_and_move_no_score_of_what_was_said(memories: Memories) -> None:
    await memories.remember("ada", said(0, "Maya moved to Oslo"))
    before = await found(memories, "Oslo")
    await memories.write("ada", OSLO)

    after = await found(memories, "Oslo")

    assert after["oslo"].memory == OSLO
    assert after["oslo"].scores["fact"] > 0
    assert {"said-0": after["said-0"]} == before


async def test_facts_of_an_attribute_that_is_asked_for_are_found_without_their_words(memories: Memories) -> None:
    await memories.write("ada", replace(TEA, text="My name is Ada.", attribute="name", value="Ada"))
    for number in range(12):
        await memories.write("ada", replace(TEA, id=f"{number}", text="Tea.", at=START + number))

    assert list(await found(memories, "What's my name?")) == ["tea"]
    assert {"11", "10"} <= set(await found(memories, "What am I into?"))
    assert "0" not in await found(memories, "What am I into?")
    assert not await found(memories, "What's my name?", user="eve")


async def test_a_fact_goes_with_its_only_turn_and_what_it_replaced_is_valid_again(memories: Memories) -> None:
    await memories.write("ada", replace(GRAZ, valid_until=OSLO.at))
    await memories.write("ada", replace(OSLO, valid_from=OSLO.at, replaces="graz"))
    await memories.remember("ada", said(0, "Maya moved to Oslo", source="two"))
    await memories.forget("ada", "said-0")

    assert await memories.facts("ada") == [GRAZ]
    assert not await found(memories, "Oslo")


async def test_a_fact_that_another_turn_says_as_well_stays_with_that(memories: Memories) -> None:
    await memories.write("ada", replace(TEA, also=(("two", START + 5),)))
    await memories.remember("ada", said(0, "I like tea", source="one"))
    await memories.forget("ada", "said-0")

    (left,) = await memories.facts("ada")
    assert (left.sources, left.at, left.valid_from) == (("two",), START + 5, START + 5)


async def test_forgetting_a_fact_forgets_the_turns_that_said_it(memories: Memories) -> None:
    await memories.write("ada", replace(TEA, also=(("two", START + 5),)))
    await memories.write("ada", GRAZ)
    for number, source in enumerate(("one", "two", "three")):
        await memories.remember("ada", said(number, "tea, please", source=source))
    await memories.forget("ada", "tea")

    assert [memory.id for memory in (await memories.page("ada", "", 10, None)).items] == ["said-2"]
