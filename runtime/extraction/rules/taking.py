"""From what a predicate's pattern heard to values: how each kind of value is read, and what it can't be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from runtime.extraction.rules import dates, words

Heard = re.Match[str]
Values = Iterator[str]

_ENDING: Final = re.compile(
    r"\s+(?:a lot|very much|so much|too|the most|most of all|these days|now|again|as well|best|all the time|right now)$"
)
_REASON: Final = re.compile(
    r"\s+(?:because|when|whenever|since|so|than|more|better|less|after|before|while|where|who|which|that)\b.*|\s*\(.*"
)
_AMONG: Final = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_GAME: Final = re.compile(rf"(?:the )?{words.either(words.GAMES)}\b")
_WORDS: Final = 6


def text(match: Heard, _: float) -> Values:
    """Take it as it was said."""
    yield " ".join(match["v"].split())


def place(match: Heard, _: float) -> Values:
    """Take a name that is no day, month or thing to learn."""
    name = match["v"].rstrip(".,'-")
    if name.removeprefix("the ").split()[0].rstrip(",") not in words.NO_PLACES:
        yield name


def date(match: Heard, _: float) -> Values:
    """Take a day that there is."""
    if day := dates.written(match):
        yield day


def job(match: Heard, _: float) -> Values:
    """Take it with its article."""
    yield f"{'an' if match['v'][0] in 'aeiou' else 'a'} {match['v']}"


def employer(match: Heard, _: float) -> Values:
    """Take a name, or something with an article."""
    name = match["v"].rstrip(".,'")
    first, *rest = name.split()
    telling = rest[0] if rest else first
    named = bool(rest) or first[0].isupper()
    if named and telling.lower() not in words.NO_EMPLOYERS and first not in words.NO_PLACES - {"The"}:
        yield name


def subject(match: Heard, _: float) -> Values:
    """Take a field of study, not how much or where."""
    if match["v"].split()[0].lower() not in words.NO_STUDIES:
        yield match["v"]


def tastes(match: Heard, _: float) -> Values:
    """Take each thing of a list, none that only a listener would know."""
    said = _ENDING.sub("", _REASON.sub("", match["v"].strip())).strip(" ,.")
    for thing in _AMONG.split(said):
        parts = thing.split()
        if parts and len(parts) <= _WORDS and words.NO_TASTES.isdisjoint({parts[0].lower(), parts[-1].lower()}):
            yield thing


def languages(match: Heard, _: float) -> Values:
    """Take the languages that there are."""
    yield from (word for word in re.findall(r"[A-Z][a-z]+", match["v"]) if word in words.LANGUAGES)


def games(match: Heard, _: float) -> Values:
    """Take instruments and games."""
    yield from (game[0] for thing in _AMONG.split(match["v"]) if (game := _GAME.match(thing)))


def name(match: Heard, _: float) -> Values:
    """Take a name, with its capital."""
    called = match["v"][:1].upper() + match["v"][1:]
    if called not in words.NO_NAMES:
        yield called


def plan(match: Heard, at: float) -> Values:
    """Take what is planned, with days that are still right later."""
    if (match["to"] or "").strip() not in words.NO_PLACES:
        yield dates.lasting(" ".join(match["v"].split()), at)


TAKING: Final[Mapping[str, Callable[[Heard, float], Values]]] = MappingProxyType(
    {
        "text": text,
        "place": place,
        "date": date,
        "job": job,
        "employer": employer,
        "subject": subject,
        "tastes": tastes,
        "favourite": tastes,
        "languages": languages,
        "games": games,
        "name": name,
        "plan": plan,
    }
)
"""How values are taken, by the names of predicates.toml."""
