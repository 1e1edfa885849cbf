"""How the companion that is built in answers from facts."""

from __future__ import annotations

import pytest
from msgspec import structs
from msgspec.structs import replace

from runtime.conversation import Memory, Recalled
from tests.adapters.test_offline import DAY, FRIDAY, earlier, prompt, reply


def fact(
    subject: str, text: str, value: str, *, days: float, until: float | None = None, attribute: str = "lives in"
) -> Recalled:
    """Return a fact that was asked for, told *days* ago, closed *until* days ago."""
    at = FRIDAY - days * DAY
    ended = None if until is None else FRIDAY - until * DAY
    memory = Memory(text, text, "fact", "user", at, valid_from=at, valid_until=ended)
    return Recalled(structs.replace(memory, subject=subject, attribute=attribute, value=value), 1.0, ("fact", "asked"))


MOVED = (
    fact("Your sister", "My sister Maya lives in Oslo.", "Oslo", days=9),
    fact("Your sister", "My sister Maya lives in Graz.", "Graz", days=90, until=9),
)


@pytest.mark.parametrize(
    ("question", "facts", "expected"),
    [
        ("Where does my sister live?", MOVED, "Your sister Maya lives in Oslo (since 12 November; before: Graz)."),
        ("Where did she live before?", MOVED, "Graz, until 12 November. Now your sister Maya lives in Oslo."),
        ("Where did my sister live before?", MOVED[1:], "Graz, until 12 November."),
        ("Where does my sister live?", MOVED[:1], "Your sister Maya lives in Oslo; you told me on 12 November."),
    ],
)
def test_a_fact_that_is_asked_for_is_the_answer(question: str, facts: tuple[Recalled, ...], expected: str) -> None:
    recent = earlier("How is my sister?", "I don't know.")

    assert reply(replace(prompt(question, recent=recent), recalled=facts)) == expected


def test_several_facts_of_one_kind_are_told_together() -> None:
    facts = tuple(fact("user", f"I like {thing}.", thing, days=9, attribute="likes") for thing in ("tea", "chess"))

    assert reply(replace(prompt("What do I like?"), recalled=facts)) == (
        "You like tea; you like chess; you told me on 12 November."
    )


def test_a_fact_that_only_fits_is_no_answer() -> None:
    facts = (structs.replace(MOVED[0], legs=("fact",)),)

    assert "lives in Oslo" not in reply(replace(prompt("What's the weather like in Bergen?"), recalled=facts))
