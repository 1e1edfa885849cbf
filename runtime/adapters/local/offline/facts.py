"""Answers out of what is known: the fact that was asked for, since when it holds, and what was before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runtime.adapters.local.offline import words
from runtime.adapters.local.offline.talk import Talk
from runtime.conversation import Memory

_BEFORE = re.compile(
    r"\b(?:before|previously|formerly|used to|earlier|back then|until)\b|\bdid (?:i|she|he|they|my) .*live"
)
_PRONOUN = re.compile(r"\b(?:she|her|he|his|him|they|their|it)\b")
_LISTED = 4


def answer(talk: Talk, subjects: frozenset[str]) -> str | None:
    """Answer with the facts that recall found to be asked for; *subjects* are the stems of whom it may be about."""
    asked = [one.memory for one in talk.prompt.recalled if "asked" in one.legs and one.memory.attribute]
    fitting = [fact for fact in asked if _fits(fact, talk, subjects)]
    if not talk.question or not fitting:
        return None
    first = fitting[0]
    same = [fact for fact in fitting if _topic(fact) == _topic(first)]
    closed = [fact for fact in same if fact.valid_until is not None]
    holding = [fact for fact in same if fact.valid_until is None]
    if closed and _BEFORE.search(words.bare(talk.question)):
        return _once(closed[0], holding, talk)
    return _now(holding, closed, talk) if holding else _once(closed[0], [], talk)


def _fits(fact: Memory, talk: Talk, subjects: frozenset[str]) -> bool:
    """Say whether *fact* is about whom the question means; "she" is whoever was spoken of before."""
    if fact.subject == "user" or not _PRONOUN.search(words.bare(talk.question)):
        return True
    return not subjects or bool(subjects & words.content(fact.text))


def _topic(fact: Memory) -> tuple[str, str]:
    """Return what facts have in common that answer the same: who is whose child, or what one person likes."""
    return (fact.value, fact.attribute) if fact.attribute == "relation" else (fact.subject, fact.attribute)


def _now(holding: Sequence[Memory], closed: Sequence[Memory], talk: Talk) -> str:
    said = "; ".join(words.turned(fact.text) for fact in holding[:_LISTED])
    day = words.when(holding[0].valid_from or holding[0].at, talk.prompt.now)
    if closed:
        return f"{_begun(said)} (since {day.removeprefix('on ')}; before: {closed[0].value})."
    return f"{_begun(said)}; you told me {day}."


def _once(closed: Memory, holding: Sequence[Memory], talk: Talk) -> str:
    day = words.when(closed.valid_until or closed.at, talk.prompt.now).removeprefix("on ")
    now = f" Now {words.turned(holding[0].text)}." if holding else ""
    return f"{_begun(closed.value)}, until {day}.{now}"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
