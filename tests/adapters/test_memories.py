"""What every long-term memory keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from runtime.conversation import Said
from runtime.errors import BadFrame
from runtime.ports import Memories
from tests.adapters.memory_homes import HOMES, opened
from tests.adapters.remembering import DAY, START, TALK, found, said, talk


@pytest.fixture(params=HOMES)
def memories(request: pytest.FixtureRequest) -> Iterator[Memories]:
    """Open an empty memory that keeps what was said for ten days."""
    with opened(request) as home, home.empty() as opens:
        yield opens({"said": 10 * DAY})


async def test_what_was_said_is_found_by_a_form_of_its_words(memories: Memories) -> None:
    await memories.remember("ada", said(0, "We painted the kitchens green"))

    [candidate] = (await found(memories, "painting a kitchen")).values()

    assert candidate.memory.text == "We painted the kitchens green"
    assert candidate.memory.speaker == "user"
    assert candidate.scores["words"] > 0


async def test_what_was_said_around_is_found_by_its_neighbours_and_counts_less(memories: Memories) -> None:
    await talk(memories)

    candidates = await found(memories, "Lisbon")

    assert list(candidates) == ["said-0", "said-1", "said-2"]
    assert [candidate.scores["words"] > 0 for candidate in candidates.values()] == [True, False, False]
    assert [candidate.scores["nearby"] > 0 for candidate in candidates.values()] == [True, True, False]
    assert candidates["said-1"].before == "said-0"
    assert candidates["said-1"].after == "said-2"


async def test_a_session_ends_where_the_next_begins(memories: Memories) -> None:
    await memories.remember("ada", said(0, "Good night"))
    await memories.remember("ada", said(1, "A new day, a new cat", session="tuesday"))

    assert list(await found(memories, "cat")) == ["said-1"]


async def test_what_arrives_late_stands_where_it_was_said(memories: Memories) -> None:
    for number in (0, 2, 1):
        await memories.remember("ada", said(number, TALK[number]))

    candidates = await found(memories, "visit")

    assert list(candidates) == ["said-0", "said-1", "said-2"]
    assert candidates["said-0"].after == "said-1"


async def test_remembering_again_replaces_the_text_also_in_its_neighbours_windows(memories: Memories) -> None:
    await talk(memories)
    await found(memories, "Lisbon")
    await memories.remember("ada", said(0, "My sister Lena lives in Porto"))

    assert not await found(memories, "Lisbon")
    assert list(await found(memories, "Porto")) == ["said-0", "said-1", "said-2"]


async def test_a_rarer_word_scores_higher(memories: Memories) -> None:
    for number, text in enumerate(("tea with milk", "tea with honey", "tea with lemon", "a lemon", "tea")):
        await memories.remember("ada", said(number, text, session=str(number)))

    candidates = await found(memories, "honey or tea")

    best = max(candidates.values(), key=lambda candidate: candidate.scores["words"])
    assert best.memory.id == "said-1"


async def test_only_what_lies_in_the_span_that_was_asked_for_is_a_candidate(memories: Memories) -> None:
    await memories.remember("ada", Said("old", "1", "user", START - 9 * DAY, "We went to the lake"))
    await memories.remember("ada", Said("new", "2", "user", START, "The lake was cold"))
    await memories.remember("ada", Said("other", "2", "user", START + 1, "And so was the tea"))

    candidates = await found(memories, "What did I tell you about the lake yesterday?")

    assert set(candidates) == {"new", "other"}
    assert candidates["other"].scores["date"] > 0


async def test_a_span_with_nothing_in_it_limits_nothing(memories: Memories) -> None:
    await talk(memories)

    assert "said-0" in await found(memories, "What did I tell you about Lisbon three weeks ago?")


async def test_what_is_expired_is_gone_from_every_answer_and_window(memories: Memories) -> None:
    await talk(memories)
    assert await found(memories, "Lisbon")
    await asyncio.sleep(10 * DAY + 30)

    assert await memories.read("ada", "said-0") is None
    assert not await found(memories, "Lisbon")
    assert len((await memories.page("ada", "", 10, None)).items) == len(TALK) - 1
    assert await memories.forget("ada", "said-0") is None


async def test_pages_go_on_where_the_last_one_ended_whatever_is_added_meanwhile(memories: Memories) -> None:
    await talk(memories)
    first = await memories.page("ada", "", 2, None)
    await memories.remember("ada", said(9, "Something new"))

    second = await memories.page("ada", "", 3, first.cursor)
    third = await memories.page("ada", "", 3, second.cursor)

    assert [memory.id for memory in (*first.items, *second.items)] == [f"said-{n}" for n in (5, 4, 3, 2, 1)]
    assert ([memory.id for memory in third.items], third.cursor) == (["said-0"], None)


async def finds(memories: Memories, *queries: str) -> set[tuple[str, ...]]:
    """Return the ids that *queries* find: many ask one memory, since a search node takes long to empty."""
    await talk(memories)
    pages = [await memories.page("ada", query, 10, None) for query in queries]
    return {tuple(memory.id for memory in page.items) for page in pages}


async def test_a_query_finds_words_as_they_are_typed(memories: Memories) -> None:
    queries = ("lis", "Lisb", "LISBON", "lisbon?", "sister lis", "SÍSTER", "living")

    assert await finds(memories, *queries) == {("said-0",)}


async def test_a_query_finds_nothing_else(memories: Memories) -> None:
    queries = ("isbon", "Porto", "?!", "%", "_", "' OR 1=1 --", "\0")

    assert await finds(memories, *queries) == {()}


async def test_a_query_s_pages_begin_with_what_has_most_of_its_words(memories: Memories) -> None:
    await talk(memories)
    first = await memories.page("ada", "cat adopted lisbon", 1, None)
    second = await memories.page("ada", "cat adopted lisbon", 1, first.cursor)

    assert [memory.id for memory in (*first.items, *second.items)] == ["said-4", "said-0"]
    assert second.cursor is None


async def test_a_cursor_that_no_page_gave_is_refused_with_what_to_do_instead(memories: Memories) -> None:
    for cursor in ("", "0", "nonsense", "é", "A" * 200):
        with pytest.raises(BadFrame, match=r"got a cursor of .* take the last page's"):
            await memories.page("ada", "", 10, cursor)


async def test_the_cursor_of_another_query_is_refused(memories: Memories) -> None:
    await talk(memories)
    page = await memories.page("ada", "", 1, None)

    with pytest.raises(BadFrame):
        await memories.page("ada", "cat", 1, page.cursor)


async def test_forgetting_returns_what_it_was_and_leaves_no_word_of_it(memories: Memories) -> None:
    await talk(memories)
    before = await memories.read("ada", "said-0")

    assert await memories.forget("ada", "said-0") == before
    assert await memories.read("ada", "said-0") is None
    assert not await found(memories, "Lena Lisbon")
    assert not (await memories.page("ada", "lisbon", 10, None)).items
    assert await memories.forget("ada", "said-0") is None


async def test_forgetting_covers_all_that_was_said_in_the_same_turn(memories: Memories) -> None:
    for number, (text, source) in enumerate([("I like elk", "a"), ("Elk are big", "a"), ("Elk again", "b")]):
        await memories.remember("ada", said(number, text, source=source))
    await memories.remember("eve", said(0, "Elk for me too", source="a"))
    await memories.forget("ada", "said-1")

    assert list(await found(memories, "elk")) == ["said-2"]
    assert list(await found(memories, "elk", user="eve")) == ["said-0"]


async def test_nobody_reads_or_forgets_what_is_another_s(memories: Memories) -> None:
    await talk(memories)

    assert await memories.read("eve", "said-0") is None
    assert await memories.forget("eve", "said-0") is None
    assert not await found(memories, "Lisbon", user="eve")
    assert not (await memories.page("eve", "", 10, None)).items
    assert await memories.read("ada", "said-0")


async def test_another_user_s_words_move_no_score(memories: Memories) -> None:
    await talk(memories)
    alone = await found(memories, "Lisbon cat")
    await talk(memories, user="eve")

    assert await found(memories, "Lisbon cat") == alone
