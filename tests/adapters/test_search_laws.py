"""The cloud's memory finds what the laptop's does, with the same scores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.conversation import Said
from runtime.ports import Candidate, Cue, Memories, Vector
from runtime.recall import cue
from tests.adapters.memory_homes import Kept, MemoryHome, Opens, in_memory, searching
from tests.adapters.remembering import DAY, START

pytestmark = pytest.mark.real
WORDS = ("apple", "bread", "cherry", "donkey", "Lisbon", "fiddle")
_texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
_spoken = st.lists(
    st.tuples(st.integers(0, 11), st.sampled_from(["monday", "tuesday"]), _texts),
    min_size=3,
    max_size=12,
    unique_by=lambda one: one[0],
)
# A laptop's vectors are of half precision: next to nothing is not nothing there, so none of these are at right angles.
_vectors = st.sampled_from([None, (0.48, 0.6, 0.64), (0.6, 0.64, 0.48), (0.8, 0.36, 0.48)])
_questions = st.tuples(_texts, _vectors, st.booleans())
_forgotten = st.lists(st.integers(0, 11), max_size=3)


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Iterator[MemoryHome]:
    """Open the cloud's memory."""
    with searching(request) as home:
        yield home


def asked(text: str, vector: tuple[float, ...] | None, *, today: bool) -> Cue:
    """Return a question by words, by meaning where there is a *vector*, about the first five minutes if *today*."""
    found = cue(text, START + DAY)
    only = (START, START + 300.0) if today else None
    return replace(found, only=only, vector=Vector("m", vector) if vector else None)


async def lived(
    memories: Kept, spoken: list[tuple[int, str, str]], meant: list[tuple[float, ...] | None], forgotten: list[int]
) -> None:
    """Remember, embed and forget."""
    for minute, session, text in spoken:
        await memories.remember("ada", Said(f"{minute}", session, "user", START + 60 * minute, text))
    lacking = sorted(await memories.vectors.lacking("ada", "m", 99), key=lambda memory: memory.id)
    await memories.vectors.keep("ada", "m", [(one, v) for one, v in zip(lacking, meant, strict=False) if v])
    for minute in forgotten:
        await memories.forget("ada", f"{minute}")


async def found(memories: Memories, question: Cue) -> dict[str, tuple[Candidate, dict[str, float]]]:
    """Return the candidates, and the scores of the legs that found them."""
    candidates = await memories.search("ada", question, 50)
    return {
        one.memory.id: (
            Candidate(one.memory, {}, one.before, one.after),
            {leg: s for leg, s in one.scores.items() if s},
        )
        for one in candidates
    }


@contextmanager
def both(opens: Opens) -> Iterator[tuple[Kept, Kept]]:
    """Open a memory of the cloud and one of the laptop."""
    with in_memory() as on_a_laptop:
        yield opens(), on_a_laptop()


def test_what_is_found_has_the_scores_that_it_has_on_a_laptop(home: MemoryHome) -> None:
    async def law(
        opens: Opens,
        spoken: list[tuple[int, str, str]],
        meant: list[tuple[float, ...] | None],
        forgotten: list[int],
        question: tuple[str, tuple[float, ...] | None, bool],
    ) -> None:
        with both(opens) as (cloud, laptop):
            text, vector, today = question
            for memories in (cloud, laptop):
                await lived(memories, spoken, meant, forgotten)
            here, there = [await found(one, asked(text, vector, today=today)) for one in (cloud, laptop)]
            assert list(here) == list(there)
            for id, (candidate, scores) in here.items():
                assert candidate == there[id][0]
                assert scores == pytest.approx(there[id][1], abs=0.01)

    home.holds(law, _spoken, st.lists(_vectors, min_size=12), _forgotten, _questions, examples=20)
