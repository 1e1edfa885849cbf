"""Whom a clause is about: the user, somebody who is something to them, or who was named so before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from runtime.extraction.attributes import USER
from runtime.extraction.rules.words import KINDS, NO_NAMES, RELATIONS, either
from runtime.extraction.statement import Statement

NAME: Final = r"[A-Z][^\W\d_]+(?:-[A-Z][^\W\d_]+)?"
RELATION: Final = rf"{either(RELATIONS)}(?:-in-law)?(?![\w-])"
_KIND: Final = rf"(?:(?:{either(KINDS)}) ){{0,2}}"
_RELATED: Final = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur) {_KIND}(?P<relation>{RELATION})"
    rf"(?: (?P<name>{NAME})(?: [A-Z][^\W\d_]+)?|, (?P<apart>{NAME})(?:,|$))?"
)
_FIRST: Final = re.compile(r"(?:I|[Ww]e|i)(?=['\s])")
_OWN: Final = re.compile(r"(?:[Mm]y|[Oo]ur)(?= )")
_PRONOUN: Final = re.compile(r"(?P<who>he|she|they|it)(?=['\s])|(?P<whose>his|her|their|its)(?= )", re.IGNORECASE)
_NAMED: Final = re.compile(rf"(?P<name>{NAME})(?: [A-Z][^\W\d_]+)?(?=['\s])")
_POSSESSIVE: Final = {"his": "he", "her": "she", "their": "they", "its": "it"}


@dataclass(slots=True)
class People:
    """Who is known: *relations* by name, and who was spoken of in this text, by relation."""

    relations: Mapping[str, str]
    spoken_of: dict[str, str] = field(default_factory=dict)

    def introduce(self, name: str, relation: str) -> Statement:
        """Keep who was named, and return it as a statement."""
        self.spoken_of.pop(f"my {relation}", None)
        self.spoken_of[name] = relation
        return Statement(name, "relation", relation, relation)

    def named(self, clause: str) -> Iterator[Statement]:
        """Yield what the names in *clause* are to the user, wherever they stand."""
        for match in _RELATED.finditer(clause):
            name = _name(match)
            if name:
                yield self.introduce(name, match["relation"])

    def relation(self, name: str) -> str:
        """Return what *name* is to the user, as far as is known."""
        return self.spoken_of.get(name) or self.relations.get(name, "")

    def subject(self, clause: str) -> tuple[str, str]:
        """Return whom *clause* is about and what it says of them, a possessive with its 's; of nobody, nothing."""
        if match := _RELATED.match(clause):
            subject = _name(match) or f"my {match['relation']}"
            self.spoken_of.setdefault(subject, match["relation"])
            end = match.end() if _name(match) or not match["name"] else match.end("relation")
            return subject, clause[end:]
        if match := _FIRST.match(clause):
            return USER, clause[match.end() :]
        if match := _OWN.match(clause):
            return USER, "'s" + clause[match.end() :]
        if match := _PRONOUN.match(clause):
            who = _POSSESSIVE.get((match["whose"] or "").lower(), (match["who"] or "").lower())
            subject = self._meant(who)
            return (subject, ("'s" if match["whose"] else "") + clause[match.end() :]) if subject else ("", "")
        if (match := _NAMED.match(clause)) and self.relation(match["name"]):
            return match["name"], clause[match.end() :]
        return "", ""

    def _meant(self, pronoun: str) -> str:
        """Return the only one of this text that *pronoun* can stand for, if there is exactly one."""
        fitting = [
            name
            for name, relation in self.spoken_of.items()
            if RELATIONS.get(relation.removesuffix("-in-law"), "they") in {pronoun, "they"}
            or (RELATIONS.get(relation) == "it" and pronoun in {"he", "she"})
        ]
        return fitting[0] if len(fitting) == 1 else ""


def is_name(word: str) -> bool:
    """Say whether a capitalised *word* may name somebody."""
    return word not in NO_NAMES


def _name(match: re.Match[str]) -> str:
    name = match["name"] or match["apart"] or ""
    return name if name and is_name(name) else ""
