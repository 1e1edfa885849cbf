"""Any operations of two users in any order: no leak, no word of what was forgotten, never a stale index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import strategies as st

from runtime.conversation import Memory, Said
from runtime.ports import Candidate, Memories
from runtime.recall import cue
from runtime.recall.words import spoken, telling
from tests.adapters.memory_homes import HOMES, MemoryHome, Opens, opened
from tests.virtual_time import LoopClock

START = LoopClock().start
WORDS = ("apple", "bread", "cherry", "donkey", "elephant", "fiddle", "garden", "harbour")
ALL = " ".join(WORDS)

numbers = st.integers(0, 5)
users = st.sampled_from(["ada", "eve"])
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
sources = st.sampled_from([None, "first", "second"])
utterances = st.builds(
    lambda id, session, at, text, source: Said(str(id), str(session), "user", START + at, text, source),
    *(numbers, st.integers(0, 1), numbers, texts, sources),
)
remembering = st.tuples(users, utterances)
forgetting = st.tuples(users, numbers.map(str))
searching = st.tuples(users, st.none())
operations = st.lists(st.one_of(remembering, remembering, forgetting, searching), max_size=25)


@dataclass
class Model:
    """What must be remembered, by user and id."""

    kept: dict[tuple[str, str], Said] = field(default_factory=dict)

    def remember(self, user: str, said: Said) -> None:
        """Keep *said*."""
        self.kept[user, said.id] = said

    def forget(self, user: str, memory: str) -> None:
        """Drop a memory and all of the same source."""
        if (dropped := self.kept.get((user, memory))) is None:
            return
        source = dropped.source or object()
        self.kept = {
            key: said
            for key, said in self.kept.items()
            if key != (user, memory) and (key[0] != user or said.source != source)
        }

    def of(self, user: str) -> dict[str, Said]:
        """Return what *user* is remembered by."""
        return {id: said for (owner, id), said in self.kept.items() if owner == user}


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest) -> Iterator[MemoryHome]:
    """Open a home, which every example finds empty."""
    with opened(request) as home:
        yield home


async def play(memories: Memories, steps: list[tuple[str, Said | str | None]]) -> Model:
    """Do *steps* to the store and to the model."""
    model = Model()
    for user, step in steps:
        if isinstance(step, Said):
            await memories.remember(user, step)
            model.remember(user, step)
        elif step is None:
            await search(memories, user, ALL)
        else:
            await memories.forget(user, step)
            model.forget(user, step)
    return model


async def search(memories: Memories, user: str, text: str) -> list[Candidate]:
    """Search for all words of *text*."""
    return list(await memories.search(user, cue(text, START), 100))


async def seen(memories: Memories, user: str, text: str) -> list[Memory]:
    """Return what any method of the port shows of *text*."""
    page = await memories.page(user, text, 100, None)
    read = [await memories.read(user, str(number)) for number in range(6)]
    return [*page.items, *(found.memory for found in await search(memories, user, text)), *filter(None, read)]


def test_each_user_sees_what_they_said_and_nothing_else(home: MemoryHome) -> None:
    async def law(opens: Opens, steps: list[tuple[str, Said | str | None]]) -> None:
        memories = opens()
        model = await play(memories, steps)
        for user in ("ada", "eve"):
            expected = {id: said.text for id, said in model.of(user).items()}
            assert {memory.id: memory.text for memory in await seen(memories, user, ALL)} == expected

    home.holds(law, operations, examples=40)


def test_no_word_that_is_not_remembered_finds_anything(home: MemoryHome) -> None:
    async def law(opens: Opens, steps: list[tuple[str, Said | str | None]]) -> None:
        memories = opens()
        model = await play(memories, steps)
        for user in ("ada", "eve"):
            left = {word for said in model.of(user).values() for word in said.text.split()}
            for word in set(WORDS) - left:
                assert not await search(memories, user, word)
                assert not (await memories.page(user, word, 10, None)).items

    home.holds(law, operations, examples=40)


def test_an_index_kept_up_to_date_answers_as_one_made_anew(home: MemoryHome) -> None:
    async def law(opens: Opens, steps: list[tuple[str, Said | str | None]]) -> None:
        memories = opens()
        await search(memories, "ada", ALL)
        await play(memories, steps)
        fresh = opens()
        for text in (*WORDS, ALL):
            kept, made = await search(memories, "ada", text), await search(fresh, "ada", text)
            assert {found.memory.id: found for found in kept} == {found.memory.id: found for found in made}

    home.holds(law, operations, examples=40)


def test_any_text_can_be_remembered_and_asked_for(home: MemoryHome) -> None:
    async def law(opens: Opens, text: str, asked: str) -> None:
        memories = opens()
        await memories.remember("ada", Said("1", "s", "user", START, text))
        await search(memories, "ada", asked)
        await memories.page("ada", asked, 10, None)
        by_itself = [found.memory.text for found in await search(memories, "ada", text)]
        assert by_itself == ([text] if telling(spoken(text)) else [])

    home.holds(law, st.text(max_size=60), st.text(max_size=60), examples=60)


def test_pages_show_each_memory_once(home: MemoryHome) -> None:
    async def law(opens: Opens, steps: list[tuple[str, Said | str | None]], limit: int, query: str) -> None:
        memories = opens()
        model = await play(memories, steps)
        shown, cursor, more = [], None, True
        while more:
            page = await memories.page("ada", query, limit, cursor)
            shown += [memory.id for memory in page.items]
            cursor, more = page.cursor, page.cursor is not None
        assert sorted(shown) == sorted(model.of("ada"))

    home.holds(law, operations, st.integers(1, 4), st.sampled_from(["", ALL]), examples=40)
