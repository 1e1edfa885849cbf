"""Memories found by what they mean: names left out, words first, and an embedder that is slow or fails a leg less."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from runtime.adapters.local.database import Database
from runtime.adapters.local.memories import SqliteMemories
from runtime.adapters.local.scripted import ScriptedEmbedder
from runtime.bootstrap import local
from runtime.conversation import Delivery, Exchange, Recalled, Said
from runtime.errors import NotOffered, Unavailable
from runtime.jobs import RememberJob
from runtime.ports import Candidate, Cue
from runtime.recall import Meaning, recall
from runtime.recall.naming import first_person, nameless
from runtime.settings.laptop import Settings
from tests.adapters.given import TURN
from tests.adapters.tiny_model import tiny_model
from tests.virtual_time import LoopClock

NOW = LoopClock().start
NEAR = {"What pet do you have?": (1.0, 0.0, 0.0), "My cat is called Miso": (0.9, 0.4, 0.0)}
TALK = ("My cat is called Miso", "It rained all day", "You have what it takes", "The soup was cold")


@pytest.fixture
def memories() -> Iterator[SqliteMemories]:
    """Open an empty memory."""
    with closing(Database(Path(":memory:"))) as database:
        yield SqliteMemories(database, LoopClock())


async def told(memories: SqliteMemories, speaker: str = "user") -> None:
    """Remember what was said, each in a session of its own."""
    for number, text in enumerate(TALK):
        await memories.remember("ada", Said(str(number), str(number), speaker, NOW, text))


class Away(SqliteMemories):
    """A memory that does not answer."""

    async def search(self, user: str, cue: Cue, limit: int) -> Sequence[Candidate]:
        raise Unavailable("away")


def ids(found: tuple[Recalled, ...] | list[Recalled]) -> list[str]:
    """Return what was recalled."""
    return [one.memory.id for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanks, Anna!", "Thanks!"),
        ("Anna, did Ben call?", "did call?"),
        ("Anna's dog and Annabel", "dog and Annabel"),
        ("Anna!", "!"),
        ("Anna", "Anna"),
        ("anna said so", "anna said so"),
    ],
)
def test_the_speakers_names_are_left_out_of_what_is_embedded(text: str, expected: str) -> None:
    assert nameless(text, {"Anna", "Ben"}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What did Anna paint?", "What did I paint?"),
        ("Where does Anna's brother live?", "Where does my brother live?"),
        ("Who is Anna Berg’s friend?", "Who is my friend?"),
        ("What does Clara like?", "What does Clara like?"),
    ],
)
def test_a_question_is_put_as_the_one_it_is_about_would_put_it(text: str, expected: str) -> None:
    assert first_person(text, {"Anna Berg", "Ben"}) == expected


def test_user_and_companion_are_no_names() -> None:
    assert nameless("The user companion", {"user", "companion"}) == "The user companion"
    assert first_person("Is user a name?", {"user", "companion"}) == "Is user a name?"


async def test_what_shares_no_word_with_a_question_is_found_by_its_meaning(memories: SqliteMemories) -> None:
    await told(memories)
    meaning = Meaning(ScriptedEmbedder(NEAR), memories.vectors)
    await meaning.learn("ada")

    found = await recall(memories, "ada", "What pet do you have?", NOW, meaning=meaning)

    assert found[0].memory.id == "0"
    assert "meaning" in found[0].legs
    assert not await recall(memories, "ada", "What pet do you have?", NOW)


async def test_names_reach_neither_side_of_the_embedder(memories: SqliteMemories) -> None:
    await memories.remember("ada", Said("a", "1", "Anna", NOW, "Thanks, Ben, for the cat"))
    await memories.remember("ada", Said("b", "1", "Ben", NOW + 1, "Any time, Anna"))
    embedder = ScriptedEmbedder(NEAR)
    await Meaning(embedder, memories.vectors).learn("ada")

    await recall(memories, "ada", "What did Anna get?", NOW, meaning=Meaning(embedder, memories.vectors))

    assert sorted(embedder.asked) == ["Any time", "Thanks, for the cat", "What did I get?"]


async def test_past_the_budget_the_answer_by_words_stands(memories: SqliteMemories) -> None:
    await told(memories)
    meaning, best = Meaning(ScriptedEmbedder(NEAR, seconds=0.05), memories.vectors), list[Recalled]()
    await meaning.learn("ada")

    with suppress(TimeoutError):
        async with asyncio.timeout(0.04):
            await recall(memories, "ada", "Was the soup cold?", NOW, meaning=meaning, into=best)

    assert ids(best) == ["3"]


async def test_within_the_budget_words_and_meaning_are_found_together(memories: SqliteMemories) -> None:
    await told(memories)
    meaning = Meaning(ScriptedEmbedder(NEAR | {"A cold pet?": (1.0, 0.0, 0.0)}, seconds=0.03), memories.vectors)
    await meaning.learn("ada")

    async with asyncio.timeout(0.04):
        found = await recall(memories, "ada", "A cold pet?", NOW, meaning=meaning)

    assert set(ids(found)[:2]) == {"0", "3"}


@pytest.mark.parametrize("failure", [Unavailable("away"), NotOffered("no such model")])
async def test_an_embedder_that_fails_is_a_leg_less(memories: SqliteMemories, failure: Exception) -> None:
    await told(memories)
    meaning = Meaning(ScriptedEmbedder(NEAR, failure=failure), memories.vectors)

    assert await meaning.learn("ada") == 0
    assert ids(await recall(memories, "ada", "Was the soup cold?", NOW, meaning=meaning)) == ["3"]


async def test_what_an_embedder_left_out_is_made_up_for(memories: SqliteMemories) -> None:
    await told(memories)
    embedder = ScriptedEmbedder(NEAR, failure=Unavailable("away"))
    meaning = Meaning(embedder, memories.vectors)
    await meaning.learn("ada")
    embedder.failure = None

    assert await meaning.learn("ada", limit=3) == 3
    assert await meaning.learn("ada") == 1
    assert await meaning.learn("ada") == 0


async def test_a_store_that_fails_is_the_failure_whatever_the_embedder_does(memories: SqliteMemories) -> None:
    meaning = Meaning(ScriptedEmbedder(NEAR, seconds=1), memories.vectors)

    with closing(Database(Path(":memory:"))) as database:
        away = Away(database, LoopClock())
        with pytest.raises(Unavailable):
            await recall(away, "ada", "cat", NOW, meaning=meaning)


async def test_the_background_embeds_what_a_turn_said(tmp_path: Path) -> None:
    tiny_model(tmp_path / "model")
    async with local(Settings(data=tmp_path)) as app:
        await app.stores.recent.add(Exchange("ada", TURN, app.clock.now(), "I like elk", "So do I"))
        await app.companion.background.handle(Delivery(RememberJob("ada", TURN, 0, 0, 0).message(), 1))
        vectors = app.stores.memories.vectors

        assert app.companion.background.meaning
        assert not await vectors.lacking("ada", app.companion.background.meaning.embedder.name, 9)
        assert len(await vectors.lacking("ada", "another", 9)) == 2


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, None),
        ({"embeddings_model": "m", "openai_base_url": "http://127.0.0.1:1/v1", "model": "x"}, "m"),
        ({"embeddings_model": "n", "embeddings_base_url": "http://127.0.0.1:1/v1"}, "n"),
    ],
)
async def test_memories_are_found_by_words_alone_unless_a_model_is_named(
    tmp_path: Path, settings: dict[str, str], expected: str | None
) -> None:
    async with local(Settings(**settings | {"data": tmp_path})) as app:  # type: ignore[arg-type] # a case's own.
        meaning = app.companion.background.meaning

    assert (meaning and meaning.embedder.name) == expected
