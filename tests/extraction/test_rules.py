"""What the rules understand, and what they leave alone: fifty dialogues, and sentences that only look like facts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.facts import dialogues, measure
from runtime.extraction.attributes import sentence
from runtime.extraction.rules import statements

FRIDAY = 1_763_733_900.0  # 21 November 2025
WORDS = (
    *("I", "my sister", "Maya", "my dog Rex,", "live in", "moved to", "Oslo", "Graz.", "and", "she", "he", "likes"),
    *(
        "works as",
        "a nurse",
        "have",
        "two cats",
        "named",
        "on Monday",
        "birthday",
        "is",
        "not",
        "?",
        "\n",
        "'s",
        "3 May",
    ),
)


def stated(text: str, **known: str) -> list[str]:
    return [sentence(one.subject, one.attribute, one.value, one.relation) for one in statements(text, FRIDAY, known)]


async def test_of_the_facts_in_fifty_dialogues_most_are_learned_and_hardly_any_is_wrong() -> None:
    told = dialogues()

    outcome = await measure(told)

    assert len(told) == 50
    assert outcome.precision >= 0.95, outcome.wrong
    assert outcome.recall >= 0.90, outcome.missed


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("I work for Google, not for Amazon.", ["I work at Google."]),
        ("I'm flying home next month.", ["I am flying home in December 2025."]),
        ("I'm off to Rome next week.", ["I am off to Rome in the week of 24 November 2025."]),
        (
            "My sister Maya is visiting me this weekend.",
            ["Maya is my sister.", "My sister Maya is visiting me on the weekend of 22 November 2025."],
        ),
        ("I have two cats named Salt and Pepper.", ["Salt is my cat.", "Pepper is my cat."]),
        ("My daughter is 7 and my son is 9.", ["My daughter is 7 years old.", "My son is 9 years old."]),
        ("Maya is my sister and she lives in Oslo.", ["Maya is my sister.", "My sister Maya lives in Oslo."]),
        ("My wife speaks Polish to our kids.", ["My wife speaks Polish."]),
        ("I’ve just moved back to St. Ives with my wife.", ["I live in St. Ives."]),
        ("I like cats more than dogs.", ["I like cats."]),
    ],
)
def test_a_statement_is_a_closed_sentence(text: str, facts: list[str]) -> None:
    assert stated(text) == facts


@pytest.mark.parametrize(
    "text",
    [
        *(
            "I live in hope.",
            "I'm a mess.",
            "I moved to Linux last year.",
            "I'm going to Hell.",
            "I'm 20 minutes late.",
        ),
        *(
            "I'm married to my job.",
            "My phone died.",
            "I like my job.",
            "I live in Rome for the summer.",
            "I work at night.",
        ),
        *("My name is not important.", "Call me crazy.", "This is Sparta!", "My birthday is on 31 February."),
        *(
            "Nobody likes olives.",
            "You live in a computer.",
            "My sister's husband lives in Rome.",
            "My teacher says I'm a cook.",
        ),
        *(
            "I love Mondays... not.",
            "I'm a fan of yours.",
            "My brother is a pain.",
            "I was going to fly to Rome in May.",
        ),
        *("Maya moved to Oslo.", "She lives in Oslo.", "My parents met in Graz, I think.", "The user lives in Graz."),
        *(
            "I was a nurse.",
            "I don't play the piano.",
            "Do I live in Oslo? I live in Graz?",
            "Is it true that I live in Oslo",
        ),
    ],
)
def test_what_only_looks_like_a_fact_states_nothing(text: str) -> None:
    assert stated(text) == []


def test_somebody_who_was_named_before_is_known() -> None:
    assert stated("Maya moved to Oslo.", Maya="sister") == ["My sister Maya lives in Oslo."]


def test_a_pronoun_that_two_people_fit_stands_for_nobody() -> None:
    assert stated("My aunt Vera met my sister Maya. She lives in Oslo.") == ["Vera is my aunt.", "Maya is my sister."]


@given(st.one_of(st.text(max_size=400), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)))
def test_any_text_can_be_read(text: str) -> None:
    for one in statements(text, FRIDAY):
        assert one.value.strip() == one.value != ""
        assert sentence(one.subject, one.attribute, one.value, one.relation)


@pytest.mark.parametrize(
    "piece", ["I live in ", "my sister Maya and ", "I ", "a, ", "Aa ", "'s ", "and I like a ", "!", "in May "]
)
def test_reading_takes_time_in_proportion_to_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        statements(text, FRIDAY)
        return time.process_time() - started

    assert min(seconds(16_000) for _ in range(3)) < 12 * min(seconds(4_000) for _ in range(3)) + 0.01
