"""What every store of vectors keeps: one for each thing that was said, gone with it, and found by meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from runtime.adapters.local.database import Database
from runtime.adapters.local.matrix import Matrix, halved
from runtime.adapters.local.memories import SqliteMemories
from runtime.ports import Memories, Vector, Vectors
from runtime.recall import cue
from tests.adapters.memory_homes import HOMES, opened
from tests.adapters.remembering import DAY, START, said, talk
from tests.virtual_time import LoopClock

EAST, NORTH = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)


@dataclass
class Store:
    """A memory and its vectors."""

    memories: Memories
    vectors: Vectors

    async def lacking(self, user: str = "ada", model: str = "m", limit: int = 99) -> set[str]:
        return {memory.id for memory in await self.vectors.lacking(user, model, limit)}

    async def keep(self, id: str, vector: Sequence[float], user: str = "ada", model: str = "m") -> None:
        memory = await self.memories.read(user, id)
        assert memory
        await self.vectors.keep(user, model, [(memory, vector)])

    async def meant(
        self, vector: Sequence[float], model: str = "m", user: str = "ada", text: str = ""
    ) -> dict[str, float]:
        """Return how near in meaning each candidate is."""
        asked = replace(cue(text, START + DAY), vector=Vector(model, vector))
        found = await self.memories.search(user, asked, 10)
        return {one.memory.id: round(one.scores["meaning"], 2) for one in found if one.scores["meaning"]}


@pytest.fixture(params=HOMES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Open an empty store."""
    with opened(request) as home, home.empty() as opens:
        memories = opens()
        yield Store(memories, memories.vectors)


async def test_what_was_said_lacks_a_vector_until_it_is_kept(store: Store) -> None:
    await talk(store.memories)
    await store.keep("said-1", EAST)

    assert await store.lacking() == {"said-0", "said-2", "said-3", "said-4", "said-5"}
    assert len(await store.lacking(limit=2)) == 2
    assert not await store.lacking("eve")


async def test_of_another_model_each_lacks_one(store: Store) -> None:
    await store.memories.remember("ada", said(0, "I like elk"))
    await store.keep("said-0", EAST)

    assert await store.lacking(model="a") == await store.lacking(model="z") == {"said-0"}
    assert not await store.meant(EAST, "z")


async def test_a_text_that_changes_lacks_one_again(store: Store) -> None:
    await store.memories.remember("ada", said(0, "I like elk"))
    await store.keep("said-0", EAST)
    await store.memories.remember("ada", said(0, "I like eels"))

    assert await store.lacking() == {"said-0"}
    assert not await store.meant(EAST)


async def test_the_vector_of_a_text_that_has_changed_meanwhile_is_not_kept(store: Store) -> None:
    await store.memories.remember("ada", said(0, "I like elk"))
    [before] = await store.vectors.lacking("ada", "m", 1)
    await store.memories.remember("ada", said(0, "I like eels"))
    await store.vectors.keep("ada", "m", [(before, EAST)])

    assert await store.lacking() == {"said-0"}


async def test_a_memory_is_found_by_its_meaning_alone(store: Store) -> None:
    await talk(store.memories)
    await store.keep("said-2", EAST)
    await store.keep("said-5", NORTH)

    assert await store.meant((0.8, 0.6, 0.0)) == {"said-2": 0.8, "said-5": 0.6}


async def test_a_vector_that_is_kept_is_found_at_once(store: Store) -> None:
    await talk(store.memories)
    await store.keep("said-2", EAST)
    assert await store.meant(EAST) == {"said-2": 1.0}
    await store.keep("said-5", EAST)
    await store.memories.remember("ada", said(6, "And more"))
    await store.keep("said-6", NORTH)

    assert await store.meant((0.6, 0.8, 0.0)) == {"said-2": 0.6, "said-5": 0.6, "said-6": 0.8}


async def test_the_neighbours_of_what_is_meant_are_candidates_too(store: Store) -> None:
    await talk(store.memories)
    await store.keep("said-2", EAST)

    asked = replace(cue("", START + DAY), vector=Vector("m", EAST))
    found = await store.memories.search("ada", asked, 10)

    assert {one.memory.id for one in found if one.scores["meaning_nearby"] > 0.9} == {"said-1", "said-2", "said-3"}


async def test_a_vector_goes_with_its_memory(store: Store) -> None:
    await talk(store.memories)
    await store.keep("said-2", EAST)
    await store.memories.forget("ada", "said-2")

    assert not await store.meant(EAST)
    assert "said-2" not in await store.lacking()


async def test_nobody_finds_or_changes_the_vectors_of_another(store: Store) -> None:
    await talk(store.memories)
    await talk(store.memories, user="eve")
    await store.keep("said-2", EAST)
    await store.keep("said-2", NORTH, user="eve")

    assert await store.meant(EAST) == {"said-2": 1.0}
    assert "said-1" in await store.lacking("eve")
    assert await store.vectors.speakers("bob") == frozenset()
    assert await store.vectors.speakers("eve") == {"user", "companion"}


async def test_vectors_outlive_the_process(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "companion.db")) as database:
        memories = SqliteMemories(database, LoopClock())
        await talk(memories)
        await Store(memories, memories.vectors).keep("said-2", EAST)

    with closing(Database(tmp_path / "companion.db")) as database:
        memories = SqliteMemories(database, LoopClock())
        assert await Store(memories, memories.vectors).meant(EAST) == {"said-2": 1.0}


@pytest.mark.parametrize(("dimension", "count"), [(1, 9), (3, 2_000), (384, 2_048)])
def test_half_of_the_precision_tells_near_from_far(dimension: int, count: int) -> None:
    vectors = np.random.default_rng(7).standard_normal((count, dimension))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    matrix = Matrix("m", count, [(place, halved(vector)) for place, vector in enumerate(vectors)])

    scores, _ = matrix.scores(vectors[7], np.zeros(count, np.bool_))

    assert np.allclose(scores, vectors @ vectors[7], atol=0.005)


def test_the_nearest_of_many_are_found_with_their_exact_scores() -> None:
    chance = np.random.default_rng(7)
    vectors = chance.standard_normal((100, 384))[chance.integers(0, 100, 10_000)] + chance.standard_normal(
        (10_000, 384)
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    matrix = Matrix("m", 10_000, [(place, halved(vector)) for place, vector in enumerate(vectors)])

    scores, _ = matrix.scores(vectors[7], np.zeros(10_000, np.bool_))

    expected = vectors @ vectors[7]
    nearest = np.argsort(-expected)[:24]
    assert set(np.argsort(-scores)[:24]) == set(nearest)
    assert np.allclose(scores[nearest], expected[nearest], atol=0.005)


def test_what_has_another_dimension_is_no_candidate() -> None:
    matrix = Matrix("m", 2, [(0, halved(EAST)), (1, halved((1.0,)))])

    scores, _ = matrix.scores(EAST, np.zeros(2, np.bool_))
    others, _ = matrix.scores((1.0, 0.0, 0.0, 0.0, 0.0), np.zeros(2, np.bool_))

    assert scores.tolist() == [1.0, 0.0]
    assert others.tolist() == [0.0, 0.0]
