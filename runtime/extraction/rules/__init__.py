"""Facts without a language model: few patterns, each of which has to understand its clause, and silence about the rest.

What is asked, doubted, denied, quoted, joked or said by others states nothing; whoever was not introduced is nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from runtime.extraction.attributes import USER, sentence
from runtime.extraction.rules.clauses import clauses
from runtime.extraction.rules.people import NAME, People, is_name
from runtime.extraction.rules.predicates import kin, stated, whole
from runtime.extraction.rules.words import DENIED, RELATIONS, either
from runtime.extraction.statement import Statement

_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
_INTRODUCED: Final = re.compile(
    rf"(?:I'm|I am|i'm) (?P<name>{NAME})(?=$|,| by the way$)"
    r"|(?:[Pp]eople |[Ff]riends |[Pp]lease )?[Cc]all me (?P<called>[A-Z][^\W\d_]+)(?=$|,)"
)
_MINE: Final = re.compile(rf"(?P<name>{NAME}) is my (?:[a-z]+ )?(?P<relation>{either(RELATIONS)})(?=$|,)")
_DISLIKED: Final = re.compile(
    r"(?:don't|doesn't|do not|does not) (?:really )?(?:like|enjoy)\b|can't stand|cannot stand"
)


def statements(text: str, at: float, known: Mapping[str, str] = _NOBODY) -> list[Statement]:
    """Return what the user states in *text*, said at *at*; *known* are the relations of people they named before."""
    people = People(known)
    found: dict[Statement, None] = {}
    for clause in clauses(text):
        found.update(dict.fromkeys(_of(clause, at, people)))
    return [one for one in found if sentence(one.subject, one.attribute, one.value)]


def _of(clause: str, at: float, people: People) -> Iterator[Statement]:
    yield from people.named(clause)
    yield from _introduced(clause, people)
    subject, said = people.subject(clause)
    said = whole(said)
    if not subject or DENIED.search(_DISLIKED.sub("", said, count=1)):
        return
    named = kin(said) if subject == USER else []
    yield from (people.introduce(name, relation) for name, relation in named)
    for attribute, value in stated(said, at):
        if not (named and attribute == "has"):
            yield from _stated(subject, attribute, value, people)


def _introduced(clause: str, people: People) -> Iterator[Statement]:
    """Yield who the user says they are, or somebody is to them."""
    if match := _INTRODUCED.match(clause):
        name = match["name"] or match["called"]
        if is_name(name):
            yield Statement(USER, "name", name)
    elif (match := _MINE.match(clause)) and is_name(match["name"]):
        yield people.introduce(match["name"], match["relation"])


def _stated(subject: str, attribute: str, value: str, people: People) -> Iterator[Statement]:
    """Yield the statement; of somebody whose name is told, who they are."""
    if attribute == "name" and subject != USER:
        if relation := people.relation(subject):
            yield people.introduce(value, relation)
        return
    relation = people.relation(subject) if subject != USER and not subject.startswith("my ") else ""
    yield replace(Statement(subject, attribute, value), relation=relation)
