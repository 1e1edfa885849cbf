"""The facts that answer a question: about whom it asks, and what it asks of them; the newest that holds comes first."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Final

from runtime.conversation import Memory, Recalled
from runtime.ports import Candidate, Cue
from runtime.recall.words import spoken, stems, telling

_ABOUT: Final = tomllib.loads((files(__package__) / "about.toml").read_text(encoding="utf-8"))
_FAVOURITE: Final = "favourite "
_OTHERS: Final = frozenset(["she", "her", "hers", "he", "him", "his", "they", "them", "their", "it", "its"])
_OF_THEIRS: Final = re.compile(r"\b(?:does|do|did) (?:my|our) |\b(?:my|our) [a-z]+['’]s\b", re.IGNORECASE)
_FIRST: Final = 6
_LATER: Final = 4
_ANSWERS: Final = 0.7
_FITS: Final = 0.4


def _asked_by() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return which attributes a word asks for, and which a word's beginning."""
    found = defaultdict[str, tuple[str, ...]](tuple)
    for attribute, words in _ABOUT["words"].items():
        for word in words.split():
            found[word] += (attribute,)
    begun = {word[:-1]: attributes for word, attributes in found.items() if word.endswith("*")}
    return {word: attributes for word, attributes in found.items() if not word.endswith("*")}, begun


def _phrases() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return the attributes that a phrase asks for, by the word that it begins with: few of these stand in a text."""
    found = defaultdict[str, list[tuple[str, re.Pattern[str]]]](list)
    for attribute, phrases in _ABOUT["phrases"].items():
        for phrase in re.split(r"\|(?=\\b)", phrases):
            found[re.findall(r"[a-z]+", phrase.removeprefix(r"\b"))[0]].append((attribute, re.compile(phrase)))
    return dict(found)


_BY_WORD, _BY_BEGINNING = _asked_by()
_BEGINNINGS: Final = tuple(_BY_BEGINNING)
_PHRASES: Final = _phrases()


def about(folded: str, words: Iterable[str]) -> frozenset[str]:
    """Return the attributes that a question asks for: *folded* is its text in lower case, *words* are its words."""
    begun = [phrase for word, phrases in _PHRASES.items() if word in folded for phrase in phrases]
    found = {attribute for attribute, phrase in begun if phrase.search(folded)}
    for word in words:
        if word in _BY_WORD:
            found.update(_BY_WORD[word])
        if word.startswith(_BEGINNINGS):
            found.update(*(_BY_BEGINNING[first] for first in _BEGINNINGS if word.startswith(first)))
    return frozenset(found)


def answering(facts: Sequence[Candidate], cue: Cue) -> tuple[list[Recalled], list[Recalled]]:
    """Return the facts that answer *cue*, and those that fit it; of each thing the newest that holds comes first."""
    asked = frozenset(stems(cue.words))
    words = frozenset(spoken(cue.text))
    named = any(_subject(one.memory) & asked for one in facts if one.memory.subject != "user")
    rated = [(_fit(one.memory, cue, asked, words, named=named), one.memory) for one in facts]
    rated.sort(key=lambda rating: (-rating[0], rating[1].valid_until is not None, -rating[1].at, rating[1].id))
    first = [Recalled(memory, score, ("fact", "asked")) for score, memory in rated if score >= _ANSWERS]
    later = [Recalled(memory, score, ("fact",)) for score, memory in rated if _FITS <= score < _ANSWERS]
    return first[:_FIRST], later[:_LATER]


def _fit(memory: Memory, cue: Cue, asked: frozenset[str], words: frozenset[str], *, named: bool) -> float:
    """Return how well *memory* fits: 1 for what is asked of whom it is asked."""
    wanted = _wanted(memory, cue)
    # What somebody is to the user tells whom a question is about: no answer of its own.
    said = frozenset(stems(telling(spoken(memory.value)))) & asked if memory.attribute != "relation" else frozenset()
    if memory.subject == "user":
        own = "user" in cue.speakers and not named and not _OF_THEIRS.search(cue.text)
        fitting = 0.9 if wanted and own else 0.0
    elif _subject(memory) & asked:
        fitting = 1.0 if wanted else 0.5
    else:
        fitting = 0.75 if wanted and not named and words & _OTHERS else 0.0
    return max(fitting, 0.6 if said else 0.0) + (0.1 if said and fitting else 0.0)


def _wanted(memory: Memory, cue: Cue) -> bool:
    if memory.attribute.startswith(_FAVOURITE):
        return bool(frozenset(spoken(memory.attribute.removeprefix(_FAVOURITE))) & frozenset(spoken(cue.text)))
    return memory.attribute in cue.about


def _subject(memory: Memory) -> frozenset[str]:
    """Return the stems of whom a fact is about: "Maya", and "sister" where the sentence says so."""
    related = memory.value if memory.attribute == "relation" else _before_value(memory)
    return frozenset(stems(telling(spoken(f"{memory.subject} {related}"))))


def _before_value(memory: Memory) -> str:
    """Return the sentence up to the name: "My sister Maya lives" is about a sister."""
    head, name, _ = memory.text.partition(memory.subject)
    return head if name else ""
