"""What is noticed in a question, in which order candidates come back, and what of them fits a prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.recall import lines, measure
from runtime.adapters.local.database import Database
from runtime.adapters.local.memories import SqliteMemories
from runtime.conversation import Memory, Recalled, Said, tokens
from runtime.ports import Candidate, Cue
from runtime.recall import Weights, cue, pack, rank, recall
from runtime.recall.stemming import stem
from runtime.recall.words import stems
from tests.virtual_time import LoopClock, run

NOW = datetime(2025, 6, 18, 15, 30, tzinfo=UTC).timestamp()  # A Wednesday.
DIALOGUES = Path(__file__).parent.parent / "dialogues"


def day(year: int, month: int, number: int) -> float:
    """Return the instant a day begins."""
    return datetime(year, month, number, tzinfo=UTC).timestamp()


def memory(id: str, text: str = "text", speaker: str = "user", at: float = NOW) -> Memory:
    """Return something that was said."""
    return Memory(id, text, "said", speaker, at)


def candidate(id: str, speaker: str = "user", at: float = NOW, **scores: float) -> Candidate:
    """Return what a store found."""
    return Candidate(memory(id, speaker=speaker, at=at), scores)


def order(recalled: Sequence[Recalled]) -> str:
    """Return the ids, in their order."""
    return "".join(found.memory.id for found in recalled)


class Slow(SqliteMemories):
    """A memory that takes a second to search."""

    async def search(self, user: str, cue: Cue, limit: int) -> Sequence[Candidate]:
        await asyncio.sleep(1)
        return await super().search(user, cue, limit)


@pytest.fixture
def database() -> Iterator[Database]:
    """Open an empty database."""
    with closing(Database(Path(":memory:"))) as opened:
        yield opened


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *(("ponies", "poni"), ("agreed", "agre"), ("hopping", "hop"), ("falling", "fall"), ("filing", "file")),
        *(("happy", "happi"), ("sky", "sky"), ("rational", "ration"), ("decisiveness", "decis"), ("roll", "roll")),
        *(
            ("adoption", "adopt"),
            ("oscillators", "oscil"),
            ("controlling", "control"),
            ("as", "as"),
            ("größe", "größe"),
        ),
    ],
)
def test_words_are_stemmed_as_porter_wrote(word: str, expected: str) -> None:
    assert stem(word) == expected


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1))
def test_a_stem_is_never_empty_nor_longer_than_its_word(word: str) -> None:
    assert 0 < len(stem(word)) <= len(word) + 1


@pytest.mark.parametrize(
    ("one", "other"), [("ate", "eat"), ("children", "child"), ("mum", "mother"), ("sold", "sells")]
)
def test_forms_that_no_suffix_tells_meet(one: str, other: str) -> None:
    assert stems([one]) == stems([other])


def test_a_cue_keeps_the_words_that_tell_something() -> None:
    asked = cue("What did Anna's brother tell you about the Café?", NOW)

    assert asked.words == ("anna", "brother", "cafe")
    assert asked.speakers == {"what", "anna", "cafe", "companion"}


@pytest.mark.parametrize(
    ("text", "speaker"), [("Where do I live?", "user"), ("Did you tell me?", "user"), ("Did you say so?", "companion")]
)
def test_who_is_meant_by_i_and_you_is_noticed(text: str, speaker: str) -> None:
    assert cue(text, NOW).speakers & {"user", "companion"} == {speaker}


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("What did I say today?", day(2025, 6, 18), NOW + 86_400),
        ("What did we talk about yesterday?", day(2025, 6, 17), day(2025, 6, 18)),
        ("Where was I last week?", day(2025, 6, 9), day(2025, 6, 16)),
        ("What did I do last month?", day(2025, 5, 1), day(2025, 6, 1)),
        ("What did we do last weekend?", day(2025, 6, 14), day(2025, 6, 16)),
        ("What did I tell you on Monday?", day(2025, 6, 16), day(2025, 6, 17)),
        ("What did I tell you on Wednesday?", day(2025, 6, 11), day(2025, 6, 12)),
        ("What did you say two days ago?", day(2025, 6, 16), day(2025, 6, 17)),
        ("What did I tell you in May?", day(2025, 5, 1), day(2025, 6, 1)),
        ("What did I tell you in August?", day(2024, 8, 1), day(2024, 9, 1)),
    ],
)
def test_a_question_about_a_time_is_limited_to_it(text: str, since: float, until: float) -> None:
    assert cue(text, NOW).only == (since, until)


@pytest.mark.parametrize(
    "text",
    ["I was tired today", "What shall we do today?", "What did Anna do in May?", "May I ask what you did?", "March!"],
)
def test_what_is_no_question_about_the_past_two_share_is_not_limited(text: str) -> None:
    assert cue(text, NOW).only is None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("Where was Anna in May 2023?", day(2023, 5, 1), day(2023, 6, 1)),
        ("Where was Anna on 3 May 2023?", day(2023, 5, 3), day(2023, 5, 10)),
        ("Where was Anna on May 3rd, 2023?", day(2023, 5, 3), day(2023, 5, 10)),
        ("Where was Anna on 2023-05-03?", day(2023, 5, 3), day(2023, 5, 10)),
        ("Where was Anna in December?", day(2024, 12, 1), day(2025, 1, 1)),
    ],
)
def test_a_named_month_or_day_is_noticed(text: str, since: float, until: float) -> None:
    assert cue(text, NOW).dates[0] == (since, until)


@given(st.text(), st.floats(min_value=0, max_value=4e9))
def test_any_text_makes_a_cue(text: str, at: float) -> None:
    assert cue(text, at).text == text


def test_legs_count_alike_whatever_their_scale() -> None:
    found = [candidate("a", words=900.0), candidate("b", words=890.0, nearby=0.2), candidate("c", nearby=0.1)]

    assert order(rank(found, cue("x", NOW), Weights({"words": 1.0, "nearby": 1.0}))) == "bac"


def test_a_turn_is_lifted_by_the_one_before_it_and_less_by_the_one_after() -> None:
    found = [
        Candidate(memory("b"), {"words": 0.1}, before="a"),
        Candidate(memory("c"), {"words": 0.1}, after="a"),
        Candidate(memory("d"), {"words": 0.1}),
        candidate("a", words=1.0),
    ]

    assert order(rank(found, cue("x", NOW), Weights({"words_smoothed": 1.0}))) == "abcd"


def test_who_was_asked_about_is_preferred_and_that_is_told() -> None:
    found = [candidate("a", "Ben", words=1.0), candidate("b", "Anna", words=1.0)]

    first, second = rank(found, cue("What does Anna like?", NOW))

    assert (first.memory.id, first.legs) == ("b", ("words", "speaker"))
    assert (second.memory.id, second.legs) == ("a", ("words",))


def test_what_was_said_at_the_time_asked_about_is_preferred_and_that_is_told() -> None:
    found = [candidate("a", at=day(2024, 4, 3), words=1.0), candidate("b", at=day(2024, 5, 3), words=1.0)]

    first = rank(found, cue("Where was Anna in May 2024?", NOW))[0]

    assert (first.memory.id, first.legs) == ("b", ("words", "date"))


def test_of_equals_the_newer_comes_first_and_age_counts_no_further() -> None:
    found = [candidate("a", at=1.0, words=1.0), candidate("b", at=2.0, words=1.0), candidate("c", at=3.0, words=0.9)]

    assert order(rank(found, cue("x", NOW))) == "bac"


def test_nothing_found_is_nothing_recalled() -> None:
    assert rank([], cue("x", NOW)) == []


@given(st.lists(st.text(max_size=2_000), max_size=40), st.integers(0, 900))
def test_what_is_packed_fits_and_comes_in_order(texts: list[str], budget: int) -> None:
    recalled = [Recalled(memory(str(number), text), 1.0, ()) for number, text in enumerate(texts)]

    kept = pack(recalled, budget)

    assert sum(tokens(found.memory.text) for found in kept) <= budget
    assert [int(found.memory.id) for found in kept] == sorted({int(found.memory.id) for found in kept})


def test_nothing_is_packed_twice_and_what_is_long_is_cut() -> None:
    recalled = [Recalled(memory(id, text), 1.0, ()) for id, text in (("a", "tea"), ("b", "tea"), ("c", "é" * 4_000))]

    kept = pack(recalled)

    assert order(kept) == "ac"
    assert tokens(kept[1].memory.text) <= 200
    assert kept[1].memory.text.endswith("é…")


async def test_recall_returns_the_best_that_was_said(database: Database) -> None:
    memories = SqliteMemories(database, LoopClock())
    for id, text in (("a", "I live in Lisbon"), ("b", "I live and work by the sea"), ("c", "Good night")):
        await memories.remember("ada", Said(id, id, "user", NOW, text))

    assert order(await recall(memories, "ada", "Where do I live and work?", NOW)) == "ba"


@pytest.mark.parametrize(("kind", "expected"), [(SqliteMemories, "a"), (Slow, "")])
async def test_what_was_found_before_recall_is_cancelled_stands(
    database: Database, kind: type[SqliteMemories], expected: str
) -> None:
    memories, best = kind(database, LoopClock()), list[Recalled]()
    await memories.remember("ada", Said("a", "a", "user", NOW, "Good night"))

    with suppress(TimeoutError):
        async with asyncio.timeout(0.04):
            await recall(memories, "ada", "A good night?", NOW, into=best)

    assert order(best) == expected


def test_most_evidence_in_the_written_dialogues_is_recalled() -> None:
    outcome = run(measure(lines(DIALOGUES / "turns.jsonl"), lines(DIALOGUES / "questions.jsonl")))

    assert outcome["recall@10"] >= 0.78
    assert outcome["groups"]["single fact"] >= 0.9
    assert outcome["tokens_p95"] <= 800
